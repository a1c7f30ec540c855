"""Starting, stopping and nesting of mocks."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from mocksls._kernel.collector import paused_collector

from .options import check, conflict, filled

if TYPE_CHECKING:
    from .handle import Aws
    from .running import Running

T = TypeVar("T", bound=Callable[..., Any])

_lock = threading.RLock()
_active: list[Running] = []  # at most one: nested mocks join it


def active() -> Running | None:
    """The running mock of this process, if there is one."""
    return _active[0] if _active else None


def in_sandbox() -> bool:
    """Whether this is the child process of a Lambda function, where the mock is inert."""
    return "_mocksls_child" in sys.modules


class ServerlessMock:
    """One use of ``mock_serverless``: start and stop, ``with``, ``async with``, or a decorator."""

    def __init__(self, **named: Any) -> None:
        self.named: dict[str, Any] = check(named)
        self._started = False
        self._joined: Running | None = None

    def start(self) -> Aws:
        """Start the mock, or join the one that is active.

        Raises:
            RuntimeError: it is started already.
            ValueError: an active mock contradicts an option that is named here.
        """
        with paused_collector():  # the first start imports what is there to stay
            from .handle import Aws
            from .running import Running  # noqa: F401

        if self._started:
            raise RuntimeError("this mock is started already")
        if in_sandbox():
            self._started = True
            return Aws(None)
        with _lock:
            self._joined = self._join() or self._begin()
        self._started = True
        return Aws(self._joined)

    def _join(self) -> Running | None:
        running = active()
        if running is None:
            return None
        problem = conflict(self.named, running.options)
        if problem:
            raise ValueError(problem)
        running.depth += 1
        return running

    def _begin(self) -> Running:
        from .running import Running

        running = Running(filled(self.named))
        _active.append(running)
        return running

    def stop(self) -> None:
        """Stop the mock; the state goes with the outermost one.

        Raises:
            RuntimeError: it is not started.
        """
        if not self._started:
            raise RuntimeError("this mock is not started")
        self._started = False
        running, self._joined = self._joined, None
        if running is None:
            return
        with _lock:
            running.depth -= 1
            if running.depth or running.ended:
                return
            _active.clear()
        running.end()

    def __enter__(self) -> Aws:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Aws:
        return self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def __call__(self, target: T) -> T:
        """Decorate a function, a generator, their async forms, or a class."""
        from .decorate import decorated

        wrapped: T = decorated(target, self.named)
        return wrapped


def current() -> Aws | None:
    """The handle of the active cloud; ``None`` outside of a mock."""
    running = active()
    if running is None:
        return None
    from .handle import Aws

    return Aws(running)
