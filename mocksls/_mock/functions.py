"""Lambda functions made from what a test has at hand: a callable, a reference, a directory."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Callable
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from typing import Any

from mocksls._kernel.cloud import Cloud
from mocksls._sandbox import callable_code, directory_code
from mocksls._transport.errors import client_errors
from mocksls._transport.names import check_parameters

from .function import Function
from .handle import default_region
from .roles import function_role

CODE_HEADER = "x-mocksls-code"
_NAME = re.compile(r"^[A-Za-z0-9_-]{1,64}$")
_OLDEST, _NEWEST = 10, 14


def make_function(
    active: Callable[[], Cloud],
    handler: Callable[..., Any] | str | os.PathLike[str],
    name: str | None,
    config: dict[str, Any],
) -> Function:
    """Create the function (see ``Aws.function``)."""
    cloud = active()
    code, handler_name = _code(handler, config)
    chosen = _name_of(handler) if name is None else name
    region = default_region(cloud)
    params: dict[str, Any] = {
        "FunctionName": chosen,
        "Runtime": f"python3.{min(max(sys.version_info.minor, _OLDEST), _NEWEST)}",
        "Handler": handler_name,
        "Code": {},
        **config,
    }
    if "Role" not in config:
        params["Role"] = function_role(cloud)
    check_parameters("lambda", "CreateFunction", params)
    key = f"{region}:{chosen}"
    previous = cloud.code.get(key)
    cloud.code[key] = code
    try:
        with client_errors("CreateFunction"):
            made = cloud.caller.as_test("lambda", "CreateFunction", params, region=region, headers={CODE_HEADER: key})
    except BaseException:
        if previous is None:
            cloud.code.pop(key, None)
        else:
            cloud.code[key] = previous
        raise
    return Function(active, made["FunctionName"], made["FunctionArn"])


def code_of(handler: Any) -> Any:
    """What runs: a callable, the one behind ``"module:qualname"``, or the code in a directory.

    Raises:
        TypeError: it is nothing that Lambda could run.
    """
    if isinstance(handler, (str, os.PathLike)):
        text = os.fspath(handler)
        if ":" in text and not Path(text).exists():
            return callable_code(_referenced(text))
        path = Path(text)
        if not path.is_dir():
            raise TypeError(f"{text!r} is neither a directory nor a 'module:qualname'")
        return directory_code(str(path.resolve()))
    return callable_code(handler)


def _code(handler: Any, config: dict[str, Any]) -> tuple[Any, str]:
    code = code_of(handler)
    if code.kind == "directory":
        if "Handler" not in config:
            raise TypeError("a directory needs Handler='module.function'")
        return code, config["Handler"]
    named = _referenced(os.fspath(handler)) if isinstance(handler, (str, os.PathLike)) else handler
    return code, _handler_name(named)


def _referenced(text: str) -> Any:
    module, _, qualname = text.partition(":")
    try:
        return attrgetter(qualname)(import_module(module))
    except (ImportError, AttributeError) as error:
        raise TypeError(f"{text!r} leads to nothing: {error}") from None


def _handler_name(handler: Any) -> str:
    name = f"{getattr(handler, '__module__', 'handler')}.{getattr(handler, '__name__', 'handler')}"
    return re.sub(r"\s", "_", name)[-128:]


def _name_of(handler: Any) -> str:
    name = getattr(handler, "__name__", None)
    if isinstance(handler, (str, os.PathLike)):
        name = os.fspath(handler).rstrip("/").replace(":", ".").replace("/", ".").rpartition(".")[2]
    if isinstance(name, str) and _NAME.match(name):
        return name
    digest = hashlib.sha256(f"{getattr(handler, '__module__', '')}:{handler!s}:{name}".encode()).hexdigest()
    return f"fn-{digest[:12]}"
