"""What reads and writes consume, and how answers tell it.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/capacity-mode.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mocksls._services.dynamodb.ordering import Row
from mocksls._services.dynamodb.store import Index, Table
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


@dataclass(slots=True)
class Usage:
    """What a call consumed of one table."""

    table: Table
    units: float = 0.0
    indexes: dict[str, float] = field(default_factory=dict)
    transactional: str = ""

    @property
    def total(self) -> float:
        """The sum over the table and its indexes."""
        return self.units + sum(self.indexes.values())

    def add_write(self, change: Change) -> None:
        """Count a change: the larger of the old and the new item, and every index that it touches."""
        self.units += write_units(max(change.old_size, change.new_size))
        for index in self.table.indexes.values():
            units = _index_write_units(index, change)
            if units:
                self.indexes[index.name] = self.indexes.get(index.name, 0.0) + units

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
        return answer

    def _units(self, units: float) -> dict[str, float]:
        return {"CapacityUnits": units, **({self.transactional: units} if self.transactional else {})}


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


def told_of_all(request: Mapping[str, Any], usages: Iterable[Usage]) -> dict[str, Any]:
    """``ConsumedCapacity`` for an answer about several tables, where the request asks for it."""
    level = request.get("ReturnConsumedCapacity", "NONE")
    return {} if level == "NONE" else {"ConsumedCapacity": [usage.shown(level) for usage in usages]}
