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
        self._needed: dict[str, tuple[tuple[str, str], ...]] = {}

    def check(self, operation: OperationModel, request: Mapping[str, Any]) -> None:
        """Raise the service's validation error unless the request satisfies all constraints."""
        name = operation.name
        self._check_present(operation, request)
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

    def _check_present(self, operation: OperationModel, request: Mapping[str, Any]) -> None:
        """Where only bodies are checked, what a request must carry beside its body is missed in other words."""
        needed = self._needed.get(operation.name)
        if needed is None:
            needed = self._needed[operation.name] = self._beside_the_body(operation.input_shape)
        for name, text in needed:
            if request.get(name) is None:
                raise AwsError("InvalidRequest", text, status=400)

    def _beside_the_body(self, shape: Shape | None) -> tuple[tuple[str, str], ...]:
        if shape is None or self._wire.validation_locations != "body":
            return ()
        needed = []
        for name in shape.required_members:
            place = shape.members[name].serialization
            kind = {"header": "header", "querystring": "parameter"}.get(place.get("location", ""))
            if kind is not None:
                needed.append((name, f"Missing required {kind} for this request: {place.get('name', name)}"))
        return tuple(needed)

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
