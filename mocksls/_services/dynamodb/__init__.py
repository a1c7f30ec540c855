"""Amazon DynamoDB."""

from __future__ import annotations

from collections.abc import Sequence

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import ServiceSpec, imported_later
from mocksls._services.dynamodb import rarely_needed
from mocksls._services.dynamodb.account import Account
from mocksls._services.dynamodb.actions import ACTIONS
from mocksls._services.dynamodb.authorisation import guarded, needs
from mocksls._services.dynamodb.items import Items
from mocksls._services.dynamodb.queries import Queries
from mocksls._services.dynamodb.store import Store
from mocksls._services.dynamodb.tables import Tables
from mocksls._services.dynamodb.wire import WIRE


def resources(store: Store, cloud: Cloud) -> Sequence[object]:
    """The resource objects of an account and region."""
    later = imported_later(__name__, rarely_needed.RESOURCES, store)
    return (Account(), Tables(store), Items(store, cloud), Queries(store, cloud), *later)


def tasks(store: Store, cloud: Cloud) -> Sequence[object]:
    """What the clock and the router run."""
    return imported_later(__name__, rarely_needed.TASKS, store)


SERVICE = ServiceSpec(
    name="dynamodb",
    store=Store,
    scope="region",
    resources=resources,
    tasks=tasks,
    wire=WIRE,
    actions=ACTIONS,
    needs=needs,
    guards=guarded,
)
