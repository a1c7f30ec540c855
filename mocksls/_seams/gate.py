"""Which connections of HTTP libraries lead to the cloud."""

from __future__ import annotations

from typing import Protocol

from .._kernel.http import HttpRequest, HttpResponse


class Front(Protocol):
    """Where requests at AWS's hosts go."""

    def claims(self, host: str, port: int | None) -> bool:
        """Whether requests to a host are answered here."""

    def refuses(self, host: str) -> bool:
        """Whether a host must not be reached."""

    def answers(self, url: str) -> bool:
        """Whether a URL belongs to a service that is mocked here (and not by somebody beside us)."""

    def http(
        self,
        request: HttpRequest,
        service: str | None = None,
        region: str | None = None,
        *,
        read_timeout: float | None = None,
    ) -> HttpResponse:
        """Answer a request."""


class Gate:
    """The front of a process, while it is active."""

    def __init__(self, front: Front) -> None:
        self.front = front
        self.active = False

    def takes(self, host: str, port: int | None) -> bool:
        """Whether a connection to a host leads to the cloud."""
        return self.active and self.front.claims(host, port)

    def answer(self, request: HttpRequest, wait_s: float | None = None) -> HttpResponse:
        """The answer to a request; ``wait_s`` is how long its sender would wait for it."""
        return self.front.http(request, read_timeout=wait_s)
