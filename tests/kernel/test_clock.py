"""The cloud's time."""

from __future__ import annotations

import time
from datetime import datetime, timezone

import pytest
import time_machine
from freezegun import freeze_time

from mocksls._kernel.clock import Clock
from mocksls._kernel.cloud import Cloud

from .conftest import ran, store_of, task

MOMENT = datetime(2030, 1, 1, tzinfo=timezone.utc)


def test_follows_the_wall_clock() -> None:
    """An untouched clock shows the process's time and has no offset."""
    clock = Clock()
    assert abs(clock.time() - time.time()) < 1
    assert clock.offset is None


def test_forward_gives_an_offset() -> None:
    """Moving forward leaves the clock running, that far ahead."""
    clock = Clock()
    clock.forward(500)
    assert clock.offset == 500
    assert abs(clock.time() - time.time() - 500) < 1


def test_frozen_clock_stands() -> None:
    """A frozen clock shows exactly the time it was frozen at, and moves only by ``forward``."""
    clock = Clock()
    clock.freeze(MOMENT)
    assert clock.now() == MOMENT
    clock.forward(60)
    assert clock.time() == MOMENT.timestamp() + 60


def test_waits_do_not_move_a_frozen_clock() -> None:
    """What somebody would have slept moves a running clock only."""
    clock = Clock()
    clock.waited(10)
    assert clock.offset == 10
    clock.freeze(MOMENT)
    clock.waited(10)
    assert clock.now() == MOMENT


def test_resume_runs_on_from_there() -> None:
    """A clock that was frozen ahead stays ahead when it runs again."""
    clock = Clock()
    clock.freeze(MOMENT)
    clock.resume()
    assert not clock.frozen
    assert 0 <= clock.time() - MOMENT.timestamp() < 1


def test_never_backwards() -> None:
    """Neither a negative span nor an earlier or zoneless time is accepted."""
    clock = Clock()
    with pytest.raises(ValueError, match="never goes backwards"):
        clock.forward(-1)
    with pytest.raises(ValueError, match="never goes backwards"):
        clock.check_later(datetime(2000, 1, 1, tzinfo=timezone.utc))
    with pytest.raises(ValueError, match="time zone"):
        clock.check_later(datetime(2040, 1, 1))


def test_freezegun_drives_it() -> None:
    """Under freezegun the clock shows freezegun's time."""
    clock = Clock()
    with freeze_time("2031-05-06 07:08:09") as frozen:
        assert clock.now() == datetime(2031, 5, 6, 7, 8, 9, tzinfo=timezone.utc)
        frozen.tick(5)
        assert clock.now() == datetime(2031, 5, 6, 7, 8, 14, tzinfo=timezone.utc)


def test_time_machine_drives_it() -> None:
    """Under time-machine the clock shows time-machine's time, plus its own offset."""
    clock = Clock()
    clock.forward(60)
    with time_machine.travel(MOMENT, tick=False):
        assert clock.time() == MOMENT.timestamp() + 60


def test_due_work_comes_in_due_order() -> None:
    """Work is handed out by due time, equal times in the order of planning, and not before its time."""
    clock = Clock()
    for at, name in ((30.0, "c"), (10.0, "a"), (20.0, "b"), (20.0, "b2")):
        clock.schedule(at, task(name))
    names = []
    while (due := clock.pop_due(25.0)) is not None:
        names.append(due[1].payload["name"])
    assert names == ["a", "b", "b2"]
    assert clock.next_due() == 30.0


def test_cancelled_work_is_gone() -> None:
    """Cancelled work neither runs nor shows among what is planned; unknown numbers are ignored."""
    clock = Clock()
    number = clock.schedule(10.0, task("a"))
    clock.schedule(20.0, task("b"))
    clock.cancel(number)
    clock.cancel(999)
    assert [each.payload["name"] for _, each in clock.planned()] == ["b"]
    assert clock.next_due() == 20.0


def test_advance_runs_plans_on_the_way(cloud: Cloud) -> None:
    """``advance`` stops at each plan in due order, recurring ones included, and ends at its target."""
    cloud.clock.freeze(MOMENT)
    start = MOMENT.timestamp()
    cloud.clock.schedule(start + 25, task("once"))
    cloud.clock.schedule(start + 10, task("tick", every=10))
    assert cloud.router.advance(35) == 4
    assert ran(cloud) == ["tick", "tick", "once", "tick"]
    assert [at - start for at in store_of(cloud).times] == [10, 20, 25, 30]
    assert cloud.clock.time() == start + 35


def test_work_that_fell_due_by_itself_sees_its_own_time(cloud: Cloud) -> None:
    """What fell due while the wall clock ran on runs later, but at the time it was due."""
    with time_machine.travel(MOMENT, tick=False) as traveller:
        start = cloud.clock.time()
        cloud.clock.see()
        cloud.clock.schedule(start + 60, task("tick", every=60))
        traveller.shift(150)
        assert cloud.router.drain() == 2
        assert [at - start for at in store_of(cloud).times] == [60, 120]


def test_a_jump_fires_a_recurring_plan_once(cloud: Cloud) -> None:
    """After a wall clock jump of more than an hour each recurring plan fires once and the trace says so."""
    with time_machine.travel(MOMENT, tick=False) as traveller:
        cloud.clock.see()
        cloud.clock.schedule(cloud.clock.time() + 60, task("tick", every=60))
        traveller.shift(7200)
        assert cloud.router.drain() == 1
        assert len(cloud.trace.filter(kind="skipped", service="clock", text="7200 s ahead")) == 1


def test_a_wall_clock_set_back_undoes_nothing(cloud: Cloud) -> None:
    """A backwards jump is followed, and plans wait for their time."""
    with time_machine.travel(MOMENT, tick=False) as traveller:
        cloud.clock.schedule(cloud.clock.time() + 60, task("later"))
        traveller.shift(-7200)
        assert (cloud.router.drain(), ran(cloud)) == (0, [])
        assert cloud.clock.time() == MOMENT.timestamp() - 7200


def test_a_copied_clock_has_not_jumped(cloud: Cloud) -> None:
    """A copied cloud shows the same time and does not take the way there for a jump."""
    cloud.clock.forward(100_000)
    copy = cloud.copied()
    assert copy.clock.offset == 100_000
    assert copy.clock.jumped() == 0.0
