"""Events sent to the targets of a rule, through the router."""

from __future__ import annotations

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.service import Task

from .store import Event, Rule


def send(cloud: Cloud, rule: Rule, event: Event, call: Call, path: tuple[str, ...] = ()) -> None:
    """Queue an event for every target of a rule; ``path`` are the buses that it has passed."""
    region = rule.arn.split(":", 4)[3]
    for target in rule.targets.values():
        work = {
            "rule": rule.arn,
            "name": rule.name,
            "target": target,
            "event": event,
            "path": path,
            "since": cloud.clock.time(),
            "attempt": 1,
            "waited": 0.0,
        }
        account_id = rule.arn.split(":", 5)[4]
        cloud.router.send(Task("events", "deliver_event", account_id, region, work), call)
