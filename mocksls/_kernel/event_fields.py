"""An event as patterns see it: its leaves by dotted path, with their place in the arrays around them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import ROUND_DOWN, Context, Decimal, InvalidOperation
from typing import Any, Literal, NamedTuple

_WIDE = Context(prec=400)
Places = tuple[tuple[int, int], ...]


class Leaf(NamedTuple):
    """A value that is neither object nor array.

    ``text`` is a string's content, else the value as JSON writes it. ``number`` is set where it can be compared.
    ``places`` are the arrays around it, each with the index of the element that it lies in.
    """

    kind: Literal["string", "number", "literal"]
    text: str
    number: Decimal | None
    places: Places


Fields = dict[str, list[Leaf]]


def comparable(text: str, decimals: int | None = None) -> Decimal | None:
    """A number that patterns can compare: one that a double holds exactly as it is written.

    ``decimals`` is how many digits after the point count (SNS: five); ``None`` means all.
    """
    try:
        number = Decimal(text)
        kept = Decimal(repr(float(text)))
    except (InvalidOperation, ValueError, OverflowError):
        return None
    if not number.is_finite() or kept != number:
        return None
    return number if decimals is None else rounded(number, decimals)


def rounded(number: Decimal, decimals: int) -> Decimal:
    """A number without the digits that do not count."""
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_DOWN, _WIDE) if number.adjusted() < 300 else number


def fields_of(event: Mapping[str, Any]) -> Fields:
    """The leaves of an event (parsed JSON; floats may be ``Decimal``) by their dotted path.

    A key that contains dots is the same path as nested keys. Empty arrays and objects have no leaves.
    """
    fields: Fields = {}
    arrays = 0
    waiting: list[tuple[str, Any, Places]] = [("", event, ())]
    while waiting:
        path, value, places = waiting.pop()
        if isinstance(value, Mapping):
            below = f"{path}." if path else ""
            waiting += [(f"{below}{key}", each, places) for key, each in reversed(list(value.items()))]
        elif isinstance(value, list):
            arrays += 1
            waiting += [(path, each, (*places, (arrays, index))) for index, each in reversed(list(enumerate(value)))]
        else:
            fields.setdefault(path, []).append(leaf(value, places))
    return fields


def leaf(value: Any, places: Places = ()) -> Leaf:
    """A scalar of parsed JSON as a leaf."""
    if isinstance(value, str):
        return Leaf("string", value, None, places)
    if value is None or isinstance(value, bool):
        return Leaf("literal", json.dumps(value), None, places)
    text = repr(value) if isinstance(value, float) else str(value)
    return Leaf("number", text, comparable(text), places)
