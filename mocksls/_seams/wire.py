"""The wire seam: a client's HTTP request goes to the cloud as it is, and its HTTP answer comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from .._kernel.errors import TransportFault
from .._kernel.http import HttpRequest
from .answers import wire_response
from .calls import Send
from .faults import botocore_fault
from .hosts import is_aws
from .patching import Patches
from .typed import PASSED, UNDER_WAY

_METADATA_HOSTS = {"169.254.169.254", "169.254.170.2", "169.254.170.23", "[fd00:ec2::254]", "fd00:ec2::254"}


class WireSeam:
    """Replaces the sending of botocore's requests."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.active = False

    def serve(self, send: Send) -> None:
        """Send calls another way from now on (a forked copy of the process)."""
        self.send = send

    def install(self, patches: Patches) -> None:
        """Patch botocore's endpoint, and its HTTP session for requests that are no API calls."""
        from botocore.endpoint import Endpoint
        from botocore.httpsession import URLLib3Session

        patches.set(Endpoint, "_send", self._sending(Endpoint._send))
        patches.set(URLLib3Session, "send", self._session_sending(URLLib3Session.send))
        self.active = True

    def _sending(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def _send(endpoint: Any, request: Any) -> Any:
            link = UNDER_WAY.get()
            if not self.active or link is None or link == PASSED:
                return original(endpoint, request)
            return self.answer(request, *link, read_timeout=read_timeout_of(endpoint.http_session, request))

        return _send

    def _session_sending(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def send(session: Any, request: Any) -> Any:
            host = urlsplit(request.url).hostname or ""
            if not self.active:
                return original(session, request)
            if host in _METADATA_HOSTS:
                from botocore.exceptions import ConnectTimeoutError

                raise ConnectTimeoutError(endpoint_url=request.url)
            if not self.refuses(request.url):
                return original(session, request)
            return self.answer(request, None, None, read_timeout=read_timeout_of(session, request))

        return send

    def refuses(self, url: str) -> bool:
        """Whether a request that is no call of ours must not go out."""
        return is_aws(urlsplit(url).hostname or "") and not self.send.owns("", url)

    def answer(
        self, request: Any, service: str | None, region: str | None, *, read_timeout: float | None = None
    ) -> Any:
        """The answer to botocore's prepared request, as its response object."""
        try:
            answer = self.send.http(plain_request(request), service, region, read_timeout=read_timeout)
        except TransportFault as fault:
            raise botocore_fault(fault, request.url) from None
        return wire_response(request.url, answer)


def read_timeout_of(session: Any, request: Any) -> float | None:
    """How long botocore's (or aiobotocore's) HTTP session waits for an answer, in seconds."""
    own = (getattr(request, "context", None) or {}).get("read_timeout")
    timeout = own or getattr(session, "_timeout", None)
    if isinstance(timeout, (tuple, list)):
        timeout = timeout[1]
    timeout = getattr(timeout, "sock_read", getattr(timeout, "_read", timeout))  # aiohttp's, urllib3's
    return timeout if isinstance(timeout, (int, float)) else None


def under_way() -> bool:
    """Whether a call of a service that is mocked here is under way."""
    link = UNDER_WAY.get()
    return link is not None and link != PASSED


def plain_request(request: Any) -> HttpRequest:
    """Botocore's prepared request as plain data, its body read from its position to its end."""
    given = request.headers
    inner = getattr(given, "_dict", None)  # botocore's own, which is read five times faster so
    items = given.items() if inner is None else inner.items()
    headers = [(str(name), _str(value)) for name, value in items]
    return HttpRequest(request.method, request.url, headers, read_body(request.body))


def read_body(body: Any) -> bytes:
    """A request's body as bytes, whatever it is."""
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode("utf-8")
    if isinstance(body, (bytes, bytearray)):
        return bytes(body)
    if hasattr(body, "signal_transferring"):
        body.signal_transferring()
    if hasattr(body, "read"):
        pieces = []
        while piece := body.read(1 << 20):
            pieces.append(piece.encode("utf-8") if isinstance(piece, str) else piece)
        return b"".join(pieces)
    return b"".join(body)


def _str(value: Any) -> str:
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)
