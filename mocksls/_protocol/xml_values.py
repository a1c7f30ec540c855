"""XML elements <-> shapes: one closure per shape, made on first use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from xml.etree import ElementTree

from botocore.model import Shape

from .faults import malformed_xml
from .scalars import MalformedValue, text_reader, text_writer

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
Element = ElementTree.Element
Reader = Callable[[Element], Any]
Writer = Callable[[list[str], Any], None]

_ESCAPES = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord("\r"): "&#13;"}
_ESCAPES.update({code: f"&#x{code:x};" for code in range(32) if code not in (9, 10, 13)})
_QUOTED = _ESCAPES | {ord('"'): "&quot;", 9: "&#9;", 10: "&#10;"}


def parse(body: bytes) -> Element:
    """The root of an XML document, names without their namespaces.

    Raises:
        MalformedXML: it is no XML, or has a document type (entities are never expanded).
    """
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise malformed_xml()
    try:
        root = ElementTree.fromstring(body, ElementTree.XMLParser(encoding="utf-8"))
    except (ElementTree.ParseError, ValueError):
        raise malformed_xml() from None
    for element in root.iter():
        if element.tag[0] == "{":
            element.tag = local(element.tag)
    return root


def local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]


def children(element: Element) -> dict[str, list[Element]]:
    """The child elements by name."""
    found: dict[str, list[Element]] = {}
    for child in element:
        found.setdefault(child.tag, []).append(child)
    return found


def escape(text: str) -> str:
    """Text between tags."""
    return text.translate(_ESCAPES)


def quoted(text: str) -> str:
    """An attribute's value, with its quotes."""
    return f'"{text.translate(_QUOTED)}"'


class XmlReader:
    """Makes the readers of XML elements."""

    def __init__(self) -> None:
        self._structures: dict[str, Reader] = {}

    def reader(self, shape: Shape) -> Reader:
        """The reader of a shape's element."""
        kind = shape.type_name
        if kind == "structure":
            return self._structure(shape)
        if kind == "list":
            return self._list(shape)
        if kind == "map":
            return self._map(shape)
        return _text(shape)

    def _structure(self, shape: Shape) -> Reader:
        known = self._structures.get(shape.name)
        if known is None:
            members: list[tuple[str, str, Callable[[list[Element]], Any]]] = []
            attributes: list[tuple[str, str]] = []
            known = self._structures[shape.name] = _structure_reader(members, attributes)
            for name, member in shape.members.items():
                tag = member.serialization.get("name", name)
                if member.serialization.get("xmlAttribute"):
                    attributes.append((tag.rpartition(":")[2], name))
                elif not member.serialization.get("location"):
                    members.append((tag, name, self.member(member)))
        return known

    def member(self, shape: Shape) -> Callable[[list[Element]], Any]:
        """Reads a structure's member from all the elements of its name."""
        if shape.serialization.get("flattened") and shape.type_name == "list":
            item = self.reader(shape.member)
            return lambda found: [item(element) for element in found]
        if shape.serialization.get("flattened") and shape.type_name == "map":
            return self._entries(shape)
        reader = self.reader(shape)
        return lambda found: reader(found[0])

    def _list(self, shape: Shape) -> Reader:
        item = self.reader(shape.member)
        tag = shape.member.serialization.get("name", "member")
        return lambda element: [item(child) for child in element if child.tag == tag]

    def _map(self, shape: Shape) -> Reader:
        entries = self._entries(shape)
        return lambda element: entries([child for child in element if child.tag == "entry"])

    def _entries(self, shape: Shape) -> Callable[[list[Element]], dict[str, Any]]:
        key, item = self.reader(shape.key), self.reader(shape.value)
        key_tag = shape.key.serialization.get("name", "key")
        value_tag = shape.value.serialization.get("name", "value")

        def read(found: list[Element]) -> dict[str, Any]:
            result = {}
            for entry in found:
                parts = children(entry)
                if key_tag not in parts or value_tag not in parts:
                    raise malformed_xml()
                result[key(parts[key_tag][0])] = item(parts[value_tag][0])
            return result

        return read


def _structure_reader(
    members: list[tuple[str, str, Callable[[list[Element]], Any]]], attributes: list[tuple[str, str]]
) -> Reader:
    def read(element: Element) -> dict[str, Any]:
        result: dict[str, Any] = {}
        if attributes:
            given = {local(name).rpartition(":")[2]: value for name, value in element.attrib.items()}
            result = {name: given[tag] for tag, name in attributes if tag in given}
        found = children(element)
        for tag, name, reader in members:
            if tag in found:
                result[name] = reader(found[tag])
        return result

    return read


def _text(shape: Shape) -> Reader:
    reader = text_reader(shape)

    def read(element: Element) -> Any:
        if len(element):
            raise malformed_xml()
        try:
            return reader(element.text or "")
        except MalformedValue:
            raise malformed_xml() from None

    return read


class XmlWriter:
    """Makes the writers of XML elements."""

    timestamp_format = "iso8601"

    def __init__(self, always_fraction: bool = False, names: Mapping[str, str] | None = None) -> None:
        self._always_fraction = always_fraction
        self._names = names or {}
        self._contents: dict[str, Writer] = {}

    def element(self, shape: Shape, tag: str) -> Writer:
        """Writes a value as elements of that name (several where a list or map is flattened)."""
        kind = shape.type_name
        if kind == "structure":
            return self._structure(shape, tag)
        if kind == "list":
            return self._list(shape, tag)
        if kind == "map":
            return self._map(shape, tag)
        return self._scalar(shape, tag)

    def contents(self, shape: Shape) -> Writer:
        """Writes the members of a structure."""
        known = self._contents.get(shape.name)
        if known is None:
            members: list[tuple[str, Writer]] = []
            known = self._contents[shape.name] = _contents_writer(members)
            for name, member in shape.members.items():
                traits = member.serialization
                if not (traits.get("location") or traits.get("xmlAttribute") or traits.get("eventheader")):
                    members.append((name, self.element(member, self._tag(shape, name, member))))
        return known

    def _tag(self, shape: Shape, name: str, member: Shape) -> str:
        given = self._names.get(f"{shape.name}.{name}")
        if given is not None:
            return given
        if member.type_name == "list" and member.serialization.get("flattened"):
            element: str | None = member.member.serialization.get("name")
            if element:
                return element
        chosen: str = member.serialization.get("name", name)
        return chosen

    def document(self, shape: Shape, tag: str, usual_namespace: str) -> Callable[[Any], bytes]:
        """Writes a structure as a document; the usual namespace is for shapes that name none."""
        usual = f" xmlns={quoted(usual_namespace)}" if usual_namespace else ""
        root = self._structure(shape, tag, usual)

        def write(value: Any) -> bytes:
            out = [DECLARATION]
            root(out, value)
            return "".join(out).encode("utf-8", "replace")

        return write

    def _structure(self, shape: Shape, tag: str, usual_namespace: str = "") -> Writer:
        contents = self.contents(shape)
        attributes = [
            (name, member.serialization.get("name", name))
            for name, member in shape.members.items()
            if member.serialization.get("xmlAttribute")
        ]
        opening = f"<{tag}{namespace(shape) or usual_namespace}"
        closing = f"</{tag}>"

        def write(out: list[str], value: Mapping[str, Any]) -> None:
            out.append(opening)
            for name, attribute in attributes:
                if value.get(name) is not None:
                    out.append(f" {attribute}={quoted(str(value[name]))}")
            out.append(">")
            contents(out, value)
            out.append(closing)

        return write

    def _list(self, shape: Shape, tag: str) -> Writer:
        if shape.serialization.get("flattened"):
            item = self.element(shape.member, tag)
            opening = closing = ""
        else:
            item = self.element(shape.member, shape.member.serialization.get("name", "member"))
            opening, closing = f"<{tag}{namespace(shape)}>", f"</{tag}>"

        def write(out: list[str], value: list[Any]) -> None:
            out.append(opening)
            for element in value:
                item(out, element)
            out.append(closing)

        return write

    def _map(self, shape: Shape, tag: str) -> Writer:
        key_name = self._names.get(f"{shape.name}.key") or shape.key.serialization.get("name", "key")
        value_name = self._names.get(f"{shape.name}.value") or shape.value.serialization.get("name", "value")
        key, item = self.element(shape.key, key_name), self.element(shape.value, value_name)
        flattened = shape.serialization.get("flattened")
        opening, closing = ("", "") if flattened else (f"<{tag}{namespace(shape)}>", f"</{tag}>")
        entry = tag if flattened else "entry"

        def write(out: list[str], value: Mapping[str, Any]) -> None:
            out.append(opening)
            for name, element in value.items():
                out.append(f"<{entry}>")
                key(out, name)
                item(out, element)
                out.append(f"</{entry}>")
            out.append(closing)

        return write

    def _scalar(self, shape: Shape, tag: str) -> Writer:
        text = text_writer(shape, self.timestamp_format, self._always_fraction)
        opening, closing = f"<{tag}{namespace(shape)}>", f"</{tag}>"

        def write(out: list[str], value: Any) -> None:
            out.append(f"{opening}{escape(text(value))}{closing}")

        return write


def _contents_writer(members: list[tuple[str, Writer]]) -> Writer:
    def write(out: list[str], value: Mapping[str, Any]) -> None:
        for name, element in members:
            item = value.get(name)
            if item is not None:
                element(out, item)

    return write


def namespace(shape: Shape) -> str:
    """The namespace declaration of a shape's element, if it has one."""
    declared = shape.serialization.get("xmlNamespace") or shape.metadata.get("xmlNamespace")
    if not declared:
        return ""
    if isinstance(declared, str):
        declared = {"uri": declared}
    prefix = declared.get("prefix")
    return f" xmlns{':' + prefix if prefix else ''}={quoted(declared['uri'])}"
