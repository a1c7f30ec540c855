"""Amazon Simple Notification Service."""

from __future__ import annotations

from collections.abc import Sequence

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import ServiceSpec

from .actions import ACTIONS
from .applications import Applications
from .authorisation import needs
from .deliveries import Deliveries
from .publishing import Publishing
from .signing import serve_certificate
from .sms import Sms
from .store import Store
from .subscriptions import Subscriptions
from .tags import Tags
from .topics import Topics
from .wire import WIRE


def resources(store: Store, cloud: Cloud) -> Sequence[object]:
    """The resource objects of an account and region."""
    return (
        Topics(store, cloud),
        Tags(store, cloud),
        Subscriptions(store, cloud),
        Publishing(store, cloud),
        Applications(store, cloud),
        Sms(store, cloud),
    )


def tasks(store: Store, cloud: Cloud) -> Sequence[object]:
    """The objects whose methods the router runs."""
    return (Deliveries(store, cloud),)


SERVICE = ServiceSpec(
    name="sns",
    store=Store,
    scope="region",
    resources=resources,
    tasks=tasks,
    wire=WIRE,
    actions=ACTIONS,
    needs=needs,
    refusal="query",
    guards=True,
    anonymous=True,
    http=serve_certificate,
)
