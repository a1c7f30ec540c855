"""Global endpoints: stored and shown; events are not replicated.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEndpoint.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import errors
from .store import Endpoint, Store

_MEMBERS = ("Description", "RoutingConfig", "ReplicationConfig", "EventBuses", "RoleArn")


class Endpoints:
    """Operations on global endpoints."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_endpoint(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a global endpoint over buses of the same name in two regions.

        Raises:
            AwsError: ResourceAlreadyExistsException, ValidationException.
        """
        name = request["Name"]
        if name in self._store.endpoints:
            raise errors.already_there(f"Endpoint {name} already exists.")
        names = {bus["EventBusArn"].rpartition("/")[2] for bus in request["EventBuses"]}
        if len(names) != 1:
            raise errors.invalid("The event buses of an endpoint must have the same name.")
        now, ids = self._cloud.clock.time(), self._cloud.ids
        arn = make_arn("events", call.region, call.account_id, f"endpoint/{name}")
        settings = {member: request[member] for member in _MEMBERS if member in request}
        settings.setdefault("ReplicationConfig", {"State": "ENABLED"})
        endpoint = self._store.endpoints[name] = Endpoint(
            name, arn, f"{ids.alnum(10)}.{ids.alnum(3)}", now, now, settings
        )
        hidden = ("Description", "EndpointId", "EndpointUrl", "CreationTime", "LastModifiedTime")
        return {k: v for k, v in _shown(endpoint).items() if k not in hidden}

    def describe_endpoint(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A global endpoint.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        return _shown(self._found(request))

    def list_endpoints(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The global endpoints by prefix.

        Raises:
            AwsError: ValidationException.
        """
        prefix = request.get("NamePrefix", "")
        found = [each for name, each in sorted(self._store.endpoints.items()) if name.startswith(prefix)]
        shown, token = page(
            found, request.get("MaxResults", 100), request.get("NextToken"), lambda each: each.name, errors.bad_token
        )
        return {"Endpoints": [_shown(endpoint) for endpoint in shown], "NextToken": token}

    def update_endpoint(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Change a global endpoint: what is given.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        endpoint = self._found(request)
        given = {member: request[member] for member in _MEMBERS if member in request}
        endpoint.settings = {**endpoint.settings, **given}
        endpoint.modified = self._cloud.clock.time()
        hidden = ("Description", "CreationTime", "LastModifiedTime")
        return {k: v for k, v in _shown(endpoint).items() if k not in hidden}

    def delete_endpoint(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a global endpoint.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        del self._store.endpoints[self._found(request).name]

    def _found(self, request: Mapping[str, Any]) -> Endpoint:
        endpoint = self._store.endpoints.get(request["Name"])
        if endpoint is None:
            raise errors.not_found(f"Endpoint '{request['Name']}' does not exist.")
        return endpoint


def _shown(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "Name": endpoint.name,
        "Arn": endpoint.arn,
        **endpoint.settings,
        "EndpointId": endpoint.endpoint_id,
        "EndpointUrl": f"https://{endpoint.endpoint_id}.endpoint.events.amazonaws.com",
        "State": "ACTIVE",
        "CreationTime": datetime.fromtimestamp(endpoint.created, timezone.utc),
        "LastModifiedTime": datetime.fromtimestamp(endpoint.modified, timezone.utc),
    }
