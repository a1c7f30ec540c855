"""Rules on a request's parameters that hold before any table is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._services.dynamodb import errors

_LEGACY = (
    "AttributesToGet",
    "AttributeUpdates",
    "QueryFilter",
    "ScanFilter",
    "KeyConditions",
    "Expected",
    "ConditionalOperator",
)
_EXPRESSIONS = (
    "UpdateExpression",
    "ProjectionExpression",
    "FilterExpression",
    "ConditionExpression",
    "KeyConditionExpression",
)
_ALL_LEGACY = frozenset(_LEGACY)


def check_not_mixed(request: Mapping[str, Any], except_for: str = "") -> None:
    """Refuse expressions beside the parameters that they replaced, but for one of them.

    Raises: ValidationException.
    """
    if _ALL_LEGACY.isdisjoint(request):
        return
    legacy = [name for name in _LEGACY if name in request and name != except_for]
    expressions = [name for name in _EXPRESSIONS if name in request]
    if legacy and expressions:
        raise errors.mixed_parameters(legacy, expressions)


def check_returned(request: Mapping[str, Any]) -> None:
    """Check ReturnValues of operations that know only NONE and ALL_OLD.

    Raises: ValidationException.
    """
    if request.get("ReturnValues", "NONE") not in ("NONE", "ALL_OLD"):
        raise errors.validation("Return values set to invalid value")
