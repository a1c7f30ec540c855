"""Point-in-time recovery: switched on and off, and tables restored as they were at a second.

While it is on, each write leaves what undoes it; a restore undoes the later ones.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._services.dynamodb import copies, errors
from mocksls._services.dynamodb.backups import backed_up_table, check_target
from mocksls._services.dynamodb.descriptions import restored_description
from mocksls._services.dynamodb.moments import moment
from mocksls._services.dynamodb.store import Recovery, Store, Table

_DAY_S = 24 * 3600
_DEFAULT_DAYS = 35


class ContinuousBackups:
    """The operations on point-in-time recovery."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def describe_continuous_backups(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Tell whether point-in-time recovery is on, and how far back it goes.

        Raises: TableNotFoundException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html
        """
        return {"ContinuousBackupsDescription": _description(backed_up_table(self._store, request["TableName"]), call)}

    def update_continuous_backups(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Switch point-in-time recovery on or off, or change how far back it goes.

        Raises: TableNotFoundException, ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContinuousBackups.html
        """
        table = backed_up_table(self._store, request["TableName"])
        specification = request["PointInTimeRecoverySpecification"]
        days = specification.get("RecoveryPeriodInDays")
        if not specification["PointInTimeRecoveryEnabled"]:
            if days is not None:
                raise errors.validation(
                    "RecoveryPeriodInDays can only be specified when PointInTimeRecoveryEnabled is set to true"
                )
            table.recovery = None
        elif table.recovery is None:
            table.recovery = Recovery(call.cloud.clock.time(), days or _DEFAULT_DAYS)
        else:
            table.recovery.days = days or _DEFAULT_DAYS
        return {"ContinuousBackupsDescription": _description(table, call)}

    def restore_table_to_point_in_time(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a table of what another one held at a second; settings are the source's present ones.

        Raises: TableNotFoundException, TableAlreadyExistsException, PointInTimeRecoveryUnavailableException,
            InvalidRestoreTimeException, ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html
        Differs: the latest restorable time is the present, not five minutes before it.
        """
        source = backed_up_table(self._store, _source_of(request))
        check_target(self._store, request["TargetTableName"])
        recovery = recovery_of(source, call)
        at = _requested_moment(request, recovery, call)
        table = copies.empty_copy(source, request["TargetTableName"], call)
        copies.override(table, request, call)
        copies.load(table, copies.items_at(source, recovery, at))
        table.restored = {"SourceTableArn": source.arn, "RestoreDateTime": moment(int(at))}
        self._store.tables[table.name] = table
        return {"TableDescription": restored_description(table, call.cloud.clock.time())}


def _source_of(request: Mapping[str, Any]) -> str:
    given = [request[member] for member in ("SourceTableArn", "SourceTableName") if member in request]
    if len(given) != 1:
        raise errors.validation("One and only one of SourceTableArn and SourceTableName must be specified")
    source: str = given[0]
    return source


def recovery_of(table: Table, call: Call) -> Recovery:
    """The recovery of a table, with what its window has left behind dropped.

    Raises: PointInTimeRecoveryUnavailableException.
    """
    recovery = table.recovery
    if recovery is None:
        raise errors.recovery_unavailable(table.name)
    earliest = earliest_moment(recovery, call)
    stale = 0
    while stale < len(recovery.undo) and recovery.undo[stale][0] < earliest:
        stale += 1
    del recovery.undo[:stale]
    return recovery


def earliest_moment(recovery: Recovery, call: Call) -> float:
    """How far back a table can be restored (epoch seconds)."""
    return max(recovery.since, call.cloud.clock.time() - recovery.days * _DAY_S)


def _requested_moment(request: Mapping[str, Any], recovery: Recovery, call: Call) -> float:
    """The moment to restore to: everything of its second is in.

    Raises: InvalidRestoreTimeException, ValidationException.
    """
    latest, wanted = request.get("UseLatestRestorableTime", False), request.get("RestoreDateTime")
    now = call.cloud.clock.time()
    if latest == (wanted is not None):
        raise errors.validation(
            "One and only one of UseLatestRestorableTime and RestoreDateTime must be specified in the request"
        )
    if wanted is None:
        return now
    second = int(wanted.timestamp())
    if not int(earliest_moment(recovery, call)) <= second <= now:
        raise errors.invalid_restore_time()
    return second + 1 - 1e-6


def _description(table: Table, call: Call) -> dict[str, Any]:
    recovery = table.recovery
    described: dict[str, Any] = {"PointInTimeRecoveryStatus": "DISABLED"}
    if recovery is not None:
        described = {
            "PointInTimeRecoveryStatus": "ENABLED",
            "RecoveryPeriodInDays": recovery.days,
            "EarliestRestorableDateTime": moment(int(earliest_moment(recovery, call))),
            "LatestRestorableDateTime": moment(int(call.cloud.clock.time())),
        }
    return {"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": described}
