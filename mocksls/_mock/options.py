"""The options of ``mock_serverless``: named, checked, filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from mocksls._kernel.options import CHOICES, Options

NAMES = Options._fields
_ACCOUNT = re.compile(r"[0-9]{12}")

defaults: dict[str, Any] = {}
"""Defaults of every outermost mock of the process (the pytest plugin's ini options); they do not count as named."""


def check(named: Mapping[str, Any]) -> dict[str, Any]:
    """The options that a test named, checked and in their final types.

    Raises:
        TypeError: an unknown name, or a value of a wrong type.
        ValueError: a value that is none of the choices.
    """
    for name in named:
        if name == "config":
            raise TypeError(
                "mock_serverless() has no config=: what moto sets there are options here, "
                f"compat='moto' and passthrough=(...) first of all. The options are {', '.join(NAMES)}"
            )
        if name not in NAMES:
            raise TypeError(f"mock_serverless() has no option {name!r}; the options are {', '.join(NAMES)}")
    return {name: _checked(name, value) for name, value in named.items()}


def _checked(name: str, value: Any) -> Any:
    if name in CHOICES:
        if value not in CHOICES[name]:
            raise ValueError(f"{name} must be one of {', '.join(map(repr, CHOICES[name]))}, not {value!r}")
        return value
    if name == "passthrough":
        return _passthrough(value)
    if name == "seed":
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise TypeError(f"seed must be an int or None, not {value!r}")
        return value
    if value is None and name == "region":
        return None
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str, not {value!r}")
    if name == "account_id" and not is_account(value):
        raise ValueError(f"account_id must be 12 digits, not {value!r}")
    if not value.strip():
        raise ValueError(f"{name} must not be empty")
    return value


def is_account(text: str) -> bool:
    """Whether it is the id of an account."""
    return _ACCOUNT.fullmatch(text) is not None


def _passthrough(value: Any) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise TypeError(f"passthrough must be a sequence of service names or URL prefixes, not {value!r}")
    items = tuple(value)
    for item in items:
        _check_left(item)
    return items


def _check_left(item: Any) -> None:
    """A name that is none would leave nothing alone, silently."""
    if not isinstance(item, str):
        raise TypeError(f"passthrough must be a sequence of service names or URL prefixes, not of {item!r}")
    if "://" in item:
        return
    from mocksls._transport.names import is_service

    if not is_service(item):
        raise ValueError(f"passthrough: {item!r} is neither botocore's name of a service nor an URL")


def filled(named: Mapping[str, Any]) -> Options:
    """All options: the named ones over the defaults of the process."""
    return Options(**{**defaults, **named})


def conflict(named: Mapping[str, Any], active: Options) -> str | None:
    """What an inner mock asks for that the active one does otherwise; ``None`` if it may join."""
    for name, value in named.items():
        current = getattr(active, name)
        if value != current:
            return f"a mock with {name}={current!r} is active: an inner one cannot ask for {name}={value!r}"
    return None
