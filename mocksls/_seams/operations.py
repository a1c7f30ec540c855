"""What the seams know of an operation, compiled once per loaded model and kept from mock to mock."""

from __future__ import annotations

from typing import Any

from .bare import members_in_body
from .shapes import AnswerCopiers, Copy, ParameterCopiers

_KEPT_OPERATIONS = 1000


class Operation:
    """What is known of an operation: its copiers, compiled once per client model."""

    def __init__(self, model: Any) -> None:
        service = model.service_model
        protocol = service.resolved_protocol
        self.protocol: str = protocol
        self.rest = protocol.startswith("rest")
        self.params: Copy = ParameterCopiers(protocol).of(model.input_shape) if model.input_shape else lambda _: {}
        output = model.output_shape
        self.answer: Copy = AnswerCopiers(protocol).top(output) if output else lambda _: {}
        self.payload: str | None = (
            output.serialization.get("payload") if output and model.has_streaming_output else None
        )
        self.in_body = members_in_body(model)
        self.algorithm_member: str | None = (model.http_checksum or {}).get("requestAlgorithmMember")
        self.s3 = service.service_name == "s3"
        self.streams_events: bool = model.has_event_stream_output or model.has_event_stream_input
        self.locates = self.s3 and model.name == "GetBucketLocation"

    def told(self, parsed: dict[str, Any], metadata: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
        """A parsed answer with its metadata, in the parser's order."""
        if self.locates:
            parsed.setdefault("LocationConstraint", None)  # as botocore's own handler reads the empty element
        if self.s3 and "Expires" in parsed and "expires" in headers:
            parsed["ExpiresString"] = headers["expires"]
        if self.rest:
            return {"ResponseMetadata": metadata, **parsed}
        parsed["ResponseMetadata"] = metadata
        return parsed


# Compiling an operation costs more than ten calls of it, so what is compiled is kept from mock to mock, with the
# loaded description that it was compiled from (whose identity is the key, and which sessions share).
_compiled: dict[tuple[str, int], tuple[Any, Operation]] = {}


def operation_of(model: Any) -> Operation:
    """What is known of an operation of a client's model."""
    description = model.service_model._service_description
    key = (model.name, id(description))
    found = _compiled.get(key)
    if found is None:
        if len(_compiled) >= _KEPT_OPERATIONS:
            _compiled.clear()
        found = _compiled[key] = (description, Operation(model))
    return found[1]
