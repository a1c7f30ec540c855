"""What UpdateTable may ask of a global table: replicas, witnesses, consistency, disassociation.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.errors import AwsError
from mocksls._services.dynamodb import errors
from mocksls._services.dynamodb.replica_groups import store_in
from mocksls._services.dynamodb.store import VERSION, Table

# The regions that can stand together in a global table of strong consistency.
_REGION_SETS = (
    frozenset(("us-east-1", "us-east-2", "us-west-2")),
    frozenset(("eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1")),
    frozenset(("ap-northeast-1", "ap-northeast-2", "ap-northeast-3")),
)
_STRONG_REGIONS = 3
_PROTECTION = "DisassociationProtectionEnabled"


def check_updates(table: Table, request: Mapping[str, Any], call: Call) -> None:
    """Check all that an UpdateTable request says of a global table, before anything is changed.

    Raises: ValidationException, ResourceInUseException.
    """
    updates = request.get("ReplicaUpdates", ())
    for update in (*updates, *request.get("GlobalTableWitnessUpdates", ())):
        if len(update) != 1:
            raise errors.invalid(
                "One of ReplicaUpdate.Create, ReplicaUpdate.Update, ReplicaUpdate.Delete must be specified and only one"
            )
    for update in updates:
        ((kind, action),) = update.items()
        if kind == "Disassociate":
            _check_disassociation(table, action["RegionName"], request, call)
        else:
            _check_replica(table, kind, action["RegionName"], call)
    _check_consistency(table, request, call)
    if _PROTECTION in request:
        _check_alone(request, _PROTECTION)
        _check_eventual(table)


def _check_replica(table: Table, kind: str, region: str, call: Call) -> None:
    if kind != "Create":
        if region not in table.replicas:
            raise errors.validation(
                f"Update global table operation failed because one or more replicas were not part of the global "
                f"table: {region}"
            )
    elif region == call.region or region in table.replicas or table.name in store_in(region, call).tables:
        raise errors.validation(
            "Failed to create a the new replica of table with name: "
            f"'{table.name}' because one or more replicas already existed as tables."
        )


# -- disassociation ---------------------------------------------------------------------------------------------------


def _check_disassociation(table: Table, region: str, request: Mapping[str, Any], call: Call) -> None:
    _check_alone(request, "ReplicaUpdates")
    if len(request["ReplicaUpdates"]) > 1:
        raise errors.invalid("A Disassociate action must be the only replica update in the request")
    if region != call.region:
        raise errors.invalid(f"The replica to disassociate must be in the Region of the request: {call.region}")
    _check_eventual(table)
    if table.global_settings.get(_PROTECTION, True):
        raise errors.validation(
            "Resource cannot be disassociated as it is currently protected against disassociation. "
            "Disable disassociation protection first."
        )


def _check_alone(request: Mapping[str, Any], member: str) -> None:
    if set(request) - {"TableName", member}:
        raise errors.invalid(f"{member} cannot be combined with any other change in the same request")


def _check_eventual(table: Table) -> None:
    settings = table.global_settings
    if settings.get("GlobalTableVersion") != VERSION or settings.get("MultiRegionConsistency") == "STRONG":
        raise errors.validation(
            f"Table {table.name} is not a replica of a global table of version {VERSION} with multi-Region eventual "
            "consistency"
        )


# -- strong consistency -----------------------------------------------------------------------------------------------


def _check_consistency(table: Table, request: Mapping[str, Any], call: Call) -> None:
    made, gone = _regions(request, "Create"), _regions(request, "Delete")
    if table.replicas:
        if "MultiRegionConsistency" in request:
            raise errors.invalid("MultiRegionConsistency can only be specified when a global table is created")
        if table.global_settings.get("MultiRegionConsistency") == "STRONG":
            _check_strong_change(table, made, gone)
        elif "GlobalTableWitnessUpdates" in request:
            raise _only_strong()
        return
    if "MultiRegionConsistency" in request and not request.get("ReplicaUpdates"):
        raise errors.invalid("MultiRegionConsistency can only be specified when a global table is created")
    if request.get("MultiRegionConsistency") == "STRONG":
        _check_strong_creation(table, [call.region, *made])
    elif "GlobalTableWitnessUpdates" in request:
        raise _only_strong()


def _check_strong_creation(table: Table, regions: Sequence[str]) -> None:
    if len(regions) != _STRONG_REGIONS or len(set(regions)) != _STRONG_REGIONS:
        raise errors.invalid(
            "A global table with multi-Region strong consistency needs exactly three Regions: three replicas, or two "
            "replicas and a witness"
        )
    if not any(together >= set(regions) for together in _REGION_SETS):
        raise errors.invalid(f"Regions cannot stand together with strong consistency: [{', '.join(sorted(regions))}]")
    if table.rows:
        raise errors.validation(f"Table {table.name} must be empty to become a global table of strong consistency")
    if table.ttl_attribute is not None or any(not index.is_global for index in table.indexes.values()):
        raise errors.validation(
            "Time to Live and local secondary indexes are not supported with multi-Region strong consistency"
        )


def _check_strong_change(table: Table, made: Sequence[str], gone: Sequence[str]) -> None:
    witnesses = {one["RegionName"] for one in table.global_settings.get("GlobalTableWitnesses", ())}
    if made or (gone and set(gone) != witnesses | set(table.replicas)):
        raise errors.validation(
            "A global table with multi-Region strong consistency takes no other Regions, and all its other Regions "
            "must be deleted together"
        )


def _only_strong() -> AwsError:
    return errors.invalid("Witnesses are part of global tables with multi-Region strong consistency only")


def _regions(request: Mapping[str, Any], kind: str) -> list[str]:
    updates = (*request.get("ReplicaUpdates", ()), *request.get("GlobalTableWitnessUpdates", ()))
    return [update[kind]["RegionName"] for update in updates if kind in update]
