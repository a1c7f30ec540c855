"""Errors -> HTTP answers, in every protocol."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from botocore.model import OperationModel, ServiceModel, Shape

from mocksls._kernel.errors import AwsError
from mocksls._kernel.http import HttpResponse

from . import answers, cbor, cbor_values, json_values, scalars, xml_values
from .overlay import Wire


class Resolved(NamedTuple):
    """An error with what the model knows of it: ``name`` is the shape's, ``code`` and ``text`` those of XML answers."""

    error: AwsError
    shape: Shape | None
    name: str
    code: str
    text: str
    prefix: str
    status: int
    sender: bool


class ErrorAnswers:
    """Writes a service's errors; ``faults`` are the shapes of those that are AWS's."""

    def __init__(self, model: ServiceModel, faults: Collection[str], wire: Wire) -> None:
        self._model = model
        self._faults = faults
        self._wire = wire
        self._heads = answers.Heads(wire)
        self._json = json_values.JsonWriter()
        self._cbor = cbor_values.CborWriter()
        self._xml = xml_values.XmlWriter(wire.timestamp_fraction)
        self._compatible = "awsQueryCompatible" in model.metadata
        self._writers: dict[tuple[str, bool], json_values.Writer] = {}
        self._shapes: dict[str, Shape] | None = None

    def resolve(self, operation: OperationModel | None, error: AwsError) -> Resolved:
        """What the model and the overlay say of an error."""
        shape = self._shape(operation, error.code)
        name = shape.name if shape is not None else error.code
        told = self._wire.error_codes.get(error.code) or self._wire.error_codes.get(name) or {}
        traits = shape.metadata.get("error", {}) if shape is not None else {}
        sender = error.sender and name not in self._faults
        status = error.status or told.get("status") or traits.get("httpStatusCode") or (400 if sender else 500)
        code = told.get("query_code") or told.get("code") or traits.get("code") or name
        name = told.get("code", name)
        prefix = told.get("prefix", self._wire.error_prefixes.get(name, self._wire.error_prefix))
        text = told.get("query_message", error.message)
        return Resolved(error, shape, name, code, text, prefix, int(status), sender)

    def _shape(self, operation: OperationModel | None, code: str) -> Shape | None:
        shapes = self._by_code()
        if code in shapes and shapes[code].name == code:
            return shapes[code]
        if operation is not None:
            for shape in operation.error_shapes:
                if _code(shape) == code:
                    return shape
        return shapes.get(code)

    def _by_code(self) -> dict[str, Shape]:
        """The service's error shapes by their code and name; made at its first error."""
        if self._shapes is None:
            errors = self._model.error_shapes
            self._shapes = {_code(shape): shape for shape in reversed(errors)} | {shape.name: shape for shape in errors}
        return self._shapes

    def response(
        self, operation: OperationModel | None, error: AwsError, request_id: str, protocol: str, date: datetime
    ) -> HttpResponse:
        """The answer that says the error."""
        resolved = self.resolve(operation, error)
        headers = self._heads.of(request_id, date)
        if resolved.status == 304 or (operation is not None and operation.http.get("method") == "HEAD"):
            body = b""
        elif protocol in ("query", "rest-xml"):
            body = self._xml_body(resolved, request_id, headers)
            headers["content-type"] = "text/xml" if protocol == "query" else "application/xml"
        else:
            body = self._structured_body(resolved, protocol, headers)
        headers.update((name.lower(), answers.one_line(value)) for name, value in error.headers.items())
        headers["content-length"] = str(len(body))
        if self._wire.crc32:
            headers["x-amz-crc32"] = answers.crc32(body)
        return HttpResponse(resolved.status, list(headers.items()), body)

    def _structured_body(self, resolved: Resolved, protocol: str, headers: dict[str, str]) -> bytes:
        is_cbor = protocol == "smithy-rpc-v2-cbor"
        content: dict[str, Any] = {}
        if protocol == "rest-json":
            headers["content-type"] = "application/json"
            headers["x-amzn-errortype"] = resolved.name
        else:
            version = self._model.metadata.get("jsonVersion", "1.0")
            headers["content-type"] = "application/cbor" if is_cbor else f"application/x-amz-json-{version}"
            content["__type"] = resolved.prefix + resolved.name
        if self._compatible and protocol != "rest-json":
            headers["x-amzn-query-error"] = f"{resolved.code};{'Sender' if resolved.sender else 'Receiver'}"
        if is_cbor:
            headers["smithy-protocol"] = "rpc-v2-cbor"
        content.update(self._members(resolved, is_cbor, headers))
        return cbor.encode(content) if is_cbor else json_values.encode(content)

    def _members(self, resolved: Resolved, is_cbor: bool, headers: dict[str, str]) -> Mapping[str, Any]:
        error, shape = resolved.error, resolved.shape
        if shape is None:
            return {self._wire.error_message: error.message} if error.message else {}
        given = self._given(resolved)
        _header_members(shape, given, headers)
        content: dict[str, Any] = self._writer(shape, is_cbor)(given)
        if error.message and _message_member(shape) is None:
            content[self._wire.error_message] = error.message
        return content

    def _writer(self, shape: Shape, is_cbor: bool) -> json_values.Writer:
        """Writes the members of an error's body; made at the first error of a shape."""
        found = self._writers.get((shape.name, is_cbor))
        if found is None:
            members = (self._cbor if is_cbor else self._json).members(shape)
            found = self._writers[(shape.name, is_cbor)] = json_values.structure_writer(members)
        return found

    def _given(self, resolved: Resolved) -> dict[str, Any]:
        """The members of the error's shape, its message and whose fault it is among them."""
        error, shape = resolved.error, resolved.shape
        given = dict(error.members)
        if shape is None:
            return given
        message = _message_member(shape)
        if message is not None and error.message:
            given.setdefault(message, error.message)
        if self._wire.error_fault_member:
            member, senders, receivers = self._wire.error_fault_member
            given.setdefault(member, senders if resolved.sender else receivers)
        return given

    def _xml_body(self, resolved: Resolved, request_id: str, headers: dict[str, str]) -> bytes:
        out: list[str] = []
        error, shape = resolved.error, resolved.shape
        if not self._wire.bare_errors:
            out.append(f"<Type>{'Sender' if resolved.sender else 'Receiver'}</Type>")
        out.append(f"<Code>{xml_values.escape(resolved.code)}</Code>")
        out.append(f"<Message>{xml_values.escape(resolved.text)}</Message>")
        given = dict(error.members)
        if shape is not None:
            message = _message_member(shape)
            own = {name: value for name, value in given.items() if name in shape.members and name != message}
            _header_members(shape, own, headers)
            self._xml.contents(shape)(out, own)
            given = {name: value for name, value in given.items() if name not in shape.members}
        request = f"<RequestId>{xml_values.escape(request_id)}</RequestId>"
        if self._wire.bare_errors:
            out += [
                f"<{name}>{xml_values.escape(str(value))}</{name}>"
                for name, value in given.items()
                if value is not None
            ]
            out.append(f"{request}<HostId>{answers.host_id(request_id)}</HostId>")
            text = f"{xml_values.DECLARATION}<Error>{''.join(out)}</Error>"
        else:
            address = self._model.metadata.get("xmlNamespace") or self._wire.xml_namespace
            opening = f"<ErrorResponse xmlns={xml_values.quoted(address)}>" if address else "<ErrorResponse>"
            text = f"{opening}<Error>{''.join(out)}</Error>{request}</ErrorResponse>"
        return text.encode("utf-8", "replace")


def _code(shape: Shape) -> str:
    code: str = shape.metadata.get("error", {}).get("code", shape.name)
    return code


@cache
def _message_member(shape: Shape) -> str | None:
    for name in shape.members:
        if name.lower() == "message":
            return str(name)
    return None


def _header_members(shape: Shape, given: Mapping[str, Any], headers: dict[str, str]) -> None:
    for name, key, member in _headed(shape):
        if given.get(name) is not None:
            headers[key] = answers.one_line(scalars.text_writer(member, "rfc822")(given[name]))


@cache
def _headed(shape: Shape) -> tuple[tuple[str, str, Shape], ...]:
    """The members that travel as headers, with the headers' names in lower case."""
    return tuple(
        (name, member.serialization.get("name", name).lower(), member)
        for name, member in shape.members.items()
        if member.serialization.get("location") == "header"
    )
