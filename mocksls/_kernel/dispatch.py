"""The way of every call: identified and parsed before it comes here, then checked, judged, run and told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from .call import Call
from .errors import AwsError, TransportFault, not_implemented
from .faults import error_of
from .service import Service, method_name

if TYPE_CHECKING:
    from .cloud import Cloud

Stage = Callable[[Call, Mapping[str, Any]], None]
T = TypeVar("T")

_TELLING = (
    "TableName",
    "FunctionName",
    "Bucket",
    "QueueUrl",
    "TopicArn",
    "logGroupName",
    "RoleName",
    "UserName",
    "RoleArn",
    "Name",
    "name",
    "UserPoolId",
    "restApiId",
    "ApiId",
    "StreamArn",
    "UUID",
)


class Dispatch:
    """Runs calls through the stages and the operation, under the cloud's lock.

    ``stages`` run in order before the operation; each may raise ``AwsError``.
    """

    def __init__(self, cloud: Cloud, stages: Sequence[Stage]) -> None:
        self._cloud = cloud
        self._stages = tuple(stages)

    def serve(self, call: Call, request: Mapping[str, Any], finish: Callable[[dict[str, Any]], T]) -> T:
        """A call from outside (the test, or a handler): what is due runs before it, what it caused after it.

        ``finish`` turns the operation's answer into the caller's own copy; it runs under the lock.
        """
        router = self._cloud.router
        router.before_call(call.origin)
        try:
            return self.handle(call, request, finish)
        finally:
            router.after_call(call.origin)

    def handle(self, call: Call, request: Mapping[str, Any], finish: Callable[[dict[str, Any]], T]) -> T:
        """A call from anywhere, without deliveries around it."""

        def work() -> T:
            service = self._cloud.service(call.service, call.account_id, call.region)
            if service.spec.concluded is None:
                answer = self._answer(service, call, request)
            else:
                answer = self._concluded(service, call, request)
            return _arriving(call, finish(answer))

        return self._traced(call, _subject(request), work)

    def serve_http(self, call: Call, subject: str, work: Callable[[], T]) -> T:
        """A plain HTTP request at a service's own host: traced, with faults and deliveries as a call."""
        router = self._cloud.router
        router.before_call(call.origin)
        try:
            return self._traced(call, subject, lambda: self._unless_faulty(call, work))
        finally:
            router.after_call(call.origin)

    def _unless_faulty(self, call: Call, work: Callable[[], T]) -> T:
        inject_faults(call, {})
        return _arriving(call, work())

    def _traced(self, call: Call, subject: str, work: Callable[[], T]) -> T:
        """Do some work under the lock, and tell the trace what became of it."""
        cloud = self._cloud
        entry = cloud.trace.add(
            "call",
            call.service,
            call.operation,
            subject,
            time=cloud.clock.time(),
            parent=call.origin.parent,
            internal=call.internal,
        )
        call.trace_id = entry.id
        try:
            with cloud.lock:
                answer = work()
        except AwsError as error:
            entry.outcome = f"{error.code}: {error.message}"
            raise
        except TransportFault as fault:
            entry.outcome = fault.kind
            raise
        entry.outcome = "ok"
        return answer

    def _answer(self, service: Service, call: Call, request: Mapping[str, Any]) -> dict[str, Any]:
        method = service.operations.get(method_name(call.operation))
        if method is None:
            raise not_implemented(call.service, call.operation)
        for stage in self._stages:
            stage(call, request)
        return method(request, call) or {}

    def _concluded(self, service: Service, call: Call, request: Mapping[str, Any]) -> dict[str, Any]:
        """The same, for a service that wants to hear how its calls end."""
        told: AwsError | None = None
        try:
            return self._answer(service, call, request)
        except AwsError as error:
            told = error
            raise
        finally:
            if service.spec.concluded is not None:
                service.spec.concluded(call, request, service.store, told)


def inject_faults(call: Call, request: Mapping[str, Any]) -> None:
    """The stage of injected faults: calls that services make are spared."""
    faults = call.cloud.faults
    if not faults.active or call.internal or call.principal.kind == "service":
        return
    fault = faults.take(call)
    if fault is None:
        return
    if fault.latency:
        call.cloud.clock.waited(fault.latency)
        if call.read_timeout is not None and fault.latency > call.read_timeout:
            raise TransportFault("read timeout")
    if fault.error is not None:
        raise error_of(fault.error)
    if fault.connection == "lost":
        call.response.lost = True
    elif fault.connection is not None:
        raise TransportFault(fault.connection)


def _arriving(call: Call, answer: T) -> T:
    if call.response.lost:
        raise TransportFault("closed")
    return answer


def _subject(request: Mapping[str, Any]) -> str:
    for name in _TELLING:
        if name in request:
            key = request.get("Key")
            text = str(request[name])
            return f"{text}/{key}" if name == "Bucket" and isinstance(key, str) else text
    return ""
