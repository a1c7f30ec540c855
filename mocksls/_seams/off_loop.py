"""Work that must not stand in the way of an event loop."""

from __future__ import annotations

import contextvars
import sys
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


async def off_the_loop(work: Callable[[], T]) -> T:
    """Do blocking work in a thread of the running loop (asyncio's, or trio's), in the caller's context."""
    import asyncio  # where nobody works in a loop it is never needed, and takes 20 ms

    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        trio: Any = sys.modules["trio"]
        found: T = await trio.to_thread.run_sync(work)
        return found
    return await loop.run_in_executor(None, contextvars.copy_context().run, work)
