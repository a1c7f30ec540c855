"""Requests at function URLs: who may make them, the event that they become, the answer that they get.

https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
"""

from __future__ import annotations

import json

from mocksls._kernel.authorise import Need, decide
from mocksls._kernel.call import HttpCall
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.http import HttpRequest, HttpResponse

from . import url_events
from .cors import answer_preflight, with_cors
from .names import Target, target_of
from .permissions import policy_of
from .runner import Request, Result, Runner
from .store import FunctionUrl, Store

_FORBIDDEN = (
    "Forbidden. For troubleshooting Function URL authorization issues, see: "
    "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
)
_TOO_LARGE = "Request must be smaller than 6291456 bytes for the InvokeFunction operation"
_BODY_BYTES = 6_291_456


class UrlRequests:
    """Answers plain HTTP at ``ID.lambda-url.REGION.on.aws``."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._runner = Runner(cloud)

    def handle(self, request: HttpRequest, call: HttpCall) -> HttpResponse:
        """Answer one request.

        Raises:
            AwsError: the request's signature is not right.
        """
        found = self._find(request.host.split(".")[0], call.region)
        if found is None:
            return _failure(403, _FORBIDDEN, "AccessDeniedException", call)
        target, url = found
        call.account_id = target.function.account_id
        if url.cors and request.method == "OPTIONS" and request.header("access-control-request-method"):
            return answer_preflight(request, url.cors)
        if not self._may(target, url, call):
            return _failure(403, _FORBIDDEN, "AccessDeniedException", call)
        if len(request.body) > _BODY_BYTES:
            return _failure(413, _TOO_LARGE, "RequestEntityTooLargeException", call)
        answer = self._invoke(target, url, request, call)
        answer.headers.insert(0, ("x-amzn-requestid", call.request_id))
        return with_cors(answer, request, url.cors) if url.cors else answer

    def _find(self, url_id: str, region: str) -> tuple[Target, FunctionUrl] | None:
        stores: dict[tuple[str, str], Store] = self._cloud.stores("lambda")
        for (_, place), store in stores.items():
            if place != region:
                continue
            for function in store.functions.values():
                for key, url in function.urls.items():
                    target = target_of(function, key or None) if url.url_id == url_id else None
                    if target is not None:
                        return target, url
        return None

    def _may(self, target: Target, url: FunctionUrl, call: HttpCall) -> bool:
        """Whether the caller may use the URL, which takes two permissions; the trace says which one is missing."""
        if url.auth_type == "AWS_IAM":
            call.principal = call.signer()
            if call.principal.kind == "anonymous":
                self._tell(call, "the request is not signed, and the URL's AuthType is AWS_IAM")
                return False
        policy = policy_of(target.function, target.qualifier)
        enforced = self._cloud.options.iam == "enforce" or call.principal.kind == "anonymous"
        for action, keys in (
            ("lambda:InvokeFunctionUrl", {"lambda:functionurlauthtype": url.auth_type}),
            ("lambda:InvokeFunction", {"lambda:invokedviafunctionurl": "true"}),
        ):
            text = json.dumps(policy) if policy else None
            need = Need(action, target.arn, text, target.function.account_id, lambda keys=keys: keys)  # type: ignore[misc]
            if not decide(need, call, {}, enforced=enforced).allowed:
                self._tell(call, f"the caller lacks {action} on {target.arn} (AddPermission, with {keys})")
                return False
        return True

    def _tell(self, call: HttpCall, text: str) -> None:
        self._cloud.note("refusal", "lambda", "InvokeFunctionUrl", text, parent=call.trace_id)

    def _invoke(self, target: Target, url: FunctionUrl, request: HttpRequest, call: HttpCall) -> HttpResponse:
        event = url_events.event_of(request, call, url, self._cloud)
        streamed = url.invoke_mode == "RESPONSE_STREAM"
        wanted = Request(
            json.dumps(event, separators=(",", ":")).encode(),
            call.request_id,
            trace_header=event["headers"]["x-amzn-trace-id"],
            streamed=streamed,
        )
        try:
            result = self._runner.run(target, wanted, call)
        except AwsError as error:
            if error.code == "NotImplemented":
                raise
            return _failure(error.status or 429, error.message, error.code, call)
        trace = ("x-amzn-trace-id", event["headers"]["x-amzn-trace-id"])
        answer = _answer(result, streamed=streamed)
        answer.headers.append(trace)
        return answer


def _answer(result: Result, *, streamed: bool) -> HttpResponse:
    if result.error is not None:
        headers = [("content-type", "application/json"), ("x-amzn-errortype", "InternalServerErrorException")]
        return HttpResponse(502, headers, b"Internal Server Error")
    if streamed:
        return url_events.streamed_answer(result)
    answer = url_events.answer_of(json.loads(result.payload))
    if answer is None:
        return HttpResponse(502, [("content-type", "application/json")], b"Internal Server Error")
    return answer


def _failure(status: int, text: str, code: str, call: HttpCall) -> HttpResponse:
    headers = [
        ("content-type", "application/json"),
        ("x-amzn-requestid", call.request_id),
        ("x-amzn-errortype", code),
    ]
    return HttpResponse(status, headers, json.dumps({"Message": text}).encode())
