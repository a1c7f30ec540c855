"""Run a Python callable apart: zygote, environments, limits, channel; ``child`` is what runs in the child.

What is offered here is imported when it is first used: most tests run no handler.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .inline import inline_token
    from .programs import missing_program
    from .sandbox import Sandbox
    from .sources import callable_code, directory_code, zip_code
    from .spec import Code, Environment, EnvironmentSpec, Home, InvocationContext, Outcome

__all__ = [
    "Code",
    "Environment",
    "EnvironmentSpec",
    "Home",
    "InvocationContext",
    "Outcome",
    "Sandbox",
    "callable_code",
    "directory_code",
    "inline_token",
    "missing_program",
    "zip_code",
]

_MODULES = {
    "inline_token": "inline",
    "missing_program": "programs",
    "Sandbox": "sandbox",
    "callable_code": "sources",
    "directory_code": "sources",
    "zip_code": "sources",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_MODULES.get(name, 'spec')}", __name__), name)
