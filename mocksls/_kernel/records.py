"""Records: dataclasses to type checkers, made without compiling anything, as every test process pays for imports.

A dataclass with slots takes 350 to 600 us to make, a record 25. Its methods are shared closures: where thousands are
made a second, write the ``__init__`` of a class with ``__slots__``.
"""

from __future__ import annotations

from copy import copy
from dataclasses import MISSING, Field, field
from inspect import get_annotations
from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["altered", "field", "record"]

_T = TypeVar("_T")

if TYPE_CHECKING:
    from dataclasses import dataclass as record
    from dataclasses import replace as altered
else:

    def record(cls: type | None = None, /, *, frozen: bool = False, eq: bool = True) -> Any:
        """Give a class slots and the methods of a dataclass.

        That nothing assigns to a ``frozen`` one is the type checker's to say; here it only has a hash. Without ``eq``
        records are equal where they are the same. Of ``field`` only ``default``, ``default_factory`` and ``compare``
        are known.
        """
        return (lambda given: _made(given, frozen, eq)) if cls is None else _made(cls, frozen, eq)

    def altered(given: _T, /, **changes: Any) -> _T:
        """A copy of a record with other values in some of its fields."""
        made = copy(given)
        for name, value in changes.items():
            setattr(made, name, value)
        return made


def _made(cls: type, frozen: bool, eq: bool) -> type:
    names = tuple(get_annotations(cls))
    given = {name: cls.__dict__[name] for name in names if name in cls.__dict__}
    kept = {name: value for name, value in cls.__dict__.items() if name not in ("__dict__", "__weakref__", *given)}
    compared = tuple(name for name in names if not (isinstance(given.get(name), Field) and not given[name].compare))
    namespace = {**kept, "__slots__": names, "__init__": _init(cls.__name__, names, given), "__repr__": _repr(names)}
    if eq:
        namespace["__eq__"] = _eq(compared)
        namespace["__hash__"] = _hash(compared) if frozen else None
    return type(cls)(cls.__name__, cls.__bases__, namespace)


def _init(title: str, names: tuple[str, ...], given: dict[str, Any]) -> Any:
    fields = {name: value for name, value in given.items() if isinstance(value, Field)}
    factories: dict[str, Any] = {
        name: one.default_factory for name, one in fields.items() if one.default_factory is not MISSING
    }
    constants = {name: one.default for name, one in fields.items() if one.default is not MISSING}
    constants |= {name: value for name, value in given.items() if name not in fields}

    def __init__(self: Any, *values: Any, **named: Any) -> None:
        if len(values) + len(named) > len(names):
            raise TypeError(f"{title} has only {len(names)} fields")
        for name, value in zip(names, values, strict=False):
            setattr(self, name, value)
        for name in names[len(values) :]:
            if name in named:
                setattr(self, name, named.pop(name))
            elif name in constants:
                setattr(self, name, constants[name])
            elif name in factories:
                setattr(self, name, factories[name]())
            else:
                raise TypeError(f"{title} lacks {name}")
        if named:
            raise TypeError(f"{title} does not take {', '.join(named)}")

    return __init__


def _repr(names: tuple[str, ...]) -> Any:
    def __repr__(self: Any) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return __repr__


def _eq(names: tuple[str, ...]) -> Any:
    def __eq__(self: Any, other: object) -> Any:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in names)

    return __eq__


def _hash(names: tuple[str, ...]) -> Any:
    def __hash__(self: Any) -> int:
        return hash(tuple(getattr(self, name) for name in names))

    return __hash__
