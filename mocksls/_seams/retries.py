"""Retries of the typed seam, and back-off that does not sleep."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from .._kernel.errors import TransportFault
from .._kernel.http import HttpResponse
from .answers import wire_response
from .calls import SeamAnswer, SeamCall
from .faults import botocore_fault
from .patching import Patches

Attempt = Callable[[], tuple[SeamCall, SeamAnswer]]
_REAL_SLEEP = time.sleep


class Attempts:
    """The attempts at one call after the first has failed, judged by botocore's own retry handlers."""

    def __init__(self, client: Any, model: Any, request_dict: Any, context: Any) -> None:
        self._endpoint = client._endpoint
        self._events = self._endpoint._event_emitter
        self._model = model
        self._request_dict = request_dict
        self._context = context

    def run(
        self,
        first: HttpResponse | Exception,
        attempt: Attempt,
        conclude: Callable[[SeamCall, SeamAnswer], Any],
    ) -> Any:
        """Go on after a failure until botocore wants no further attempt; its last answer, or its exception raised."""
        count = 1
        # its own would be random, and is read by nobody: it is the header of a request that is never written
        self._context.setdefault("retries", {}).setdefault("invocation-id", "")
        self._endpoint._update_retries_context(self._context, count)
        answer, caught = self._seen(first)
        while self._endpoint._needs_retry(count, self._model, self._request_dict, answer, caught):
            count += 1
            self._endpoint._update_retries_context(self._context, count, answer)
            try:
                call, next_answer = attempt()
            except TransportFault as fault:
                answer, caught = self._seen(botocore_fault(fault, self._request_dict["url"]))
                continue
            if next_answer.error is None:
                answer, caught = conclude(call, next_answer), None
                break
            answer, caught = self._seen(next_answer.error)
        if caught is not None:
            raise caught
        answer[1].setdefault("ResponseMetadata", {})["RetryAttempts"] = count - 1
        return answer

    def _seen(self, failure: HttpResponse | Exception) -> tuple[Any, Exception | None]:
        """A failure as retry handlers are told of it: a parsed answer, or an exception."""
        return (None, failure) if isinstance(failure, Exception) else (self._parse(failure), None)

    def _parse(self, error: HttpResponse) -> Any:
        from botocore.endpoint import convert_to_response_dict

        http = wire_response(self._request_dict["url"], error)
        response = convert_to_response_dict(http, self._model)
        service = self._model.service_model
        extra: dict[str, Any] = {}
        self._events.emit(
            f"before-parse.{service.service_id.hyphenize()}.{self._model.name}",
            operation_model=self._model,
            response_dict=response,
            customized_response_dict=extra,
        )
        parser = self._endpoint._response_parser_factory.create_parser(service.resolved_protocol)
        parsed = parser.parse(response, self._model.output_shape)
        parsed.update(extra)
        if http.status_code >= 300:
            self._endpoint._add_modeled_error_fields(response, parsed, self._model, parser)
        return http, parsed


class InstantTime:
    """Stands for the module ``time`` inside botocore: sleeping takes no real time.

    A test that has replaced ``time.sleep`` sees the sleeps.
    """

    def __init__(self, waited: Callable[[float], None]) -> None:
        self._waited = waited

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)

    def sleep(self, seconds: float) -> None:
        """Tell the clock instead of sleeping."""
        self._waited(seconds)
        if time.sleep is not _REAL_SLEEP:
            time.sleep(seconds)


def install_instant_backoff(patches: Patches, waited: Callable[[float], None]) -> None:
    """Make botocore's retries and waiters wait no real time; waiters move no clock."""
    import botocore.endpoint
    import botocore.retries.bucket
    import botocore.retries.quota
    import botocore.retryhandler
    import botocore.waiter

    patches.set(botocore.endpoint, "time", InstantTime(waited))
    patches.set(botocore.waiter, "time", InstantTime(_ignore))
    patches.set(botocore.retries.quota.RetryQuota, "acquire", _granted)
    patches.set(botocore.retries.bucket.TokenBucket, "acquire", _granted)


def _ignore(seconds: float) -> None:
    """Nothing waits."""


def _granted(*args: Any, **kwargs: Any) -> bool:
    """There is no limit to retries while a mock is active: what a client has used up would outlive the mock."""
    return True
