"""What a call to Application Auto Scaling must be allowed: scalable targets.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from mocksls._kernel.arn import make_arn
from mocksls._kernel.authorise import ActionEntry, Need
from mocksls._kernel.call import Call
from mocksls._kernel.templates import Context

from .store import ScalableTarget, Store


def needs(entry: ActionEntry, request: Mapping[str, Any], call: Call, store: Store) -> Iterator[Need]:
    """What one action of an operation needs. What does not exist is for the operation to miss."""
    action, word = entry
    if word == "*":
        yield Need(action)
    elif word == "tagged":
        yield Need(action, request["ResourceARN"])
    else:
        key = (request["ServiceNamespace"], request["ResourceId"], request["ScalableDimension"])
        target = store.targets.get(key)
        unknown = make_arn("application-autoscaling", call.region, call.account_id, "scalable-target/*")
        yield Need(action, target.arn if target else unknown, keys=partial(_keys, request, target))


def _keys(request: Mapping[str, Any], target: ScalableTarget | None) -> Context:
    keys: dict[str, str] = {
        "application-autoscaling:service-namespace": request["ServiceNamespace"],
        "application-autoscaling:scalable-dimension": request["ScalableDimension"],
    }
    return keys | {f"aws:resourcetag/{name.lower()}": value for name, value in (target.tags if target else {}).items()}
