"""Requests put together from bytes, and answers as bytes."""

from __future__ import annotations

import http.client
import io

from hypothesis import given
from hypothesis import strategies as st

from mocksls._kernel.http import HttpRequest, HttpResponse
from mocksls._seams.http_bytes import RequestBuffer, render_response

CUTS = st.lists(st.integers(1, 40), min_size=1, max_size=30)


def fed(raw: bytes, cuts: list[int]) -> list[HttpRequest]:
    """The requests that come of bytes that arrive in pieces."""
    buffer, found, position, turn = RequestBuffer("https", "example.com"), [], 0, 0
    while position < len(raw):
        size = cuts[turn % len(cuts)]
        request = buffer.feed(raw[position : position + size])
        found += [request] if request is not None else []
        position, turn = position + size, turn + 1
    return found


@given(st.binary(max_size=200), CUTS)
def test_body_of_known_length(body: bytes, cuts: list[int]) -> None:
    """However the bytes are cut, one request comes of them, with its body; what follows is nobody's."""
    head = f"PUT /a?b=c HTTP/1.1\r\nHost: example.com\r\nX-A: 1\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    headers = [("Host", "example.com"), ("X-A", "1"), ("Content-Length", str(len(body)))]
    expected = HttpRequest("PUT", "https://example.com/a?b=c", headers, body)
    assert fed(head + body + b"more", cuts) == [expected]


@given(st.lists(st.binary(min_size=1, max_size=60), max_size=6), CUTS, st.sampled_from([b"", b"X-Sum: 1\r\n"]))
def test_chunked_body(chunks: list[bytes], cuts: list[int], trailer: bytes) -> None:
    """A chunked body is put together, whatever its chunks hold."""
    head = b"POST http://example.com/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    body = b"".join(b"%x;ext=1\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    expected = HttpRequest("POST", "http://example.com/x", [], b"".join(chunks))
    assert fed(head + body + b"0\r\n" + trailer + b"\r\n", cuts) == [expected]


class Sock:
    """A socket to read from."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def makefile(self, mode: str) -> io.BytesIO:
        """The bytes."""
        return io.BytesIO(self._raw)


@given(st.integers(200, 599), st.binary(max_size=100), st.sampled_from(["GET", "HEAD", "POST"]))
def test_answer(status: int, body: bytes, method: str) -> None:
    """An answer is read back by the standard library: status, repeated headers, body; it closes the connection."""
    raw = render_response(HttpResponse(status, [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")], body), method)
    answer = http.client.HTTPResponse(Sock(raw), method=method)  # type: ignore[arg-type]
    answer.begin()
    bodiless = method == "HEAD" or status in (204, 304)
    assert (answer.status, answer.read()) == (status, b"" if bodiless else body)
    assert (answer.headers.get_all("set-cookie"), answer.will_close) == (["a=1", "b=2"], True)
