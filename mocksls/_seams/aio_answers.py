"""HTTP answers as aiobotocore's objects, for both of its HTTP back ends."""

from __future__ import annotations

import io
import sys
from collections.abc import AsyncIterator
from typing import Any

from botocore.awsrequest import HeadersDict

from .._kernel.http import HttpResponse
from .answers import joined


class _Content(io.BytesIO):
    """What aiohttp calls the content of a response."""

    def at_eof(self) -> bool:
        """Whether everything was read."""
        return self.tell() >= len(self.getbuffer())

    async def read(self, amt: int | None = -1) -> bytes:  # type: ignore[override]
        """Up to ``amt`` bytes; all of the rest if it is negative."""
        return super().read(-1 if amt is None else amt)

    async def iter_chunks(self) -> AsyncIterator[tuple[bytes, bool]]:
        """The body in one piece."""
        rest = super().read()
        if rest:
            yield rest, True


class AioRaw:
    """A complete body that looks like aiohttp's response to aiobotocore and its users."""

    def __init__(self, url: str, body: bytes) -> None:
        self.url = url
        self.content = _Content(body)

    async def read(self) -> bytes:
        """All of the rest."""
        return await self.content.read()

    async def __aenter__(self) -> AioRaw:
        return self

    async def __aexit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Nothing is open."""


def aio_response(session: Any, url: str, answer: HttpResponse) -> Any:
    """An answer with a body, as what that HTTP session would give."""
    from aiobotocore import awsrequest

    headers = HeadersDict(joined(answer.headers))
    if _is_httpx(session):
        return awsrequest.HttpxAWSResponse(url, answer.status, headers, _httpx_raw(url, answer))
    return awsrequest.AioAWSResponse(url, answer.status, headers, AioRaw(url, answer.body))


def aio_stream(session: Any, http: Any, context: Any, metadata: dict[str, Any]) -> Any:
    """The streaming body of an answer, which checks itself where the client asked for that."""
    from aiobotocore import httpchecksum, response

    kind = "HttpxStreaming" if _is_httpx(session) else "Streaming"
    length = http.headers.get("content-length")
    for algorithm in (context.get("checksum") or {}).get("response_algorithms") or ():
        expected = http.headers.get(f"x-amz-checksum-{algorithm}")
        if expected is not None and "-" not in expected:
            metadata["ChecksumAlgorithm"] = algorithm
            checksum = httpchecksum._CHECKSUM_CLS[algorithm]()
            return getattr(httpchecksum, f"{kind}ChecksumBody")(http.raw, length, checksum, expected)
    return getattr(response, f"{kind}Body")(http.raw, length)


def _is_httpx(session: Any) -> bool:
    return type(session).__module__.endswith(".httpxsession")


def _httpx_raw(url: str, answer: HttpResponse) -> Any:
    library: Any = sys.modules.get("aiobotocore._httpx")
    httpx: Any = library.httpx if library is not None else sys.modules["httpx"]

    class Body(httpx.AsyncByteStream):  # type: ignore[misc]  # it may be httpx's or httpx2's
        async def __aiter__(self) -> AsyncIterator[bytes]:
            if answer.body:
                yield answer.body

    request = httpx.Request("GET", url)
    return httpx.Response(answer.status, headers=answer.headers, stream=Body(), request=request)
