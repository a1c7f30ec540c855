"""A socket that is none: what an HTTP library writes to it is a request to the cloud, what it reads the answer."""

from __future__ import annotations

import http
import io
from collections.abc import Callable
from typing import Any

from .._kernel.errors import TransportFault
from .._kernel.http import Headers, HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]


class CloudSocket:
    """Carries one request; the answer closes the connection, so that no library keeps it beyond the mock."""

    def __init__(self, answer: Answer, scheme: str, host: str) -> None:
        self._answer = answer
        self._base = f"{scheme}://{host}"
        self._sent = bytearray()
        self._reader: io.BufferedReader | None = None

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Take bytes of the request."""
        self._sent += data

    def send(self, data: Any, flags: int = 0) -> int:
        """Take bytes of the request; all of them are taken."""
        self._sent += data
        return len(data)

    def makefile(self, mode: str = "rb", buffering: int = -1, **options: Any) -> io.BufferedReader:
        """The answer, to read from."""
        if self._reader is None:
            self._reader = io.BufferedReader(_Answering(self._respond))
        return self._reader

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Bytes of the answer."""
        return self.makefile().read1(size)

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """Bytes of the answer."""
        return self.makefile().readinto1(buffer)

    def _respond(self) -> bytes:
        request = parse_request(bytes(self._sent), self._base)
        try:
            return render_response(self._answer(request), request.method)
        except TransportFault as fault:
            raise socket_fault(fault) from None

    def close(self) -> None:
        """Nothing is open."""

    def shutdown(self, how: int) -> None:
        """Nothing is open."""

    def settimeout(self, value: float | None) -> None:
        """Answers come at once."""

    def gettimeout(self) -> float | None:
        """Answers come at once."""
        return None

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


class _Answering(io.RawIOBase):
    """A raw stream whose bytes are made at the first read."""

    def __init__(self, make: Callable[[], bytes]) -> None:
        self._make = make
        self._bytes: io.BytesIO | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._bytes is None:
            self._bytes = io.BytesIO(self._make())
        return self._bytes.readinto(buffer)


def socket_fault(fault: TransportFault) -> OSError:
    """What a socket raises when an answer does not arrive."""
    if fault.kind.endswith("timeout"):
        return TimeoutError("timed out")
    if fault.kind == "closed":
        return ConnectionResetError(104, "Connection reset by peer")
    return ConnectionRefusedError(111, "Connection refused")


def parse_request(raw: bytes, base: str) -> HttpRequest:
    """A request as it was written; a chunked body is put together."""
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    method, target, _ = lines[0].split(" ", 2)
    headers: Headers = []
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers.append((name, value.strip()))
    coding = next((value for name, value in headers if name.lower() == "transfer-encoding"), "")
    if "chunked" in coding.lower():
        body = _unchunked(body)
        headers = [(name, value) for name, value in headers if name.lower() != "transfer-encoding"]
    url = target if "://" in target else base + target
    return HttpRequest(method, url, headers, body)


def _unchunked(body: bytes) -> bytes:
    pieces: list[bytes] = []
    while True:
        size, _, body = body.partition(b"\r\n")
        length = int(size.split(b";")[0] or b"0", 16)
        if not length:
            return b"".join(pieces)
        pieces.append(body[:length])
        body = body[length + 2 :]


def render_response(answer: HttpResponse, method: str) -> bytes:
    """An answer as it goes over the wire."""
    try:
        reason = http.HTTPStatus(answer.status).phrase
    except ValueError:
        reason = ""
    skipped = {"content-length", "connection", "transfer-encoding"}
    lines = [f"HTTP/1.1 {answer.status} {reason}"]
    lines += [f"{name}: {value}" for name, value in answer.headers if name.lower() not in skipped]
    length = answer.header("content-length") if method == "HEAD" else None
    bodiless = answer.status in (204, 304) or 100 <= answer.status < 200
    if not bodiless:
        lines.append(f"Content-Length: {length if length is not None else len(answer.body)}")
    lines.append("Connection: close")
    head = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"
    return head if bodiless or method == "HEAD" else head + answer.body
