"""Signatures of HTTP requests, checked wherever the secret is known."""

from __future__ import annotations

from functools import cache

from mocksls._kernel import signatures
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.http import HttpRequest
from mocksls._kernel.own_keys import MOTO_KEY, MOTO_SECRET, OWN_KEY, OWN_SECRET
from mocksls._services import SCOPE

from .hosts import target_by_host, target_of

_KEPT = 10_000
_EARLY_S = 300
_SIGNED_AS = {
    "cloudwatch": ("monitoring",),
    "dynamodbstreams": ("dynamodb",),
    "apigatewayv2": ("apigateway",),
    "apigatewaymanagementapi": ("execute-api",),
    "s3": ("s3", "s3express", "s3-object-lambda"),
}
_GLOBAL = ("s3", "iam", "sts")


def _endpoint(request: HttpRequest) -> signatures.Endpoint | None:
    """What the host says of service and region; ``None`` for a host that is not known by its service's own name."""
    target = target_by_host(request.host)
    if target is None or target.region is None:
        target = target_of(HttpRequest("GET", request.url, [("host", request.host)]))
    if target is None or target.service not in SCOPE:
        return None
    return signatures.Endpoint(_names(target.service), None if target.service in _GLOBAL else target.region)


@cache
def _names(service: str) -> frozenset[str]:
    return frozenset(_SIGNED_AS.get(service, (service,)))


class Signatures:
    """Checks requests to one cloud.

    What this process signs carries the wall clock's time. When it signs, the cloud's offset is noted, so that a URL
    made "now" is fresh, and one made before the clock was moved has grown older by as much.
    """

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._offsets: dict[str, float] = {}

    def signing(self, lasts_s: int) -> None:
        """Something is about to be signed in this process."""
        offset = self._cloud.clock.offset
        if not offset and not self._offsets and not lasts_s:
            return
        now = self._cloud.clock.time() - (offset or 0.0)
        if len(self._offsets) > _KEPT:
            self._offsets.clear()
        for second in (int(now), int(now) + 1):
            self._offsets[signatures.stamp(second)] = offset or 0.0
            self._offsets[str(second + lasts_s)] = offset or 0.0

    def check(self, request: HttpRequest, *, of_client: bool = False) -> None:
        """Hold a request against its signature.

        A client's own call is of the present, whatever the test has made of ``time.time`` or ``datetime`` alone.

        Raises:
            AwsError: SignatureDoesNotMatch, AccessDenied (expired), AuthorizationQueryParametersError.
        """
        now = self._cloud.clock.time()
        signatures.check(request, self._secret, now, self.age, _endpoint(request), judged_by_time=not of_client)

    def age(self, date: str) -> float:
        """By how much the cloud was ahead when a date was written.

        Dates that nobody here signed are taken as the wall clock's, unless that puts them in the future: then they
        come of a handler, whose clock is the cloud's.
        """
        known = self._offsets.get(date)
        if known is not None:
            return known
        offset = self._cloud.clock.offset or 0.0
        made = signatures.moment(date)
        ahead = made is not None and made + offset > self._cloud.clock.time() + _EARLY_S
        return 0.0 if ahead else offset

    def _secret(self, key: str) -> str | None:
        credential = self._cloud.identities.credentials.get(key)
        if credential is not None:
            return credential.secret_access_key
        return {OWN_KEY: OWN_SECRET, MOTO_KEY: MOTO_SECRET}.get(key)
