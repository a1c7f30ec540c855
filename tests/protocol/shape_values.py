"""Values for shapes: the smallest, the fullest, and any that hypothesis draws."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from botocore.model import Shape
from hypothesis import strategies as st

_PLAIN = "abcXYZ019-_."
_RICH = _PLAIN + " /&<>\"'%+=?#äß€漢😀\n\t"


class Fullest:
    """Gives every member, each list and map one element; recursive shapes end at their first repetition."""

    def __init__(self) -> None:
        self._count = 0

    def wants(self, is_required: bool, is_repeated: bool) -> bool:
        return is_required or not is_repeated

    def size(self, is_repeated: bool) -> int:
        return 0 if is_repeated else 1

    def pick(self, options: list[Any]) -> Any:
        self._count += 1
        return options[self._count % len(options)]

    def text(self, is_plain: bool) -> str:
        self._count += 1
        return f"text-{self._count}" if is_plain else f"text <&> é {self._count}"

    def whole(self) -> int:
        self._count += 1
        return self._count

    def number(self) -> float:
        return self.whole() + 0.5

    def blob(self) -> bytes:
        return b"\x00\xff" + self.text(True).encode()

    def moment(self) -> datetime:
        return datetime.fromtimestamp(1_700_000_000 + self.whole(), timezone.utc)

    def truth(self) -> bool:
        return self.whole() % 2 == 0


class Smallest(Fullest):
    """Gives what is required, and nothing else."""

    def wants(self, is_required: bool, is_repeated: bool) -> bool:
        return is_required

    def size(self, is_repeated: bool) -> int:
        return 0


class Drawn(Fullest):
    """Lets hypothesis choose."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        super().__init__()
        self._draw = draw

    def wants(self, is_required: bool, is_repeated: bool) -> bool:
        return is_required or (not is_repeated and bool(self._draw(st.booleans())))

    def size(self, is_repeated: bool) -> int:
        return 0 if is_repeated else int(self._draw(st.integers(0, 3)))

    def pick(self, options: list[Any]) -> Any:
        return self._draw(st.sampled_from(options))

    def text(self, is_plain: bool) -> str:
        if is_plain:
            return str(self._draw(st.text(_PLAIN, min_size=1, max_size=8)))
        return str(self._draw(st.text(_RICH, max_size=8)))

    def whole(self) -> int:
        return int(self._draw(st.integers(-(2**31), 2**31 - 1)))

    def number(self) -> float:
        return float(self._draw(st.floats(allow_nan=False, allow_infinity=False, width=32)))

    def blob(self) -> bytes:
        return bytes(self._draw(st.binary(max_size=12)))

    def moment(self) -> datetime:
        return datetime.fromtimestamp(self._draw(st.integers(0, 4_000_000_000)), timezone.utc)

    def truth(self) -> bool:
        return bool(self._draw(st.booleans()))


class ShapeValues:
    """Makes values of shapes from the choices of one of the classes above."""

    def __init__(self, choices: Fullest, protocol: str) -> None:
        self._choices = choices
        self._is_xml = protocol in ("query", "rest-xml")
        self._is_query = protocol == "query"
        self._stack: list[str] = []

    def value(self, shape: Shape) -> Any:
        """A value of any shape."""
        location = shape.serialization.get("location")
        kind = shape.type_name
        if kind == "structure":
            return self._structure(shape)
        if kind == "list":
            return self._list(shape, bool(location))
        if kind == "map":
            return self._map(shape, bool(location))
        return self._scalar(shape, bool(location) or bool(shape.serialization.get("eventheader")))

    def members(self, shape: Shape) -> dict[str, Any]:
        """A value of a structure."""
        return dict(self._structure(shape))

    def _structure(self, shape: Shape) -> Any:
        if shape.is_document_type:
            return {"any": [1, "x", True]}
        is_repeated = shape.name in self._stack
        self._stack.append(shape.name)
        try:
            members = shape.members
            if shape.is_tagged_union:
                names = [name for name, member in members.items() if not is_repeated or not _is_container(member)]
                chosen = self._choices.pick(names or list(members))
                value = self.value(members[chosen])
                return {} if self._is_lost(members[chosen], value) else {chosen: value}
            required = set(shape.required_members)
            required |= {name for name, member in members.items() if member.serialization.get("location") == "uri"}
            wanted = [
                name
                for name, member in members.items()
                if not member.serialization.get("eventstream")
                and self._choices.wants(name in required, is_repeated and _is_container(member))
            ]
            found = {name: self.value(members[name]) for name in wanted}
            return {name: value for name, value in found.items() if not self._is_lost(members[name], value)}
        finally:
            self._stack.pop()

    def _is_lost(self, shape: Shape, value: Any) -> bool:
        """Whether the protocol has no way to say this value."""
        if value or value in (0, False):
            return False
        if shape.serialization.get("location"):
            return True
        if self._is_query:
            return isinstance(value, dict)
        return self._is_xml and bool(shape.serialization.get("flattened"))

    def _list(self, shape: Shape, is_plain: bool) -> list[Any]:
        is_repeated = _is_container(shape.member) and shape.member.name in self._stack
        count = self._choices.size(is_repeated)
        found = [
            self._scalar(shape.member, True) if is_plain else self.value(shape.member)
            for _ in range(max(count, 1) if self._must_have(shape) else count)
        ]
        return [item for item in found if not (self._is_query and item in ({}, []))]

    def _must_have(self, shape: Shape) -> bool:
        return bool(shape.serialization.get("location"))

    def _map(self, shape: Shape, is_plain: bool) -> dict[str, Any]:
        is_repeated = _is_container(shape.value) and shape.value.name in self._stack
        found = {}
        for _ in range(self._choices.size(is_repeated)):
            key = self._key(shape.key, is_plain)
            if is_plain and shape.value.type_name == "list":
                found[key] = [self._scalar(shape.value.member, True)]
            else:
                found[key] = self._scalar(shape.value, True) if is_plain else self.value(shape.value)
        return {key: item for key, item in found.items() if not (self._is_query and item in ({}, []))}

    def _key(self, shape: Shape, is_plain: bool) -> str:
        if shape.enum:
            return str(self._choices.pick(shape.enum))
        return "k" + self._choices.text(True).lower().strip(".-_ ") if is_plain else self._choices.text(False)

    def _scalar(self, shape: Shape, is_plain: bool) -> Any:
        kind = shape.type_name
        if shape.serialization.get("jsonvalue"):
            return {"json": [1, "é"]}
        if kind == "string" or kind == "character":
            return self._choices.pick(shape.enum) if shape.enum else self._choices.text(is_plain)
        if kind in ("integer", "long"):
            return self._choices.whole()
        if kind in ("float", "double"):
            return self._choices.number()
        if kind == "boolean":
            return self._choices.truth()
        return self._choices.blob() if kind == "blob" else self._choices.moment()


def _is_container(shape: Shape) -> bool:
    if shape.type_name == "list":
        return _is_container(shape.member)
    if shape.type_name == "map":
        return _is_container(shape.value)
    return bool(shape.type_name == "structure")
