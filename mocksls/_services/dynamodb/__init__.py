"""Amazon DynamoDB."""

from __future__ import annotations

from collections.abc import Sequence

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import ServiceSpec
from mocksls._services.dynamodb.account import Account
from mocksls._services.dynamodb.actions import ACTIONS
from mocksls._services.dynamodb.authorisation import guarded, needs
from mocksls._services.dynamodb.batches import Batches
from mocksls._services.dynamodb.expiry_tasks import ExpiryTasks
from mocksls._services.dynamodb.items import Items
from mocksls._services.dynamodb.queries import Queries
from mocksls._services.dynamodb.rarely_needed import rarely_needed
from mocksls._services.dynamodb.replication_tasks import ReplicationTasks
from mocksls._services.dynamodb.scans import Scans
from mocksls._services.dynamodb.store import Store
from mocksls._services.dynamodb.table_tags import TableTags
from mocksls._services.dynamodb.table_updates import TableUpdates
from mocksls._services.dynamodb.tables import Tables
from mocksls._services.dynamodb.time_to_live import TimeToLive
from mocksls._services.dynamodb.transactions import Transactions
from mocksls._services.dynamodb.wire import WIRE


def resources(store: Store, cloud: Cloud) -> Sequence[object]:
    """The resource objects of an account and region."""
    return (
        Tables(store),
        TableUpdates(store),
        TableTags(store),
        TimeToLive(store),
        Account(),
        Items(store, cloud),
        Batches(store),
        Transactions(store),
        Queries(store, cloud),
        Scans(store),
        *rarely_needed(store),
    )


def tasks(store: Store, cloud: Cloud) -> Sequence[object]:
    """What the clock runs."""
    return (ExpiryTasks(store), ReplicationTasks(store))


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
