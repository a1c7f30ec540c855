"""Aliases: names for versions, with a share of the calls for a second one where that is wanted.

https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import errors
from .names import LATEST, arn_of, find_function, function_named, parse_name
from .store import Alias, Function, Store


class Aliases:
    """Operations on aliases."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_alias(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Name a version.

        Raises:
            AwsError: ResourceNotFoundException, ResourceConflictException, InvalidParameterValueException.
        """
        named = parse_name(request["FunctionName"], call)
        function = function_named(self._store, named, call)
        if function is None:
            raise errors.no_function(f"{arn_of(named, call)}:{request['FunctionVersion']}")
        name, version = request["Name"], request["FunctionVersion"]
        weights = _weights(request)
        _check_routing(function, version, weights)
        arn = f"{function.arn}:{name}"
        if name in function.aliases:
            raise errors.alias_exists(arn)
        alias = Alias(name, arn, version, self._cloud.ids.uuid(), request.get("Description", ""), weights)
        function.aliases[name] = alias
        return _shown(alias)

    def get_alias(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """An alias.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        named = parse_name(request["FunctionName"], call)
        function = function_named(self._store, named, call)
        alias = function.aliases.get(request["Name"]) if function else None
        if alias is None:
            raise errors.no_alias(f"{arn_of(named, call)}:{request['Name']}")
        return _shown(alias)

    def list_aliases(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A function's aliases by name, on demand those of one version.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        function = find_function(self._store, request["FunctionName"], call)
        wanted = request.get("FunctionVersion")
        aliases = [
            alias
            for _, alias in sorted(function.aliases.items())
            if wanted is None or wanted in (alias.version, *alias.weights)
        ]
        shown, marker = page(
            aliases,
            request.get("MaxItems", 50),
            request.get("Marker"),
            lambda alias: alias.name,
            lambda: errors.invalid("Invalid Marker"),
        )
        return {"Aliases": [_shown(alias) for alias in shown], "NextMarker": marker}

    def update_alias(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Have an alias name another version, or share its calls.

        Raises:
            AwsError: ResourceNotFoundException, PreconditionFailedException, InvalidParameterValueException.
        """
        named = parse_name(request["FunctionName"], call)
        function = function_named(self._store, named, call)
        alias = function.aliases.get(request["Name"]) if function else None
        if function is None or alias is None:
            raise errors.no_alias_to_change(f"{arn_of(named, call)}:{request['Name']}")
        if request.get("RevisionId", alias.revision_id) != alias.revision_id:
            raise errors.revision_differs("GetFunction/GetAlias")
        version = request.get("FunctionVersion", alias.version)
        weights = _weights(request) if "RoutingConfig" in request else alias.weights
        _check_routing(function, version, weights)
        alias.version, alias.weights = version, weights
        alias.description = request.get("Description", alias.description)
        alias.revision_id = self._cloud.ids.uuid()
        return _shown(alias)

    def delete_alias(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete an alias, with what was configured for it; one that is not there is no error.

        Raises:
            AwsError: ResourceNotFoundException for an unknown function.
        """
        function = find_function(self._store, request["FunctionName"], call)
        name = request["Name"]
        for settings in (function.policies, function.event_invoke, function.urls, function.provisioned):
            settings.pop(name, None)
        function.aliases.pop(name, None)


def _weights(request: Mapping[str, Any]) -> dict[str, float]:
    return dict((request.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {})


def _check_routing(function: Function, version: str, weights: Mapping[str, float]) -> None:
    if len(weights) > 1:
        raise errors.invalid("Number of items in AdditionalVersionWeights cannot be greater than 1")
    for each in (version, *weights):
        if each != LATEST and each not in function.versions:
            raise errors.no_function(f"{function.arn}:{each}")
    if weights and version == LATEST:
        raise errors.invalid("$LATEST is not supported for an alias pointing to more than 1 version")
    if version in weights:
        raise errors.invalid(
            f"Invalid function version {version}. Function version {version} is already included in routing "
            "configuration."
        )


def _shown(alias: Alias) -> dict[str, Any]:
    return {
        "AliasArn": alias.arn,
        "Name": alias.name,
        "FunctionVersion": alias.version,
        "Description": alias.description,
        "RoutingConfig": {"AdditionalVersionWeights": dict(alias.weights)} if alias.weights else None,
        "RevisionId": alias.revision_id,
    }
