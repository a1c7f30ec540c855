"""HTTP answers as botocore's objects."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from botocore.awsrequest import AWSResponse, HeadersDict

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


class Headers(HeadersDict):  # type: ignore[misc]  # botocore is untyped
    """Headers under case-insensitive names, as botocore's but without an object for each name.

    Args:
        plain: the headers, names in lower case.
    """

    def __init__(self, plain: dict[str, str]) -> None:
        self._dict = plain

    def __getitem__(self, key: str) -> str:
        return self._dict[key.lower()]

    def __setitem__(self, key: str, value: str) -> None:
        self._dict[key.lower()] = value

    def __delitem__(self, key: str) -> None:
        del self._dict[key.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._dict)

    def get(self, key: str, default: Any = None) -> Any:
        """As a mapping's."""
        return self._dict.get(key.lower(), default)

    def copy(self) -> Headers:
        """Headers of its own."""
        return Headers(dict(self._dict))


class SeamResponse(AWSResponse):  # type: ignore[misc]  # botocore is untyped
    """An answer; without ``raw`` there never was an HTTP body (the typed seam), but the rest is as it would be."""

    def __init__(self, url: str, status_code: int, headers: dict[str, str], raw: RawBody | None = None) -> None:
        self.url = url
        self.status_code = status_code
        self.headers = Headers(headers)
        self.raw = raw
        self._content = None if raw is not None else b""


def wire_response(url: str, answer: HttpResponse) -> SeamResponse:
    """An answer with a body."""
    response = SeamResponse(url, answer.status, joined(answer.headers), RawBody(answer.body))
    if answer.status >= 300:
        response._content = answer.body  # botocore reads errors whole
    return response


def joined(headers: list[tuple[str, str]]) -> dict[str, str]:
    """Headers as a mapping, names in lower case, repeated ones joined by a comma."""
    found: dict[str, str] = {}
    for given, value in headers:
        name = given.lower()
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found
