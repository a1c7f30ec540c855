"""The lock of a cloud."""

from __future__ import annotations

import threading

import pytest

from mocksls._kernel.lock import CloudLock


def test_depth() -> None:
    """The lock knows how often this thread holds it."""
    lock = CloudLock()
    assert lock.depth_here() == 0
    with lock, lock:
        assert lock.depth_here() == 2
    assert lock.depth_here() == 0


def test_released_lets_others_in() -> None:
    """While it is let go, another thread may take it; afterwards it is held again."""
    lock, seen = CloudLock(), []

    def other() -> None:
        with lock:
            seen.append(lock.depth_here())

    with lock:
        thread = threading.Thread(target=other)
        with lock.released():
            thread.start()
            thread.join(5)
            assert seen == [1]
        assert lock.depth_here() == 1


@pytest.mark.parametrize("depth", [0, 2])
def test_released_at_the_wrong_depth(depth: int) -> None:
    """Letting go is legal only when the lock is held exactly once."""
    lock = CloudLock()
    for _ in range(depth):
        lock.__enter__()
    with pytest.raises(AssertionError, match=f"held {depth} times"), lock.released():
        pass
    assert lock.depth_here() == depth


def test_other_threads_hold_nothing() -> None:
    """The depth of one thread is not that of another."""
    lock, seen = CloudLock(), []
    with lock:
        thread = threading.Thread(target=lambda: seen.append(lock.depth_here()))
        thread.start()
        thread.join(5)
    assert seen == [0]
