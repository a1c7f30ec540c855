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

    def __init__(self, send: Send, unowned: Callable[[str], Exception]) -> None:
        self._send = send
        self._unowned = unowned
        self.active = False

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
            return self.answer(request, *link)

        return _send

    def _session_sending(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def send(session: Any, request: Any) -> Any:
            host = urlsplit(request.url).hostname or ""
            if not self.active:
                return original(session, request)
            if host in _METADATA_HOSTS:
                from botocore.exceptions import ConnectTimeoutError

                raise ConnectTimeoutError(endpoint_url=request.url)
            if self._send.owns("", request.url) or not is_aws(host):
                return original(session, request)
            raise self._unowned(host)

        return send

    def answer(self, request: Any, service: str | None, region: str | None) -> Any:
        """The answer to botocore's prepared request, as its response object."""
        try:
            answer = self._send.http(plain_request(request), service, region)
        except TransportFault as fault:
            raise botocore_fault(fault, request.url) from None
        return wire_response(request.url, answer)


def plain_request(request: Any) -> HttpRequest:
    """Botocore's prepared request as plain data, its body read from its position to its end."""
    headers = [(name, _str(value)) for name, value in request.headers.items()]
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
