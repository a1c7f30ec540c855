"""What a call to CloudWatch must be allowed: alarms, dashboards, rules, streams.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from mocksls._kernel.arn import make_arn, partition_of
from mocksls._kernel.authorise import ActionEntry, Need
from mocksls._kernel.call import Call
from mocksls._kernel.templates import Context

from .alarm_tags import is_told
from .datasets import dataset_arn
from .store import Store
from .tagging import find_tagged

_NAMED = {
    "alarm": ("AlarmName", "alarm:"),
    "alarms": ("AlarmNames", "alarm:"),
    "alarm or all": ("AlarmName", "alarm:"),
    "insight rule": ("RuleName", "insight-rule/"),
    "insight rules": ("RuleNames", "insight-rule/"),
    "mute rule": ("AlarmMuteRuleName", "alarm-mute-rule:"),
    "stream": ("Name", "metric-stream/"),
    "streams": ("Names", "metric-stream/"),
    "dashboard": ("DashboardName", ""),
    "dashboards": ("DashboardNames", ""),
}


def needs(entry: ActionEntry, request: Mapping[str, Any], call: Call, store: Store) -> Iterator[Need]:
    """What one action of an operation needs. What does not exist is for the operation to miss."""
    action, word = entry
    if word in ("*", "configured"):
        yield Need(action)
    elif word == "metrics":
        yield Need(action, keys=lambda: {"cloudwatch:namespace": request["Namespace"]})
    elif word == "dataset":
        yield Need(action, dataset_arn(call))
    elif word == "managed rules":
        yield Need(action, keys=partial(_named_resources, request))
    elif word == "new mute rule":
        names = request.get("MuteTargets", {}).get("AlarmNames", ())
        for resource in (f"alarm-mute-rule:{request['Name']}", *(f"alarm:{name}" for name in names)):
            yield Need(action, make_arn("cloudwatch", call.region, call.account_id, resource))
    elif word == "tagged":
        yield Need(action, request["ResourceARN"], keys=partial(_tags, store, request["ResourceARN"]))
    else:
        if is_told(request):
            arn = _arn(word, "alarm:", request["AlarmName"], call)
            yield Need("cloudwatch:ListTagsForResource", arn, keys=partial(_tags, store, arn))
        member, prefix = _NAMED[word]
        given = request.get(member, "*")
        for name in [given] if isinstance(given, str) else given:
            arn = _arn(word, prefix, name, call)
            yield Need(action, arn, keys=partial(_tags, store, arn))


def _arn(word: str, prefix: str, name: str, call: Call) -> str:
    if word in ("dashboard", "dashboards"):
        return f"arn:{partition_of(call.region)}:cloudwatch::{call.account_id}:dashboard/{name}"
    return make_arn("cloudwatch", call.region, call.account_id, f"{prefix}{name}")


def _named_resources(request: Mapping[str, Any]) -> Context:
    """The resources that managed rules are for."""
    asked = request.get("ManagedRules", [request])
    return {"cloudwatch:requestmanagedresourcearns": [each["ResourceARN"] for each in asked]}


def _tags(store: Store, arn: str) -> Context:
    found = find_tagged(store, arn)
    return {f"aws:resourcetag/{name.lower()}": value for name, value in found.tags.items()} if found else {}
