"""AWS Lambda."""

from __future__ import annotations

from collections.abc import Sequence

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import HttpHandler, ServiceSpec

from .actions import ACTIONS
from .aliases import Aliases
from .async_invocations import AsyncInvocations
from .authorisation import needs
from .code_signing import CodeSigning
from .concurrency import Concurrency, Provisioning
from .event_invoke import EventInvokeConfigs
from .functions import Functions
from .invocations import Invocations
from .layers import Layers
from .management import Management
from .mappings import Mappings
from .permissions import Permissions
from .queue_poller import QueuePoller
from .resource_policies import ResourcePolicies
from .store import Store
from .stream_poller import StreamPoller
from .tags import Tags
from .url_requests import UrlRequests
from .urls import FunctionUrls
from .versions import Versions
from .wire import WIRE

_RESOURCES = (
    *(Functions, Versions, Aliases, Layers, Invocations, Permissions, Concurrency, EventInvokeConfigs),
    *(FunctionUrls, CodeSigning, Management, Mappings, Tags, ResourcePolicies),
)
_TASKS = (AsyncInvocations, Provisioning, StreamPoller, QueuePoller)


def resources(store: Store, cloud: Cloud) -> Sequence[object]:
    """The resource objects of an account and region."""
    return [resource(store, cloud) for resource in _RESOURCES]


def tasks(store: Store, cloud: Cloud) -> Sequence[object]:
    """The objects whose methods the router and the clock run."""
    return [task(store, cloud) for task in _TASKS]


def http(cloud: Cloud) -> HttpHandler:
    """What answers requests at function URLs."""
    return UrlRequests(cloud).handle


SERVICE = ServiceSpec(
    name="lambda",
    store=Store,
    scope="region",
    resources=resources,
    tasks=tasks,
    wire=WIRE,
    actions=ACTIONS,
    needs=needs,
    refusal="rest-json",
    guards=True,
    http=http,
)
