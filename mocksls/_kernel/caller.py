"""How services call each other: the same path as a user's call."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from .call import ROOT, Call, Origin, Principal

if TYPE_CHECKING:
    from .cloud import Cloud


class Caller:
    """Makes calls inside the cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def call(
        self,
        service: str,
        operation: str,
        params: Mapping[str, Any],
        *,
        cause: Call | None = None,
        principal: Principal | None = None,
        region: str | None = None,
        account_id: str | None = None,
        internal: bool = False,
    ) -> dict[str, Any]:
        """Make one call and wait for its answer.

        Args:
            service: botocore's name of the service.
            operation: AWS's name of the operation (``SendMessage``).
            params: the request's members.
            cause: the call on whose behalf this one is made.
            principal: who calls; without one the caller of ``cause``, else the test user.
            region: the region called; without one that of ``cause``, else us-east-1.
            account_id: the account called; without one the principal's.
            internal: AWS's own doing: no faults, no throttles, told one level down.

        Raises:
            AwsError: as the operation answers it.
        """
        by = principal or (cause.principal if cause else self._cloud.principals.test_user)
        origin = cause.child_origin() if cause else ROOT
        call = self._make(service, operation, by, region or (cause.region if cause else "us-east-1"))
        call.account_id = account_id or by.source_account or by.account_id
        call.origin = Origin(origin.parent, origin.lineage, from_handler=True)
        call.internal = internal
        return self._cloud.dispatch.handle(call, params, deepcopy)

    def as_test(
        self,
        service: str,
        operation: str,
        params: Mapping[str, Any],
        *,
        region: str,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Make one call as the test's own user would: what it causes is delivered before it returns.

        Raises:
            AwsError: as the operation answers it.
        """
        call = self._make(service, operation, self._cloud.principals.test_user, region)
        call.headers = headers or {}
        return self._cloud.dispatch.serve(call, params, deepcopy)

    def _make(self, service: str, operation: str, principal: Principal, region: str) -> Call:
        return Call(
            cloud=self._cloud,
            service=service,
            operation=operation,
            account_id=principal.account_id,
            region=region,
            request_id=self._cloud.ids.request_id(service),
            principal=principal,
        )
