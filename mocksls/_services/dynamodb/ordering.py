"""Rows in DynamoDB's order: grouped by hash key, groups by the hash's place, within a group by the sort key."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import md5
from typing import Any

from mocksls._services.dynamodb.values import Item

Parts = tuple[Any, ...]
"""Key contents as Python orders them as DynamoDB does (``values.sortable``)."""
_Place = tuple[int, Parts]
PLACES = 2**32


@dataclass(slots=True, eq=False)
class Row:
    """An item where it is kept. ``item`` is never changed in place: a write puts another in its stead."""

    item: Item
    size: int
    key: Parts


@dataclass(slots=True, eq=False)
class Partition:
    """The rows of one hash key; ``sorts`` and ``rows`` run parallel, in order."""

    sorts: list[Parts] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def put(self, sort: Parts, row: Row) -> None:
        """Enter a row, or put it in the place of the one that has its sort key."""
        at = bisect_left(self.sorts, sort)
        if at < len(self.sorts) and self.sorts[at] == sort:
            self.rows[at] = row
        else:
            self.sorts.insert(at, sort)
            self.rows.insert(at, row)

    def behind(self, sort: Parts, low: int, high: int, backward: bool) -> tuple[int, int]:
        """The part of a slice that lies behind a position, in reading order."""
        if backward:
            return low, min(high, bisect_left(self.sorts, sort))
        return max(low, bisect_right(self.sorts, sort)), high

    def remove(self, sort: Parts) -> None:
        """Take the row of a sort key out."""
        at = bisect_left(self.sorts, sort)
        del self.sorts[at], self.rows[at]


_NOTHING = Partition()


@dataclass(slots=True, eq=False)
class Ordering:
    """All rows of a table or an index.

    New hash keys are sorted into ``_places`` only when a scan wants them; gone ones stay as dead places until many
    are, so that writes stay flat as a table grows.
    """

    partitions: dict[Parts, Partition] = field(default_factory=dict)
    _places: list[_Place] = field(default_factory=list)
    _fresh: list[_Place] = field(default_factory=list)
    _dead: set[Parts] = field(default_factory=set)

    def put(self, hash_: Parts, sort: Parts, row: Row) -> None:
        """Enter a row, or put it in the place of the one that has its keys."""
        partition = self.partitions.get(hash_)
        if partition is not None:
            partition.put(sort, row)
            return
        self.partitions[hash_] = Partition([sort], [row])
        if hash_ in self._dead:
            self._dead.discard(hash_)
        else:
            self._fresh.append((place_of(hash_), hash_))

    def remove(self, hash_: Parts, sort: Parts) -> None:
        """Take a row out."""
        partition = self.partitions[hash_]
        partition.remove(sort)
        if not partition.rows:
            del self.partitions[hash_]
            self._dead.add(hash_)

    def partition(self, hash_: Parts) -> Partition:
        """The rows of a hash key; an empty partition where there are none."""
        return self.partitions.get(hash_, _NOTHING)

    def rows(self) -> Iterator[Row]:
        """Every row, in no order that matters."""
        for partition in self.partitions.values():
            yield from partition.rows

    def count(self) -> int:
        """How many rows there are."""
        return sum(len(partition.rows) for partition in self.partitions.values())

    def scan(self, low: int, high: int, after: tuple[Parts, Parts] | None) -> Iterator[Row]:
        """The rows whose places lie from ``low`` up to ``high``, in scan order, behind a position."""
        places = self._sorted_places()
        at = bisect_left(places, (low,))
        if after is not None:
            hash_, sort = after
            found = (place_of(hash_), hash_)
            at = max(at, bisect_right(places, found))
            partition = self.partition(hash_)
            yield from partition.rows[bisect_right(partition.sorts, sort) :]
        while at < len(places) and places[at][0] < high:
            partition = self.partition(places[at][1])
            yield from partition.rows
            at += 1

    def _sorted_places(self) -> list[_Place]:
        if len(self._dead) > 64 and len(self._dead) * 2 > len(self._places):
            self._places = [place for place in self._places if place[1] not in self._dead]
            self._fresh = [place for place in self._fresh if place[1] not in self._dead]
            self._dead.clear()
        if len(self._fresh) > 8:
            self._places += self._fresh
            self._places.sort()
        else:
            for place in self._fresh:
                insort(self._places, place)
        self._fresh.clear()
        return self._places


def place_of(hash_: Parts) -> int:
    """Where a hash key lies in scan order: the same in every process, and spread evenly over the segments."""
    digest = md5(b"Outliers", usedforsecurity=False)
    for part in hash_:
        digest.update(part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogatepass"))
    return int.from_bytes(digest.digest()[:4], "big")
