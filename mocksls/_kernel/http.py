"""An HTTP request and its answer, as plain data: what the wire seam and the HTTP fronts carry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

Headers = list[tuple[str, str]]


def header(headers: Iterable[tuple[str, str]], name: str) -> str | None:
    """The first value of a header, its name in lower case; ``None`` if it is absent."""
    for key, value in headers:
        if key.lower() == name:
            return value
    return None


@dataclass(slots=True)
class HttpRequest:
    """One request; its list of headers is never changed.

    ``url`` is absolute and percent-encoded as sent, ``body`` is read to its end.
    """

    method: str
    url: str
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    _first: tuple[Headers, dict[str, str]] | None = field(default=None, init=False, repr=False, compare=False)

    def header(self, name: str) -> str | None:
        """The first value of a header, its name in lower case."""
        first = self._first
        if first is None or first[0] is not self.headers:
            first = self._first = self.headers, {key.lower(): value for key, value in reversed(self.headers)}
        return first[1].get(name)

    @property
    def host(self) -> str:
        """The host addressed (``Host`` header first), lower case, without port."""
        named = self.header("host") or urlsplit(self.url).netloc
        return named.rsplit("@", 1)[-1].split(":", 1)[0].lower()

    @property
    def path(self) -> str:
        """The path as sent, still percent-encoded."""
        return urlsplit(self.url).path or "/"

    @property
    def query(self) -> str:
        """The query string as sent, without the question mark."""
        return urlsplit(self.url).query


@dataclass(slots=True)
class HttpResponse:
    """One answer. Repeated headers stay apart; ``body`` is complete."""

    status: int
    headers: Headers = field(default_factory=list)
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The first value of a header, its name in lower case."""
        return header(self.headers, name)
