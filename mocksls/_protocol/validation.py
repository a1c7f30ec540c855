"""Checks requests against the models' constraints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.model import OperationModel, Shape

from mocksls._kernel.errors import AwsError

from .constraints import WORDING, Check, Compiler, Constraints
from .faults import too_deep
from .overlay import Wire
from .violations import Violations


class Validators:
    """Checks the requests of a service's operations."""

    def __init__(self, protocol: str, wire: Wire) -> None:
        self._wire = wire
        self._code = wire.validation_code or ("ValidationError" if protocol == "query" else "ValidationException")
        self._constraints = Constraints(wire)
        self._compiler = Compiler(self._constraints)
        self._checks: dict[str, Check | None] = {}

    def check(self, operation: OperationModel, request: Mapping[str, Any]) -> None:
        """Raise the service's validation error unless the request satisfies all constraints."""
        name = operation.name
        if name in self._checks:
            check = self._checks[name]
        else:
            check = self._checks[name] = self._compile(operation)
        try:
            if check is not None and not check(request):
                self._refuse(operation, request)
        except RecursionError:
            raise too_deep() from None

    def _compile(self, operation: OperationModel) -> Check | None:
        shape = operation.input_shape
        if shape is None:
            return None
        return self._compiler.structure_check(shape, self._unchecked(shape))

    def _unchecked(self, shape: Shape) -> frozenset[str]:
        if self._wire.validation_locations != "body":
            return frozenset()
        return frozenset(name for name, member in shape.members.items() if member.serialization.get("location"))

    def _refuse(self, operation: OperationModel, request: Mapping[str, Any]) -> None:
        shape = operation.input_shape
        found = Violations(self._constraints, self._wire).of(operation, request, self._unchecked(shape))
        if found:
            code = self._wire.validation_codes.get(operation.name, self._code)
            raise AwsError(code, self._wire.validation_message or self._text(found), status=400)

    def _text(self, found: list[str]) -> str:
        words = {**WORDING, **self._wire.wording}
        details = "; ".join(found)
        return words["one" if len(found) == 1 else "many"].format(count=len(found), details=details)
