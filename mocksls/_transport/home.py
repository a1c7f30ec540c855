"""Calls home: what handlers ask of the cloud, served in the test's process."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from mocksls._kernel.call import Origin
from mocksls._kernel.errors import TransportFault, UnmockedServiceError
from mocksls._kernel.http import HttpRequest, HttpResponse
from mocksls._seams import mocked_hosts
from mocksls._seams.calls import SeamCall
from mocksls._seams.encoding import pack, unpack
from mocksls._seams.hosts import is_aws

from .transport import Transport

Reply = tuple[dict[str, Any], list[bytes]]


class HomeCalls:
    """Answers the calls of one cloud's handlers; the token of an invocation is the origin of its calls."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._kinds = {
            "call": self._call,
            "http": self._http,
            "waited": self._waited,
            "owns": self._owns,
            "claims": self._claims,
        }

    def __call__(self, kind: str, header: dict[str, Any], blobs: list[bytes], token: Any) -> Reply:
        """Serve one call; what the handler sent is checked by the layers below as any request is."""
        try:
            return self._kinds[kind](header, blobs, token if isinstance(token, Origin) else Origin(from_handler=True))
        except UnmockedServiceError as error:
            return {"unmocked": str(error)}, []
        except TransportFault as fault:
            return {"fault": fault.kind, "reason": str(fault)}, []

    def _call(self, header: dict[str, Any], blobs: list[bytes], origin: Origin) -> Reply:
        service = header["service"]
        if not self._transport.owns(service, header["url"]):
            raise self._transport.unowned(service)
        keys = header["keys"]
        call = SeamCall(
            service=service,
            operation=header["operation"],
            params=unpack(header["params"], blobs),
            region=header["region"],
            url=header["url"],
            keys=None if keys is None else (keys[0], keys[1], keys[2]),
            headers=header["headers"],
            read_timeout=header["read_timeout"],
        )
        answer = self._transport.call(call, pack, origin)
        if answer.error is not None:
            error, body = _plain(answer.error)
            return {"error": error, "request_id": answer.request_id}, body
        text, answered = answer.output
        reply = {
            "status": answer.status,
            "headers": answer.headers,
            "request_id": answer.request_id,
            "output": text,
        }
        return reply, answered

    def _http(self, header: dict[str, Any], blobs: list[bytes], origin: Origin) -> Reply:
        headers = [(name, value) for name, value in header["headers"]]
        request = HttpRequest(header["method"], header["url"], headers, blobs[0])
        service, region, wait_s = header["service"], header["region"], header["read_timeout"]
        host = request.host
        if service is None and not self._transport.claims(host, urlsplit(request.url).port):
            with self._transport.cloud.router.user_code():
                return _plain(mocked_hosts.answer(request))
        return _plain(self._transport.http(request, service, region, origin, wait_s))

    def _owns(self, header: dict[str, Any], blobs: list[bytes], origin: Origin) -> Reply:
        return {"owned": self._transport.owns(header["service"], header["url"])}, []

    def _claims(self, header: dict[str, Any], blobs: list[bytes], origin: Origin) -> Reply:
        """Whether a host is answered here: by the cloud, or by a mock of the test; and whether it may be reached."""
        host, port = header["host"], header["port"]
        claimed = self._transport.claims(host, port) or (not is_aws(host) and mocked_hosts.are_active())
        closed = self._transport.cloud.options.network == "closed" and not _is_here(host)
        refused = self._transport.refuses(host) or (closed and not claimed)
        return {"claimed": claimed, "refused": refused}, []

    def _waited(self, header: dict[str, Any], blobs: list[bytes], origin: Origin) -> Reply:
        self._transport.cloud.clock.waited(float(header["seconds"]))
        return {}, []


def _is_here(host: str) -> bool:
    """Whether a host is this machine itself."""
    return host in ("localhost", "::1", "") or host.startswith("127.") or host.endswith(".localhost")


def _plain(answer: HttpResponse) -> Reply:
    return {"status": answer.status, "headers": answer.headers}, [answer.body]
