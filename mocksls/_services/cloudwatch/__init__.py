"""Amazon CloudWatch: metrics, alarms, dashboards."""

from __future__ import annotations

from collections.abc import Sequence

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import ServiceSpec

from .actions import ACTIONS
from .alarm_tasks import AlarmTasks
from .alarms import Alarms
from .authorisation import needs
from .contributors import Contributors
from .dashboards import Dashboards
from .datasets import Datasets
from .detectors import AnomalyDetectors
from .enrichment import OTelEnrichment
from .insight_rules import InsightRules
from .managed_rules import ManagedInsightRules
from .metrics import Metrics
from .mute_rules import MuteRules
from .reading import Reading
from .resource_metrics import ResourceMetricsConfigurations
from .store import Store
from .streams import MetricStreams
from .tagging import Tagging
from .wire import WIRE


def resources(store: Store, cloud: Cloud) -> Sequence[object]:
    """The resource objects of an account and region."""
    return (
        Metrics(store, cloud),
        Reading(store, cloud),
        Alarms(store, cloud),
        Contributors(store, cloud),
        Dashboards(store, cloud),
        InsightRules(store, cloud),
        MetricStreams(store, cloud),
        AnomalyDetectors(store, cloud),
        MuteRules(store, cloud),
        ManagedInsightRules(store, cloud),
        Datasets(store, cloud),
        OTelEnrichment(store, cloud),
        ResourceMetricsConfigurations(store, cloud),
        Tagging(store, cloud),
    )


def tasks(store: Store, cloud: Cloud) -> Sequence[object]:
    """The objects whose methods the router and the clock run."""
    return (AlarmTasks(store, cloud),)


SERVICE = ServiceSpec(
    name="cloudwatch",
    store=Store,
    scope="region",
    resources=resources,
    tasks=tasks,
    wire=WIRE,
    actions=ACTIONS,
    needs=needs,
    refusal="query",
)
