"""A running mock: the cloud, what carries calls to it, and everything that must be put back at its end."""

from __future__ import annotations

import threading
from typing import Any

from mocksls._kernel.authorise import authorise
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.dispatch import Stage, inject_faults
from mocksls._kernel.http import HttpRequest, HttpResponse
from mocksls._kernel.options import Options
from mocksls._kernel.own_keys import MOTO_KEY, MOTO_SECRET, OWN_KEY, OWN_SECRET, OWN_TOKEN
from mocksls._kernel.service import ServiceSpec
from mocksls._protocol import service_protocol
from mocksls._services import load
from mocksls._transport.install import Installed
from mocksls._transport.transport import Transport, validate

from . import report
from .environment import Environment

_STAGES: tuple[Stage, ...] = (validate, authorise, inject_faults)
_MOTO_KEYS = (MOTO_KEY, MOTO_SECRET, None)


class Running:
    """One outermost mock from start to stop. ``cloud`` may be replaced on the way (``aws.reset``)."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.depth: int = 1
        self.ended: bool = False
        self.cloud: Cloud = make_cloud(options)
        self.threads_before: set[threading.Thread] = set(threading.enumerate())
        keys = _MOTO_KEYS if options.compat == "moto" else (OWN_KEY, OWN_SECRET, OWN_TOKEN)
        self._environment = Environment(keys, options.region)
        self._environment.enter()
        try:
            self.transport: Transport = Transport(self.cloud, options.passthrough)
            self._installed = Installed(self.transport, keys)
            self.cloud.router.start()
        except BaseException:
            self._environment.leave()
            raise

    def replace(self, cloud: Cloud) -> None:
        """Go on with another cloud; the one before ends."""
        before, self.cloud = self.cloud, cloud
        self.transport.serve_cloud(cloud)
        cloud.router.start()
        before.close()

    def reset(self) -> None:
        """Go on with a fresh cloud of the same options."""
        self.replace(make_cloud(self.options))

    @property
    def is_copy(self) -> bool:
        """Whether this process is a forked copy of the one whose mock this is: the cloud is over there."""
        return self._installed.is_copy

    def address(self) -> str:
        """Where processes that were not forked from this one may join."""
        return self._installed.address()

    def end(self) -> None:
        """Put everything back; safe to call once."""
        self.ended = True
        report.remember(self)
        try:
            self._installed.remove()
        finally:
            self._environment.leave()
            if not self.is_copy:
                self.cloud.close()


def make_cloud(options: Options) -> Cloud:
    """A fresh cloud for some options."""
    cloud = Cloud(options, _load, _STAGES)
    cloud.make_sandbox = _make_sandbox
    cloud.http_out = _send_out
    return cloud


def _send_out(request: HttpRequest, timeout_s: float) -> HttpResponse:
    from mocksls._seams.http_out import send

    return send(request, timeout_s)


def _make_sandbox(cloud: Cloud) -> Any:
    from mocksls._sandbox import Sandbox
    from mocksls._transport.home import HomeCalls

    home = HomeCalls(Transport(cloud, cloud.options.passthrough))
    return Sandbox(home, executor=cloud.options.executor, clock_offset=lambda: cloud.clock.offset)


def _load(service: str) -> ServiceSpec:
    spec = load(service)
    if spec.wire is not None:
        service_protocol(service).configure(spec.wire)
    return spec
