"""What one field of a pattern asks of a leaf of the event."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from .event_fields import Leaf

Test = Callable[[Leaf], bool]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(slots=True)
class FieldTest:
    """All that a field's list allows; one of it is enough. ``absent`` asks that the field is not there."""

    strings: set[str] = field(default_factory=set)
    raw: set[str] = field(default_factory=set)
    numbers: set[Decimal] = field(default_factory=set)
    addresses: set[Address] = field(default_factory=set)
    others: list[Test] = field(default_factory=list)
    absent: bool = False
    present: bool = False
    values: int = 0

    def only_strings(self) -> bool:
        """Whether nothing but certain strings agrees."""
        return not (self.raw or self.numbers or self.addresses or self.others or self.absent or self.present)

    def agrees(self, leaf: Leaf) -> bool:
        """Whether a leaf is what the field asks for."""
        if self.present:
            return True
        if leaf.kind == "string":
            if leaf.text in self.strings or (self.addresses and _address(leaf.text) in self.addresses):
                return True
        elif leaf.text in self.raw or (leaf.number is not None and leaf.number in self.numbers):
            return True
        return any(test(leaf) for test in self.others)


def address_of(text: str) -> Address | None:
    """The IP address that a string is, whichever way it is written; ``None`` for other strings."""
    return _address(text)


def _address(text: str) -> Address | None:
    if "." not in text and ":" not in text:
        return None
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def prefix(text: str, ignore_case: bool = False) -> Test:
    """Strings that begin with a text."""
    if ignore_case:
        low = text.lower()
        return lambda leaf: leaf.kind == "string" and leaf.text.lower().startswith(low)
    return lambda leaf: leaf.kind == "string" and leaf.text.startswith(text)


def suffix(text: str, ignore_case: bool = False) -> Test:
    """Strings that end with a text."""
    if ignore_case:
        low = text.lower()
        return lambda leaf: leaf.kind == "string" and leaf.text.lower().endswith(low)
    return lambda leaf: leaf.kind == "string" and leaf.text.endswith(text)


def equals_ignore_case(text: str) -> Test:
    """Strings that differ in case only."""
    low = text.lower()
    return lambda leaf: leaf.kind == "string" and leaf.text.lower() == low


def wildcard(text: str) -> Test:
    """Strings that agree with a pattern of ``*``; a backslash before ``*`` or itself takes it literally.

    Raises:
        ValueError: two wildcards in a row, or a stray backslash; its text is AWS's.
    """
    data = f'"{text}"'.encode()
    parts, place = [], 0
    while place < len(data):
        char, after = data[place : place + 1], data[place + 1 : place + 2]
        if char == b"*":
            if after == b"*":
                raise ValueError(f"Consecutive wildcard characters at pos {place}")
            parts.append(b".*")
        elif char == b"\\":
            if after not in (b"*", b"\\"):
                raise ValueError(f"Invalid escape character at pos {place}")
            parts.append(re.escape(after))
            place += 1
        else:
            parts.append(re.escape(char))
        place += 1
    compiled = re.compile(b"".join(parts[1:-1]), re.DOTALL)
    return lambda leaf: leaf.kind == "string" and compiled.fullmatch(leaf.text.encode()) is not None


def numeric(bottom: Decimal | None, top: Decimal | None, open_bottom: bool, open_top: bool) -> Test:
    """Numbers of a range, compared exactly."""

    def test(leaf: Leaf) -> bool:
        number = leaf.number
        if number is None:
            return False
        if bottom is not None and (number < bottom or (open_bottom and number == bottom)):
            return False
        return not (top is not None and (number > top or (open_top and number == top)))

    return test


def cidr(text: str) -> Test:
    """IP addresses of a block.

    Raises:
        ValueError: it is no block; its text is AWS's.
    """
    parts = text.split("/")
    if len(parts) != 2:
        raise ValueError("Malformed CIDR, one '/' required")
    if not re.fullmatch(r"[+-]?\d{1,9}", parts[1]):
        raise ValueError("Malformed CIDR, mask bits must be an integer")
    bits, address = int(parts[1]), _address(parts[0])
    if bits < 0:
        raise ValueError("Malformed CIDR, mask bits must not be negative")
    if address is None:
        raise ValueError(f"Nonstandard IP address: {parts[0]}")
    if bits >= address.max_prefixlen:
        raise ValueError(f"IPv{address.version} mask bits must be < {address.max_prefixlen}")
    network = ipaddress.ip_network(f"{address}/{bits}", strict=False)

    def test(leaf: Leaf) -> bool:
        found = _address(leaf.text) if leaf.kind == "string" else None
        return found is not None and found in network

    return test


def anything_but(strings: frozenset[str], numbers: frozenset[Decimal]) -> Test:
    """Every leaf but the listed ones."""

    def test(leaf: Leaf) -> bool:
        if leaf.kind == "string":
            return leaf.text not in strings
        return leaf.number is None or leaf.number not in numbers

    return test


def none_of(tests: list[Test]) -> Test:
    """Every leaf for which none of some tests holds."""
    return lambda leaf: not any(test(leaf) for test in tests)
