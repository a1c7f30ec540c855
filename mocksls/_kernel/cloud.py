"""One in-memory AWS: accounts x regions x services, and the kernel that they share."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from .arrivals import Arrivals
from .caller import Caller
from .clock import Clock
from .connections import Connections
from .dispatch import Dispatch, Stage
from .faults import Faults
from .http import HttpRequest, HttpResponse
from .identities import Identities
from .ids import Ids
from .lock import CloudLock
from .measures import Measures
from .options import Options
from .outbox import Outbox
from .principals import Principals
from .router import Router
from .service import HttpHandler, Service, ServiceSpec
from .streams import Streams
from .trace import Trace, TraceEntry, TraceKind

if TYPE_CHECKING:
    from .call import Call

_StoreKey = tuple[str, str, str]
HttpOut = Callable[[HttpRequest, float], HttpResponse]


class Cloud:
    """An AWS of its own: no module-level state, gone with the mock.

    Args:
        options: what the mock was asked to do.
        load: finds a service's declaration by botocore's name of it; raises ``UnmockedServiceError``.
        stages: what every call passes before its operation, in order.

    ``domains`` are host names of the user's own, in lower case, at which a service answers plain HTTP (custom domains
    of an API), with the service's name and the region. ``http_out`` sends a request to a host outside and waits for its
    answer so many seconds (``TransportFault`` without one): user code may run there.
    """

    def __init__(self, options: Options, load: Callable[[str], ServiceSpec], stages: Sequence[Stage] = ()) -> None:
        self.options = options
        self.lock: CloudLock = CloudLock()
        self.clock: Clock = Clock()
        self.ids: Ids = Ids(options.seed)
        self.trace: Trace = Trace()
        self.faults: Faults = Faults()
        self.identities: Identities = Identities()
        self.connections: Connections = Connections()
        self.outbox: Outbox = Outbox()
        self.domains: dict[str, tuple[str, str]] = {}
        self.router: Router = Router(self)
        self.streams: Streams = Streams(self.router)
        self.arrivals: Arrivals = Arrivals(self.router)
        self.measures: Measures = Measures(self.router)
        self.principals: Principals = Principals(self)
        self.caller: Caller = Caller(self)
        self.dispatch: Dispatch = Dispatch(self, stages)
        self.threads_before: frozenset[threading.Thread] = frozenset(threading.enumerate())
        self.code: dict[str, Any] = {}
        self.make_sandbox: Callable[[Cloud], Any] | None = None
        self.http_out: HttpOut | None = None
        self.attachments: dict[str, Any] = {}
        self._load = load
        self._stages = tuple(stages)
        self._services: dict[_StoreKey, Service] = {}
        self._http: dict[str, HttpHandler | None] = {}
        self._stores: dict[_StoreKey, Any] = {}

    def service(self, name: str, account_id: str, region: str) -> Service:
        """The service of an account and region; it is loaded at its first call."""
        key = (name, account_id, region)
        found = self._services.get(key)
        if found is None:
            with self.lock:
                found = self._services.get(key)
                if found is None:
                    spec = self._load(name)
                    found = self._services[key] = Service(spec, self._store(spec, account_id, region), self)
        return found

    def _store(self, spec: ServiceSpec, account_id: str, region: str) -> Any:
        scope = {
            "partition": (spec.name, "", ""),
            "account": (spec.name, account_id, ""),
            "region": (spec.name, account_id, region),
        }[spec.scope]
        if scope not in self._stores:
            self._stores[scope] = spec.store()
        return self._stores[scope]

    def stores(self, name: str) -> dict[tuple[str, str], Any]:
        """The stores that a service has so far, by account and region (empty strings where the scope is wider)."""
        return {
            (account, region): store for (service, account, region), store in self._stores.items() if service == name
        }

    def http(self, name: str) -> HttpHandler | None:
        """What answers plain HTTP at the hosts of a service; ``None`` where it has declared nothing."""
        with self.lock:
            if name not in self._http:
                make = self._load(name).http
                self._http[name] = make(self) if make else None
            return self._http[name]

    def note(
        self,
        kind: TraceKind,
        service: str,
        name: str = "",
        text: str = "",
        *,
        parent: int | None = None,
        outcome: str = "",
    ) -> TraceEntry:
        """Tell the trace of something that happened now."""
        return self.trace.add(kind, service, name, text, time=self.clock.time(), parent=parent, outcome=outcome)

    def attachment(self, name: str, make: Callable[[], Any]) -> Any:
        """Something of a higher layer that lives and ends with this cloud (``close`` is called on it)."""
        with self.lock:
            if name not in self.attachments:
                self.attachments[name] = make()
            return self.attachments[name]

    def sandbox(self) -> Any:
        """Where handlers run; made when the first one does, by what ``make_sandbox`` was set to."""
        make = self.make_sandbox
        if make is None:
            raise RuntimeError("this cloud has no sandbox")
        return self.attachment("sandbox", lambda: make(self))

    def send_out(self, request: HttpRequest, timeout_s: float, call: Call) -> HttpResponse:
        """Send a request out of the cloud, where the test's own mocks or servers answer; the lock is let go of.

        Raises:
            TransportFault: there is no answer.
        """
        send = self.http_out
        if send is None:
            raise RuntimeError("this cloud has no way out")
        with self.router.user_code(), call.unlocked():
            return send(request, timeout_s)

    def copied(self) -> Cloud:
        """A cloud with a copy of this one's state and clock: what is done to one is not seen in the other.

        Execution environments are not copied: functions start cold.
        """
        with self.lock:
            copy = Cloud(self.options, self._load, self._stages)
            memo: dict[int, Any] = {}
            copy.ids = deepcopy(self.ids, memo)
            copy._stores = deepcopy(self._stores, memo)
            copy.identities = deepcopy(self.identities, memo)
            copy.connections = deepcopy(self.connections, memo)
            copy.outbox = Outbox(self.outbox, self.outbox.opted_out)
            copy.domains = dict(self.domains)
            copy.streams.copy_from(self.streams, memo)
            copy.arrivals.copy_from(self.arrivals, memo)
            copy.measures.copy_from(self.measures, memo)
            copy.clock.copy_from(self.clock)
            copy.code = dict(self.code)
            copy.make_sandbox = self.make_sandbox
            copy.http_out = self.http_out
        return copy

    def close(self) -> None:
        """End deliveries and everything attached."""
        self.router.stop()
        for thing in reversed(list(self.attachments.values())):
            thing.close()
        self.attachments.clear()
