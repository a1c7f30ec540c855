"""What may be named: services, their operations, and the parameters of these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import DataNotFoundError
from botocore.loaders import Loader
from botocore.validate import validate_parameters

from mocksls._kernel.service import method_name
from mocksls._protocol import service_protocol
from mocksls._services import SCOPE

from .hosts import PLANES, S3_FORMS, S3_PREFLIGHTS

_PLANES = (*PLANES, S3_FORMS, S3_PREFLIGHTS)


def is_service(name: str) -> bool:
    """Whether botocore knows a service by this name."""
    if name in SCOPE:
        return True
    try:
        Loader().determine_latest_version(name, "service-2")
    except DataNotFoundError:
        return False
    return True


def check_attempt(service: Any, operation: Any) -> None:
    """Hold what a fault is to meet against what there is.

    Raises:
        TypeError: a name is no text.
        ValueError: no attempt would ever be of that service or operation.
    """
    if not isinstance(service, str) or not isinstance(operation, str):
        raise TypeError("service and operation must be names such as 'dynamodb' and 'PutItem'")
    known = {*SCOPE, *(plane.service for plane in _PLANES)}
    if service not in known:
        raise ValueError(f"service must be one of {', '.join(sorted(known))}, not {service!r}")
    names = {plane.operation for plane in _PLANES if plane.service == service}
    if service in SCOPE:
        names.update(service_protocol(service).model.operation_names)
    if operation != "*" and operation not in names and operation not in map(method_name, names):
        raise ValueError(f"{service} has no operation {operation!r}")


def check_parameters(service: str, operation: str, params: Mapping[str, Any]) -> None:
    """Refuse what a client would refuse before it sends it.

    Raises:
        ParamValidationError: an unknown parameter, or a value of a wrong type.
    """
    validate_parameters(dict(params), service_protocol(service).operation(operation).input_shape)
