"""A socket that is none: what an HTTP library writes to it is a request to the cloud, what it reads the answer."""

from __future__ import annotations

import io
import socket
from collections.abc import Callable
from typing import Any

from .._kernel.errors import TransportFault
from .._kernel.http import HttpRequest, HttpResponse
from .http_bytes import RequestBuffer, render_response

Answer = Callable[[HttpRequest, "float | None"], HttpResponse]
Failed = Callable[[TransportFault], Exception]


class CloudSocket:
    """Carries one request, which is answered as soon as it is complete.

    Args:
        answer: answers a request; told how long the library would wait for it, in seconds.
        failed: what the library raises where a connection cannot be made.
    """

    def __init__(self, answer: Answer, scheme: str, host: str, failed: Failed | None = None) -> None:
        self._answer = answer
        self._failed = failed or socket_fault
        self._request = RequestBuffer(scheme, host)
        self._timeout = socket.getdefaulttimeout()
        self._answered: bytes | Exception = b""
        self._reader: io.BufferedReader | None = None

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Take bytes of the request."""
        try:
            request = self._request.feed(data)
        except ValueError:
            self._answered = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            return
        if request is not None:
            self._respond(request)

    def send(self, data: Any, flags: int = 0) -> int:
        """Take bytes of the request; all of them are taken."""
        self.sendall(data)
        return len(data)

    def makefile(self, mode: str = "rb", buffering: int = -1, **options: Any) -> io.BufferedReader:
        """The answer, to read from."""
        if self._reader is None:
            self._reader = io.BufferedReader(_Answered(self))
        return self._reader

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Bytes of the answer."""
        return self.makefile().read1(size)

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """Bytes of the answer."""
        return self.makefile().readinto1(buffer)

    def answer(self) -> bytes:
        """The answer's bytes."""
        if isinstance(self._answered, Exception):
            raise self._answered
        return self._answered

    def _respond(self, request: HttpRequest) -> None:
        try:
            self._answered = render_response(self._answer(request, self._timeout), request.method)
        except TransportFault as fault:
            if fault.connecting:
                raise self._failed(fault) from None
            self._answered = socket_fault(fault)

    def close(self) -> None:
        """Nothing is open."""

    def shutdown(self, how: int) -> None:
        """Nothing is open."""

    def settimeout(self, value: float | None) -> None:
        """How long the library waits for the answer."""
        self._timeout = value

    def gettimeout(self) -> float | None:
        """How long the library waits for the answer."""
        return self._timeout

    def setsockopt(self, *args: Any) -> None:
        """There is nothing to set."""

    def getpeername(self) -> tuple[str, int]:
        """No address of anything."""
        return ("127.0.0.1", 443)

    def getpeercert(self, binary_form: bool = False) -> Any:
        """No certificate."""
        return b"" if binary_form else {}

    def version(self) -> str:
        """The TLS version that AWS would speak."""
        return "TLSv1.3"


class _Answered(io.RawIOBase):
    """The answer as a raw stream."""

    def __init__(self, sock: CloudSocket) -> None:
        self._sock = sock
        self._bytes: io.BytesIO | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._bytes is None:
            self._bytes = io.BytesIO(self._sock.answer())
        return self._bytes.readinto(buffer)


def socket_fault(fault: TransportFault) -> OSError:
    """What a socket raises when an answer does not arrive."""
    if fault.kind.endswith("timeout"):
        return TimeoutError("timed out")
    if fault.kind == "closed":
        return ConnectionResetError(104, "Connection reset by peer")
    return ConnectionRefusedError(111, "Connection refused")
