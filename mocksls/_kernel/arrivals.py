"""Port: word of what has arrived in queues, announced by one service and waited for by others.

SQS announces a queue's ARN whenever messages may be received from it; Lambda's event source mappings have a task run
then. Everything in it is plain data.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from .service import Task

if TYPE_CHECKING:
    from .call import Call
    from .router import Router


class Arrivals:
    """Who waits for what arrives, by the ARN of the queue."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._watchers: dict[str, dict[str, Task]] = {}

    def copy_from(self, other: Arrivals, memo: dict[int, Any]) -> None:
        """Take over a copy of another cloud's watchers."""
        self._watchers = deepcopy(other._watchers, memo)

    def watched(self, arn: str) -> bool:
        """Whether anybody waits for arrivals in a queue."""
        return bool(self._watchers.get(arn))

    def announce(self, arn: str, cause: Call) -> None:
        """Something may be received now: every watcher's task runs, once per drain."""
        for task in self._watchers.get(arn, {}).values():
            self._router.send_once(task, cause)

    def watch(self, arn: str, name: str, task: Task) -> None:
        """Have a task run at each arrival in a queue."""
        self._watchers.setdefault(arn, {})[name] = task

    def unwatch(self, arn: str, name: str) -> None:
        """End a watch; unknown ones are ignored."""
        self._watchers.get(arn, {}).pop(name, None)
