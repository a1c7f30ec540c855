"""From a call as it arrives (typed, or an HTTP request) to the dispatch, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from mocksls._kernel.call import ROOT, Call, Origin, Principal
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError, UnmockedServiceError
from mocksls._kernel.http import HttpRequest, HttpResponse
from mocksls._kernel.principals import Keys, Style
from mocksls._protocol import ServiceProtocol, decode_body, service_protocol, to_path_style
from mocksls._seams.calls import Finish, SeamAnswer, SeamCall
from mocksls._seams.hosts import is_aws
from mocksls._seams.moto_beside import answer_by_moto
from mocksls._services import is_mocked, unmocked

from .credentials import shown_keys
from .hosts import Plane, Target, bucket_in_host, callback_path, services_at, target_of
from .planes import beside_the_api, plane_for, serve
from .s3_rules import check_s3_request
from .signatures import Signatures


class Transport:
    """Takes calls to one cloud.

    It is the ``send`` of the test process's seams; calls from handlers come in through ``call`` and ``http`` with an
    origin of their own.
    """

    def __init__(self, cloud: Cloud, passthrough: tuple[str, ...] = ()) -> None:
        self.cloud: Cloud = cloud
        self._inline = cloud.options.executor == "inline"
        self._left_services = frozenset(name for name in passthrough if "://" not in name)
        self._signatures = Signatures(cloud)
        self._endpoints: dict[tuple[str, int | None], str] = {}
        self._left_urls = tuple(name for name in passthrough if "://" in name)
        self._left_hosts = frozenset(urlsplit(url).hostname for url in self._left_urls)

    def serve_cloud(self, cloud: Cloud) -> None:
        """Go on with another cloud."""
        self.cloud = cloud
        self._signatures = Signatures(cloud)

    def owns(self, service: str, url: str) -> bool:
        """Whether calls to a service at an endpoint are answered by the cloud.

        Without a service it tells whether the URL is left alone (so that it is not refused).
        """
        left = bool(self._left_urls) and url.startswith(self._left_urls)
        if not service:
            return left
        owned = not left and service not in self._left_services and is_mocked(service)
        if owned and ".amazonaws.com" not in url:
            self._remember(service, url)
        return owned

    def _remember(self, service: str, url: str) -> None:
        """Keep the endpoint of a client that names its own: URLs presigned with it point there."""
        parts = urlsplit(url)
        default = 443 if parts.scheme == "https" else 80
        self._endpoints[(parts.hostname or "", parts.port or default)] = service

    def claims(self, host: str, port: int | None) -> bool:
        """Whether plain HTTP requests to a host are answered by the cloud."""
        if host in self._left_hosts:
            return False
        if (host, port) in self._endpoints or host in self.cloud.domains:
            return True
        return self.refuses(host)

    def refuses(self, host: str) -> bool:
        """Whether a host must not be reached while the mock is active."""
        if not is_aws(host) or host in self._left_hosts:
            return False
        return not (self._left_services and services_at(host) & self._left_services)

    def signing(self, lasts_s: int) -> None:
        """A client of this process is about to sign something."""
        self._signatures.signing(lasts_s)

    def unowned(self, service: str) -> UnmockedServiceError:
        """What a call to a service that is not answered here raises."""
        return unmocked(service)

    # -- typed calls ---------------------------------------------------------------------------------------------

    def call(self, call: SeamCall, finish: Finish, origin: Origin | None = None) -> SeamAnswer:
        """Answer a typed call; ``finish`` runs under the lock on what the operation returned."""
        cloud = self.cloud
        protocol = service_protocol(call.service)
        request_id = cloud.ids.request_id(call.service)
        try:
            keys = None if call.keys is None else Keys(*call.keys)
            came_from = origin or self._origin()
            principal = self._acting(cloud.principals.identify(keys, _style(protocol)), came_from)
            served = Call(
                cloud=cloud,
                service=call.service,
                operation=call.operation,
                account_id=principal.account_id or cloud.options.account_id,
                region=call.region,
                request_id=request_id,
                principal=principal,
                origin=came_from,
                headers=call.headers,
                url=call.url,
                read_timeout=call.read_timeout,
            )

            def finished(output: dict[str, Any]) -> SeamAnswer:
                status, headers = protocol.metadata(
                    call.operation,
                    output,
                    request_id=request_id,
                    status=served.response.status,
                    headers=served.response.headers,
                    date=cloud.clock.now(),
                )
                return SeamAnswer(status, headers, request_id, finish(output))

            return cloud.dispatch.serve(served, call.params, finished)
        except AwsError as error:
            answer = protocol.error(call.operation, error, request_id=request_id, date=cloud.clock.now())
            return SeamAnswer(answer.status, {}, request_id, error=answer)

    def _acting(self, principal: Principal, origin: Origin) -> Principal:
        """The caller: a handler that runs inline acts as its role, though its client may hold the test's keys."""
        if self._inline and origin.acting and principal is self.cloud.principals.test_user:
            return origin.acting
        return principal

    def _origin(self) -> Origin:
        """Where a call of the test's process comes from: the test itself, or a handler that runs inline."""
        if not self._inline:
            return ROOT
        from mocksls._sandbox import inline_token

        token = inline_token()
        return token if isinstance(token, Origin) else ROOT

    # -- HTTP requests -------------------------------------------------------------------------------------------

    def http(
        self,
        request: HttpRequest,
        service: str | None = None,
        region: str | None = None,
        origin: Origin | None = None,
        read_timeout: float | None = None,
    ) -> HttpResponse:
        """Answer an HTTP request: a call of a service's API, or plain HTTP at one of its own hosts.

        Service and region are given where a client's call is known to be under way; ``read_timeout`` is how long the
        client waits for the answer, in seconds.

        Raises:
            UnmockedServiceError: the host belongs to a service that is not mocked.
            TransportFault: an injected one.
        """
        came_from = origin or self._origin()
        if service is None:
            if not self._answers(request):
                return self._beside(request)
            plane = plane_for(self.cloud, request) or self._beside_the_api(request)
            if plane is not None and callback_path(request.host, request.path) is None:
                return serve(
                    self.cloud,
                    request,
                    *plane,
                    signer=self._signer,
                    age_of=self._signatures.age,
                    origin=came_from,
                    wait_s=read_timeout,
                )
        target = self._addressed(request, service, region)
        return self._api(request, target, came_from, read_timeout, of_client=service is not None)

    def _beside_the_api(self, request: HttpRequest) -> tuple[Plane, str] | None:
        target = target_of(request)
        return beside_the_api(request, self._service_at(request), target.region if target else None)

    def answers(self, url: str) -> bool:
        """Whether a URL belongs to a service that is mocked here."""
        return self._answers(HttpRequest("GET", url))

    def _answers(self, request: HttpRequest) -> bool:
        if (plane := plane_for(self.cloud, request)) and callback_path(request.host, request.path) is None:
            return any(map(is_mocked, plane[0].owners))
        return is_mocked(self._service_at(request))

    def _service_at(self, request: HttpRequest) -> str:
        """The service that an API request is addressed to; the host's name where none is known."""
        if callback_path(request.host, request.path) is not None:
            return "apigatewaymanagementapi"
        target = target_of(request)
        return target.service if target else self._endpoint_service(request)

    def _beside(self, request: HttpRequest) -> HttpResponse:
        """The answer of a moto that is active beside us, for services that are not mocked here."""
        answer = answer_by_moto(request)
        if answer is None:
            raise unmocked(request.host)
        return answer

    def _addressed(self, request: HttpRequest, service: str | None, region: str | None) -> Target:
        """The service and region that an API request is for."""
        if service and region:
            return Target(service, region)
        target = target_of(request)
        return Target(
            service or self._service_at(request), region or (target.region if target else None) or "us-east-1"
        )

    def _api(
        self, request: HttpRequest, target: Target, origin: Origin, read_timeout: float | None, *, of_client: bool
    ) -> HttpResponse:
        protocol = service_protocol(target.service)
        request_id = self.cloud.ids.request_id(target.service)
        operation: str | None = None
        wire: str | None = None
        try:
            if target.service == "s3":
                check_s3_request(request)
            self._signatures.check(request, of_client=of_client)
            request = decode_body(request)
            match = protocol.match(_as_modelled(request, target.service))
            operation, wire = match.operation, match.protocol
            params = protocol.parse(match, request)
            identified = self.cloud.principals.identify(shown_keys(request), _style(protocol, wire))
            principal = self._acting(identified, origin)
            call = self._http_call(request, target, operation, principal, request_id, origin)
            call.read_timeout = read_timeout
            return self._answer(protocol, wire, call, params)
        except AwsError as error:
            return protocol.error(
                operation,
                error,
                request_id=request_id,
                protocol=wire or protocol.protocol_of(request),
                date=self.cloud.clock.now(),
            )

    def _signer(self, request: HttpRequest) -> Principal:
        """Who signed a request; the anonymous caller where nobody did."""
        self._signatures.check(request)
        return self.cloud.principals.identify(shown_keys(request), "json")

    def _endpoint_service(self, request: HttpRequest) -> str:
        parts = urlsplit(request.url)
        default = 443 if parts.scheme == "https" else 80
        return self._endpoints.get((parts.hostname or "", parts.port or default), request.host)

    def _http_call(
        self,
        request: HttpRequest,
        target: Target,
        operation: str,
        principal: Principal,
        request_id: str,
        origin: Origin,
    ) -> Call:
        return Call(
            cloud=self.cloud,
            service=target.service,
            operation=operation,
            account_id=principal.account_id or self.cloud.options.account_id,
            region=target.region or "us-east-1",
            request_id=request_id,
            principal=principal,
            origin=origin,
            headers={name.lower(): value for name, value in request.headers},
            host=request.host,
            url=request.url,
        )

    def _answer(self, protocol: ServiceProtocol, wire: str, call: Call, params: Mapping[str, Any]) -> HttpResponse:
        def finished(output: dict[str, Any]) -> HttpResponse:
            return protocol.answer(
                call.operation,
                output,
                request_id=call.request_id,
                protocol=wire,
                status=call.response.status,
                headers=call.response.headers,
                date=self.cloud.clock.now(),
            )

        return self.cloud.dispatch.serve(call, params, finished)


def _as_modelled(request: HttpRequest, service: str) -> HttpRequest:
    """The request with the path that the service's model knows."""
    bucket = bucket_in_host(request.host) if service == "s3" else None
    if bucket:
        return to_path_style(request, bucket)
    path = callback_path(request.host, request.path) if service == "apigatewaymanagementapi" else None
    if path is None:
        return request
    return HttpRequest(
        request.method, urlsplit(request.url)._replace(path=path).geturl(), request.headers, request.body
    )


def _style(protocol: ServiceProtocol, wire: str | None = None) -> Style:
    name = wire or protocol.default_protocol
    if name == "rest-xml":
        return "s3"
    if name == "rest-json":
        return "rest-json"
    return "query" if name == "query" else "json"


def validate(call: Call, request: Mapping[str, Any]) -> None:
    """The stage that holds a request against the model's constraints; calls of services are trusted."""
    if not call.internal:
        service_protocol(call.service).validate(call.operation, request)
