"""Retries of the typed seam for aiobotocore's clients."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from botocore.awsrequest import HeadersDict

from .._kernel.errors import TransportFault
from .._kernel.http import HttpResponse
from .answers import joined
from .calls import SeamAnswer, SeamCall
from .faults import botocore_fault

Attempt = Callable[[], Awaitable[tuple[SeamCall, SeamAnswer]]]


class AioAttempts:
    """The attempts at one call after the first has failed, judged by aiobotocore's own retry handlers."""

    def __init__(self, client: Any, model: Any, request_dict: Any, context: Any) -> None:
        self._endpoint = client._endpoint
        self._events = self._endpoint._event_emitter
        self._model = model
        self._request_dict = request_dict
        self._context = context

    async def run(
        self,
        first: HttpResponse | Exception,
        attempt: Attempt,
        conclude: Callable[[SeamCall, SeamAnswer], Any],
    ) -> Any:
        """Go on after a failure until no further attempt is wanted; the last answer, or its exception raised."""
        count = 1
        self._endpoint._update_retries_context(self._context, count)
        answer, caught = await self._seen(first)
        while await self._endpoint._needs_retry(count, self._model, self._request_dict, answer, caught):
            count += 1
            self._endpoint._update_retries_context(self._context, count, answer)
            try:
                call, next_answer = await attempt()
            except TransportFault as fault:
                answer, caught = await self._seen(botocore_fault(fault, self._request_dict["url"]))
                continue
            if next_answer.error is None:
                answer, caught = conclude(call, next_answer), None
                break
            answer, caught = await self._seen(next_answer.error)
        if caught is not None:
            raise caught
        answer[1].setdefault("ResponseMetadata", {})["RetryAttempts"] = count - 1
        return answer

    async def _seen(self, failure: HttpResponse | Exception) -> tuple[Any, Exception | None]:
        return (None, failure) if isinstance(failure, Exception) else (await self._parse(failure), None)

    async def _parse(self, error: HttpResponse) -> Any:
        from aiobotocore.awsrequest import AioAWSResponse

        http = AioAWSResponse(self._request_dict["url"], error.status, HeadersDict(joined(error.headers)), None)
        http._content = error.body
        response = {
            "headers": http.headers,
            "status_code": error.status,
            "context": {"operation_name": self._model.name},
            "body": error.body,
        }
        service = self._model.service_model
        extra: dict[str, Any] = {}
        await self._events.emit(
            f"before-parse.{service.service_id.hyphenize()}.{self._model.name}",
            operation_model=self._model,
            response_dict=response,
            customized_response_dict=extra,
        )
        parser = self._endpoint._response_parser_factory.create_parser(service.resolved_protocol)
        parsed = await parser.parse(response, self._model.output_shape)
        parsed.update(extra)
        if error.status >= 300:
            await self._endpoint._add_modeled_error_fields(response, parsed, self._model, parser)
        return http, parsed
