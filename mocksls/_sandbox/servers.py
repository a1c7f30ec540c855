"""Threads that answer calls home: one for each call that is outstanding, kept for the next when it is done.

Never a fixed number: nested invocations need as many as they are deep.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

Work = Callable[[], None]


class _Server(threading.Thread):
    def __init__(self, owner: Servers) -> None:
        super().__init__(name="mocksls-home", daemon=True)
        self._owner = owner
        self._wake = threading.Lock()
        self._wake.acquire()
        self.work: Work | None = None

    def give(self, work: Work | None) -> None:
        """Have the thread do something, or end."""
        self.work = work
        self._wake.release()

    def run(self) -> None:
        """Work as long as there is any."""
        while True:
            self._wake.acquire()
            if self.work is None:
                return
            self.work()
            self.work = None
            if not self._owner.keep(self):
                return


class Servers:
    """The threads of one sandbox."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[_Server] = []
        self._closed = False

    def run(self, work: Work) -> None:
        """Do this at once, in a thread of its own."""
        with self._lock:
            server = self._idle.pop() if self._idle else None
        if server is None:
            server = _Server(self)
            server.start()
        server.give(work)

    def keep(self, server: _Server) -> bool:
        """Take a thread back; False when it should end."""
        with self._lock:
            if not self._closed:
                self._idle.append(server)
            return not self._closed

    def close(self) -> None:
        """Let the threads end when they are done, and wait for those that are idle."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for server in idle:
            server.give(None)
        for server in idle:
            server.join()
