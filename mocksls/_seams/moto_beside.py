"""moto in the same process: what is ours stays ours, everything else is moto's."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

from .._kernel.http import HttpRequest, HttpResponse
from .patching import Patches

_STUBBER = "moto.core.botocore_stubber"


def is_motos(mock: Any) -> bool:
    """Whether a ``responses`` mock is the one that moto answers plain HTTP with."""
    registry = getattr(mock, "_registry", None)
    return type(registry).__module__.startswith("moto.") or any(
        type(match).__module__.startswith("moto.") for match in getattr(registry, "registered", ())[:1]
    )


def install_moto(patches: Patches, module: ModuleType, ours: Callable[[], bool]) -> None:
    """Keep moto's handler from calls of services that are mocked here; ``ours`` tells of the call under way."""
    original = module.BotocoreStubber.__call__

    def __call__(stubber: Any, *args: Any, **kwargs: Any) -> Any:
        return None if ours() else original(stubber, *args, **kwargs)

    patches.set(module.BotocoreStubber, "__call__", __call__)


def answer_by_moto(request: HttpRequest) -> HttpResponse | None:
    """What an active moto answers to a request; ``None`` where none is active, or it leaves the request alone."""
    models = sys.modules.get("moto.core.models")
    stubber = getattr(models, "botocore_stubber", None)
    if stubber is None or not stubber.enabled:
        return None
    from botocore.awsrequest import AWSPreparedRequest
    from botocore.compat import HTTPHeaders

    headers = HTTPHeaders()
    for name, value in request.headers:
        headers[name] = value
    answer = stubber.process_request(AWSPreparedRequest(request.method, request.url, headers, request.body, False))
    if answer is None:
        return None
    status, found, body = answer
    content = body.encode("utf-8") if isinstance(body, str) else bytes(body)
    return HttpResponse(status, [(name, str(value)) for name, value in found.items()], content)
