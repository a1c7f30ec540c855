"""What passes through the seams: a typed call and its answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from .._kernel.http import HttpRequest, HttpResponse


class SeamCall(NamedTuple):
    """A client's call, its parameters already copied into their canonical form.

    ``keys`` are access key, secret and token; ``None`` for an unsigned request. ``headers`` are what the wire would
    have carried beyond the parameters (lower-case names). ``region`` is the one signed for.
    """

    service: str
    operation: str
    params: dict[str, Any]
    region: str
    url: str
    keys: tuple[str, str | None, str | None] | None
    headers: dict[str, str] = {}
    read_timeout: float | None = None


class SeamAnswer(NamedTuple):
    """What came of a call: ``output`` (finished by the client's copier) with status and headers, or ``error``."""

    status: int
    headers: dict[str, str]
    request_id: str
    output: Any = None
    error: HttpResponse | None = None


Finish = Callable[[dict[str, Any]], Any]


class Send(Protocol):
    """The way out of the seams; both may raise ``TransportFault``."""

    def owns(self, service: str, url: str) -> bool:
        """Whether calls to that service, at that endpoint, are answered here."""

    def call(self, call: SeamCall, finish: Finish) -> SeamAnswer:
        """Make a typed call; ``finish`` copies the answer's members for the client."""

    def http(
        self,
        request: HttpRequest,
        service: str | None = None,
        region: str | None = None,
        *,
        read_timeout: float | None = None,
    ) -> HttpResponse:
        """Make a call as an HTTP request; service and region where they are known, the client's patience in seconds."""
