"""Requests of typed calls without their bodies, which take botocore longer to write than the cloud to act on.

Parameters are checked, and URL and headers made, by botocore as ever. A body is left out where it is made of plain
members and only botocore's own handlers hear of the request.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .shapes import Copy

COPIED = "mocksls.copied"
_PROTOCOLS = ("json", "rest-json", "rest-xml")
_ELSEWHERE = ("header", "headers", "uri", "querystring")


def members_in_body(model: Any) -> frozenset[str]:
    """The members that make up an operation's body; none where the body is a stream or text of its own.

    Host names that are made of a member, and protocols whose bodies are cheap, are not told apart: they keep theirs.
    """
    shape, service = model.input_shape, model.service_model
    if shape is None or service.resolved_protocol not in _PROTOCOLS or model.endpoint:
        return frozenset()
    payload = shape.serialization.get("payload")
    if payload is not None and shape.members[payload].type_name != "structure":
        return frozenset()
    members = shape.members.items()
    return frozenset(name for name, member in members if member.serialization.get("location") not in _ELSEWHERE)


class BareClient:
    """A client, as far as botocore's ``_convert_to_request_dict`` needs one, that leaves bodies out.

    What the call's parameters are in the canonical form stands in ``context`` afterwards; parameters that have none
    (lone surrogates) keep their body, and take the wire.
    """

    def __init__(self, client: Any, copy: Copy, in_body: frozenset[str], context: dict[str, Any]) -> None:
        self._client = client
        self._copy = copy
        self._in_body = in_body
        self._context = context
        self._serializer = self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def serialize_to_request(self, parameters: Mapping[str, Any], model: Any) -> Any:
        """The request's line and headers.

        Raises:
            ParamValidationError: as botocore's own serializer.
        """
        own = self._client._serializer
        report = own._param_validator.validate(parameters, model.input_shape)
        if report.has_errors():
            return own.serialize_to_request(parameters, model)  # which says so
        try:
            self._context[COPIED] = self._copy(parameters)
        except UnicodeEncodeError:
            return own.serialize_to_request(parameters, model)
        rest = {name: value for name, value in parameters.items() if name not in self._in_body}
        return own._serializer.serialize_to_request(rest, model)
