"""The event router: every asynchronous flow of a cloud, as a queue of tasks."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from .call import Call, Origin, Principal
from .errors import AwsError
from .service import Again, Task

if TYPE_CHECKING:
    from .cloud import Cloud

_Key = tuple[object, ...]


class Router:
    """Delivers tasks one at a time, first in first out.

    In ``immediate`` delivery the queue is drained when a call from the test returns, in ``manual`` by ``settle``, in
    ``background`` by a worker thread.
    """

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._queue: deque[Task] = deque()
        self._once: set[_Key] = set()
        self._loop = threading.Lock()
        self._runner: int | None = None
        self._user_code = 0
        self._stopped = False
        self._wake = threading.Condition()
        self._worker: threading.Thread | None = None

    # -- queueing ------------------------------------------------------------------------------------------------

    def send(self, task: Task, cause: Call | None = None) -> None:
        """Queue a task; ``cause`` is the call that it follows from."""
        if cause is not None and task.parent is None:
            task = _caused(task, cause)
        self._queue.append(task)
        if self._worker is not None:
            with self._wake:
                self._wake.notify_all()

    def send_once(self, task: Task, cause: Call | None = None) -> None:
        """Queue a task unless the same work waits already."""
        key = _key(task)
        if key not in self._once:
            self._once.add(key)
            self.send(task, cause)

    def __len__(self) -> int:
        return len(self._queue)

    # -- delivering ----------------------------------------------------------------------------------------------

    def before_call(self, origin: Origin) -> None:
        """A call comes from the test: what fell due since the last one happens first."""
        if not origin.from_handler and self._cloud.clock.has_due():
            self.catch_up()

    def after_call(self, origin: Origin) -> None:
        """A call has returned: deliver what it caused, if this is the place to do so."""
        if self._queue and not origin.from_handler and self._cloud.options.delivery == "immediate":
            self.drain()

    def catch_up(self) -> None:
        """Run what is due by now; in ``manual`` and ``background`` delivery only queue it."""
        if self._cloud.options.delivery == "immediate":
            self.drain()
            return
        while (due := self._cloud.clock.pop_due(self._cloud.clock.time())) is not None:
            self.send(due[1])

    def drain(self) -> int:
        """Deliver all that is queued or due, and what follows from it; the number of deliveries.

        Called again from inside the loop, or while user code of this process runs in it, it leaves the queue to the
        loop and returns at once.
        """
        if not self._may_loop():
            return 0
        with self._loop:
            self._runner = threading.get_ident()
            try:
                return self._drain() + self._drain_due()
            finally:
                self._runner = None

    def advance(self, seconds: float) -> int:
        """Move the clock on and run everything that falls due on the way, in due order; the number of deliveries.

        In ``manual`` delivery what falls due is queued, in ``background`` it is the worker's.
        """
        clock = self._cloud.clock
        until = clock.time() + seconds
        count = 0 if self._cloud.options.delivery != "immediate" else self.drain()
        while (due := clock.pop_due(until)) is not None:
            at, task = due
            clock.forward(max(0.0, at - clock.time()))
            self.send(task)
            if self._cloud.options.delivery == "immediate":
                count += self.drain()
        clock.forward(max(0.0, until - clock.time()))
        return count

    def _may_loop(self) -> bool:
        here = threading.get_ident()
        return not (self._stopped or self._user_code or self._runner == here or self._cloud.lock.depth_here())

    def _drain(self) -> int:
        count = 0
        while self._queue and not self._stopped:
            self._deliver(self._queue.popleft())
            count += 1
        return count

    def _drain_due(self) -> int:
        clock, count = self._cloud.clock, 0
        if not clock.has_due():
            clock.see()
            return 0
        jumped, until = clock.jumped(), clock.time()
        if jumped:
            text = f"the wall clock jumped {jumped:.0f} s ahead: recurring plans fire once"
            self._cloud.note("skipped", "clock", text=text)
        while (due := clock.pop_due(until)) is not None:
            at, task = due
            self.send(task)
            with nullcontext() if jumped else clock.at(at):
                count += self._drain()
        return count

    def _deliver(self, task: Task) -> None:
        self._once.discard(_key(task))
        again = self.run(task)
        if again is None:
            return
        retry = task if again.payload is None else _with_payload(task, again.payload)
        if not again.at_once:
            self._cloud.clock.schedule(self._cloud.clock.time() + again.delay_s, retry)
        elif again.behind:
            self._queue.append(retry)
        else:
            self._queue.appendleft(retry)

    def run(self, task: Task) -> Again | None:
        """Run one task now; an AWS error that ends it is told in the trace, as no caller is there to see it."""
        cloud = self._cloud
        call = Call(
            cloud=cloud,
            service=task.service,
            operation=task.name,
            account_id=task.account_id,
            region=task.region,
            request_id=cloud.ids.uuid(),
            principal=Principal.service(f"{task.service}.amazonaws.com", task.account_id),
            origin=Origin(task.parent, task.lineage, from_handler=True),
            internal=True,
            trace_id=task.parent,
        )
        with cloud.lock:
            method = cloud.service(task.service, task.account_id, task.region).tasks[task.name]
            try:
                return method(task.payload, call)
            except AwsError as error:
                text = f"{task.name} failed: {error}"
                cloud.note("refusal", task.service, text=text, parent=task.parent)
                return None

    @contextmanager
    def user_code(self) -> Iterator[None]:
        """User code of this process runs inside a delivery: calls from any thread queue and return meanwhile."""
        self._user_code += 1
        try:
            yield
        finally:
            self._user_code -= 1

    # -- the background worker, and the end ----------------------------------------------------------------------

    def start(self) -> None:
        """Start the worker thread of ``background`` delivery; nothing in the other modes."""
        if self._cloud.options.delivery == "background":
            self._worker = threading.Thread(target=self._work, name="mocksls-router", daemon=True)
            self._worker.start()

    def _work(self) -> None:
        while not self._stopped:
            with self._wake:
                self._wake.wait_for(lambda: self._stopped or bool(self._queue))
            self.drain()

    def stop(self) -> int:
        """Deliver nothing more; returns how many tasks were dropped."""
        self._stopped = True
        with self._wake:
            self._wake.notify_all()
        if self._worker is not None and self._worker is not threading.current_thread():
            self._worker.join(timeout=5)
        dropped = len(self._queue)
        for task in self._queue:
            self._cloud.note("skipped", task.service, task.name, "dropped when the mock stopped", parent=task.parent)
        self._queue.clear()
        return dropped


def _key(task: Task) -> _Key:
    payload = (
        tuple(sorted((name, repr(value)) for name, value in task.payload.items())) if len(task.payload) < 4 else ()
    )
    return (task.service, task.name, task.account_id, task.region, payload or id(task.payload))


def _caused(task: Task, cause: Call) -> Task:
    lineage = task.lineage or cause.origin.lineage
    return Task(task.service, task.name, task.account_id, task.region, task.payload, cause.trace_id, lineage)


def _with_payload(task: Task, payload: dict[str, object]) -> Task:
    return Task(task.service, task.name, task.account_id, task.region, payload, task.parent, task.lineage)
