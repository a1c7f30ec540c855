"""The event router."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from mocksls._kernel.call import Call, Origin
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.service import Again

from .conftest import USER, MakeCloud, ran, store_of, task


def call(cloud: Cloud, operation: str = "SendThings", *, from_handler: bool = False, **request: Any) -> Any:
    """A call as a client of the test, or of a handler, makes it."""
    origin = Origin(from_handler=from_handler)
    made = Call(cloud, "things", operation, "123456789012", "us-east-1", "id", USER, origin)
    return cloud.dispatch.serve(made, request, lambda answer: answer)


def test_immediate_delivers_before_the_call_returns(cloud: Cloud) -> None:
    """What a call causes runs after the operation, first in first out, before the call returns."""
    assert call(cloud, names=["a", "b"]) == {"ran": []}
    assert ran(cloud) == ["a", "b"]


def test_deliveries_are_transitive_and_in_order(cloud: Cloud) -> None:
    """What a delivery causes goes behind what waits already."""
    cloud.router.send(task("a", then=["a1", "a2"]))
    cloud.router.send(task("b", then=["b1"]))
    assert cloud.router.drain() == 5
    assert ran(cloud) == ["a", "b", "a1", "a2", "b1"]


def test_calls_of_handlers_queue(cloud: Cloud) -> None:
    """A call from inside a handler leaves its events to the loop."""
    call(cloud, names=["a"], from_handler=True)
    assert (ran(cloud), len(cloud.router)) == ([], 1)


def test_manual_waits_for_settle(make_cloud: MakeCloud) -> None:
    """With manual delivery events queue until they are drained."""
    cloud = make_cloud(delivery="manual")
    call(cloud, names=["a", "b"])
    assert (ran(cloud), len(cloud.router)) == ([], 2)
    assert (cloud.router.drain(), ran(cloud)) == (2, ["a", "b"])


def test_manual_advance_queues_what_falls_due(make_cloud: MakeCloud) -> None:
    """With manual delivery ``advance`` moves the time and queues."""
    cloud = make_cloud(delivery="manual")
    cloud.clock.schedule(cloud.clock.time() + 10, task("due"))
    assert cloud.router.advance(60) == 0
    assert (ran(cloud), len(cloud.router)) == ([], 1)


def test_background_delivers_by_itself(make_cloud: MakeCloud) -> None:
    """With background delivery a worker thread delivers, and ``drain`` waits for it."""
    cloud = make_cloud(delivery="background")
    call(cloud, names=["a", "b", "c"])
    while len(ran(cloud)) < 3:
        cloud.router.drain()
    assert ran(cloud) == ["a", "b", "c"]
    assert any(thread.name == "mocksls-router" for thread in threading.enumerate())


def test_stop_drops_what_is_left_and_says_so(make_cloud: MakeCloud) -> None:
    """What is queued at the end is dropped, each with a line in the trace."""
    cloud = make_cloud(delivery="manual")
    call(cloud, names=["a", "b"])
    assert cloud.router.stop() == 2
    assert [entry.text for entry in cloud.trace.filter(kind="skipped")] == ["dropped when the mock stopped"] * 2
    assert cloud.router.drain() == 0


def test_send_once(cloud: Cloud) -> None:
    """The same work waits only once, and may come again when it has run."""
    for name in ("a", "a", "b", "a"):
        cloud.router.send_once(task(name))
    assert cloud.router.drain() == 2
    cloud.router.send_once(task("a"))
    assert cloud.router.drain() == 1
    assert ran(cloud) == ["a", "b", "a"]


def test_again_at_once_comes_before_the_rest(cloud: Cloud) -> None:
    """A retry whose wait is collapsed runs before everything that is queued."""
    store_of(cloud).answers = [Again(delay_s=60)]
    cloud.router.send(task("a"))
    cloud.router.send(task("b"))
    assert cloud.router.drain() == 3
    assert ran(cloud) == ["a", "a", "b"]


def test_again_behind_goes_to_the_end(cloud: Cloud) -> None:
    """A throttled delivery goes behind the rest."""
    store_of(cloud).answers = [Again(behind=True)]
    cloud.router.send(task("a"))
    cloud.router.send(task("b"))
    cloud.router.drain()
    assert ran(cloud) == ["a", "b", "a"]


def test_again_later_is_due_work(cloud: Cloud) -> None:
    """A retry that keeps its wait is planned, and runs when the clock comes there."""
    store_of(cloud).answers = [Again(delay_s=60, at_once=False, payload={"name": "second try"})]
    cloud.router.send(task("a"))
    assert cloud.router.drain() == 1
    cloud.router.advance(59)
    assert ran(cloud) == ["a"]
    cloud.router.advance(1)
    assert ran(cloud) == ["a", "second try"]


def test_a_failing_target_does_not_reach_the_caller(cloud: Cloud) -> None:
    """An AWS error of a delivery ends in the trace, and the next delivery runs."""
    cloud.router.send(task("a", "fail"))
    cloud.router.send(task("b"))
    cloud.router.drain()
    assert ran(cloud) == ["b"]
    assert len(cloud.trace.filter(kind="refusal", text="this target fails")) == 1


def test_events_of_a_failed_call_are_delivered(cloud: Cloud) -> None:
    """A call that fails still delivers what waits."""
    cloud.router.send(task("a"))
    with pytest.raises(AwsError, match="no"):
        call(cloud, "Refuse")
    assert ran(cloud) == ["a"]


def test_user_code_of_this_process_lets_the_loop_be(cloud: Cloud) -> None:
    """While user code runs inside a delivery, calls queue and return."""
    with cloud.router.user_code():
        call(cloud, names=["a"])
        assert ran(cloud) == []
    cloud.router.drain()
    assert ran(cloud) == ["a"]


def test_due_work_runs_before_the_next_call(cloud: Cloud) -> None:
    """What fell due runs before a call of the test sees anything."""
    cloud.clock.schedule(cloud.clock.time() - 1, task("due"))
    assert call(cloud, names=[]) == {"ran": ["due"]}
