"""The connections of httpcore, and httpx's choice of a proxy; those of their forks httpcore2 and httpx2, too."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

from .._kernel.errors import TransportFault
from .._kernel.http import HttpRequest
from .gate import Gate
from .http_bytes import RequestBuffer, render_response
from .off_loop import off_the_loop
from .patching import Patches


def install_httpcore(patches: Patches, gate: Gate, module: ModuleType) -> None:
    """Hook the connecting of each back end, and connections that were open before."""
    blocking: Any = import_module(f"{module.__name__}._backends.sync").SyncBackend
    automatic: Any = import_module(f"{module.__name__}._backends.auto").AutoBackend
    patches.set(blocking, "connect_tcp", _connecting(gate, module, blocking.connect_tcp))
    others: list[Any] = [getattr(module, name, None) for name in ("AnyIOBackend", "TrioBackend")]
    for backend in (automatic, *others):
        if hasattr(backend, "connect_tcp"):  # without trio, its back end is an empty class
            patches.set(backend, "connect_tcp", _connecting_async(gate, module, backend.connect_tcp))
    connection, async_connection = module.HTTPConnection, module.AsyncHTTPConnection
    patches.set(connection, "handle_request", _handling(gate, connection.handle_request))
    patches.set(async_connection, "handle_async_request", _handling_async(gate, async_connection.handle_async_request))


def install_httpx(patches: Patches, gate: Gate, module: ModuleType) -> None:
    """Have requests at AWS's hosts take no proxy."""
    for owner in (module.Client, module.AsyncClient):
        patches.set(owner, "_transport_for_url", _choosing(gate, owner._transport_for_url))


def _choosing(gate: Gate, original: Callable[..., Any]) -> Callable[..., Any]:
    def _transport_for_url(client: Any, url: Any) -> Any:
        chosen = original(client, url)
        pooled = hasattr(chosen, "_pool")  # a transport of the test's own is the test's choice
        return client._transport if pooled and gate.takes(url.host.lower(), url.port) else chosen

    return _transport_for_url


def _connecting(gate: Gate, module: ModuleType, original: Callable[..., Any]) -> Callable[..., Any]:
    def connect_tcp(backend: Any, host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        if gate.takes(host.lower(), port):
            return CloudStream(gate, module, host, port)
        return original(backend, host, port, *args, **kwargs)

    return connect_tcp


def _connecting_async(gate: Gate, module: ModuleType, original: Callable[..., Any]) -> Callable[..., Any]:
    async def connect_tcp(backend: Any, host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        if gate.takes(host.lower(), port):
            return AsyncCloudStream(CloudStream(gate, module, host, port))
        return await original(backend, host, port, *args, **kwargs)

    return connect_tcp


def _is_real(gate: Gate, connection: Any) -> bool:
    """Whether a pooled connection to AWS's hosts is one from before the mock."""
    opened = connection._connection
    if opened is None or not gate.active:
        return False
    stream = getattr(opened, "_network_stream", None)
    ours = isinstance(stream, (CloudStream, AsyncCloudStream))
    return not ours and gate.takes(connection._origin.host.decode("ascii").lower(), connection._origin.port)


def _handling(gate: Gate, original: Callable[..., Any]) -> Callable[..., Any]:
    def handle_request(connection: Any, request: Any) -> Any:
        if _is_real(gate, connection):
            connection._connection.close()
            connection._connection = None
        return original(connection, request)

    return handle_request


def _handling_async(gate: Gate, original: Callable[..., Any]) -> Callable[..., Any]:
    async def handle_async_request(connection: Any, request: Any) -> Any:
        if _is_real(gate, connection):
            await connection._connection.aclose()
            connection._connection = None
        return await original(connection, request)

    return handle_async_request


class CloudStream:
    """Carries one request, as httpcore's network stream."""

    def __init__(self, gate: Gate, module: ModuleType, host: str, port: int) -> None:
        self._gate = gate
        self._module = module
        self._where = host.lower() if port in (80, 443) else f"{host.lower()}:{port}"
        self._buffer = RequestBuffer("http", self._where)
        self.request: HttpRequest | None = None
        self._answer: bytes | None = None

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> Any:
        """Speak https from now on."""
        self._buffer = RequestBuffer("https", self._where)
        return self

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Take bytes of the request."""
        self.request = self._buffer.feed(buffer) or self.request

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Bytes of the answer, which is made at the first read."""
        if self._answer is None:
            self._answer = self.respond(timeout)
        taken, self._answer = self._answer[:max_bytes], self._answer[max_bytes:]
        return taken

    def respond(self, timeout: float | None) -> bytes:
        """Make the answer."""
        if self.request is None:
            return b""
        try:
            return render_response(self._gate.answer(self.request, timeout), self.request.method)
        except TransportFault as fault:
            raise _fault(fault, self._module) from None

    def close(self) -> None:
        """Nothing is open."""

    def get_extra_info(self, info: str) -> Any:
        """There is no socket and no certificate."""
        return False if info == "is_readable" else None


class AsyncCloudStream:
    """The same for asynchronous code; the answer is made off the event loop."""

    def __init__(self, stream: CloudStream) -> None:
        self._stream = stream
        self._answer: bytes | None = None

    async def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> Any:
        """Speak https from now on."""
        self._stream.start_tls(ssl_context)
        return self

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Take bytes of the request."""
        self._stream.write(buffer)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Bytes of the answer."""
        if self._answer is None:
            self._answer = await off_the_loop(lambda: self._stream.respond(timeout))
        taken, self._answer = self._answer[:max_bytes], self._answer[max_bytes:]
        return taken

    async def aclose(self) -> None:
        """Nothing is open."""

    def get_extra_info(self, info: str) -> Any:
        """There is no socket and no certificate."""
        return self._stream.get_extra_info(info)


def _fault(fault: TransportFault, module: Any) -> Exception:
    kinds: dict[str, Any] = {
        "refused": module.ConnectError,
        "connect timeout": module.ConnectTimeout,
        "read timeout": module.ReadTimeout,
        "closed": module.ReadError,
    }
    error: Exception = kinds[fault.kind](fault.kind)
    return error
