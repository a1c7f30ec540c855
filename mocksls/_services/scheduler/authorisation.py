"""What a call to EventBridge Scheduler must be allowed: groups, schedules, roles passed on.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from mocksls._kernel.arn import make_arn
from mocksls._kernel.authorise import ActionEntry, Need
from mocksls._kernel.call import Call
from mocksls._kernel.templates import Context

from .groups import DEFAULT
from .store import Store


def needs(entry: ActionEntry, request: Mapping[str, Any], call: Call, store: Store) -> Iterator[Need]:
    """What one action of an operation needs. What does not exist is for the operation to miss."""
    action, word = entry
    if word == "*":
        yield Need(action)
    elif word == "tagged":
        yield Need(action, request["ResourceArn"])
    elif word == "passed role":
        role = request["Target"]["RoleArn"]
        yield Need(action, role, keys=lambda: {"iam:passedtoservice": "scheduler.amazonaws.com"})
    elif word == "group":
        name = request["Name"]
        arn = make_arn("scheduler", call.region, call.account_id, f"schedule-group/{name}")
        yield Need(action, arn, keys=partial(_tags, store, name))
    else:
        group = request.get("GroupName", DEFAULT)
        arn = make_arn("scheduler", call.region, call.account_id, f"schedule/{group}/{request['Name']}")
        yield Need(action, arn, keys=partial(_tags, store, group))


def _tags(store: Store, name: str) -> Context:
    """The tags of a group, which are its schedules' as well."""
    group = store.groups.get(name)
    return {f"aws:resourcetag/{key.lower()}": value for key, value in group.tags.items()} if group else {}
