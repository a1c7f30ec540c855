"""What services have measured of themselves is taken into their metrics."""

from __future__ import annotations

from mocksls._kernel.call import Call

from . import watching
from .data import add_value, aggregate_of
from .store import Store


def collect(store: Store, call: Call) -> None:
    """Take what was measured since the last time, and have the alarms over it look."""
    found: set[tuple[str, str]] = set()
    for measure, figures in call.cloud.measures.take(call.account_id, call.region).items():
        key = (measure.namespace, measure.name, tuple(sorted(measure.dimensions)))
        found.add((measure.namespace, measure.name))
        for second, values in figures.items():
            aggregate = aggregate_of(store, key, second, measure.unit)
            for value, count in values.items():
                add_value(aggregate, value, count)
    watching.look_at(call.cloud, store, found, call)
