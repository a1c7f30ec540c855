"""All execution environments of one cloud."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from typing import Literal

from .._kernel.errors import MockslsError
from .environment import ProcessEnvironment
from .inline import InlineEnvironment
from .programs import is_program
from .running import Surroundings
from .servers import Servers
from .setup import Folders
from .spec import Environment, EnvironmentSpec, Home
from .zygote import Unusable, forking_is_safe, shared

Executor = Literal["subprocess", "inline"]


class Sandbox:
    """Runs handlers apart from the test, for one cloud.

    Args:
        home: answers the calls that handlers make.
        executor: ``subprocess`` (the default), or ``inline``: in the test's own process.
        clock_offset: how far the cloud is ahead of this process's wall clock, in seconds.
        launch: ``plain`` starts each environment as a process of its own, ``auto`` forks where that is safe.
        namespaces: False leaves the file system as it is.
    """

    def __init__(
        self,
        home: Home,
        *,
        executor: Executor = "subprocess",
        clock_offset: Callable[[], float | None] = lambda: None,
        launch: Literal["auto", "plain"] | None = None,
        namespaces: bool | None = None,
    ) -> None:
        asked = os.environ.get("MOCKSLS_SANDBOX", "")
        plain = launch == "plain" or (launch is None and asked == "plain")
        private = namespaces if namespaces is not None else asked != "no-namespaces"
        self.executor = executor
        self._around = Surroundings(home, clock_offset, Servers(), Folders(), namespaces=private, plain=plain)
        self._held: set[ProcessEnvironment | InlineEnvironment] = set()
        self._lock = threading.Lock()
        self._closed = False
        _sandboxes.add(self)

    def environment(self, spec: EnvironmentSpec) -> Environment:
        """A new execution environment, cold; what is wrong with its code shows in the first invocation."""
        made: ProcessEnvironment | InlineEnvironment
        if self.executor == "inline" and not is_program(spec):
            made = InlineEnvironment(spec)
        else:
            made = ProcessEnvironment(spec, self._around)
            self._prepare()
        with self._lock:
            if self._closed:
                raise MockslsError("this sandbox is closed")
            self._held.add(made)
        return made

    def close(self) -> None:
        """End everything that was started for this cloud."""
        with self._lock:
            self._closed = True
            held, self._held = list(self._held), set()
        for environment in held:
            environment.close()
        self._around.servers.close()
        self._around.folders.close()

    def abandon(self) -> None:
        """Let go without ending anything (in a forked copy of the test's process)."""
        self._closed = True
        for environment in self._held:
            environment.abandon()
        self._held = set()

    def _prepare(self) -> None:
        """Have the zygote start, without waiting for it."""
        if not self._around.plain and forking_is_safe() is None:
            with suppress(Unusable):
                shared.get(self._around.namespaces)


_sandboxes: weakref.WeakSet[Sandbox] = weakref.WeakSet()


def _forget_after_fork() -> None:
    """In a forked copy of the test's process: let the original have what is running."""
    for sandbox in list(_sandboxes):
        sandbox.abandon()
    shared.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_after_fork)
