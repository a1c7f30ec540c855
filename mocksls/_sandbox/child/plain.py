"""An environment as a process of its own, where there is no zygote to fork it."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress

from . import environment, linux

_POLL_PARENT_S = 0.1


def main(channel: int, output: int, parent: int) -> None:
    """Be one environment of the process ``parent``."""
    linux.adopt_orphans()
    threading.Thread(target=_die_with, args=(parent,), daemon=True).start()
    environment.forget_exit_functions()
    environment.run(channel, output, [])


def _die_with(parent: int) -> None:
    """End, with all descendants, when the parent process does; its threads may come and go.

    By looking from time to time: a descriptor of the parent would be at the handler's mercy.
    """
    while os.getppid() == parent:
        time.sleep(_POLL_PARENT_S)
    for pid in linux.children("self"):
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)
    os.killpg(0, signal.SIGKILL)
