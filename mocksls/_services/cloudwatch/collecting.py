"""What services have measured of themselves is taken into their metrics."""

from __future__ import annotations

from mocksls._kernel.call import Call
from mocksls._kernel.measures import MINUTE_S

from . import watching
from .data import add_value, aggregate_of
from .store import Store


def collect(store: Store, call: Call) -> None:
    """Take what was measured since the last time, and have the alarms over it look."""
    measures, place = call.cloud.measures, (call.account_id, call.region)
    measures.fill(*place)
    found = measures.take_expected(*place)
    for measure, figures in measures.take(*place).items():
        key = (measure.namespace, measure.name, tuple(sorted(measure.dimensions)))
        found.add((measure.namespace, measure.name))
        for second, values in figures.items():
            aggregate = aggregate_of(store, key, second, measure.unit)
            for value, count in values.items():
                add_value(aggregate, value, count)
    for measure, spans in measures.take_spans(*place).items():
        key = (measure.namespace, measure.name, tuple(sorted(measure.dimensions)))
        found.add((measure.namespace, measure.name))
        for span in spans:
            for moment in range(span.first, span.last + 1, MINUTE_S):
                value = span.value + span.slope * (moment - span.first)
                add_value(aggregate_of(store, key, moment, measure.unit), value, 1.0)
    watching.look_at(call.cloud, store, found, call)
