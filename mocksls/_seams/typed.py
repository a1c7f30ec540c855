"""The typed seam: a client's call goes to the cloud as parameters and comes back as members, without HTTP."""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from typing import Any

from .._kernel.errors import TransportFault
from .._kernel.http import HttpResponse
from .answers import RawBody, SeamResponse
from .bare import COPIED, BareClient
from .calls import SeamAnswer, SeamCall, Send
from .faults import botocore_fault
from .keys import keys_of
from .operations import Operation, operation_of
from .patching import Patches
from .retries import Attempts
from .which import shows_body, takes_wire

PARAMS = "mocksls.params"
UNDER_WAY: contextvars.ContextVar[tuple[str, str] | None] = contextvars.ContextVar("mocksls_call", default=None)
PASSED = ("", "")  # the value of UNDER_WAY for calls that are left alone


class TypedSeam:
    """Replaces the two methods of a client that make its requests.

    Args:
        send: where calls go.
    """

    def __init__(self, send: Send) -> None:
        self.send = send
        self.active = False

    def serve(self, send: Send) -> None:
        """Send calls another way from now on (a forked copy of the process)."""
        self.send = send

    def install(self, patches: Patches) -> None:
        """Patch botocore's client."""
        from botocore.client import BaseClient

        patches.set(BaseClient, "_convert_to_request_dict", self._converting(BaseClient._convert_to_request_dict))
        patches.set(BaseClient, "_make_request", self._making(BaseClient._make_request))
        self.active = True

    def _converting(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def _convert_to_request_dict(
            client: Any,
            api_params: Any,
            operation_model: Any,
            endpoint_url: str,
            context: Any = None,
            headers: Any = None,
            set_user_agent_header: bool = True,
        ) -> Any:
            if context is not None and set_user_agent_header and self.owns(operation_model, endpoint_url):
                context[PARAMS] = api_params
                set_user_agent_header = takes_wire(client, operation_model)
                operation = operation_of(operation_model)
                if not set_user_agent_header and operation.in_body and not shows_body(client, operation_model):
                    client = BareClient(client, operation.params, operation.in_body, context)
            return original(client, api_params, operation_model, endpoint_url, context, headers, set_user_agent_header)

        return _convert_to_request_dict

    def _making(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def _make_request(client: Any, operation_model: Any, request_dict: Any, request_context: Any) -> Any:
            if not self.active:
                return original(client, operation_model, request_dict, request_context)
            url = request_dict["url"]
            service = operation_model.service_model.service_name
            if not self.send.owns(service, url):
                return _linked(PASSED, original, client, operation_model, request_dict, request_context)
            copied = request_context.pop(COPIED, None)
            if copied is None and not takes_wire(client, operation_model):
                copied = self.copied(operation_model, request_context.get(PARAMS))
            if copied is not None:
                copied = with_algorithm(operation_of(operation_model), copied, request_context)
            if copied is None:
                link = (service, region_of(request_context))
                return _linked(link, original, client, operation_model, request_dict, request_context)
            try:
                return self._attempts(client, operation_model, request_dict, request_context, copied)
            except Exception as error:
                name = f"after-call-error.{operation_model.service_model.service_id.hyphenize()}.{operation_model.name}"
                client.meta.events.emit(name, exception=error, context=request_context)
                raise

        return _make_request

    def _attempts(self, client: Any, model: Any, request_dict: Any, context: Any, copied: dict[str, Any]) -> Any:
        operation = operation_of(model)

        def attempt() -> tuple[SeamCall, SeamAnswer]:
            call = self.seam_call(client, model, request_dict, context, copied)
            return call, self.send.call(call, operation.answer)

        failure: HttpResponse | Exception
        try:
            call, answer = attempt()
        except TransportFault as fault:
            failure = botocore_fault(fault, request_dict["url"])
        else:
            if answer.error is None:
                return self._conclude(operation, model, call, answer, context)
            failure = answer.error
        return Attempts(client, model, request_dict, context).run(
            failure, attempt, lambda call, answer: self._conclude(operation, model, call, answer, context)
        )

    def owns(self, model: Any, url: str) -> bool:
        """Whether a client's call is answered here."""
        return self.active and self.send.owns(model.service_model.service_name, url)

    def parameters(self, model: Any, params: Any, context: Any) -> dict[str, Any] | None:
        """A call's parameters in the canonical form, with the checksum algorithm that the client chose.

        ``None`` for what the form cannot hold (lone surrogates): the wire shows what becomes of it.
        """
        copied = self.copied(model, params)
        return None if copied is None else with_algorithm(operation_of(model), copied, context)

    def copied(self, model: Any, params: Any) -> dict[str, Any] | None:
        """The same as the caller gave them; ``None`` where there are none, too."""
        if params is None:
            return None
        try:
            found: dict[str, Any] = operation_of(model).params(params)
        except UnicodeEncodeError:
            return None
        return found

    def seam_call(self, client: Any, model: Any, request_dict: Any, context: Any, params: dict[str, Any]) -> SeamCall:
        """One attempt at a call; the region may differ from the last one's."""
        return SeamCall(
            service=model.service_model.service_name,
            operation=model.name,
            params=params,
            region=region_of(context),
            url=request_dict["url"],
            keys=keys_of(client, context),
            headers=_headers(request_dict),
            read_timeout=context.get("read_timeout") or client.meta.config.read_timeout,
        )

    def _conclude(self, operation: Operation, model: Any, call: SeamCall, answer: SeamAnswer, context: Any) -> Any:
        parsed: dict[str, Any] = answer.output
        metadata = metadata_of(operation, answer)
        raw = None
        if operation.payload is not None:
            raw = RawBody(parsed.get(operation.payload, b""))
        http = SeamResponse(call.url, answer.status, answer.headers, raw)
        if raw is not None:
            parsed[operation.payload or ""] = _stream(http, model, context, metadata)
        return http, operation.told(parsed, metadata, answer.headers)


def with_algorithm(operation: Operation, copied: dict[str, Any], context: Any) -> dict[str, Any]:
    """Parameters with the checksum algorithm that the client chose."""
    member = operation.algorithm_member
    if member and member not in copied:
        chosen = (context.get("checksum") or {}).get("request_algorithm")
        if isinstance(chosen, dict) and "algorithm" in chosen:
            copied[member] = chosen["algorithm"].upper()
    return copied


def metadata_of(operation: Operation, answer: SeamAnswer) -> dict[str, Any]:
    """``ResponseMetadata`` as the parser makes it."""
    metadata: dict[str, Any] = {"RequestId": answer.request_id}
    if operation.s3:
        metadata["HostId"] = answer.headers.get("x-amz-id-2", "")
    metadata["HTTPStatusCode"] = answer.status
    metadata["HTTPHeaders"] = answer.headers
    metadata["RetryAttempts"] = 0
    return metadata


def _stream(http: SeamResponse, model: Any, context: Any, metadata: dict[str, Any]) -> Any:
    from botocore.httpchecksum import handle_checksum_body
    from botocore.response import StreamingBody

    response: dict[str, Any] = {"headers": http.headers, "context": {}, "body": None}
    handle_checksum_body(http, response, context, model)
    if response["body"] is None:
        return StreamingBody(http.raw, http.headers.get("content-length"))
    metadata["ChecksumAlgorithm"] = response["context"]["checksum"]["response_algorithm"]
    return response["body"]


def _linked(link: tuple[str, str], original: Callable[..., Any], *args: Any) -> Any:
    """Make the original request; what it sends is known to belong to this call."""
    token = UNDER_WAY.set(link)
    try:
        return original(*args)
    finally:
        UNDER_WAY.reset(token)


def region_of(context: Any) -> str:
    """The region that a call is signed for."""
    signing = context.get("signing") or {}
    region = signing.get("region") or context.get("client_region") or "us-east-1"
    return "us-east-1" if region in ("aws-global", "*") else region


def _headers(request_dict: Any) -> dict[str, str]:
    return {
        name.lower(): value.decode("utf-8") if isinstance(value, bytes) else str(value)
        for name, value in request_dict["headers"].items()
    }
