"""Java's regular expressions in Python's."""

from __future__ import annotations

import re

import pytest

from mocksls._protocol import service_protocol
from mocksls._protocol.patterns import JavaPattern, UntranslatablePattern, translate
from tests.protocol.wire_pairs import SERVICES


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("[a-z]+", "abc"),
        (r"[\w-_]*", "a-_"),
        (r"\p{Print}+", "a ~"),
        (r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", "é 漢4"),
        (r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+", "€!é"),
        (r"[^_\p{Z}]+", "é"),
        (r"\P{L}+", "12 \u3000"),
        (r"\p{Lu}\p{IsAlphabetic}\pL", "ÉéÉ"),
        (r"[\uD800\uDC00-\uDBFF\uDFFF]", "😀"),
        (r"\x41\x{1F600}\u0042", "A😀B"),
        (r"(?<name>a)+b++c*+d?+e{2}+", "aabcdee"),
        (r"\Qa.b\E.\Qc", "a.bxc"),
        (r"\h\R\e\A\z\Z", None),
        (r"a\z", "a"),
        (r"a\h", "a\u3000"),
        (r"a\R", "a\r\n"),
        (r"[a[bc]d]+", "abcd"),
        (r"[\h]", "\t"),
        (r"(a)\1", "aa"),
        (r"[a\]\[]+", "[a]"),
        (r"[\s\S]*", "a\nb"),
        (r"[\t\n]", "\n"),
        (r"(?!^[0-9]+$)([a-zA-Z0-9-_]+)", "a1"),
        (r"((?!^\d+$)^[0-9a-zA-Z-_]+$)", "v1"),
    ],
)
def test_matches(pattern: str, value: str | None) -> None:
    """Values that Java matches, too."""
    re.compile(translate(pattern))
    assert value is None or JavaPattern(pattern).matches(value)


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("[a-z]+", "abcD"),
        ("[a-z]+", "abc\n"),
        ("a|b", "ab"),
        (".", "\u2028"),
        (r"\d", "\u0663"),
        (r"\w", "é"),
        (r"[\p{L}]+", "a1"),
        (r"[\p{L}]+", "é€"),
        (r"[^\p{Z}]+", "a\u3000"),
        (r"\p{Alpha}", "é"),
        (r"((?!^\d+$)^[0-9a-zA-Z-_]+$)", "12"),
        ("[]", "a"),
    ],
)
def test_does_not_match(pattern: str, value: str) -> None:
    """Values that Java refuses: the whole value counts, classes are ASCII's."""
    if pattern != "[]":
        assert not JavaPattern(pattern).matches(value)


@pytest.mark.parametrize(
    "pattern", [r"[a&&[b]]", r"[a[^b]]", r"\i", r"\p{InGreek}", r"\p{", r"\uZZZZ", "[z-a]", "[a", "\\"]
)
def test_untranslatable(pattern: str) -> None:
    """What cannot be said in Python is not checked."""
    with pytest.raises(UntranslatablePattern):
        translate(pattern)
    assert JavaPattern(pattern).matches("anything")


def test_all_patterns_of_the_models_are_translated() -> None:
    """None of the services' patterns is left unchecked."""
    left = []
    for service in SERVICES:
        model = service_protocol(service).model
        for name in model.shape_names:
            pattern = model.shape_for(name).metadata.get("pattern")
            if pattern is not None:
                try:
                    re.compile(translate(pattern), re.ASCII)
                except (UntranslatablePattern, re.error):
                    left.append((service, name, pattern))
    assert left == []
