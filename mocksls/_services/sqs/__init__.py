"""Amazon Simple Queue Service."""

from __future__ import annotations

from collections.abc import Sequence

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import ServiceSpec

from .actions import ACTIONS
from .authorisation import needs
from .measures import Gauges
from .messages import Announcements, Messages
from .move_tasks import MoveSteps, MoveTasks
from .permissions import Permissions
from .queues import Queues
from .receiving import Receiving
from .store import Store
from .wire import WIRE


def resources(store: Store, cloud: Cloud) -> Sequence[object]:
    """The resource objects of an account and region."""
    return (
        Queues(store, cloud),
        Permissions(store, cloud),
        Messages(store, cloud),
        Receiving(store, cloud),
        MoveTasks(store, cloud),
    )


def tasks(store: Store, cloud: Cloud) -> Sequence[object]:
    """The objects whose methods the router and the clock run."""
    return (Announcements(store, cloud), MoveSteps(store, cloud), Gauges(store, cloud))


SERVICE = ServiceSpec(
    name="sqs",
    store=Store,
    scope="region",
    resources=resources,
    tasks=tasks,
    wire=WIRE,
    actions=ACTIONS,
    needs=needs,
    refusal="json",
    guards=True,
    anonymous=True,
)
