"""Both seams for aiobotocore's clients; the dispatch runs off the event loop."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from copy import copy
from types import ModuleType
from typing import Any

from .._kernel.errors import TransportFault
from .._kernel.http import HttpRequest, HttpResponse
from .aio_answers import aio_response, aio_stream
from .aio_retries import AioAttempts
from .answers import SeamResponse
from .calls import SeamAnswer, SeamCall
from .faults import botocore_fault
from .keys import Keys, install_form_times, lasting
from .off_loop import off_the_loop
from .operations import operation_of
from .patching import Patches
from .typed import PARAMS, PASSED, UNDER_WAY, TypedSeam, metadata_of, region_of
from .which import takes_wire
from .wire import WireSeam, read_body, read_timeout_of


def install_aio(patches: Patches, typed: TypedSeam, wire: WireSeam, module: ModuleType) -> None:
    """Patch aiobotocore's client and endpoint, which override what the seams patch in botocore."""
    from aiobotocore.endpoint import AioEndpoint

    seam = AioSeam(typed, wire)
    client = module.AioBaseClient
    patches.set(client, "_convert_to_request_dict", seam.converting(client._convert_to_request_dict))
    patches.set(client, "_make_request", seam.making(client._make_request))
    patches.set(AioEndpoint, "_send", seam.sending(AioEndpoint._send))


class AioSeam:
    """The two seams, awaited.

    Args:
        typed: the seam of synchronous clients, whose copiers and way out are shared.
        wire: likewise.
    """

    def __init__(self, typed: TypedSeam, wire: WireSeam) -> None:
        self._typed = typed
        self._wire = wire

    def converting(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """The wrapper of ``_convert_to_request_dict``."""

        async def _convert_to_request_dict(
            client: Any,
            api_params: Any,
            operation_model: Any,
            endpoint_url: str,
            context: Any = None,
            headers: Any = None,
            set_user_agent_header: bool = True,
        ) -> Any:
            if context is not None and self._typed.owns(operation_model, endpoint_url) and set_user_agent_header:
                context[PARAMS] = api_params
                set_user_agent_header = takes_wire(client, operation_model)
            return await original(
                client, api_params, operation_model, endpoint_url, context, headers, set_user_agent_header
            )

        return _convert_to_request_dict

    def making(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """The wrapper of ``_make_request``."""

        async def _make_request(client: Any, operation_model: Any, request_dict: Any, request_context: Any) -> Any:
            given = (client, operation_model, request_dict, request_context)
            if not self._typed.active:
                return await original(*given)
            if not self._typed.owns(operation_model, request_dict["url"]):
                return await _linked(PASSED, original, *given)
            params = request_context.get(PARAMS)
            copied = None
            if params is not None and not takes_wire(client, operation_model):
                copied = self._typed.parameters(operation_model, await _with_bodies_read(params), request_context)
            if copied is None:
                link = (operation_model.service_model.service_name, region_of(request_context))
                return await _linked(link, original, *given)
            try:
                return await self._attempts(*given, copied)
            except Exception as error:
                name = f"after-call-error.{operation_model.service_model.service_id.hyphenize()}.{operation_model.name}"
                await client.meta.events.emit(name, exception=error, context=request_context)
                raise

        return _make_request

    def sending(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """The wrapper of ``AioEndpoint._send``."""

        async def _send(endpoint: Any, request: Any) -> Any:
            link: tuple[str | None, str | None] | None = UNDER_WAY.get()
            if not self._wire.active or link is None:
                return await original(endpoint, request)
            if link == PASSED:
                if not self._wire.refuses(request.url):
                    return await original(endpoint, request)
                link = (None, None)
            plain = HttpRequest(request.method, request.url, _headers(request), await _body(request.body))
            wait_s = read_timeout_of(endpoint.http_session, request)
            try:
                answer = await off_the_loop(lambda: self._wire.send.http(plain, *link, read_timeout=wait_s))
            except TransportFault as fault:
                raise botocore_fault(fault, request.url) from None
            return aio_response(endpoint.http_session, request.url, answer)

        return _send

    async def _attempts(self, client: Any, model: Any, request_dict: Any, context: Any, copied: dict[str, Any]) -> Any:
        operation = operation_of(model)

        def blocking() -> tuple[SeamCall, SeamAnswer]:
            call = self._typed.seam_call(client, model, request_dict, context, copied)
            return call, self._typed.send.call(call, operation.answer)

        async def attempt() -> tuple[SeamCall, SeamAnswer]:
            return await off_the_loop(blocking)

        failure: HttpResponse | Exception
        try:
            call, answer = await attempt()
        except TransportFault as fault:
            failure = botocore_fault(fault, request_dict["url"])
        else:
            if answer.error is None:
                return _conclude(client, model, call, answer, context)
            failure = answer.error
        return await AioAttempts(client, model, request_dict, context).run(
            failure, attempt, lambda call, answer: _conclude(client, model, call, answer, context)
        )


def _conclude(client: Any, model: Any, call: SeamCall, answer: SeamAnswer, context: Any) -> Any:
    """What a client is given for a call that succeeded."""
    operation = operation_of(model)
    parsed: dict[str, Any] = answer.output
    metadata = metadata_of(operation, answer)
    if operation.payload is None:
        http: Any = SeamResponse(call.url, answer.status, answer.headers)
    else:
        session = client._endpoint.http_session
        body = parsed.get(operation.payload, b"")
        http = aio_response(session, call.url, HttpResponse(answer.status, list(answer.headers.items()), body))
        parsed[operation.payload] = aio_stream(session, http, context, metadata)
    return http, operation.told(parsed, metadata, answer.headers)


async def _linked(link: tuple[str, str], original: Callable[..., Any], *args: Any) -> Any:
    token = UNDER_WAY.set(link)
    try:
        return await original(*args)
    finally:
        UNDER_WAY.reset(token)


async def _with_bodies_read(params: Any) -> Any:
    """Parameters whose file-like members with an asynchronous ``read`` are read."""
    read = {}
    for name, value in params.items():
        method = getattr(value, "read", None)
        if method is not None and inspect.iscoroutinefunction(method):
            read[name] = await method()
    return {**params, **read} if read else params


async def _body(body: Any) -> bytes:
    """A request's body as bytes, whatever it is; its ``read`` may be asynchronous."""
    read = getattr(body, "read", None)
    if read is None or not inspect.iscoroutinefunction(read):
        return read_body(body)
    pieces = []
    while piece := await read(1 << 20):
        pieces.append(piece.encode("utf-8") if isinstance(piece, str) else piece)
    return b"".join(pieces)


def _headers(request: Any) -> list[tuple[str, str]]:
    return [
        (name, value.decode("utf-8") if isinstance(value, bytes) else str(value))
        for name, value in request.headers.items()
    ]


# -- keys, back-off, sessions ------------------------------------------------------------------------------------


def install_aio_keys(patches: Patches, own: Callable[[], Keys], signing: Callable[[int], None], module: Any) -> None:
    """As ``install_keys``, for aiobotocore's signer and credentials."""
    from aiobotocore.credentials import AioCredentials, AioRefreshableCredentials
    from botocore.credentials import ReadOnlyCredentials

    signer_class = module.AioRequestSigner
    original = signer_class.get_auth_instance

    async def get_auth_instance(signer: Any, *args: Any, **kwargs: Any) -> Any:
        if signer._credentials is None and not kwargs.get("request_credentials"):
            signer = copy(signer)
            signer._credentials = AioCredentials(*own())
        signing(lasting(kwargs))
        return await original(signer, *args, **kwargs)

    patches.set(signer_class, "get_auth_instance", get_auth_instance)
    patches.set(signer_class, "get_auth", get_auth_instance)
    install_form_times(patches, module.AioS3PostPresigner, signing)

    async def _refresh(credentials: Any) -> None:
        if credentials._frozen_credentials is None:
            credentials._frozen_credentials = ReadOnlyCredentials(*own())

    patches.set(AioRefreshableCredentials, "_refresh", _refresh)


class _InstantAsyncio:
    """Stands for the module ``asyncio`` inside aiobotocore: sleeping takes no real time."""

    def __init__(self, asyncio: Any, waited: Callable[[float], None]) -> None:
        self._asyncio = asyncio
        self._waited = waited

    def __getattr__(self, name: str) -> Any:
        return getattr(self._asyncio, name)

    async def sleep(self, seconds: float) -> None:
        """Tell of it, and let others run."""
        self._waited(seconds)
        await self._asyncio.sleep(0)


def install_aio_backoff(patches: Patches, waited: Callable[[float], None], module: Any) -> None:
    """Make retries wait no real time; the clock is told."""

    async def _sleep(endpoint: Any, seconds: float) -> None:
        waited(seconds)

    owners = [owner for name in ("AioEndpoint", "AnyioEndpoint") if (owner := getattr(module, name, None)) is not None]
    if not hasattr(owners[0], "_sleep"):
        patches.set(module, "asyncio", _InstantAsyncio(module.asyncio, waited))
        return
    for owner in owners:
        patches.set(owner, "_sleep", _sleep)


def install_aio_buckets(patches: Patches, module: Any) -> None:
    """Let adaptive clients try as often as they like: what they have used up would outlive the mock."""

    async def acquire(*args: Any, **kwargs: Any) -> bool:
        return True

    patches.set(module.AsyncTokenBucket, "acquire", acquire)


def install_aio_waiters(patches: Patches, module: Any) -> None:
    """Make waiters wait no real time."""
    patches.set(module, "asyncio", _InstantAsyncio(module.asyncio, lambda seconds: None))


def install_aio_sessions(patches: Patches, seen: Callable[[Any], None], module: Any) -> None:
    """Tell of sessions that look up their credentials now."""
    original = module.AioSession.get_credentials

    async def get_credentials(session: Any) -> Any:
        if session._credentials is None:
            seen(session)
        return await original(session)

    patches.set(module.AioSession, "get_credentials", get_credentials)
