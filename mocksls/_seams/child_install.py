"""The seams and fronts inside a handler's process: every call goes home to the test's cloud."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from .._kernel.errors import MockslsError, TransportFault, UnmockedServiceError
from .._kernel.http import HttpRequest, HttpResponse
from .calls import Finish, SeamAnswer, SeamCall
from .encoding import pack, unpack
from .fronts import Fronts
from .hosts import is_aws
from .imports import PostImport
from .patching import Patches

Home = Callable[[str, dict[str, Any], Sequence[bytes]], "tuple[dict[str, Any], list[bytes]]"]


def install(home: Home) -> None:
    """Patch botocore and the HTTP libraries, now or when the handler imports them."""
    send = HomeSend(home)
    Fronts(send, unmocked_host).install(Patches())
    imports = PostImport()
    imports.install()
    imports.when_imported("botocore.client", lambda module: _botocore(send, imports, module))


def _botocore(send: HomeSend, imports: PostImport, module: ModuleType) -> None:
    from . import aio
    from .retries import install_instant_backoff
    from .typed import TypedSeam
    from .wire import WireSeam

    patches = Patches()
    typed, wire = TypedSeam(send), WireSeam(send)
    typed.install(patches)
    wire.install(patches)
    install_instant_backoff(patches, send.waited)
    for name, install in (
        ("client", partial(aio.install_aio, patches, typed, wire)),
        ("endpoint", partial(aio.install_aio_backoff, patches, send.waited)),
        ("waiter", partial(aio.install_aio_waiters, patches)),
        ("retries.bucket", partial(aio.install_aio_buckets, patches)),
    ):
        imports.when_imported(f"aiobotocore.{name}", install)


def unmocked_host(host: str) -> Exception:
    """What a handler's request to a host that it may not reach raises."""
    return UnmockedServiceError(f"{host} is not mocked, and a handler may not reach it")


class HomeSend:
    """Sends calls to the test's process, and makes of its replies what the seams expect."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._owned: dict[tuple[str, str], bool] = {}

    def owns(self, service: str, url: str) -> bool:
        """Whether calls to a service are answered at home; without a service, whether a URL is left alone."""
        parts = urlsplit(url)
        key = (service, f"{parts.scheme}://{parts.netloc}")
        if key not in self._owned:
            self._owned[key] = bool(self._ask("owns", {"service": service, "url": url}, [])[0]["owned"])
        return self._owned[key]

    def claims(self, host: str, port: int | None) -> bool:
        """Whether requests to a host are answered at home: AWS's hosts, and those that the test mocked."""
        return self._told(host, port, "claimed")

    def refuses(self, host: str) -> bool:
        """Whether a host must not be reached."""
        return self._told(host, None, "refused")

    def _told(self, host: str, port: int | None, what: str) -> bool:
        """What is said of a host at home; where home is not reached, only AWS's hosts are kept from."""
        try:
            return bool(self._ask("claims", {"host": host, "port": port}, [])[0][what])
        except (RuntimeError, MockslsError):
            return is_aws(host)

    def answers(self, url: str) -> bool:
        """Whether a URL is answered at home: there is no moto here to ask."""
        return True

    def call(self, call: SeamCall, finish: Finish) -> SeamAnswer:
        """Make a typed call at home."""
        params, blobs = pack(call.params)
        header = {
            "service": call.service,
            "operation": call.operation,
            "params": params,
            "region": call.region,
            "url": call.url,
            "keys": call.keys,
            "headers": call.headers,
            "read_timeout": call.read_timeout,
        }
        reply, answered = self._ask("call", header, blobs)
        if "error" in reply:
            error = _response(reply["error"], answered)
            return SeamAnswer(error.status, {}, reply["request_id"], error=error)
        output = finish(unpack(reply["output"], answered))
        return SeamAnswer(reply["status"], reply["headers"], reply["request_id"], output)

    def http(
        self,
        request: HttpRequest,
        service: str | None = None,
        region: str | None = None,
        *,
        read_timeout: float | None = None,
    ) -> HttpResponse:
        """Make an HTTP request at home."""
        header = {
            "method": request.method,
            "url": request.url,
            "headers": request.headers,
            "service": service,
            "region": region,
            "read_timeout": read_timeout,
        }
        reply, answered = self._ask("http", header, [request.body])
        return _response(reply, answered)

    def waited(self, seconds: float) -> None:
        """Tell the cloud's clock of a back-off that was not slept."""
        self._ask("waited", {"seconds": seconds}, [])

    def _ask(self, kind: str, header: dict[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, Any], list[bytes]]:
        reply, answered = self._home(kind, header, blobs)
        if "unmocked" in reply:
            raise UnmockedServiceError(reply["unmocked"])
        if "fault" in reply:
            raise TransportFault(reply["fault"], reply["reason"])
        return reply, answered


def _response(reply: dict[str, Any], blobs: list[bytes]) -> HttpResponse:
    return HttpResponse(reply["status"], [(name, value) for name, value in reply["headers"]], blobs[0])
