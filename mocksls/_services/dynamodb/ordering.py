"""Rows in DynamoDB's order: grouped by hash key, groups by the hash's place, within a group by the sort key."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator
from hashlib import md5
from typing import Any

from mocksls._services.dynamodb.values import Item

Parts = tuple[Any, ...]
"""Key contents as Python orders them as DynamoDB does (``values.sortable``)."""
Position = tuple[int, int]
"""Where a row stands in a partition: the block, and the place in it."""
Span = tuple[Position, Position]
"""From a position up to another one, which is left out."""
_Place = tuple[int, Parts]
PLACES = 2**32
_BLOCK_ROWS = 1024


class Row:
    """An item where it is kept. ``item`` is never changed in place: a write puts another in its stead."""

    __slots__ = ("item", "key", "size")

    def __init__(self, item: Item, size: int, key: Parts) -> None:
        self.item = item
        self.size = size
        self.key = key


class Block:
    """Some neighbouring rows of a partition; ``sorts`` and ``rows`` run parallel, in order."""

    __slots__ = ("rows", "sorts")

    def __init__(self, sorts: list[Parts], rows: list[Row]) -> None:
        self.sorts = sorts
        self.rows = rows


def _last(block: Block) -> Parts:
    return block.sorts[-1]


class Partition:
    """The rows of one hash key in order, in blocks: a write moves few rows, however many there are.

    There is always one block, and no other one is ever empty. A position is never the end of a block that another
    one follows, so that equal positions compare equal.
    """

    __slots__ = ("blocks",)

    def __init__(self, sorts: list[Parts], rows: list[Row]) -> None:
        self.blocks = [Block(sorts, rows)]

    def __bool__(self) -> bool:
        return bool(self.blocks[0].sorts)

    def span(self) -> Span:
        """From the first row to the last."""
        at = len(self.blocks) - 1
        return (0, 0), (at, len(self.blocks[at].sorts))

    def put(self, sort: Parts, row: Row) -> None:
        """Enter a row, or put it in the place of the one that has its sort key."""
        at = bisect_left(self.blocks, sort, 0, len(self.blocks) - 1, key=_last)
        block = self.blocks[at]
        place = bisect_left(block.sorts, sort)
        if place < len(block.sorts) and block.sorts[place] == sort:
            block.rows[place] = row
        elif place == len(block.sorts) >= _BLOCK_ROWS:
            self.blocks.insert(at + 1, Block([sort], [row]))
        else:
            block.sorts.insert(place, sort)
            block.rows.insert(place, row)
            if len(block.sorts) > _BLOCK_ROWS:
                self._split(at)

    def _split(self, at: int) -> None:
        block, half = self.blocks[at], _BLOCK_ROWS // 2
        self.blocks.insert(at + 1, Block(block.sorts[half:], block.rows[half:]))
        del block.sorts[half:], block.rows[half:]

    def remove(self, sort: Parts) -> None:
        """Take the row of a sort key out."""
        at = bisect_left(self.blocks, sort, 0, len(self.blocks) - 1, key=_last)
        block = self.blocks[at]
        place = bisect_left(block.sorts, sort)
        del block.sorts[place], block.rows[place]
        if not block.sorts and len(self.blocks) > 1:
            del self.blocks[at]

    def left(self, value: Any, within: Span, key: Callable[[Parts], Any] | None = None) -> Position:
        """The first position in a span whose sort key (what ``key`` makes of it) is not less than a value."""
        return self._found(bisect_left, value, within, key)

    def right(self, value: Any, within: Span, key: Callable[[Parts], Any] | None = None) -> Position:
        """The first position in a span whose sort key (what ``key`` makes of it) is greater than a value."""
        return self._found(bisect_right, value, within, key)

    def _found(
        self, bisect: Callable[..., int], value: Any, within: Span, key: Callable[[Parts], Any] | None
    ) -> Position:
        (first, start), (last, end) = within
        of_block = _last if key is None else lambda block: key(block.sorts[-1])
        at = bisect(self.blocks, value, first, last, key=of_block)
        sorts = self.blocks[at].sorts
        low, high = start if at == first else 0, end if at == last else len(sorts)
        return at, bisect(sorts, value, low, high, key=key)

    def behind(self, sort: Parts, within: Span, backward: bool) -> Span:
        """The part of a span that lies behind a sort key, in reading order."""
        low, high = within
        if backward:
            return low, min(high, self.left(sort, self.span()))
        return max(low, self.right(sort, self.span())), high

    def read(self, span: Span, backward: bool = False) -> Iterator[Row]:
        """The rows of a span, in reading order."""
        (first, start), (last, end) = span
        for at in range(last, first - 1, -1) if backward else range(first, last + 1):
            rows = self.blocks[at].rows
            low, high = start if at == first else 0, end if at == last else len(rows)
            for place in range(high - 1, low - 1, -1) if backward else range(low, high):
                yield rows[place]


_NOTHING = Partition([], [])


class Ordering:
    """All rows of a table or an index.

    New hash keys are sorted into ``_places`` only when a scan wants them; gone ones stay as dead places until many
    are, so that writes stay flat as a table grows.
    """

    __slots__ = ("_dead", "_fresh", "_places", "partitions")

    def __init__(self) -> None:
        self.partitions: dict[Parts, Partition] = {}
        self._places: list[_Place] = []
        self._fresh: list[_Place] = []
        self._dead: set[Parts] = set()

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
        if not partition:
            del self.partitions[hash_]
            self._dead.add(hash_)

    def partition(self, hash_: Parts) -> Partition:
        """The rows of a hash key; an empty partition where there are none."""
        return self.partitions.get(hash_, _NOTHING)

    def rows(self) -> Iterator[Row]:
        """Every row, in no order that matters."""
        for partition in self.partitions.values():
            for block in partition.blocks:
                yield from block.rows

    def count(self) -> int:
        """How many rows there are."""
        return sum(len(block.rows) for partition in self.partitions.values() for block in partition.blocks)

    def scan(self, low: int, high: int, after: tuple[Parts, Parts] | None) -> Iterator[Row]:
        """The rows whose places lie from ``low`` up to ``high``, in scan order, behind a position."""
        places = self._sorted_places()
        at = bisect_left(places, (low,))
        if after is not None:
            hash_, sort = after
            found = (place_of(hash_), hash_)
            at = max(at, bisect_right(places, found))
            partition = self.partition(hash_)
            yield from partition.read(partition.behind(sort, partition.span(), backward=False))
        while at < len(places) and places[at][0] < high:
            for block in self.partition(places[at][1]).blocks:
                yield from block.rows
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
