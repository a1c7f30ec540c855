"""Concurrency: reserved, provisioned, and what the account has.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.paging import page
from mocksls._kernel.service import Task

from . import configuration, errors
from .environments import environments
from .names import LATEST, Target, arn_of, find_unqualified, function_named, parse_name, target_of
from .store import Function, Provisioned, Store

ACCOUNT_LIMIT = 1000
_LEFT_UNRESERVED = 100
_TOTAL_CODE_BYTES = 80_530_636_800


class Concurrency:
    """Operations on reserved and provisioned concurrency, and on the account's settings."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_function_concurrency(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Reserve concurrency: so many environments at once, and no more.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterValueException.
        """
        function = find_unqualified(self._store, request["FunctionName"], call, told=f":{LATEST}")
        wanted = request["ReservedConcurrentExecutions"]
        others = sum(each.reserved or 0 for each in self._store.functions.values() if each is not function)
        if ACCOUNT_LIMIT - others - wanted < _LEFT_UNRESERVED:
            raise errors.invalid(
                "Specified ReservedConcurrentExecutions for function decreases account's "
                f"UnreservedConcurrentExecution below its minimum value of [{_LEFT_UNRESERVED}]."
            )
        provisioned = sum(each.requested for each in function.provisioned.values())
        if wanted < provisioned:
            raise errors.invalid(
                f" ReservedConcurrentExecutions  {wanted} should not be lower than function's total provisioned "
                f"concurrency [{provisioned}]."
            )
        function.reserved = wanted
        return {"ReservedConcurrentExecutions": wanted}

    def get_function_concurrency(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The reserved concurrency.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        return {"ReservedConcurrentExecutions": find_unqualified(self._store, request["FunctionName"], call).reserved}

    def delete_function_concurrency(self, request: Mapping[str, Any], call: Call) -> None:
        """Take the reservation back.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        find_unqualified(self._store, request["FunctionName"], call).reserved = None

    def put_provisioned_concurrency_config(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Have environments of a version or alias initialised ahead.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterValueException, ResourceConflictException.
        """
        if request["Qualifier"] == LATEST:
            raise errors.invalid("Provisioned Concurrency Configs cannot be applied to unpublished function versions.")
        target = self._target(request, call)
        function, wanted = target.function, request["ProvisionedConcurrentExecutions"]
        self._check_conflicts(target)
        self._check_room(function, target, wanted)
        made = Provisioned(wanted, configuration.stamp(call))
        function.provisioned[str(target.qualifier)] = made
        work = {"function": function.name, "qualifier": target.qualifier}
        self._cloud.router.send(Task("lambda", "provision", function.account_id, function.region, work), call)
        return _shown(made)

    def _check_conflicts(self, target: Target) -> None:
        function, number = target.function, target.version.version
        if target.alias is not None and number in function.provisioned:
            raise errors.conflict(
                "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version"
            )
        named = [alias.name for alias in function.aliases.values() if alias.version == number]
        if target.alias is None and any(name in function.provisioned for name in named):
            raise errors.conflict("Version is pointed by a Provisioned Concurrency alias")

    def _check_room(self, function: Function, target: Target, wanted: int) -> None:
        if function.reserved is not None:
            others = sum(each.requested for name, each in function.provisioned.items() if name != target.qualifier)
            if wanted + others > function.reserved:
                raise errors.invalid(
                    "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution "
                    "for function"
                )
            return
        free = ACCOUNT_LIMIT - sum(each.reserved or 0 for each in self._store.functions.values())
        if wanted > free:
            raise errors.invalid(
                "Specified ConcurrentExecutions for function is greater than account's unreserved concurrency "
                f"[{free}]."
            )
        if free - wanted < _LEFT_UNRESERVED:
            raise errors.invalid(
                "Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below "
                f"its minimum value of [{_LEFT_UNRESERVED}]."
            )

    def get_provisioned_concurrency_config(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The provisioned concurrency of a version or alias.

        Raises:
            AwsError: ResourceNotFoundException, ProvisionedConcurrencyConfigNotFoundException.
        """
        target = self._published(request, call)
        found = target.function.provisioned.get(str(target.qualifier))
        if found is None:
            raise errors.no_provisioned()
        return _shown(found)

    def list_provisioned_concurrency_configs(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The provisioned concurrency of all versions and aliases of a function.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        function = find_unqualified(self._store, request["FunctionName"], call)
        shown, marker = page(
            sorted(function.provisioned.items()),
            request.get("MaxItems", 50),
            request.get("Marker"),
            lambda item: item[0],
            lambda: errors.invalid("Invalid Marker"),
        )
        configs = [{"FunctionArn": f"{function.arn}:{name}", **_shown(each)} for name, each in shown]
        return {"ProvisionedConcurrencyConfigs": configs, "NextMarker": marker}

    def delete_provisioned_concurrency_config(self, request: Mapping[str, Any], call: Call) -> None:
        """Take provisioned concurrency back; none there is no error.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterValueException.
        """
        target = self._published(request, call)
        if target.function.provisioned.pop(str(target.qualifier), None) is not None:
            environments(self._cloud).retire(target.version.qualified_arn)

    def get_account_settings(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """What the account may use, and what it does."""
        functions = self._store.functions.values()
        versions = [version for each in functions for version in (each, *each.versions.values())]
        layers = [version for layer in self._store.layers.values() for version in layer.versions.values()]
        reserved = sum(each.reserved or 0 for each in functions)
        return {
            "AccountLimit": {
                "TotalCodeSize": _TOTAL_CODE_BYTES,
                "CodeSizeUnzipped": 262_144_000,
                "CodeSizeZipped": 52_428_800,
                "ConcurrentExecutions": ACCOUNT_LIMIT,
                "UnreservedConcurrentExecutions": ACCOUNT_LIMIT - reserved,
            },
            "AccountUsage": {
                "TotalCodeSize": sum(each.code.size for each in versions) + sum(each.code.size for each in layers),
                "FunctionCount": len(functions),
            },
        }

    def _published(self, request: Mapping[str, Any], call: Call) -> Target:
        if request["Qualifier"] == LATEST:
            raise errors.invalid("The function resource provided must be an alias or a published version.")
        return self._target(request, call)

    def _target(self, request: Mapping[str, Any], call: Call) -> Target:
        named = parse_name(request["FunctionName"], call, request["Qualifier"])
        function = function_named(self._store, named, call)
        target = target_of(function, named.qualifier) if function else None
        if target is None:
            arn = f"{arn_of(named, call)}:{named.qualifier}"
            raise errors.no_function(arn) if str(named.qualifier).isdigit() else errors.no_alias(arn)
        return target


class Provisioning:
    """The task that initialises provisioned environments."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def provision(self, payload: dict[str, Any], call: Call) -> None:
        """Initialise the environments that were asked for; a failing initialisation ends it."""
        function = self._store.functions.get(payload["function"])
        target = target_of(function, payload["qualifier"]) if function else None
        config = function.provisioned.get(payload["qualifier"]) if function else None
        if target is None or config is None:
            return
        pool = environments(self._cloud)
        try:
            ready = pool.provision(target.version, config.requested, call)
        except AwsError as error:
            self._cloud.note("note", "lambda", target.version.name, error.message, parent=call.trace_id)
            ready = False
        if ready:
            config.status = "READY"
        else:
            config.status, config.reason = "FAILED", "FUNCTION_ERROR_INIT_FAILURE"


def _shown(config: Provisioned) -> dict[str, Any]:
    ready = config.requested if config.status == "READY" else 0
    return {
        "RequestedProvisionedConcurrentExecutions": config.requested,
        "AvailableProvisionedConcurrentExecutions": ready,
        "AllocatedProvisionedConcurrentExecutions": ready,
        "Status": config.status,
        "StatusReason": config.reason,
        "LastModified": config.modified,
    }
