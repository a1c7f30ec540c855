"""Lambda functions made from what a test has at hand: a callable, a reference, a directory."""

from __future__ import annotations

import hashlib
import json
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

from .errors import FunctionError
from .handle import default_region, log_lines
from .roles import function_role

CODE_HEADER = "x-mocksls-code"
_NAME = re.compile(r"^[A-Za-z0-9_-]{1,64}$")
_OLDEST, _NEWEST = 10, 14


class Function:
    """A Lambda function of the active cloud."""

    def __init__(self, cloud: Cloud, name: str, arn: str) -> None:
        self._cloud = cloud
        self.name: str = name
        self.arn: str = arn

    def __repr__(self) -> str:
        return f"<Function {self.name}>"

    def invoke(self, event: Any = None) -> Any:
        """Invoke it synchronously.

        Args:
            event: anything that JSON can carry.

        Returns:
            What the handler returned, after its way through JSON.

        Raises:
            FunctionError: the handler raised, timed out, or was ended; its ``payload`` is AWS's.
            ClientError: as Invoke answers.
        """
        with client_errors("Invoke"):
            answer = self._cloud.caller.as_test(
                "lambda",
                "Invoke",
                {"FunctionName": self.name, "Payload": json.dumps({} if event is None else event).encode()},
                region=self.arn.split(":")[3],
            )
        payload = json.loads(answer.get("Payload") or b"null")
        if answer.get("FunctionError"):
            raise FunctionError(payload)
        return payload

    @property
    def logs(self) -> list[str]:
        """All its log lines, oldest first."""
        return log_lines(self._cloud, self.name)


def make_function(
    cloud: Cloud, handler: Callable[..., Any] | str | os.PathLike[str], name: str | None, config: dict[str, Any]
) -> Function:
    """Create the function (see ``Aws.function``)."""
    code, handler_name = _code(handler, config)
    chosen = name or _name_of(handler)
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
    return Function(cloud, chosen, made["FunctionArn"])


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
