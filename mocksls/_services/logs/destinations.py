"""Destinations: names under which other accounts reach a stream of this one; and resource policies.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CrossAccountSubscriptions.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import errors
from .store import Destination, Store

_MOST_POLICIES = 10


class Destinations:
    """Operations on destinations and resource policies.

    Differs: nothing is sent to destinations, and resource policies are kept but not judged.
    """

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_destination(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a destination, or change it."""
        name = request["destinationName"]
        known = self._store.destinations.get(name)
        destination = self._store.destinations[name] = Destination(
            name=name,
            arn=make_arn("logs", call.region, call.account_id, f"destination:{name}"),
            target=request["targetArn"],
            role=request["roleArn"],
            created=known.created if known else int(self._cloud.clock.time() * 1000),
            policy=known.policy if known else None,
            tags=dict(request.get("tags", known.tags if known else {})),
        )
        return {"destination": _shown(destination)}

    def put_destination_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Say who may subscribe.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        destination = self._store.destinations.get(request["destinationName"])
        if destination is None:
            raise errors.no_destination()
        destination.policy = request["accessPolicy"]

    def describe_destinations(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Destinations by name."""
        prefix = request.get("DestinationNamePrefix", "")
        found = [each for name, each in sorted(self._store.destinations.items()) if name.startswith(prefix)]
        shown, token = page(
            found, request.get("limit", 50), request.get("nextToken"), lambda each: each.name, errors.bad_token
        )
        return {"destinations": [_shown(each) for each in shown], "nextToken": token}

    def delete_destination(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a destination.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        if self._store.destinations.pop(request["destinationName"], None) is None:
            raise errors.no_destination()

    def put_resource_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Let services write logs of this account, or change what they may.

        Raises:
            AwsError: LimitExceededException.
        """
        name = request.get("policyName") or ""
        if name not in self._store.policies and len(self._store.policies) >= _MOST_POLICIES:
            raise errors.limit_exceeded()
        policy = {
            "policyName": name,
            "policyDocument": request.get("policyDocument"),
            "lastUpdatedTime": int(self._cloud.clock.time() * 1000),
            "policyScope": "ACCOUNT",
        }
        self._store.policies[name] = policy
        return {"resourcePolicy": policy}

    def describe_resource_policies(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The account's resource policies, by name."""
        shown, token = page(
            [policy for _, policy in sorted(self._store.policies.items())],
            request.get("limit", 50),
            request.get("nextToken"),
            lambda policy: str(policy["policyName"]),
            errors.bad_token,
        )
        return {"resourcePolicies": shown, "nextToken": token}

    def delete_resource_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a resource policy.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        name = request.get("policyName") or ""
        if self._store.policies.pop(name, None) is None:
            raise errors.no_policy(name)


def _shown(destination: Destination) -> dict[str, Any]:
    return {
        "destinationName": destination.name,
        "targetArn": destination.target,
        "roleArn": destination.role,
        "accessPolicy": destination.policy,
        "arn": destination.arn,
        "creationTime": destination.created,
    }
