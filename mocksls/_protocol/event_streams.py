"""Event streams: answers that are a row of messages, each with headers and a payload of its own."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from botocore.model import OperationModel, Shape

from . import cbor, cbor_values, json_values, timestamps, xml_values

CONTENT_TYPE = "application/vnd.amazon.eventstream"
_INTEGERS = {"byte": (2, ">b"), "short": (3, ">h"), "integer": (4, ">i"), "long": (5, ">q")}

Payload = Callable[[Any], bytes]


def encode_message(headers: Iterable[tuple[str, bytes]], payload: bytes) -> bytes:
    """One message: ``headers`` are names and encoded values."""
    block = b"".join(bytes([len(name.encode())]) + name.encode() + value for name, value in headers)
    prelude = struct.pack(">II", 16 + len(block) + len(payload), len(block))
    message = prelude + struct.pack(">I", zlib.crc32(prelude)) + block + payload
    return message + struct.pack(">I", zlib.crc32(message))


def text_value(text: str) -> bytes:
    """A header value of type string."""
    content = text.encode("utf-8", "replace")
    return b"\x07" + struct.pack(">H", len(content)) + content


def header_value(shape: Shape, value: Any) -> bytes:
    """A member's value as a message's header."""
    kind = shape.type_name
    if kind == "boolean":
        return b"\x00" if value else b"\x01"
    if kind in _INTEGERS:
        code, layout = _INTEGERS[kind]
        return bytes([code]) + struct.pack(layout, value)
    if kind == "blob":
        return b"\x06" + struct.pack(">H", len(value)) + bytes(value)
    if kind == "timestamp":
        milliseconds = round(timestamps.to_epoch(value) * 1000) if isinstance(value, datetime) else int(value)
        return b"\x08" + struct.pack(">q", milliseconds)
    return text_value(str(value))


def encode_event_stream(shape: Shape, events: Iterable[Mapping[str, Any]], protocol: str) -> bytes:
    """The messages of events ``{name: structure}``, as the model's event stream shape describes them."""
    writers = _PayloadWriters(protocol)
    return b"".join(
        _event(shape.members[name], name, content, writers)
        for event in events
        for name, content in event.items()
        if content is not None
    )


class _PayloadWriters:
    """How structures in payloads are written in a protocol."""

    def __init__(self, protocol: str) -> None:
        self._protocol = protocol
        self._json = json_values.JsonWriter()
        self._cbor = cbor_values.CborWriter()
        self._xml = xml_values.XmlWriter()
        self.content_type = "text/xml" if "xml" in protocol else "application/json"
        if protocol == "smithy-rpc-v2-cbor":
            self.content_type = "application/cbor"

    def structure(self, shape: Shape, value: Mapping[str, Any]) -> bytes:
        """A structure as a payload."""
        if "xml" in self._protocol:
            out: list[str] = []
            self._xml.element(shape, shape.name)(out, value)
            return "".join(out).encode("utf-8", "replace")
        if self._protocol == "smithy-rpc-v2-cbor":
            return cbor.encode(json_values.structure_writer(self._cbor.members(shape))(value))
        return json_values.encode(json_values.structure_writer(self._json.members(shape))(value))


def _event(shape: Shape, name: str, content: Mapping[str, Any], writers: _PayloadWriters) -> bytes:
    is_exception = bool(shape.metadata.get("exception"))
    kind = "exception" if is_exception else "event"
    headers = [(":message-type", text_value(kind)), (f":{kind}-type", text_value(name))]
    payload_member = ""
    has_body = False
    for member_name, member in shape.members.items():
        if member.serialization.get("eventpayload"):
            payload_member = member_name
        elif not member.serialization.get("eventheader"):
            has_body = True
        elif content.get(member_name) is not None:
            headers.append((member_name, header_value(member, content[member_name])))
    if payload_member:
        content_type, payload = _payload(shape.members[payload_member], content.get(payload_member), writers)
    else:
        content_type = writers.content_type if has_body else ""
        payload = writers.structure(shape, content) if has_body else b""
    if content_type:
        headers.append((":content-type", text_value(content_type)))
    return encode_message(headers, payload)


def _payload(member: Shape, value: Any, writers: _PayloadWriters) -> tuple[str, bytes]:
    if member.type_name == "blob":
        return "application/octet-stream", value or b""
    if member.type_name == "string":
        return "text/plain", (value or "").encode("utf-8", "replace")
    return writers.content_type, writers.structure(member, value or {})


class EventStreams:
    """Serialises the outputs of an operation that answers with an event stream."""

    def __init__(self, operation: OperationModel, protocol: str) -> None:
        shape = operation.output_shape
        self._name: str = shape.event_stream_name
        self._stream = shape.members[self._name]
        self._protocol = protocol
        self._has_initial = not protocol.startswith("rest")
        self._shape = shape

    def body(self, output: Mapping[str, Any], request_id: str) -> bytes:
        """All messages; protocols without headers send the other members ahead, in ``initial-response``."""
        messages = encode_event_stream(self._stream, output.get(self._name) or (), self._protocol)
        return self._initial(output) + messages if self._has_initial else messages

    def _initial(self, output: Mapping[str, Any]) -> bytes:
        is_cbor = self._protocol == "smithy-rpc-v2-cbor"
        writers = cbor_values.CborWriter() if is_cbor else json_values.JsonWriter()
        members = [
            (name, member.serialization.get("name", name), writers.writer(member))
            for name, member in self._shape.members.items()
            if name != self._name
        ]
        value = json_values.structure_writer(members)(output)
        content_type = "application/cbor" if is_cbor else "application/json"
        headers = [
            (":message-type", text_value("event")),
            (":event-type", text_value("initial-response")),
            (":content-type", text_value(content_type)),
        ]
        return encode_message(headers, cbor.encode(value) if is_cbor else json_values.encode(value))
