"""Configuration of asynchronous invocations.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import errors
from .names import LATEST, FunctionName, arn_of, function_named, parse_name, target_of
from .store import EventInvokeConfig, Function, Store

_SETTINGS = ("MaximumRetryAttempts", "MaximumEventAgeInSeconds")
_TARGETS = ("sqs", "sns", "lambda", "events", "s3")


class EventInvokeConfigs:
    """Operations on the configuration of asynchronous invocations."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_function_event_invoke_config(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Configure anew: what is not given has AWS's defaults again.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterValueException.
        """
        named, function = self._existing(request, call)
        config = EventInvokeConfig(self._cloud.clock.time())
        self._change(config, function, request, call)
        function.event_invoke[named.qualifier or LATEST] = config
        return _shown(function, named.qualifier or LATEST, config)

    def update_function_event_invoke_config(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Change what is given, and leave the rest.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterValueException.
        """
        named, function = self._existing(request, call)
        old = self._config(named, call)
        config = EventInvokeConfig(self._cloud.clock.time(), dict(old.settings), dict(old.destinations))
        self._change(config, function, request, call)
        function.event_invoke[named.qualifier or LATEST] = config
        return _shown(function, named.qualifier or LATEST, config)

    def get_function_event_invoke_config(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The configuration of a function, version or alias.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        named = parse_name(request["FunctionName"], call, request.get("Qualifier"))
        config = self._config(named, call)
        function = function_named(self._store, named, call)
        assert function is not None
        return _shown(function, named.qualifier or LATEST, config)

    def delete_function_event_invoke_config(self, request: Mapping[str, Any], call: Call) -> None:
        """Go back to AWS's defaults.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        named = parse_name(request["FunctionName"], call, request.get("Qualifier"))
        self._config(named, call)
        function = function_named(self._store, named, call)
        assert function is not None
        del function.event_invoke[named.qualifier or LATEST]

    def list_function_event_invoke_configs(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """All configurations of a function.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        function = function_named(self._store, parse_name(request["FunctionName"], call), call)
        if function is None:
            raise errors.function_is_missing()
        shown, marker = page(
            sorted(function.event_invoke.items()),
            request.get("MaxItems", 50),
            request.get("Marker"),
            lambda item: item[0],
            lambda: errors.invalid("Invalid Marker"),
        )
        configs = [_shown(function, name, config) for name, config in shown]
        return {"FunctionEventInvokeConfigs": configs, "NextMarker": marker}

    def _existing(self, request: Mapping[str, Any], call: Call) -> tuple[FunctionName, Function]:
        named = parse_name(request["FunctionName"], call, request.get("Qualifier"))
        if not any(name in request for name in (*_SETTINGS, "DestinationConfig")):
            raise errors.invalid("You must specify at least one of error handling or destination setting.")
        function = function_named(self._store, named, call)
        if function is None or target_of(function, named.qualifier) is None:
            raise errors.function_is_missing()
        return named, function

    def _config(self, named: FunctionName, call: Call) -> EventInvokeConfig:
        function = function_named(self._store, named, call)
        config = function.event_invoke.get(named.qualifier or LATEST) if function else None
        if config is None:
            raise errors.no_event_invoke_config(f"{arn_of(named, call)}:{named.qualifier or LATEST}")
        return config

    def _change(self, config: EventInvokeConfig, function: Function, request: Mapping[str, Any], call: Call) -> None:
        config.settings.update({name: request[name] for name in _SETTINGS if name in request})
        given = request.get("DestinationConfig")
        if given is None:
            return
        destinations = {
            name: given[name]["Destination"]
            for name in ("OnSuccess", "OnFailure")
            if (given.get(name) or {}).get("Destination")
        }
        for destination in destinations.values():
            self._check_destination(destination, given, function, call)
        config.destinations = destinations

    def _check_destination(self, destination: str, given: Mapping[str, Any], function: Function, call: Call) -> None:
        arn = Arn.parse(destination)
        if arn is None or arn.service not in _TARGETS:
            raise errors.invalid(f"The provided destination config {_printed(given)} is invalid.")
        if arn.service != "lambda":
            return
        named = parse_name(destination, call)
        if arn_of(named, call) == function.arn:
            raise errors.invalid("You can't specify the function as a destination for itself.")
        target = function_named(self._store, named, call)
        if target is None or target_of(target, named.qualifier) is None:
            raise errors.invalid(f"The destination ARN {destination} is invalid.")


def _printed(given: Mapping[str, Any]) -> str:
    """A configuration as AWS prints it in its error."""
    parts = []
    for member, name, kind in (("OnSuccess", "onSuccess", "OnSuccess"), ("OnFailure", "onFailure", "OnFailure")):
        value = (given.get(member) or {}).get("Destination")
        parts.append(f"{name}={kind}(destination={value})" if value else f"{name}=null")
    return f"DestinationConfig({', '.join(parts)})"


def _shown(function: Function, qualifier: str, config: EventInvokeConfig) -> dict[str, Any]:
    return {
        "LastModified": datetime.fromtimestamp(config.modified, timezone.utc),
        "FunctionArn": f"{function.arn}:{qualifier}",
        **config.settings,
        "DestinationConfig": {
            name: {"Destination": config.destinations[name]} if name in config.destinations else {}
            for name in ("OnSuccess", "OnFailure")
        },
    }
