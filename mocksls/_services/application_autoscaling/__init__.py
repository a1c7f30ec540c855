"""Application Auto Scaling of DynamoDB's tables and indexes."""

from __future__ import annotations

from collections.abc import Sequence

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import ServiceSpec

from .actions import ACTIONS
from .authorisation import needs
from .planning import ScheduledActions, ScheduledScaling
from .policies import Policies
from .store import Store
from .tagging import Tagging
from .targets import Targets
from .tracking import Scaling
from .wire import WIRE


def resources(store: Store, cloud: Cloud) -> Sequence[object]:
    """The resource objects of an account and region."""
    return (Targets(store, cloud), Policies(store, cloud), ScheduledActions(store, cloud), Tagging(store, cloud))


def tasks(store: Store, cloud: Cloud) -> Sequence[object]:
    """The objects whose methods the router and the clock run."""
    return (Scaling(store, cloud), ScheduledScaling(store, cloud))


SERVICE = ServiceSpec(
    name="application-autoscaling",
    store=Store,
    scope="region",
    resources=resources,
    tasks=tasks,
    wire=WIRE,
    actions=ACTIONS,
    needs=needs,
    refusal="json",
)
