"""The connections of http.client (urllib.request's, too) and of urllib3 (requests', too)."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from .._kernel.errors import TransportFault
from .gate import Gate
from .patching import Patches
from .sockets import CloudSocket, Failed, socket_fault

_SCHEMES = (("HTTPConnection", "http"), ("HTTPSConnection", "https"))


def install_http_client(patches: Patches, gate: Gate, module: ModuleType) -> None:
    """Hook http.client: connecting, writing to a connection that is open, and loading certificates."""
    _install(patches, gate, module, lambda connection: socket_fault)
    original = module.HTTPConnection.putrequest

    def putrequest(connection: Any, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        proxied = "://" in url
        if gate.active and (proxied or connection.sock is not None) and not isinstance(connection.sock, CloudSocket):
            _take_over(gate, connection, url if proxied else None)
        return original(connection, method, url, *args, **kwargs)

    patches.set(module.HTTPConnection, "putrequest", putrequest)
    made = module.HTTPSConnection.__init__

    def __init__(connection: Any, host: str, *args: Any, context: Any = None, **kwargs: Any) -> None:
        plain = context is None and not args[1:3] and not kwargs.keys() & {"key_file", "cert_file"}
        if plain and gate.active and gate.takes(host.rsplit(":", 1)[0].lower(), 443):
            context = _trusts_nobody()  # loading certificates takes 18 ms
        made(connection, host, *args, context=context, **kwargs)

    patches.set(module.HTTPSConnection, "__init__", __init__)


def install_urllib3(patches: Patches, gate: Gate, module: ModuleType) -> None:
    """Hook urllib3's connecting."""

    def failing(connection: Any) -> Failed:
        def failed(fault: TransportFault) -> Exception:
            from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

            if fault.kind == "refused":
                return NewConnectionError(connection, "Failed to establish a new connection: Connection refused")
            return ConnectTimeoutError(connection, f"Connection to {connection.host} timed out.")

        return failed

    _install(patches, gate, module, failing)


@cache
def _trusts_nobody() -> ssl.SSLContext:
    """A context for connections that lead home: should one of them outlive the mock, it reaches nothing."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _install(patches: Patches, gate: Gate, module: ModuleType, failing: Callable[[Any], Failed]) -> None:
    for name, scheme in _SCHEMES:
        owner = getattr(module, name)
        patches.set(owner, "connect", _connecting(gate, owner.connect, scheme, failing))


def _connecting(
    gate: Gate, original: Callable[..., Any], scheme: str, failing: Callable[[Any], Failed]
) -> Callable[..., Any]:
    def connect(connection: Any) -> Any:
        host = _host_of(connection)
        if not gate.active or _is_botocores(connection) or not gate.takes(host, connection.port):
            return original(connection)
        _lead_home(gate, connection, scheme, host, failing(connection))
        return None

    return connect


def _take_over(gate: Gate, connection: Any, url: str | None) -> None:
    """Drop a real connection that was opened before the mock, or to a proxy."""
    parts = urlsplit(url) if url else None
    host = (parts.hostname or "").lower() if parts else _host_of(connection)
    if _is_botocores(connection) or not gate.takes(host, parts.port if parts else connection.port):
        return
    if connection.sock is not None:
        http.client.HTTPConnection.close(connection)  # urllib3's would forget the request that is being made
    secure = parts.scheme == "https" if parts else connection.default_port == 443
    _lead_home(gate, connection, "https" if secure else "http", host, socket_fault)


def _lead_home(gate: Gate, connection: Any, scheme: str, host: str, failed: Failed) -> None:
    sock = CloudSocket(gate.answer, scheme, _with_port(host, connection.port, scheme), failed)
    if isinstance(connection.timeout, (int, float)):
        sock.settimeout(connection.timeout)
    connection.sock = sock
    connection.is_verified = True
    connection.proxy_is_verified = True


def _with_port(host: str, port: int | None, scheme: str) -> str:
    usual = {"http": 80, "https": 443}[scheme]
    return host if port in (None, usual) or not port else f"{host}:{port}"


def _is_botocores(connection: Any) -> bool:
    """Botocore's own connections poll their socket; what they send is taken further up."""
    return type(connection).__module__.startswith("botocore.")


def _host_of(connection: Any) -> str:
    return (getattr(connection, "_tunnel_host", None) or connection.host or "").lower().rstrip(".")
