"""Policies of tables and streams, with revisions.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/access-control-resource-based.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call
from mocksls._kernel.errors import AwsError
from mocksls._kernel.policy import policy_of
from mocksls._services.dynamodb import errors
from mocksls._services.dynamodb.store import ResourcePolicy, Store, Table

_MAX_BYTES = 20 * 1024
_NONE = "NO_POLICY"
_RESOURCE = re.compile(r"table/([a-zA-Z0-9_.-]+)(/stream/.+)?").fullmatch


class ResourcePolicies:
    """The operations on resource-based policies."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put_resource_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Attach a policy to a table or stream; the same one again keeps its revision.

        Raises: ResourceNotFoundException, PolicyNotFoundException, ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutResourcePolicy.html
        """
        arn, text = request["ResourceArn"], request["Policy"]
        table = self._table(arn, call)
        check_policy(text)
        known = table.policies.get(arn)
        _check_revision(table, known, request.get("ExpectedRevisionId"))
        if known is None or known.text != text:
            known = table.policies[arn] = new_policy(text, known, call)
        return {"RevisionId": known.revision}

    def get_resource_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Show the policy of a table or stream.

        Raises: ResourceNotFoundException, PolicyNotFoundException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetResourcePolicy.html
        """
        arn = request["ResourceArn"]
        known = self._table(arn, call).policies.get(arn)
        if known is None:
            raise policy_not_found(arn)
        return {"Policy": known.text, "RevisionId": known.revision}

    def delete_resource_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Take the policy of a table or stream away; that there is none is no error unless a revision is expected.

        Raises: ResourceNotFoundException, PolicyNotFoundException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteResourcePolicy.html
        """
        arn = request["ResourceArn"]
        table = self._table(arn, call)
        known = table.policies.get(arn)
        expected = request.get("ExpectedRevisionId")
        if expected is not None and known is None:
            raise policy_not_found(arn)
        _check_revision(table, known, expected)
        if known is None:
            return {}
        del table.policies[arn]
        return {"RevisionId": known.revision}

    def _table(self, text: str, call: Call) -> Table:
        arn = Arn.parse(text)
        match = _RESOURCE(arn.resource) if arn is not None and arn.service == "dynamodb" else None
        if arn is None or match is None:
            raise errors.validation(f"Invalid ResourceArn: {text}")
        table = self._store.tables.get(match.group(1))
        if table is None or (arn.account_id, arn.region) != (call.account_id, call.region):
            raise errors.table_not_found(match.group(1))
        if match.group(2) and call.cloud.streams.get(text) is None:
            raise errors.arn_not_found(text)
        return table


def check_policy(text: str) -> None:
    """Check that a text can be a policy.

    Raises: ValidationException.
    """
    if len(text.encode("utf-8", "surrogatepass")) > _MAX_BYTES:
        raise errors.validation("The policy size exceeds the maximum allowed size of 20 KB")
    try:
        policy_of(text)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise errors.validation("The policy document is malformed") from None


def new_policy(text: str, known: ResourcePolicy | None, call: Call) -> ResourcePolicy:
    """A policy with a revision of its own, later than the one before it."""
    revision = int(call.cloud.clock.time() * 1000)
    if known is not None:
        revision = max(revision, int(known.revision) + 1)
    return ResourcePolicy(text, str(revision))


def policy_not_found(detail: str) -> AwsError:
    """A policy that is not there, or has another revision."""
    return AwsError(
        "PolicyNotFoundException", f"Resource-based policy not found for the provided ResourceArn: {detail}"
    )


def _check_revision(table: Table, known: ResourcePolicy | None, expected: str | None) -> None:
    if expected is None or (expected == _NONE and known is None):
        return
    if known is None:
        raise policy_not_found(
            f"Requested update for policy with revision id {expected}, but no policy is associated to target table "
            f"{table.name}."
        )
    if expected == _NONE:
        raise policy_not_found(
            f"Requested policy update expecting none to be present for table {table.name}, but a policy exists with "
            f"revision id {known.revision}."
        )
    if expected != known.revision:
        raise policy_not_found(
            f"Requested update for policy with revision id {expected}, but the policy associated to target table "
            f"{table.name} has revision id {known.revision}."
        )
