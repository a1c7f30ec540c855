"""Amazon CloudWatch Logs."""

from __future__ import annotations

from collections.abc import Sequence

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import ServiceSpec

from .account_policies import AccountPolicies
from .actions import ACTIONS
from .anomalies import LogAnomalies
from .authorisation import needs
from .deliveries import Deliveries
from .destinations import Destinations
from .events import Events
from .exports import Exports, ExportTasks
from .group_settings import GroupSettings
from .groups import Groups
from .indexes import IndexPolicies
from .live_tail import LiveTail
from .lookup_tables import LookupTables
from .metric_filters import MetricFilters
from .protection import DataProtection, FindingTasks
from .queries import Queries
from .query_schedule import QueryRuns
from .scheduled_queries import ScheduledQueries
from .store import Store
from .streams import LogStreams
from .subscriptions import SubscriberTasks, Subscriptions
from .tags import Tags
from .transformers import Transformers
from .wire import WIRE

_RESOURCES = (
    *(Groups, LogStreams, Events, Tags, MetricFilters, Subscriptions, Destinations, Exports, Queries, LiveTail),
    *(Deliveries, Transformers, DataProtection, AccountPolicies, IndexPolicies),
    *(ScheduledQueries, LookupTables, LogAnomalies, GroupSettings),
)


def resources(store: Store, cloud: Cloud) -> Sequence[object]:
    """The resource objects of an account and region."""
    return [resource(store, cloud) for resource in _RESOURCES]


def tasks(store: Store, cloud: Cloud) -> Sequence[object]:
    """The objects whose methods the router runs."""
    return tuple(each(store, cloud) for each in (SubscriberTasks, ExportTasks, FindingTasks, QueryRuns))


SERVICE = ServiceSpec(
    name="logs",
    store=Store,
    scope="region",
    resources=resources,
    tasks=tasks,
    wire=WIRE,
    actions=ACTIONS,
    needs=needs,
)
