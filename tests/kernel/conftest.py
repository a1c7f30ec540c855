"""A cloud whose only service does what its test says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mocksls._kernel.call import Call, Principal
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.options import Options
from mocksls._kernel.service import Again, ServiceSpec, Task


class Store:
    """What was run, in order."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.times: list[float] = []
        self.answers: list[Again | None] = []


class Things:
    """Operations that send tasks."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def send_things(self, request: Any, call: Call) -> dict[str, Any]:
        """Send a task for each name, and show what has run when this operation ends."""
        for name in request["names"]:
            self._cloud.router.send(task(name), call)
        return {"ran": list(self._store.ran)}

    def refuse(self, request: Any, call: Call) -> None:
        """Fail as AWS would."""
        raise AwsError("Refused", "no")


class Work:
    """The tasks."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def run(self, payload: dict[str, Any], call: Call) -> Again | None:
        """Note the name, send what the payload says, and answer what the test has laid ready."""
        self._store.ran.append(payload["name"])
        self._store.times.append(self._cloud.clock.time())
        for name in payload.get("then", ()):
            self._cloud.router.send(task(name), call)
        if payload.get("every"):
            self._cloud.clock.schedule(self._cloud.clock.time() + payload["every"], task(**payload))
        return self._store.answers.pop(0) if self._store.answers else None

    def fail(self, payload: dict[str, Any], call: Call) -> None:
        """Fail as AWS would."""
        raise AwsError("Broken", "this target fails")


def task(name: str, method: str = "run", **more: Any) -> Task:
    """A task of the service."""
    return Task("things", method, "123456789012", "us-east-1", {"name": name, **more})


MakeCloud = Callable[..., Cloud]


@pytest.fixture
def make_cloud() -> Iterator[MakeCloud]:
    """A factory of clouds with the service ``things``."""
    made: list[Cloud] = []
    spec = ServiceSpec("things", Store, "region", lambda s, c: (Things(s, c),), lambda s, c: (Work(s, c),))

    def make(**options: Any) -> Cloud:
        cloud = Cloud(Options(**options), lambda name: spec)
        cloud.router.start()
        made.append(cloud)
        return cloud

    yield make
    for cloud in made:
        cloud.close()


@pytest.fixture
def cloud(make_cloud: MakeCloud) -> Cloud:
    """A cloud with immediate delivery."""
    return make_cloud()


def store_of(cloud: Cloud) -> Store:
    """The store of the service."""
    found: Store = cloud.service("things", "123456789012", "us-east-1").store
    return found


def ran(cloud: Cloud) -> list[str]:
    """The names of the tasks that have run."""
    return store_of(cloud).ran


USER = Principal("user", "arn:aws:iam::123456789012:user/ann", "123456789012")
