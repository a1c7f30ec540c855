"""The ``aws`` handle: what a test needs and AWS has no call for."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from mocksls._kernel.clock import seconds as _seconds
from mocksls._kernel.errors import AwsError
from mocksls._kernel.faults import Connection, Fault

from . import credentials as _credentials

if TYPE_CHECKING:
    from mocksls._kernel.cloud import Cloud
    from mocksls._kernel.outbox import Outbox
    from mocksls._kernel.trace import Trace

    from .function import Function
    from .images import Images
    from .running import Running


class Aws:
    """The handle of the active cloud."""

    def __init__(self, running: Running | None) -> None:
        self._running_mock = running

    @property
    def _running(self) -> Running:
        if self._running_mock is None:
            raise RuntimeError(
                "in a Lambda function's process the mock is inert: handlers use boto3, which reaches the test's cloud; "
                "what starts the mock in the handler's module belongs into a test, or under if __name__ == '__main__'"
            )
        if self._running_mock.ended:
            raise RuntimeError("this mock has stopped")
        if self._running_mock.is_copy:
            raise RuntimeError(
                "in a forked copy of the test's process there is no handle: use boto3, it reaches the test"
            )
        return self._running_mock

    @property
    def _cloud(self) -> Cloud:
        return self._running.cloud

    @property
    def clock(self) -> ClockHandle:
        """The cloud's time."""
        return ClockHandle(self)

    @property
    def trace(self) -> Trace:
        """What happened: API calls, events, invocations, refusals and reasons, in order, with parent links."""
        return self._cloud.trace

    @property
    def faults(self) -> FaultsHandle:
        """Injected faults."""
        return FaultsHandle(self)

    @property
    def outbox(self) -> Outbox:
        """The messages that AWS would have sent to people (e-mail, SMS, push): a list, oldest first.

        ``aws.outbox.last(to=..., username=..., channel=...)`` is the newest that agrees, ``None`` if there is none.
        """
        return self._cloud.outbox

    def address(self) -> str:
        """Where a process that was started anew (multiprocessing's ``spawn``) reaches this mock: ``mocksls.join``."""
        return self._running.address()

    def settle(self) -> int:
        """Deliver everything that is queued and due, to quiescence.

        Returns:
            The number of deliveries.
        """
        return self._cloud.router.drain()

    def reset(self) -> None:
        """A fresh cloud under the same handle and options."""
        self._running.reset()

    def function(
        self, handler: Callable[..., Any] | str | os.PathLike[str], name: str | None = None, **config: Any
    ) -> Function:
        """Make a Lambda function.

        Args:
            handler: a callable ``handler(event, context)``, ``"module:qualname"``, or a directory of code (with
                ``Handler="app.handler"``).
            name: the function's name; ``None`` takes the callable's, or ``fn-<hash>`` where that is no valid name.
            config: CreateFunction's own parameters (``Timeout=10``, ``Environment={"Variables": {...}}`` ...).
                ``Role`` is made up (an administrator) when missing, and must exist when given.

        Raises:
            TypeError: the handler is nothing that Lambda could run.
            ParamValidationError: a keyword that CreateFunction does not have, or a value of a wrong type.
            ClientError: as CreateFunction answers (``ResourceConflictException`` for a name that exists).
        """
        from .functions import make_function

        return make_function(lambda: self._cloud, handler, name, config)

    @property
    def images(self) -> Images:
        """What runs for functions of ``PackageType="Image"``, by their ``ImageUri``.

        ``aws.images[uri] = handler``, with a callable, ``"module:qualname"`` or a directory of code.
        """
        from .images import Images

        return Images(self._cloud)

    def logs(self, function_name: str) -> list[str]:
        """All log lines of a function, oldest first."""
        return log_lines(self._cloud, function_name)

    def credentials(self, arn: str | None = None) -> dict[str, str]:
        """Keys of a role or user, as keyword arguments of ``boto3.client``.

        Args:
            arn: of a role or user; ``None`` means the test's own user. With ``iam="allow"`` a role that does not exist
                is made, as an administrator.

        Raises:
            ValueError: the ARN names no role or user, or one that does not exist.
        """
        return _credentials.issue(self._cloud, arn)

    def register_credentials(self, access_key: str, secret_key: str, account_id: str, user: str | None = None) -> None:
        """Say whose a literal access key is; ``user=None`` means that account's root."""
        _credentials.register(self._cloud, access_key, secret_key, account_id, user)


class ClockHandle:
    """The cloud's time, as a test moves it.

    It moves the cloud and its handlers, not the test's own ``time``: for that use freezegun or time-machine, which
    the cloud follows.
    """

    def __init__(self, aws: Aws) -> None:
        self._aws = aws

    @property
    def _cloud(self) -> Cloud:
        return self._aws._cloud

    def now(self) -> datetime:
        """The cloud's time, an aware UTC ``datetime``."""
        return self._cloud.clock.now()

    def freeze(self, at: datetime | None = None) -> None:
        """Stop the clock, now or at a later time; what falls due until then runs.

        Raises:
            ValueError: the time lies in the past, or has no time zone.
            TypeError: it is no ``datetime``.
        """
        if at is not None and not isinstance(at, datetime):
            raise TypeError(f"give a datetime with a time zone, not {at!r}")
        clock = self._cloud.clock
        clock.check_later(at)
        if at is not None:
            self._cloud.router.advance(at.timestamp() - clock.time())
        clock.freeze(at)

    def advance(self, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Move the time forward, running everything that falls due on the way, in due order.

        Raises:
            ValueError: the span is negative, or leads beyond what a ``datetime`` can tell.
        """
        try:
            span = _seconds(days, hours, minutes, seconds)
            self.now() + timedelta(seconds=span)
        except OverflowError:
            raise ValueError("the clock cannot be moved that far") from None
        if span < 0:
            raise ValueError("the clock never goes backwards")
        self._cloud.router.advance(span)

    def resume(self) -> None:
        """Let a frozen clock run on from where it stands."""
        self._cloud.clock.resume()


class FaultsHandle:
    """Injected faults of a cloud."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws

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
        """Make the next ``times`` attempts at an operation (or requests of ``execute-api`` ...) fail, or take long.

        Args:
            service: botocore's name of the service (``dynamodb``).
            operation: AWS's name (``PutItem``) or the client's (``put_item``); ``*`` means each.
            error: AWS's error code; its status and shape come from the service's model.
            connection: what becomes of the connection instead of an answer: ``"refused"``, ``"connect timeout"``,
                ``"read timeout"``, ``"closed"`` (nothing was done), or ``"lost"`` (done, and closed before the answer):
                the exception that botocore, requests, httpx ... raise for it, retried as they would.
            times: how many attempts; ``None`` until the block ends or the fault is removed.
            latency: seconds on the cloud's clock; longer than the client's read timeout: ReadTimeoutError.

        Raises:
            ValueError: none of error, connection and latency is given, a value is out of range, or there is no such
                service or operation.
        """
        from mocksls._transport.names import check_attempt

        check_attempt(service, operation)
        return self._aws._cloud.faults.inject(
            service, operation, error=error, connection=connection, times=times, latency=latency
        )


def log_lines(cloud: Cloud, function_name: str) -> list[str]:
    """All log lines of a function over its streams, in time order; none where it has no log group."""
    region = default_region(cloud)
    params: dict[str, Any] = {"logGroupName": f"/aws/lambda/{function_name}"}
    lines: list[str] = []
    while True:
        try:
            page = cloud.caller.call("logs", "FilterLogEvents", params, region=region, internal=True)
        except AwsError as error:
            if error.code != "ResourceNotFoundException":
                raise
            return lines
        lines += [event["message"].rstrip("\n") for event in page.get("events", [])]
        if not page.get("nextToken"):
            return lines
        params["nextToken"] = page["nextToken"]


def default_region(cloud: Cloud) -> str:
    """The region that a client of the test would use."""
    return cloud.options.region or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
