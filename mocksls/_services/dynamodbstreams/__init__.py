"""Amazon DynamoDB Streams: reads what DynamoDB wrote to the kernel's port of streams."""

from __future__ import annotations

from collections.abc import Sequence

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import ServiceSpec
from mocksls._services.dynamodbstreams.actions import ACTIONS
from mocksls._services.dynamodbstreams.authorisation import needs
from mocksls._services.dynamodbstreams.records import Records
from mocksls._services.dynamodbstreams.store import Store
from mocksls._services.dynamodbstreams.streams import Streams
from mocksls._services.dynamodbstreams.wire import WIRE


def resources(store: Store, cloud: Cloud) -> Sequence[object]:
    """The resource objects of an account and region."""
    return (Streams(), Records())


SERVICE = ServiceSpec(
    name="dynamodbstreams", store=Store, scope="region", resources=resources, wire=WIRE, actions=ACTIONS, needs=needs
)
