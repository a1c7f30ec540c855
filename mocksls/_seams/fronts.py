"""HTTP libraries of a process at AWS's host names: hooked at the connection, below every mocking library."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from .._kernel.errors import MockslsWarning
from . import http_client_front, httpx_front
from .gate import Front, Gate
from .imports import PostImport
from .moto_beside import is_motos
from .patching import Patches


class Fronts:
    """Hooks into HTTP libraries and ``responses``; in libraries imported later as well."""

    def __init__(self, front: Front, unowned: Callable[[str], Exception]) -> None:
        self._gate = Gate(front)
        self._unowned = unowned
        self._imports = PostImport()

    @property
    def active(self) -> bool:
        """Whether requests are taken; patches that cannot be undone pass them through when they are not."""
        return self._gate.active

    def install(self, patches: Patches) -> None:
        """Patch what is imported, and watch for what will be."""
        gate = self._gate
        self._imports.install()
        for name, hook in (
            ("http.client", http_client_front.install_http_client),
            ("urllib3.connection", http_client_front.install_urllib3),
            ("httpcore", httpx_front.install_httpcore),
            ("httpx", httpx_front.install_httpx),
            ("httpcore2", httpx_front.install_httpcore),
            ("httpx2", httpx_front.install_httpx),
            ("aiohttp.connector", _install_aiohttp),
            ("boto3.s3.transfer", _classic_transfers),
        ):
            self._imports.when_imported(name, partial(_hooked, hook, patches, gate))
        self._imports.when_imported("responses", lambda module: self._responses(patches, module))
        self._imports.when_imported("socket", lambda module: self._last_net(patches, module))
        gate.active = True

    def remove(self) -> None:
        """Watch no more; the patches are their owner's to undo."""
        self._gate.active = False
        self._imports.remove()

    def serve(self, front: Front) -> None:
        """Send requests another way from now on (a forked copy of the process)."""
        self._gate.front = front

    def _responses(self, patches: Patches, module: ModuleType) -> None:
        """Let requests that the test has not mocked reach the cloud, and keep ours from a moto beside us."""
        original = module.RequestsMock._find_match

        def _find_match(mock: Any, request: Any) -> Any:
            parts = urlsplit(request.url)
            host = (parts.hostname or "").lower()
            if is_motos(mock) and self._gate.active and self._gate.front.answers(request.url):
                return module.PassthroughResponse(request.method, request.url), []
            match, reasons = original(mock, request)
            if match is None and self._gate.takes(host, parts.port):
                return module.PassthroughResponse(request.method, request.url), reasons
            return match, reasons

        patches.set(module.RequestsMock, "_find_match", _find_match)

    def _last_net(self, patches: Patches, module: ModuleType) -> None:
        original = module.getaddrinfo
        gate = self._gate

        def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
            name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
            if gate.active and isinstance(name, str) and gate.front.refuses(name.lower().rstrip(".")):
                raise self._unowned(name)
            return original(host, *args, **kwargs)

        patches.set(module, "getaddrinfo", getaddrinfo)


def _hooked(
    hook: Callable[[Patches, Gate, ModuleType], None], patches: Patches, gate: Gate, module: ModuleType
) -> None:
    """Hook a library; one of a version that looks otherwise inside is left as it is."""
    try:
        hook(patches, gate, module)
    except (AttributeError, ImportError) as error:
        text = f"{module.__name__} cannot be led to the mock, its requests to AWS are refused: {error}"
        warnings.warn(text, MockslsWarning, stacklevel=2)


def _classic_transfers(patches: Patches, gate: Gate, module: ModuleType) -> None:
    """Keep boto3 from the transfer client written in C, which no hook in Python sees."""
    original = getattr(module, "_should_use_crt", None)
    if original is not None:
        patches.set(module, "_should_use_crt", lambda *args, **kwargs: not gate.active and original(*args, **kwargs))


def _install_aiohttp(patches: Patches, gate: Gate, module: ModuleType) -> None:
    from . import aiohttp_front  # it imports asyncio, as aiohttp has already

    aiohttp_front.install(patches, gate, module)
