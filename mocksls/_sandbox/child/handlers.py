"""Finding the handler: ``module.function`` in code, or a callable by reference or by value."""

from __future__ import annotations

import importlib
import importlib.util
import pickle
import sys
from collections.abc import Callable
from typing import Any

from .failures import Fault

Handler = Callable[[Any, Any], Any]


def find(code: dict[str, Any], handler: str, pickled: bytes) -> Handler:
    """The callable to run.

    Raises:
        Fault: as the runtime reports what is wrong.
        Exception: whatever the import of the code raised.
    """
    kind = code["kind"]
    if kind == "pickled":
        return _unpickled(pickled)
    if kind == "callable":
        return _by_reference(code["module"], code["qualname"], code.get("file"))
    return _by_name(handler)


def _by_name(handler: str) -> Handler:
    """The handler as configured (``package.module.function``, ``folder/module.function``)."""
    try:
        module_name, function_name = handler.rsplit(".", 1)
    except ValueError as error:
        raise Fault("Runtime.MalformedHandlerName", f"Bad handler '{handler}': {error}") from error
    if module_name.split(".")[0] in sys.builtin_module_names:
        text = f"Cannot use built-in module {module_name} as a handler module"
        raise Fault("Runtime.BuiltInModuleConflict", text)
    module = _imported(module_name)
    try:
        return getattr(module, function_name)  # type: ignore[no-any-return]
    except AttributeError:
        text = f"Handler '{function_name}' missing on module '{module_name}'"
        raise Fault("Runtime.HandlerNotFound", text) from None


def _imported(module_name: str) -> Any:
    try:
        return importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise Fault("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}") from error
    except SyntaxError as error:
        trace = [f'  File "{error.filename}" Line {error.lineno}\n    {error.text}']
        text = f"Syntax error in module '{module_name}': {error}"
        raise Fault("Runtime.UserCodeSyntaxError", text, trace) from error


def _by_reference(module_name: str, qualname: str, file: str | None) -> Handler:
    """A callable of a module; one that cannot be imported by its name is loaded from its file."""
    module = _loaded(module_name, file) if file and not _importable(module_name, file) else _imported(module_name)
    found: Any = module
    try:
        for name in qualname.split("."):
            found = getattr(found, name)
    except AttributeError:
        text = f"Handler '{qualname}' missing on module '{module_name}'"
        raise Fault("Runtime.HandlerNotFound", text) from None
    return found  # type: ignore[no-any-return]


def _importable(module_name: str, file: str) -> bool:
    try:
        spec = importlib.util.find_spec(module_name)
    except (ImportError, ValueError, AttributeError):
        return False
    return spec is not None and spec.origin == file


def _loaded(module_name: str, file: str) -> Any:
    """The module of a file, under a name by which it cannot be imported (pytest's ``importlib`` mode)."""
    spec = importlib.util.spec_from_file_location(module_name, file)
    if spec is None or spec.loader is None:
        raise Fault("Runtime.ImportModuleError", f"Unable to import module '{module_name}': no module in {file}")
    module = sys.modules[module_name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except ImportError as error:
        raise Fault("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}") from error
    return module


def _unpickled(pickled: bytes) -> Handler:
    """A callable that came by value; what it needs is imported here."""
    try:
        return pickle.loads(pickled)  # type: ignore[no-any-return]
    except ImportError as error:
        raise Fault("Runtime.ImportModuleError", f"Unable to import the handler: {error}") from error
