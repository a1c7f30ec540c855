"""HTTP requests -> parameters: one parser per operation and protocol, made on first use."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from botocore.model import OperationModel, Shape

from mocksls._kernel.errors import AwsError
from mocksls._kernel.http import HttpRequest

from . import cbor, cbor_values, forms, json_values, xml_values
from .faults import WORDS, malformed_xml, serialization
from .overlay import Wire
from .scalars import MalformedValue, text_reader

Parameters = dict[str, Any]
Parser = Callable[[HttpRequest, Mapping[str, str]], Parameters]


class Parts(NamedTuple):
    """A REST request taken apart: header names in lower case, the body decoded."""

    labels: Mapping[str, str]
    headers: Mapping[str, str]
    query: Mapping[str, list[str]]
    body: Any


Binding = Callable[[Parts], Any]


def header_map(request: HttpRequest) -> dict[str, str]:
    """Headers by lower-case name; repeated ones are joined by commas."""
    found: dict[str, str] = {}
    for name, value in request.headers:
        key = name.lower()
        found[key] = f"{found[key]},{value}" if key in found else value
    return found


def query_map(request: HttpRequest) -> dict[str, list[str]]:
    """Query parameters, all values of each."""
    text = request.query
    return parse_qs(text, keep_blank_values=True, encoding="utf-8", errors="replace") if text else {}


def split_list(text: str) -> list[str]:
    """The elements of a header's list; quoted ones may hold commas."""
    if not text.strip():
        return []
    if '"' not in text:
        return [element.strip() for element in text.split(",")]
    found, current, is_quoted, escaped = [], "", False, False
    for letter in text:
        if escaped:
            current, escaped = current + letter, False
        elif is_quoted and letter == "\\":
            escaped = True
        elif letter == '"':
            is_quoted = not is_quoted
        elif letter == "," and not is_quoted:
            found.append(current.strip())
            current = ""
        else:
            current += letter
    found.append(current.strip())
    return found


_DATE = re.compile(r"(?:[A-Z][a-z]{2}, )?[^,]+")


def split_dates(text: str) -> list[str]:
    """The elements of a header's list of dates, which hold commas without being quoted."""
    return [date.strip() for date in _DATE.findall(text)]


class Parsers:
    """Makes a service's parsers."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._json = json_values.JsonReader(WORDS[wire.type_words])
        self._cbor = cbor_values.CborReader(WORDS[wire.type_words])
        self._xml = xml_values.XmlReader()
        self._forms = forms.FormReader(wire.query_names)

    def parser(self, operation: OperationModel, protocol: str) -> Parser:
        """The parser of an operation's requests in a protocol."""
        shape = operation.input_shape
        if shape is None:
            return lambda request, labels: {}
        if protocol == "query":
            return self._form_parser(shape)
        if protocol == "smithy-rpc-v2-cbor":
            return self._cbor_parser(shape)
        if protocol == "json":
            return self._json_parser(shape)
        return _RestParser(operation, shape, self._wire, self._xml if protocol == "rest-xml" else None, self.json_body)

    def json_body(self, shape: Shape) -> Callable[[bytes], Any]:
        """Reads a JSON body as a shape; an empty body is an empty object."""
        read = self._json.reader(shape)
        malformed = self._wire.malformed_body

        def body(content: bytes) -> Any:
            if not content:
                return read({}, 0)
            try:
                value = json_values.decode(content)
            except AwsError:
                if malformed:
                    raise AwsError(**malformed) from None
                raise
            try:
                return read(value, 0)
            except RecursionError:
                raise serialization() from None

        return body

    def _json_parser(self, shape: Shape) -> Parser:
        body = self.json_body(shape)

        def parse(request: HttpRequest, labels: Mapping[str, str]) -> Parameters:
            parameters: Parameters = body(request.body)
            return parameters

        return parse

    def _cbor_parser(self, shape: Shape) -> Parser:
        read = self._cbor.reader(shape)

        def parse(request: HttpRequest, labels: Mapping[str, str]) -> Parameters:
            parameters: Parameters = read(cbor.decode(request.body) if request.body else {}, 0)
            return parameters

        return parse

    def _form_parser(self, shape: Shape) -> Parser:
        read = self._forms.reader(shape)

        def parse(request: HttpRequest, labels: Mapping[str, str]) -> Parameters:
            form = forms.parse_form(request.query) if request.query else {}
            form.update(forms.parse_form(request.body.decode("utf-8", "replace")))
            parameters: Parameters = read(forms.tree(form))
            return parameters

        return parse


class _RestParser:
    """Parses the requests of one REST operation; ``xml`` is None where bodies are JSON."""

    def __init__(
        self,
        operation: OperationModel,
        shape: Shape,
        wire: Wire,
        xml: xml_values.XmlReader | None,
        json_body: Callable[[Shape], Callable[[bytes], Any]],
    ) -> None:
        self._shape = shape
        self._xml = xml
        self._headers_in_query = wire.headers_in_query
        self._payload: str | None = shape.serialization.get("payload")
        self._in_body = {name for name, member in shape.members.items() if not member.serialization.get("location")}
        self._free_query = _bound_query(operation, shape)
        self._body = self._body_reader(json_body)
        self._bindings = [(name, self._binding(name, member)) for name, member in shape.members.items()]

    def __call__(self, request: HttpRequest, labels: Mapping[str, str]) -> Parameters:
        query = query_map(request)
        headers = header_map(request)
        if self._headers_in_query:
            for name, values in query.items():
                if name[:6].lower() == "x-amz-":
                    headers.setdefault(name.lower(), values[-1])
        parts = Parts(labels, headers, query, self._body(request.body) if self._body else None)
        parameters = {}
        try:
            for name, binding in self._bindings:
                value = binding(parts)
                if value is not None:
                    parameters[name] = value
        except MalformedValue as fault:
            raise _malformed_parameter(str(fault), self._xml is not None) from None
        return parameters

    def _body_reader(self, json_body: Callable[[Shape], Callable[[bytes], Any]]) -> Callable[[bytes], Any] | None:
        if self._payload is None:
            if not self._in_body:
                return None
            return self._document(self._shape, self._shape.name, json_body)
        member = self._shape.members[self._payload]
        if member.type_name == "blob":
            return lambda body: body
        if member.type_name == "string":
            return lambda body: body.decode("utf-8", "replace")
        read = self._document(member, member.name, json_body)
        return lambda body: read(body) if body else None

    def _document(
        self, shape: Shape, default: str, json_body: Callable[[Shape], Callable[[bytes], Any]]
    ) -> Callable[[bytes], Any]:
        if self._xml is None:
            return json_body(shape)
        read = self._xml.reader(shape)
        roots = (shape.serialization.get("name", default), default)

        def document(body: bytes) -> Any:
            if not body:
                return {}
            root = xml_values.parse(body)
            if root.tag not in roots:
                raise malformed_xml()
            return read(root)

        return document

    def _binding(self, name: str, member: Shape) -> Binding:
        location = member.serialization.get("location")
        key: str = member.serialization.get("name", name)
        if location == "uri":
            reader = text_reader(member)
            return lambda parts: reader(parts.labels[key]) if key in parts.labels else None
        if location == "querystring":
            return self._query_binding(key, member)
        if location == "header":
            return _header_binding(key.lower(), member)
        if location == "headers":
            return _prefix_binding(key.lower())
        if name == self._payload:
            return self._payload_binding(name, member)
        if name in self._in_body and self._body is not None:
            return lambda parts: parts.body.get(name)
        return lambda parts: None

    def _payload_binding(self, name: str, member: Shape) -> Binding:
        if member.type_name not in ("blob", "string") or name in self._shape.required_members:
            return lambda parts: parts.body
        return lambda parts: parts.body or None

    def _query_binding(self, key: str, member: Shape) -> Binding:
        if member.type_name == "map":
            return self._query_map_binding(member)
        if member.type_name == "list":
            element = text_reader(member.member)
            return lambda parts: [element(text) for text in parts.query[key]] if key in parts.query else None
        reader = text_reader(member)
        return lambda parts: reader(parts.query[key][-1]) if key in parts.query else None

    def _query_map_binding(self, member: Shape) -> Binding:
        bound = self._free_query
        many = member.value.type_name == "list"

        def binding(parts: Parts) -> dict[str, Any] | None:
            found = {name: values if many else values[-1] for name, values in parts.query.items() if name not in bound}
            return found or None

        return binding


def _bound_query(operation: OperationModel, shape: Shape) -> set[str]:
    """The query parameters that are members of their own, or part of the URI."""
    literals = {part.partition("=")[0] for part in operation.http["requestUri"].partition("?")[2].split("&")}
    return literals | {
        member.serialization.get("name", name)
        for name, member in shape.members.items()
        if member.serialization.get("location") == "querystring" and member.type_name != "map"
    }


def _header_binding(key: str, member: Shape) -> Binding:
    if member.type_name == "list":
        element = text_reader(member.member)
        split = split_dates if member.member.type_name == "timestamp" else split_list
        return lambda parts: [element(text) for text in split(parts.headers[key])] if key in parts.headers else None
    reader = text_reader(member)
    if member.type_name != "timestamp":
        return lambda parts: reader(parts.headers[key]) if key in parts.headers else None

    def moment(parts: Parts) -> Any:
        """A date that is none is as good as no date."""
        try:
            return reader(parts.headers[key]) if key in parts.headers else None
        except MalformedValue:
            return None

    return moment


def _prefix_binding(prefix: str) -> Binding:
    length = len(prefix)

    def binding(parts: Parts) -> dict[str, str] | None:
        found = {name[length:]: value for name, value in parts.headers.items() if name.startswith(prefix)}
        return found or None

    return binding


def _malformed_parameter(text: str, is_xml: bool) -> AwsError:
    if is_xml:
        return AwsError("InvalidArgument", f"Provided argument is not valid: {text[:100]}", status=400)
    return serialization(f"Malformed value: {text[:100]}")
