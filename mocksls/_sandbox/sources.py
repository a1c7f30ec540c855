"""Where code can come from: folders, and Python callables by reference or by value."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from .._kernel.errors import MockslsError
from .spec import Code


def callable_code(handler: Callable[..., Any]) -> Code:
    """The code of a callable.

    Raises:
        TypeError: Lambda could not run it.
        MockslsError: it cannot be had by reference, and not by value either; the text says why.
    """
    _check(handler)
    code = _by_reference(handler)
    return code if code is not None else _by_value(handler)


def zip_code(path: str, digest: str = "") -> Code:
    """The code of a deployment package that has been extracted to a folder, which is shared and never written to."""
    return Code("zip", path=path, digest=digest)


def directory_code(path: str) -> Code:
    """The code in a folder of the project."""
    return Code("directory", path=path)


def _check(handler: Any) -> None:
    named = getattr(handler, "__qualname__", repr(handler))
    if not callable(handler):
        raise TypeError(f"{handler!r} is not callable")
    for unfit, what in (
        (inspect.iscoroutinefunction, "a coroutine function, which Lambda's Python runtime does not await"),
        (inspect.isasyncgenfunction, "an async generator function"),
        (inspect.isgeneratorfunction, "a generator function, whose result is no JSON"),
        (inspect.isclass, "a class"),
        (inspect.isbuiltin, "a built-in function"),
        (lambda thing: isinstance(thing, functools.partial), "a functools.partial, which no handler setting can name"),
    ):
        if unfit(handler):
            raise TypeError(f"Lambda cannot run {named}: it is {what}")
    if inspect.iscoroutinefunction(getattr(handler, "__call__", None)):  # noqa: B004
        raise TypeError(f"Lambda cannot run {named}: its __call__ is a coroutine function")


def _by_reference(handler: Any) -> Code | None:
    """Code that names the callable, if its name leads back to it."""
    module = sys.modules.get(getattr(handler, "__module__", None) or "")
    qualname = getattr(handler, "__qualname__", None)
    if module is None or qualname is None or inspect.ismethod(handler):
        return None
    found: Any = module
    for name in qualname.split("."):
        found = getattr(found, name, None)
    if found is not handler:
        return None
    if module.__name__ == "__main__":
        return _of_main(module, qualname, handler)
    return Code("callable", module=module.__name__, qualname=qualname, file=_file(module), handler=handler)


def _of_main(module: ModuleType, qualname: str, handler: Any) -> Code | None:
    """A script's own function travels by value, or the script is loaded under another name, as multiprocessing does."""
    file = _file(module)
    if "cloudpickle" in sys.modules or file is None or not Path(file).is_file():
        return None
    return Code("callable", module="__mp_main__", qualname=qualname, file=file, handler=handler)


def _by_value(handler: Any) -> Code:
    named = getattr(handler, "__qualname__", repr(handler))
    try:
        import cloudpickle
    except ImportError:
        raise MockslsError(
            f"{named} cannot be imported by its name, so it has to travel by value, which needs cloudpickle: "
            "define it at the top level of a module, or install cloudpickle"
        ) from None
    try:
        return Code("pickled", pickled=cloudpickle.dumps(handler), handler=handler)
    except Exception as error:
        raise MockslsError(
            f"{named} cannot be imported by its name, and not be sent by value: {error}"
            f"{_culprit(handler, cloudpickle)}; define it at the top level of a module"
        ) from error


def _culprit(handler: Any, cloudpickle: Any) -> str:
    """Which of the names that a function uses cannot be sent."""
    try:
        used = inspect.getclosurevars(handler)
    except TypeError:
        return ""
    for name, value in {**used.globals, **used.nonlocals}.items():
        if not _travels(value, cloudpickle):
            return f" (it is {name!r} that cannot)"
    return ""


def _travels(value: Any, cloudpickle: Any) -> bool:
    try:
        cloudpickle.dumps(value)
    except Exception:
        return False
    return True


def _file(module: ModuleType) -> str | None:
    file = getattr(module, "__file__", None)
    return None if file is None else str(Path(file).absolute())
