"""HTTP libraries of the test process at AWS's host names: hooked at the connection, below every mocking library."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, Protocol
from urllib.parse import urlsplit

from .._kernel.http import HttpRequest, HttpResponse
from .imports import PostImport
from .patching import Patches
from .sockets import CloudSocket


class Front(Protocol):
    """Where requests at AWS's hosts go."""

    def claims(self, host: str, port: int | None) -> bool:
        """Whether requests to a host are answered by the cloud."""

    def refuses(self, host: str) -> bool:
        """Whether a host must not be reached."""

    def http(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""


class Fronts:
    """Hooks into http.client, urllib3 and ``responses``; in libraries imported later as well."""

    def __init__(self, front: Front, unowned: Callable[[str], Exception]) -> None:
        self._front = front
        self._unowned = unowned
        self._imports = PostImport()
        self.active = False

    def install(self, patches: Patches) -> None:
        """Patch what is imported, and watch for what will be."""
        self._imports.install()
        self._imports.when_imported("http.client", lambda module: self._http_client(patches, module))
        self._imports.when_imported("urllib3.connection", lambda module: self._urllib3(patches, module))
        self._imports.when_imported("responses", lambda module: self._responses(patches, module))
        self._imports.when_imported("socket", lambda module: self._last_net(patches, module))
        self.active = True

    def remove(self) -> None:
        """Watch no more; the patches are their owner's to undo."""
        self.active = False
        self._imports.remove()

    # -- http.client and urllib3 ---------------------------------------------------------------------------------

    def _http_client(self, patches: Patches, module: ModuleType) -> None:
        for name, scheme in (("HTTPConnection", "http"), ("HTTPSConnection", "https")):
            owner = getattr(module, name)
            patches.set(owner, "connect", self._connecting(owner.connect, scheme))
        patches.set(module.HTTPConnection, "putrequest", self._putting(module.HTTPConnection.putrequest))

    def _urllib3(self, patches: Patches, module: ModuleType) -> None:
        for name, scheme in (("HTTPConnection", "http"), ("HTTPSConnection", "https")):
            owner = getattr(module, name)
            patches.set(owner, "connect", self._connecting(owner.connect, scheme))

    def _connecting(self, original: Callable[..., Any], scheme: str) -> Callable[..., Any]:
        def connect(connection: Any) -> Any:
            host = _host_of(connection)
            if not self._takes(connection, host):
                return original(connection)
            connection.sock = CloudSocket(self._front.http, scheme, host)
            connection.is_verified = True
            connection.proxy_is_verified = True
            return None

        return connect

    def _putting(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def putrequest(connection: Any, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
            parts = urlsplit(url) if "://" in url else None
            host = (parts.hostname or "") if parts else _host_of(connection)
            if self._takes(connection, host) and not isinstance(connection.sock, CloudSocket):
                self._take_over(connection, host, parts.scheme if parts else None)
            return original(connection, method, url, *args, **kwargs)

        return putrequest

    def _take_over(self, connection: Any, host: str, scheme: str | None) -> None:
        """Drop a real connection that was opened before the mock (or to a proxy)."""
        if connection.sock is not None:
            connection.close()
        secure = scheme == "https" or (scheme is None and connection.default_port == 443)
        connection.sock = CloudSocket(self._front.http, "https" if secure else "http", host)

    def _takes(self, connection: Any, host: str) -> bool:
        if not self.active or type(connection).__module__.startswith("botocore."):
            return False
        return self._front.claims(host, connection.port)

    # -- responses -----------------------------------------------------------------------------------------------

    def _responses(self, patches: Patches, module: ModuleType) -> None:
        original = module.RequestsMock._find_match

        def _find_match(mock: Any, request: Any) -> Any:
            match, reasons = original(mock, request)
            if match is None and self.active:
                parts = urlsplit(request.url)
                if self._front.claims(parts.hostname or "", parts.port):
                    return module.PassthroughResponse(request.method, request.url), reasons
            return match, reasons

        patches.set(module.RequestsMock, "_find_match", _find_match)

    # -- the last net --------------------------------------------------------------------------------------------

    def _last_net(self, patches: Patches, module: ModuleType) -> None:
        original = module.getaddrinfo

        def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
            name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
            if self.active and isinstance(name, str) and self._front.refuses(name.lower().rstrip(".")):
                raise self._unowned(name)
            return original(host, *args, **kwargs)

        patches.set(module, "getaddrinfo", getaddrinfo)


def _host_of(connection: Any) -> str:
    return (getattr(connection, "_tunnel_host", None) or connection.host or "").lower().rstrip(".")
