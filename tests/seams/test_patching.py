"""Replaced attributes."""

from __future__ import annotations

from mocksls._seams.patching import Patches


class Base:
    """Has a method."""

    def name(self) -> str:
        """The original."""
        return "base"


class Child(Base):
    """Inherits it."""


def test_set_and_undo() -> None:
    """An own attribute is put back, an inherited one is inherited again."""
    patches, original = Patches(), Base.name
    patches.set(Child, "name", lambda self: "child")
    patches.set(Base, "name", lambda self: "patched")
    assert (Child().name(), Base().name()) == ("child", "patched")
    patches.undo()
    assert (Child().name(), Base().name(), Base.name) == ("base", "base", original)
    assert "name" not in vars(Child)


def test_twice_the_same() -> None:
    """Patches of one attribute are undone last first."""
    patches = Patches()
    patches.set(Base, "name", lambda self: "one")
    patches.set(Base, "name", lambda self: "two")
    patches.undo()
    assert Base().name() == "base"


def test_somebody_else_on_top() -> None:
    """A wrapper that somebody else put over ours since stays."""
    patches, original = Patches(), Base.name
    patches.set(Base, "name", lambda self: "ours")
    theirs = Base.name
    try:
        Base.name = lambda self: f"theirs over {theirs(self)}"  # type: ignore[method-assign]
        patches.undo()
        assert Base().name() == "theirs over ours"
    finally:
        Base.name = original  # type: ignore[method-assign]
