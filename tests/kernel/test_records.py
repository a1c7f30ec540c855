"""Records: dataclasses in all but the making."""

from __future__ import annotations

from copy import deepcopy

import pytest

from mocksls._kernel.records import altered, field, record


@record
class Shelf:
    """A record with one field that has no default, and two that have."""

    name: str
    books: list[str] = field(default_factory=list)
    height: int = 3

    def label(self) -> str:
        """A method."""
        return f"{self.name}: {len(self.books)}"


@record(frozen=True)
class Book:
    """A record with a hash, which leaves one field out."""

    title: str
    read: int = field(default=0, compare=False)


@record(eq=False)
class Reader:
    """A record that is equal to itself only."""

    name: str


def test_fields_by_place_and_by_name() -> None:
    """Values come by place or by name; what is not given has its default."""
    shelf = Shelf("top", height=4)
    assert ("top", [], 4) == (shelf.name, shelf.books, shelf.height)


def test_factories_make_a_value_for_each() -> None:
    """Two records do not share what a factory made."""
    first, second = Shelf("first"), Shelf("second")
    first.books.append("one")
    assert [] == second.books
    assert "first: 1" == first.label()


@pytest.mark.parametrize(
    ("places", "names", "complaint"),
    [
        ((), {}, "Shelf lacks name"),
        (("a", [], 1, 2), {}, "Shelf has only 3 fields"),
        (("a",), {"width": 1}, "Shelf does not take width"),
        (("a",), {"name": "b"}, "Shelf does not take name"),
    ],
)
def test_wrong_fields(places: tuple[object, ...], names: dict[str, object], complaint: str) -> None:
    """Fields that lack, are too many or unknown are a TypeError."""
    with pytest.raises(TypeError, match=complaint):
        Shelf(*places, **names)  # type: ignore[arg-type]  # that is the point


def test_equality_and_hash() -> None:
    """Records are equal by value, but where they were told not to be; frozen ones have the hash of that."""
    assert Book("a", read=1) == Book("a", read=2)
    assert len({Book("a", read=1), Book("a", read=2), Book("b")}) == 2
    assert Reader("a") != Reader("a")
    assert Shelf("a") not in [("a", [], 3), Book("a")]
    with pytest.raises(TypeError, match="unhashable"):
        hash(Shelf("a"))


def test_nothing_but_fields() -> None:
    """A record has slots: a misspelled field is an error."""
    with pytest.raises(AttributeError):
        Shelf("a").heigth = 5  # type: ignore[attr-defined]  # that is the point


def test_altered_copies() -> None:
    """Altering leaves the record as it was; a deep copy shares nothing."""
    shelf = Shelf("a", ["one"])
    other, deep = altered(shelf, height=9), deepcopy(shelf)
    deep.books.append("two")
    assert ("Shelf(name='a', books=['one'], height=3)", 9) == (repr(shelf), other.height)
