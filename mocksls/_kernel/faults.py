"""Injected faults: the next attempts at an operation fail, or take long."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, get_args

from .call import Call
from .errors import AwsError
from .service import method_name

Connection = Literal["refused", "connect timeout", "read timeout", "closed", "lost"]
_SERVER_SIDE = {
    "InternalError": 500,
    "InternalFailure": 500,
    "InternalServerError": 500,
    "ServiceException": 500,
    "ServiceUnavailable": 503,
    "SlowDown": 503,
    "RequestLimitExceeded": 503,
}
_TEXTS = {
    "ProvisionedThroughputExceededException": "The level of configured provisioned throughput for the table was "
    "exceeded. Consider increasing your provisioning level with the UpdateTable API.",
    "ThrottlingException": "Rate exceeded",
    "Throttling": "Rate exceeded",
    "TooManyRequestsException": "Rate Exceeded.",
    "SlowDown": "Please reduce your request rate.",
    "InternalError": "We encountered an internal error. Please try again.",
    "ServiceUnavailable": "Service is unable to handle request.",
}


@dataclass(eq=False)
class Fault:
    """One injected fault; leaving its ``with`` block, or ``remove``, ends it."""

    service: str
    operation: str
    error: str | None
    connection: Connection | None
    times: int | None
    latency: float
    _all: list[Fault] = field(repr=False)
    _lock: threading.Lock = field(repr=False)

    def remove(self) -> None:
        """End the fault; ending it twice is harmless."""
        with self._lock:
            if self in self._all:
                self._all.remove(self)

    def __enter__(self) -> Fault:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()

    def matches(self, call: Call) -> bool:
        """Whether it concerns this attempt."""
        if self.service != call.service:
            return False
        return self.operation in ("*", call.operation, method_name(call.operation))


class Faults:
    """The injected faults of a cloud."""

    def __init__(self) -> None:
        self.active: list[Fault] = []
        self._lock = threading.Lock()

    def inject(
        self,
        service: str,
        operation: str = "*",
        *,
        error: str | None = None,
        connection: Connection | None = None,
        times: int | None = 1,
        latency: float = 0.0,
    ) -> Fault:
        """Make the next ``times`` attempts at an operation fail or take long.

        Args:
            service: botocore's name of the service (``dynamodb``).
            operation: AWS's name (``PutItem``) or the client's (``put_item``); ``*`` means each.
            error: AWS's error code; its status and shape come from the service's model.
            connection: what becomes of the connection instead of an answer: ``refused``, ``connect timeout``,
                ``read timeout``, ``closed`` (nothing was done), or ``lost`` (done, and closed before the answer).
            times: how many attempts; ``None`` until the block ends or the fault is removed.
            latency: seconds on the cloud's clock that each attempt takes; longer than the client's read timeout
                means ReadTimeoutError.

        Raises:
            ValueError: not one of error, connection and latency is given, both an error and a connection are, or a
                value is none of the choices.
        """
        if not error and connection is None and latency <= 0:
            raise ValueError("give an error code, a connection's fate, or a latency in seconds")
        if error is not None and connection is not None:
            raise ValueError("give an error code or a connection's fate, not both")
        if connection is not None and connection not in get_args(Connection):
            raise ValueError(f"connection must be one of {', '.join(map(repr, get_args(Connection)))}")
        if times is not None and times < 1:
            raise ValueError("times must be at least 1, or None")
        fault = Fault(service, operation, error, connection, times, latency, self.active, self._lock)
        with self._lock:
            self.active.append(fault)
        return fault

    def take(self, call: Call) -> Fault | None:
        """The fault that this attempt meets, counted down."""
        with self._lock:
            for fault in self.active:
                if fault.matches(call):
                    if fault.times is not None:
                        fault.times -= 1
                        if fault.times == 0:
                            self.active.remove(fault)
                    return fault
        return None


def error_of(code: str) -> AwsError:
    """An injected error as AWS would answer it."""
    status = _SERVER_SIDE.get(code)
    text = _TEXTS.get(code, f"{code} (injected)")
    return AwsError(code, text, status=status, sender=status is None)
