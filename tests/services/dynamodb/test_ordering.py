"""Rows in blocks: whatever is entered and taken out, positions are those of one sorted list."""

from __future__ import annotations

from random import Random

import pytest

from mocksls._services.dynamodb import ordering
from mocksls._services.dynamodb.ordering import Partition, Row

Model = dict[tuple[int, int], Row]


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of four rows, so that a few dozen of them split and vanish."""
    monkeypatch.setattr(ordering, "_BLOCK_ROWS", 4)


def _filled(random: Random, count: int) -> tuple[Partition, Model]:
    """A partition after so many random writes and deletions, and what should be in it."""
    partition, model = Partition([], []), Model()
    for _ in range(count):
        sort = (random.randrange(12), random.randrange(6))
        if sort in model and random.random() < 0.5:
            partition.remove(sort)
            del model[sort]
        else:
            model[sort] = Row({}, 0, sort)
            partition.put(sort, model[sort])
    return partition, model


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("seed", range(12))
def test_rows_are_read_in_order_either_way(seed: int) -> None:
    """All rows, forward and backward, are those of the model in the order of their sort keys."""
    partition, model = _filled(Random(seed), 40 * seed)
    expected = [model[sort] for sort in sorted(model)]
    assert expected == list(partition.read(partition.span()))
    assert expected[::-1] == list(partition.read(partition.span(), backward=True))
    assert bool(model) == bool(partition)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("seed", range(12))
def test_spans_are_narrowed_part_by_part(seed: int) -> None:
    """A span by the first part, narrowed by the second one, holds exactly the rows that meet both."""
    partition, model = _filled(Random(seed), 300)
    for first in range(13):
        span = partition.span()
        narrowed = tuple(side(first, span, lambda sort: sort[0]) for side in (partition.left, partition.right))
        for second in range(7):
            low = partition.left(second, narrowed, lambda sort: sort[1])  # type: ignore[arg-type]  # a pair
            expected = [sort for sort in sorted(model) if sort[0] == first and sort[1] >= second]
            assert expected == [row.key for row in partition.read((low, narrowed[1]))]


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("backward", [False, True])
def test_reading_goes_on_behind_a_sort_key(backward: bool) -> None:
    """Behind any sort key, there or not, lie the rows that follow it in reading order."""
    partition, model = _filled(Random(5), 300)
    for sort in [(first, second) for first in range(-1, 13) for second in range(7)]:
        behind = partition.behind(sort, partition.span(), backward)
        wanted = (one for one in sorted(model, reverse=backward) if (one < sort if backward else one > sort))
        assert list(wanted) == [row.key for row in partition.read(behind, backward)]


@pytest.mark.usefixtures("small_blocks")
def test_rows_that_come_in_order_fill_their_blocks() -> None:
    """Appending leaves no half-empty blocks behind."""
    partition = Partition([], [])
    for number in range(40):
        partition.put((number,), Row({}, 0, (number,)))
    assert [4] * 10 == [len(block.rows) for block in partition.blocks]
