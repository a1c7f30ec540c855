"""HTTP requests as libraries write them to a connection, put together as plain data; and answers as bytes."""

from __future__ import annotations

import http

from .._kernel.http import Headers, HttpRequest, HttpResponse, header


class RequestBuffer:
    """Takes the bytes of one request until it is complete. A chunked body is put together."""

    def __init__(self, scheme: str, host: str) -> None:
        self.base = f"{scheme}://{host}"
        self._bytes = bytearray()
        self._head: tuple[str, str, Headers] | None = None
        self._at = 0  # where the body, or its next chunk, begins
        self._length: int | None = None  # None: chunked
        self._pieces: list[bytes] = []
        self._is_complete = False

    def feed(self, data: bytes | bytearray | memoryview) -> HttpRequest | None:
        """Take bytes; the request, when it has become complete. What follows it is nobody's."""
        if self._is_complete:
            return None
        self._bytes += data
        if self._head is None and not self._read_head():
            return None
        if self._length is not None:
            if len(self._bytes) - self._at < self._length:
                return None
            return self._request(bytes(self._bytes[self._at : self._at + self._length]))
        return self._request(b"".join(self._pieces)) if self._read_chunks() else None

    @property
    def expects_continue(self) -> bool:
        """Whether the client waits for a word before it sends the body."""
        return self._head is not None and (header(self._head[2], "expect") or "").lower() == "100-continue"

    def _read_head(self) -> bool:
        end = self._bytes.find(b"\r\n\r\n")
        if end < 0:
            return False
        first, *lines = self._bytes[:end].decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers: Headers = []
        for line in lines:
            name, _, value = line.partition(":")
            headers.append((name, value.strip()))
        self._at = end + 4
        if "chunked" in (header(headers, "transfer-encoding") or "").lower():
            headers = [(name, value) for name, value in headers if name.lower() != "transfer-encoding"]
        else:
            length = header(headers, "content-length") or "0"
            self._length = int(length) if length.isdigit() else 0
        self._head = (method, target, headers)
        return True

    def _read_chunks(self) -> bool:
        while (end := self._bytes.find(b"\r\n", self._at)) >= 0:
            size = int(bytes(self._bytes[self._at : end]).split(b";")[0] or b"0", 16)
            if not size:
                return self._bytes.endswith(b"\r\n\r\n")  # trailers of HTTP's own are nobody's
            start = end + 2
            if len(self._bytes) < start + size + 2:
                return False
            self._pieces.append(bytes(self._bytes[start : start + size]))
            self._at = start + size + 2
        return False

    def _request(self, body: bytes) -> HttpRequest:
        assert self._head is not None
        self._is_complete = True
        method, target, headers = self._head
        return HttpRequest(method, target if "://" in target else self.base + target, headers, body)


_OWN = {"content-length", "connection", "transfer-encoding"}


def render_response(answer: HttpResponse, method: str) -> bytes:
    """An answer as it goes over the wire; it closes the connection, so that no library keeps it beyond the mock."""
    try:
        reason = http.HTTPStatus(answer.status).phrase
    except ValueError:
        reason = ""
    lines = [f"HTTP/1.1 {answer.status} {reason}"]
    lines += [f"{name}: {value}" for name, value in answer.headers if name.lower() not in _OWN]
    length = answer.header("content-length") if method == "HEAD" else None
    bodiless = answer.status in (204, 304) or 100 <= answer.status < 200
    if not bodiless:
        lines.append(f"Content-Length: {length if length is not None else len(answer.body)}")
    lines.append("Connection: close")
    head = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"
    return head if bodiless or method == "HEAD" else head + answer.body
