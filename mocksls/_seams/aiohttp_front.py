"""The connections of aiohttp: an in-memory transport below its protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

from .._kernel.errors import TransportFault
from .._kernel.http import HttpRequest
from .gate import Gate
from .http_bytes import RequestBuffer, render_response
from .off_loop import off_the_loop
from .patching import Patches


def install(patches: Patches, gate: Gate, module: ModuleType) -> None:
    """Hook connecting, and the pool of connections from before the mock."""
    connector = module.TCPConnector
    original = connector._create_connection

    async def _create_connection(connector: Any, req: Any, *args: Any, **kwargs: Any) -> Any:
        if not gate.takes((req.url.raw_host or "").lower(), req.url.port):
            return await original(connector, req, *args, **kwargs)
        protocol = connector._factory()
        protocol.connection_made(CloudTransport(gate, protocol, req))
        return protocol

    patches.set(connector, "_create_connection", _create_connection)
    patches.set(connector, "_get", _getting(gate, connector._get))


def _getting(gate: Gate, original: Callable[..., Any]) -> Callable[..., Any]:
    def _get(connector: Any, key: Any, *args: Any) -> Any:
        if key in connector._conns and gate.takes(key.host.lower(), key.port):
            for protocol, _ in connector._conns.pop(key):
                protocol.close()
        return original(connector, key, *args)

    return _get


class CloudTransport(asyncio.Transport):
    """Carries one request; the answer is made off the event loop."""

    def __init__(self, gate: Gate, protocol: Any, req: Any) -> None:
        super().__init__()
        self._gate = gate
        self._protocol = protocol
        self._key = req.connection_key
        self._buffer = RequestBuffer(req.url.scheme, req.url.raw_authority)
        self._closing = False
        self._told = False
        self._task: asyncio.Task[None] | None = None

    def write(self, data: Any) -> None:
        """Take bytes of the request."""
        request = self._buffer.feed(data)
        if request is not None:
            self._task = asyncio.get_running_loop().create_task(self._respond(request))
        elif self._buffer.expects_continue and not self._told:
            self._told = True
            self._protocol.data_received(b"HTTP/1.1 100 Continue\r\n\r\n")

    def writelines(self, list_of_data: Iterable[Any]) -> None:
        """Take bytes of the request."""
        self.write(b"".join(list_of_data))

    async def _respond(self, request: HttpRequest) -> None:
        wait_s = self._protocol.read_timeout
        try:
            answer = await off_the_loop(lambda: self._gate.answer(request, wait_s))
        except TransportFault as fault:
            self._fail(_fault(fault, self._key))
        except Exception as error:
            self._fail(error)
        else:
            if not self._closing:
                self._protocol.data_received(render_response(answer, request.method))
                self._protocol.connection_lost(None)

    def _fail(self, error: Exception) -> None:
        if not self._closing:
            self._protocol.set_exception(error)

    def close(self) -> None:
        """Nothing is open; what is under way is of no more interest."""
        if not self._closing:
            self._closing = True
            asyncio.get_running_loop().call_soon(self._protocol.connection_lost, None)

    def abort(self) -> None:
        """As ``close``."""
        self.close()

    def is_closing(self) -> bool:
        """Whether it was closed."""
        return self._closing

    def get_write_buffer_size(self) -> int:
        """Everything is taken at once."""
        return 0

    def pause_reading(self) -> None:
        """The answer is there at once."""

    def resume_reading(self) -> None:
        """The answer is there at once."""

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """There is no socket and no certificate."""
        return default


def _fault(fault: TransportFault, key: Any) -> Exception:
    import aiohttp

    if fault.kind == "read timeout":
        return aiohttp.ServerTimeoutError("Timeout on reading data from socket")
    if fault.kind == "connect timeout":
        return aiohttp.ServerTimeoutError(f"Connection timeout to host {key.host}")
    if fault.kind == "closed":
        return aiohttp.ClientOSError(104, "Connection reset by peer")
    return aiohttp.ClientConnectorError(key, OSError(111, "Connection refused"))
