"""Functions as requests name them: a name, a partial ARN, an ARN, each with or without a qualifier."""

from __future__ import annotations

import re
from typing import NamedTuple

from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call

from . import errors
from .store import Function, Store

_NAMED = re.compile(
    r"^(?:arn:[a-z-]+:lambda:(?P<region>[a-z0-9-]+):)?(?:(?P<account>\d{12}):)?(?:function:)?"
    r"(?P<name>[a-zA-Z0-9_-]+)(?::(?P<qualifier>\$LATEST|[a-zA-Z0-9_-]+))?$"
)


class FunctionName(NamedTuple):
    """What a request's ``FunctionName`` says."""

    name: str
    qualifier: str | None


def parse_name(text: str, call: Call, qualifier: str | None = None) -> FunctionName:
    """Take a function's name apart; ``qualifier`` is the request's own member.

    Raises:
        AwsError: ResourceNotFoundException for another region's ARN, InvalidParameterValueException where the two
            qualifiers differ.
    """
    found = _NAMED.match(text)
    if found is None:
        raise errors.no_function(function_arn(text, call))
    region = found.group("region")
    if region is not None and region != call.region:
        raise errors.other_region(region, call.region)
    derived = found.group("qualifier")
    if derived and qualifier and derived != qualifier:
        raise errors.invalid("The derived qualifier from the function name does not match the specified qualifier.")
    return FunctionName(found.group("name"), qualifier or derived)


def find_function(store: Store, text: str, call: Call, qualifier: str | None = None) -> Function:
    """The function that a request names; only ``$LATEST`` exists.

    Raises:
        AwsError: ResourceNotFoundException.
    """
    named = parse_name(text, call, qualifier)
    function = store.functions.get(named.name)
    if function is None or named.qualifier not in (None, "$LATEST"):
        suffix = f":{named.qualifier}" if named.qualifier else ""
        raise errors.no_function(function_arn(named.name, call) + suffix)
    return function


def function_arn(name: str, call: Call) -> str:
    """The unqualified ARN of a function in the call's account and region."""
    return make_arn("lambda", call.region, call.account_id, f"function:{name}")
