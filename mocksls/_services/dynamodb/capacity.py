"""What reads and writes consume, and how answers tell it.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/capacity-mode.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.errors import AwsError
from mocksls._kernel.measures import Measure
from mocksls._services.dynamodb import throttling, vectors
from mocksls._services.dynamodb.ordering import Row
from mocksls._services.dynamodb.store import Index, Table, VectorIndex
from mocksls._services.dynamodb.writes import Change

_READ_BYTES = 4096
_WRITE_BYTES = 1024


def read_units(size: int, consistent: bool) -> float:
    """The read units of a read of some bytes."""
    units = max(1, -(-size // _READ_BYTES))
    return float(units) if consistent else units / 2


def write_units(size: int) -> float:
    """The write units of a write of an item of some bytes."""
    return float(max(1, -(-size // _WRITE_BYTES)))


class Usage:
    """What a call consumed of one table; ``transactional`` names the units that transactions tell besides."""

    __slots__ = ("indexes", "kind", "table", "transactional", "units", "vectors")

    def __init__(
        self, table: Table, units: float = 0.0, indexes: dict[str, float] | None = None, transactional: str = ""
    ) -> None:
        self.table = table
        self.units = units
        self.indexes: dict[str, float] = {} if indexes is None else indexes
        self.transactional = transactional
        self.kind: throttling.Kind = "Read"
        self.vectors: dict[str, float] = {}

    @property
    def total(self) -> float:
        """The sum over the table and its indexes."""
        return self.units + sum(self.indexes.values())

    def add_write(self, change: Change) -> None:
        """Count a change: the larger of the old and the new item, and every index that it touches."""
        self.kind = "Write"
        self.units += write_units(max(change.old_size, change.new_size))
        for index in self.table.indexes.values():
            units = _index_write_units(index, change)
            if units:
                self.indexes[index.name] = self.indexes.get(index.name, 0.0) + units
        for vector in self.table.vectors.values():
            self._add_vector_write(vector, change)

    def _add_vector_write(self, index: VectorIndex, change: Change) -> None:
        """Count what changes in a vector index, in bytes; the units do not contain it."""
        old, new = vectors.entry(index, change.old), vectors.entry(index, change.new)
        held = new if new is not None else old
        if held is not None and old != new:
            self.vectors[index.name] = self.vectors.get(index.name, 0.0) + vectors.entry_bytes(index, held)

    def spend(self, call: Call) -> None:
        """Take what was consumed, where throughput is enforced.

        Raises: ProvisionedThroughputExceededException, ThrottlingException; nothing is taken then.
        """
        if throttling.is_enforced(call):
            error = self.refusal(call)
            if error is not None:
                raise error
            self.take(call)
        self.measure(call)

    def measure(self, call: Call) -> None:
        """Count what was consumed among DynamoDB's metrics."""
        cloud, place = call.cloud, (call.account_id, call.region)
        for table, index, kind, units in self._spent():
            cloud.measures.add(_measure(table.name, index, kind), units, place, cloud.clock.time(), call)

    def refusal(self, call: Call) -> AwsError | None:
        """Why this cannot be consumed now; None where it can."""
        refusals = (throttling.refusal(spent, call) for spent in self._spent())
        return next((error for error in refusals if error is not None), None)

    def take(self, call: Call) -> None:
        """Take what was consumed."""
        for spent in self._spent():
            throttling.take(spent, call)

    def _spent(self) -> Sequence[throttling.Spent]:
        """Local indexes live on their table's throughput, global ones have their own."""
        table, units = self.table, self.units
        if not self.indexes:
            return (throttling.Spent(table, "", self.kind, units),) if units else ()
        own = [(name, used) for name, used in self.indexes.items() if table.indexes[name].is_global]
        units += sum(used for name, used in self.indexes.items() if not table.indexes[name].is_global)
        spent = [throttling.Spent(table, "", self.kind, units)] if units else []
        return spent + [throttling.Spent(table, name, self.kind, used) for name, used in own]

    def shown(self, level: str) -> dict[str, Any]:
        """The ConsumedCapacity of the API, in total or by index."""
        answer = {"TableName": self.table.name, **self._units(self.total)}
        if level == "INDEXES":
            answer["Table"] = self._units(self.units)
            for member, is_global in (("LocalSecondaryIndexes", False), ("GlobalSecondaryIndexes", True)):
                used = {
                    name: self._units(units)
                    for name, units in self.indexes.items()
                    if self.table.indexes[name].is_global == is_global
                }
                if used:
                    answer[member] = used
            if self.vectors:
                answer["VectorIndexes"] = {
                    name: {"VectorWriteRequestBytes": size} for name, size in self.vectors.items()
                }
        return answer

    def _units(self, units: float) -> dict[str, float]:
        return {"CapacityUnits": units, **({self.transactional: units} if self.transactional else {})}


@lru_cache(maxsize=1024)
def _measure(table_name: str, index_name: str, kind: throttling.Kind) -> Measure:
    of_index = (("GlobalSecondaryIndexName", index_name),) if index_name else ()
    dimensions = (*of_index, ("TableName", table_name))
    return Measure("AWS/DynamoDB", f"Consumed{kind}CapacityUnits", dimensions, "Count")


def usage_of(change: Change) -> Usage:
    """What one change consumes."""
    usage = Usage(change.table)
    usage.add_write(change)
    return usage


def _index_write_units(index: Index, change: Change) -> float:
    before = index.position(change.old, change.key) if change.old is not None else None
    after = index.position(change.new, change.key) if change.new is not None else None
    old = index.entry(Row(change.old, change.old_size, change.key)) if before and change.old is not None else None
    new = index.entry(Row(change.new, change.new_size, change.key)) if after and change.new is not None else None
    if old is not None and new is not None and before == after:
        return 0.0 if old.item == new.item else write_units(max(old.size, new.size))
    return sum(write_units(row.size) for row in (old, new) if row is not None)


def told(request: Mapping[str, Any], usage: Usage) -> dict[str, Any]:
    """``ConsumedCapacity`` for an answer about one table, where the request asks for it."""
    level = request.get("ReturnConsumedCapacity", "NONE")
    return {} if level == "NONE" else {"ConsumedCapacity": usage.shown(level)}


class Usages:
    """What a call consumed of several tables; ``transactional`` names the units that transactions tell besides."""

    def __init__(self, transactional: str = "") -> None:
        self._transactional = transactional
        self._usages: dict[str, Usage] = {}

    def of(self, table: Table) -> Usage:
        """The usage of one table, to be added to."""
        found = self._usages.get(table.name)
        if found is None:
            found = self._usages[table.name] = Usage(table, transactional=self._transactional)
        return found

    def spend(self, call: Call) -> None:
        """Take all of it, or none.

        Raises: ProvisionedThroughputExceededException, ThrottlingException.
        """
        if throttling.is_enforced(call):
            for usage in self._usages.values():
                error = usage.refusal(call)
                if error is not None:
                    raise error
            for usage in self._usages.values():
                usage.take(call)
        self.measure(call)

    def measure(self, call: Call) -> None:
        """Count all of it among DynamoDB's metrics."""
        for usage in self._usages.values():
            usage.measure(call)

    def told(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """``ConsumedCapacity`` with an entry for each table, where the request asks for it."""
        level = request.get("ReturnConsumedCapacity", "NONE")
        if level == "NONE":
            return {}
        return {"ConsumedCapacity": [usage.shown(level) for usage in self._usages.values()]}
