"""HTTP answers as botocore's objects."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from botocore.awsrequest import AWSResponse

from .._kernel.http import HttpResponse


class RawBody(io.BytesIO):
    """A complete body that looks like urllib3's response to botocore and its users."""

    def stream(self, amt: int | None = None, decode_content: bool | None = None) -> Iterator[bytes]:
        """The body in pieces."""
        size = amt or 65536
        while chunk := self.read(size):
            yield chunk

    def read(self, amt: int | None = None, decode_content: bool | None = None) -> bytes:
        """Up to ``amt`` bytes, or all of the rest."""
        return super().read(-1 if amt is None else amt)

    def release_conn(self) -> None:
        """Nothing is held."""

    @property
    def headers(self) -> dict[str, str]:
        """Seen by nobody but instrumentation."""
        return {}


class TypedResponse(AWSResponse):  # type: ignore[misc]  # botocore is untyped
    """The answer of the typed seam: there never was an HTTP body, but status and headers are as they would be."""

    def __init__(self, url: str, status_code: int, headers: dict[str, str], raw: RawBody | None = None) -> None:
        self.url = url
        self.status_code = status_code
        self._plain = headers
        self._built: Any = None
        self.raw = raw
        self._content = None if raw is not None else b""

    @property
    def headers(self) -> Any:
        """The headers, case-insensitive as botocore's; made when somebody looks."""
        if self._built is None:
            from botocore.awsrequest import HeadersDict

            self._built = HeadersDict(self._plain)
        return self._built


def wire_response(url: str, answer: HttpResponse) -> Any:
    """An answer with a body."""
    return AWSResponse(url, answer.status, joined(answer.headers), RawBody(answer.body))


def joined(headers: list[tuple[str, str]]) -> dict[str, str]:
    """Headers as a mapping, repeated ones joined by a comma."""
    found: dict[str, str] = {}
    for name, value in headers:
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found
