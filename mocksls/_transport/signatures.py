"""Signatures of HTTP requests, checked wherever the secret is known."""

from __future__ import annotations

from mocksls._kernel import signatures
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.http import HttpRequest
from mocksls._kernel.own_keys import MOTO_KEY, MOTO_SECRET, OWN_KEY, OWN_SECRET

_KEPT = 10_000


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

    def check(self, request: HttpRequest) -> None:
        """Hold a request against its signature.

        Raises:
            AwsError: SignatureDoesNotMatch, AccessDenied (expired), AuthorizationQueryParametersError.
        """
        signatures.check(request, self._secret, self._cloud.clock.time(), self._age)

    def _age(self, date: str) -> float:
        return self._offsets.get(date, self._cloud.clock.offset or 0.0)

    def _secret(self, key: str) -> str | None:
        credential = self._cloud.identities.credentials.get(key)
        if credential is not None:
            return credential.secret_access_key
        return {OWN_KEY: OWN_SECRET, MOTO_KEY: MOTO_SECRET}.get(key)
