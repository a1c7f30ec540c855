"""API destinations: HTTP endpoints that rules send events to.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateApiDestination.html
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
from .store import ApiDestination, Store

_MEMBERS = ("Description", "ConnectionArn", "InvocationEndpoint", "HttpMethod", "InvocationRateLimitPerSecond")
_DEFAULT_RATE = 300


class ApiDestinations:
    """Operations on API destinations."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_api_destination(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make an API destination over a connection.

        Raises:
            AwsError: ResourceAlreadyExistsException, ResourceNotFoundException.
        """
        name = request["Name"]
        if name in self._store.destinations:
            raise errors.already_there(f"An api-destination '{name}' already exists.")
        self._check_connection(request["ConnectionArn"])
        now, path = self._cloud.clock.time(), f"api-destination/{name}/{self._cloud.ids.uuid()}"
        settings = {member: request[member] for member in _MEMBERS if member in request}
        settings.setdefault("InvocationRateLimitPerSecond", _DEFAULT_RATE)
        arn = make_arn("events", call.region, call.account_id, path)
        destination = self._store.destinations[name] = ApiDestination(name, arn, now, now, settings)
        return self._answer(destination)

    def describe_api_destination(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """An API destination.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        return self._shown(self._found(request))

    def list_api_destinations(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The API destinations by prefix and connection.

        Raises:
            AwsError: ValidationException.
        """
        prefix, connection = request.get("NamePrefix", ""), request.get("ConnectionArn")
        found = [
            each
            for name, each in sorted(self._store.destinations.items())
            if name.startswith(prefix) and connection in (None, each.settings["ConnectionArn"])
        ]
        shown, token = page(
            found, request.get("Limit", 100), request.get("NextToken"), lambda each: each.name, errors.bad_token
        )
        listed = [{k: v for k, v in self._shown(each).items() if k != "Description"} for each in shown]
        return {"ApiDestinations": listed, "NextToken": token}

    def update_api_destination(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Change an API destination: what is given.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        destination = self._found(request)
        if "ConnectionArn" in request:
            self._check_connection(request["ConnectionArn"])
        given = {member: request[member] for member in _MEMBERS if member in request}
        destination.settings = {**destination.settings, **given}
        destination.modified = self._cloud.clock.time()
        return self._answer(destination)

    def delete_api_destination(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete an API destination.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        del self._store.destinations[self._found(request).name]

    def _found(self, request: Mapping[str, Any]) -> ApiDestination:
        destination = self._store.destinations.get(request["Name"])
        if destination is None:
            raise errors.not_found(f"An api-destination '{request['Name']}' does not exist.")
        return destination

    def _check_connection(self, arn: str) -> None:
        if all(each.arn != arn for each in self._store.connections.values()):
            raise errors.not_found(f"Connection '{arn}' does not exist.")

    def _state(self, destination: ApiDestination) -> str:
        """Active while its connection is authorised."""
        arn = destination.settings["ConnectionArn"]
        usable = any(each.arn == arn and each.state == "AUTHORIZED" for each in self._store.connections.values())
        return "ACTIVE" if usable else "INACTIVE"

    def _answer(self, destination: ApiDestination) -> dict[str, Any]:
        return {
            "ApiDestinationArn": destination.arn,
            "ApiDestinationState": self._state(destination),
            "CreationTime": datetime.fromtimestamp(destination.created, timezone.utc),
            "LastModifiedTime": datetime.fromtimestamp(destination.modified, timezone.utc),
        }

    def _shown(self, destination: ApiDestination) -> dict[str, Any]:
        return {"Name": destination.name, **destination.settings, **self._answer(destination)}
