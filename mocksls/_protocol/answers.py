"""Operations' outputs -> HTTP answers: one serialiser per operation and protocol, made on first use."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from botocore.model import OperationModel, Shape

from mocksls._kernel.http import HttpResponse

from . import cbor, cbor_values, event_streams, json_values, scalars, timestamps, xml_values
from .overlay import Wire

Output = Mapping[str, Any]
Body = Callable[[Output, str], bytes]
Head = tuple[int, dict[str, str]]

_TYPES = {"smithy-rpc-v2-cbor": "application/cbor", "query": "text/xml", "rest-json": "application/json"}


def json_type(operation: OperationModel) -> str:
    """The content type of the JSON protocol's version."""
    return f"application/x-amz-json-{operation.metadata.get('jsonVersion', '1.0')}"


def host_id(request_id: str) -> str:
    """S3's second id of a request, made from the first."""
    return base64.b64encode(hashlib.sha512(request_id.encode()).digest()[:57]).decode("ascii")


def crc32(body: bytes) -> str:
    """The checksum of a body, as the header ``x-amz-crc32`` has it."""
    return str(zlib.crc32(body))


def one_line(text: str) -> str:
    """A text that a header may carry."""
    return text.replace("\r", " ").replace("\n", " ") if "\n" in text or "\r" in text else text


class Heads:
    """The headers that all answers of a service have."""

    def __init__(self, wire: Wire) -> None:
        self._fixed = {"server": wire.server} if wire.server else {}
        self._request_id = wire.request_id_header
        self._host_id = wire.host_id

    def of(self, request_id: str, date: datetime) -> dict[str, str]:
        """Date, server and request ids."""
        headers = {**self._fixed, "date": timestamps.to_http_date(date), self._request_id: request_id}
        if self._host_id:
            headers["x-amz-id-2"] = host_id(request_id)
        return headers


class Answer:
    """How the outputs of one operation go out in one protocol."""

    def __init__(
        self, operation: OperationModel, protocol: str, heads: Heads, content_type: str, body: Body, crc32: bool
    ) -> None:
        self._heads = heads
        self._protocol = protocol
        self._content_type = content_type
        self._body = body
        self._crc32 = crc32
        self._is_head = operation.http.get("method") == "HEAD"
        self._status: int = operation.http.get("responseCode", 200)
        self._status_member = ""
        self._members: list[tuple[str, Callable[[Any, dict[str, str]], None]]] = []
        if operation.output_shape is not None and protocol.startswith("rest"):
            for name, member in operation.output_shape.members.items():
                self._bind(name, member)

    def _bind(self, name: str, member: Shape) -> None:
        location = member.serialization.get("location")
        if location == "statusCode":
            self._status_member = name
        elif location == "header":
            self._members.append((name, header_writer(member.serialization.get("name", name), member)))
        elif location == "headers":
            self._members.append((name, _prefix_writer(member.serialization.get("name", ""))))

    def head(
        self,
        output: Output,
        request_id: str,
        date: datetime,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Head:
        """Status and headers, names in lower case."""
        found = self._heads.of(request_id, date)
        if self._content_type:
            found["content-type"] = self._content_type
        if self._protocol == "smithy-rpc-v2-cbor":
            found["smithy-protocol"] = "rpc-v2-cbor"
        for name, write in self._members:
            value = output.get(name)
            if value is not None:
                write(value, found)
        if headers:
            found.update((name.lower(), one_line(value)) for name, value in headers.items())
        if status is None:
            status = output.get(self._status_member) if self._status_member else None
        return (self._status if status is None else int(status)), found

    def response(
        self,
        output: Output,
        request_id: str,
        date: datetime,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> HttpResponse:
        """The whole answer."""
        status, found = self.head(output, request_id, date, status, headers)
        body = b"" if self._is_head or status in (204, 304) else self._body(output, request_id)
        if not self._is_head:
            found["content-length"] = str(len(body))
        if self._crc32:
            found["x-amz-crc32"] = crc32(body)
        return HttpResponse(status, list(found.items()), body)


def header_writer(name: str, member: Shape) -> Callable[[Any, dict[str, str]], None]:
    """Writes a member's value as a header."""
    key = name.lower()
    if member.type_name == "list":
        element = scalars.text_writer(member.member, "rfc822")
        dates = member.member.type_name == "timestamp"

        def write_list(value: Any, headers: dict[str, str]) -> None:
            texts = [element(item) if dates else _list_element(element(item)) for item in value]
            headers[key] = one_line((", " if dates else ",").join(texts))

        return write_list
    text = scalars.text_writer(member, "rfc822")

    def write(value: Any, headers: dict[str, str]) -> None:
        headers[key] = one_line(text(value))

    return write


def _list_element(text: str) -> str:
    if "," not in text and '"' not in text:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _prefix_writer(prefix: str) -> Callable[[Any, dict[str, str]], None]:
    lowered = prefix.lower()

    def write(value: Any, headers: dict[str, str]) -> None:
        for name, text in value.items():
            headers[lowered + name.lower()] = one_line(str(text))

    return write


class Answers:
    """Makes a service's serialisers."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._heads = Heads(wire)
        self._json = json_values.JsonWriter()
        self._cbor = cbor_values.CborWriter()
        self._xml = xml_values.XmlWriter(wire.timestamp_fraction)
        self._query_xml = xml_values.XmlWriter(wire.timestamp_fraction, wire.query_names)

    def answer(self, operation: OperationModel, protocol: str) -> Answer:
        """The serialiser of an operation's answers in a protocol."""
        body, content_type = self._body(operation, protocol)
        return Answer(operation, protocol, self._heads, content_type, body, self._wire.crc32)

    def _body(self, operation: OperationModel, protocol: str) -> tuple[Body, str]:
        shape = operation.output_shape
        usual = _TYPES.get(protocol, "") or (json_type(operation) if protocol == "json" else "application/xml")
        if protocol == "query":
            return self._query_body(operation), usual
        if shape is None:
            return _empty, "" if protocol == "rest-xml" else usual
        stream = shape.event_stream_name
        if stream:
            return event_streams.EventStreams(operation, protocol).body, event_streams.CONTENT_TYPE
        if protocol in ("rest-json", "rest-xml"):
            return self._rest_body(operation, shape, protocol, usual)
        if protocol == "smithy-rpc-v2-cbor":
            write = json_values.structure_writer(self._cbor.members(shape))
            return lambda output, request_id: cbor.encode(write(output)), usual
        write = json_values.structure_writer(self._json.members(shape))
        return lambda output, request_id: json_values.encode(write(output)), usual

    def _rest_body(self, operation: OperationModel, shape: Shape, protocol: str, usual: str) -> tuple[Body, str]:
        payload = shape.serialization.get("payload")
        if payload is None:
            return self._members_body(operation, shape, protocol, usual)
        member = shape.members[payload]
        if member.type_name in ("blob", "string"):
            raw = self._wire.content_types.get(operation.name, "application/octet-stream")
            return _raw_body(payload), raw
        if protocol == "rest-json":
            write = self._json.writer(member)
            return _payload_body(payload, lambda value: json_values.encode(write(value) if write else value)), usual
        tag = member.serialization.get("name") or member.name
        tag = self._wire.xml_roots.get(operation.name, tag)
        return _payload_body(payload, self._document(member, tag)), usual

    def _members_body(self, operation: OperationModel, shape: Shape, protocol: str, usual: str) -> tuple[Body, str]:
        if protocol == "rest-json":
            write = json_values.structure_writer(self._json.members(shape))
            return lambda output, request_id: json_values.encode(write(output)), usual
        if all(member.serialization.get("location") for member in shape.members.values()):
            return _empty, ""
        tag = self._wire.xml_roots.get(operation.name) or shape.serialization.get("name") or shape.name
        if operation.name in self._wire.unwrapped:
            return self._unwrapped(shape, tag), usual
        document = self._document(shape, tag)
        return lambda output, request_id: document(output), usual

    def _document(self, shape: Shape, tag: str) -> Callable[[Any], bytes]:
        return self._xml.document(shape, tag, self._wire.xml_namespace)

    def _unwrapped(self, shape: Shape, tag: str) -> Body:
        name = next(iter(shape.members))
        namespace = f" xmlns={xml_values.quoted(self._wire.xml_namespace)}" if self._wire.xml_namespace else ""
        opening = f"{xml_values.DECLARATION}<{tag}{namespace}"

        def body(output: Output, request_id: str) -> bytes:
            value = output.get(name)
            text = f"{opening}>{xml_values.escape(str(value))}</{tag}>" if value else f"{opening}/>"
            return text.encode("utf-8", "replace")

        return body

    def _query_body(self, operation: OperationModel) -> Body:
        shape = operation.output_shape
        name = operation.name
        address = operation.metadata.get("xmlNamespace") or self._wire.xml_namespace
        opening = f"<{name}Response xmlns={xml_values.quoted(address)}>" if address else f"<{name}Response>"
        wrapper = shape.serialization.get("resultWrapper", f"{name}Result") if shape is not None else ""
        contents = self._query_xml.contents(shape) if shape is not None else None

        def body(output: Output, request_id: str) -> bytes:
            out = [opening]
            if contents is not None:
                out.append(f"<{wrapper}>")
                contents(out, output)
                out.append(f"</{wrapper}>")
            out.append(f"<ResponseMetadata><RequestId>{xml_values.escape(request_id)}</RequestId></ResponseMetadata>")
            out.append(f"</{name}Response>")
            return "".join(out).encode("utf-8", "replace")

        return body


def _empty(output: Output, request_id: str) -> bytes:
    return b""


def _raw_body(payload: str) -> Body:
    def body(output: Output, request_id: str) -> bytes:
        value = output.get(payload)
        if value is None:
            return b""
        return value.encode("utf-8", "replace") if isinstance(value, str) else bytes(value)

    return body


def _payload_body(payload: str, document: Callable[[Any], bytes]) -> Body:
    def body(output: Output, request_id: str) -> bytes:
        value = output.get(payload)
        return b"" if value is None else document(value)

    return body
