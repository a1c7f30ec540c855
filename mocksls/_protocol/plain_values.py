"""Parameters as plain JSON, by the members' own names, made into the shapes of a request.

A universal target of EventBridge Scheduler gives the parameters of any operation so, whatever the service's protocol.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from botocore.model import Shape

from mocksls._kernel.errors import AwsError

from .service import service_protocol

_PLAIN: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "character": (str,),
    "integer": (int,),
    "long": (int,),
    "boolean": (bool,),
}
_DEEPEST = 100


def read_parameters(service: str, operation: str, value: Any) -> dict[str, Any]:
    """The request of an operation; members that it does not have are left out.

    Raises:
        AwsError: SerializationException: a value is of another type; NotImplemented: there is no such operation.
    """
    protocol = service_protocol(service)
    if operation not in protocol.operations():
        raise AwsError("UnknownOperationException", f"{service} has no operation {operation}", status=400)
    shape = protocol.operation(operation).input_shape
    if shape is None:
        return {}
    found: dict[str, Any] = _read(shape, value, "", 0)
    return found


def _read(shape: Shape, value: Any, path: str, depth: int) -> Any:
    if depth > _DEEPEST:
        raise _wrong(path, "nested too deeply")
    kind = shape.type_name
    if kind == "structure":
        if getattr(shape, "is_document_type", False):
            return value
        return _structure(shape, value, path, depth)
    if kind == "list":
        _expect(isinstance(value, list), path, "a list")
        return [_read(shape.member, each, f"{path}[{place}]", depth + 1) for place, each in enumerate(value)]
    if kind == "map":
        _expect(isinstance(value, dict), path, "an object")
        return {key: _read(shape.value, each, f"{path}.{key}", depth + 1) for key, each in value.items()}
    if kind in _PLAIN:
        _expect(
            isinstance(value, _PLAIN[kind]) and (kind == "boolean" or not isinstance(value, bool)), path, f"a {kind}"
        )
        return value
    if kind in ("float", "double"):
        _expect(isinstance(value, (int, float)) and not isinstance(value, bool), path, "a number")
        return float(value)
    if kind == "blob":
        _expect(isinstance(value, str), path, "a string")
        return value.encode("utf-8", "replace")
    return _moment(value, path)


def _structure(shape: Shape, value: Any, path: str, depth: int) -> dict[str, Any]:
    _expect(isinstance(value, dict), path, "an object")
    return {
        name: _read(member, value[name], f"{path}.{name}" if path else name, depth + 1)
        for name, member in shape.members.items()
        if value.get(name) is not None
    }


def _moment(value: Any, path: str) -> datetime:
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, timezone.utc)
        found = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except (ValueError, AttributeError, OverflowError, OSError):
        raise _wrong(path, "not a time") from None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def _expect(fits: bool, path: str, what: str) -> None:
    if not fits:
        raise _wrong(path, f"not {what}")


def _wrong(path: str, how: str) -> AwsError:
    return AwsError("SerializationException", f"{path or 'the input'} is {how}", status=400)
