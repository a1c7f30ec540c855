"""Target tracking: two alarms over what is consumed, and what their ringing makes of the capacity.

One rings when consumption was above the target for two minutes, one when it was far below for fifteen.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.html
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError

from .dynamodb_capacity import Subject, capacity, set_capacity, subject_of
from .store import Policy, ScalableTarget, Store, TargetKey

_PERIOD_S = 60
_OUT_PERIODS, _IN_PERIODS = 2, 15
_LOW_SHARE = 20.0
_KEPT = 1_000


def make_alarms(policy: Policy, call: Call) -> None:
    """Put the two alarms of a policy, with thresholds for the capacity that is provisioned now."""
    subject = subject_of(policy.key)
    units = capacity(subject, call)
    target = float(policy.tracking["TargetValue"])
    _alarm(
        policy, subject, policy.alarms[0], units * target / 100 * _PERIOD_S, _OUT_PERIODS, "GreaterThanThreshold", call
    )
    if not policy.tracking.get("DisableScaleIn", False):
        low = units * max(target - _LOW_SHARE, 0.0) / 100 * _PERIOD_S
        _alarm(policy, subject, policy.alarms[1], low, _IN_PERIODS, "LessThanThreshold", call)


def _alarm(
    policy: Policy, subject: Subject, name: str, threshold: float, periods: int, comparison: str, call: Call
) -> None:
    params: dict[str, Any] = {
        "AlarmName": name,
        "AlarmDescription": f"DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {policy.arn}.",
        "Namespace": "AWS/DynamoDB",
        "MetricName": subject.metric,
        "Dimensions": subject.dimensions,
        "Statistic": "Sum",
        "Period": _PERIOD_S,
        "EvaluationPeriods": periods,
        "Threshold": threshold,
        "ComparisonOperator": comparison,
        "AlarmActions": [policy.arn],
    }
    call.request("cloudwatch", "PutMetricAlarm", params, internal=True)


def remove_alarms(policy: Policy, call: Call) -> None:
    """Delete a policy's alarms."""
    call.request("cloudwatch", "DeleteAlarms", {"AlarmNames": list(policy.alarms)}, internal=True)


def alarm_arns(policy: Policy, call: Call) -> list[dict[str, str]]:
    """A policy's alarms as they are shown."""
    names = policy.alarms[:1] if policy.tracking.get("DisableScaleIn", False) else policy.alarms
    prefix = f"arn:aws:cloudwatch:{call.region}:{call.account_id}:alarm:"
    return [{"AlarmName": name, "AlarmARN": prefix + name} for name in names]


class Scaling:
    """The task behind target tracking."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def apply_policy(self, payload: dict[str, Any], call: Call) -> None:
        """An alarm of a policy stands: provision what was consumed needs, within the target's bounds."""
        policy = next((each for each in self._store.policies.values() if each.arn == payload["policy"]), None)
        target = self._store.targets.get(policy.key) if policy else None
        if policy is None or target is None or payload["alarm"] not in policy.alarms:
            return
        out = payload["alarm"] == policy.alarms[0]
        if not self._may(policy, target, out):
            return
        subject = subject_of(policy.key)
        units = capacity(subject, call)
        wanted = self._wanted(policy, subject, target, call)
        if (wanted <= units) if out else (wanted >= units):
            return
        moment = self._cloud.clock.time()
        if out:
            policy.scaled_out = moment
        else:
            policy.scaled_in = moment
        cause = f"monitor alarm {payload['alarm']} in state ALARM triggered policy {policy.name}"
        scale(self._cloud, self._store, policy.key, wanted, cause, call)
        make_alarms(policy, call)

    def _may(self, policy: Policy, target: ScalableTarget, out: bool) -> bool:
        """Whether scaling that way is neither suspended nor cooling down."""
        way = "Out" if out else "In"
        if target.suspended.get(f"DynamicScaling{way}Suspended"):
            return False
        last = policy.scaled_out if out else max(policy.scaled_in or 0.0, policy.scaled_out or 0.0)
        cooldown = policy.tracking.get(f"Scale{way}Cooldown", 0)
        return not last or self._cloud.clock.time() >= last + cooldown

    def _wanted(self, policy: Policy, subject: Subject, target: ScalableTarget, call: Call) -> int:
        """What keeps the last minute's consumption at the target value."""
        now = math.floor(self._cloud.clock.time() / _PERIOD_S) * _PERIOD_S
        end = datetime.fromtimestamp(now, timezone.utc)
        params = {
            "Namespace": "AWS/DynamoDB",
            "MetricName": subject.metric,
            "Dimensions": subject.dimensions,
            "StartTime": end - timedelta(seconds=_PERIOD_S * _OUT_PERIODS),
            "EndTime": end,
            "Period": _PERIOD_S,
            "Statistics": ["Sum"],
        }
        points = call.request("cloudwatch", "GetMetricStatistics", params, internal=True)["Datapoints"]
        consumed = max((point["Sum"] for point in points), default=0.0) / _PERIOD_S
        needed = math.ceil(consumed / (float(policy.tracking["TargetValue"]) / 100))
        return min(max(needed, target.least), target.most)


def scale(cloud: Cloud, store: Store, key: TargetKey, units: int, cause: str, call: Call) -> None:
    """Provision a capacity, and write it down as an activity."""
    subject = subject_of(key)
    moment = cloud.clock.now()
    activity: dict[str, Any] = {
        "ActivityId": cloud.ids.uuid(),
        "ServiceNamespace": key[0],
        "ResourceId": key[1],
        "ScalableDimension": key[2],
        "Description": f"Setting {_words(subject.member)} to {units}.",
        "Cause": cause,
        "StartTime": moment,
        "EndTime": moment,
    }
    try:
        set_capacity(subject, units, call)
    except AwsError as error:
        activity |= {"StatusCode": "Failed", "StatusMessage": f"Failed to set capacity: {error.message}"}
    else:
        told = f"Successfully set {_words(subject.member)} to {units}. Change successfully fulfilled by dynamodb."
        activity |= {"StatusCode": "Successful", "StatusMessage": told}
    store.activities.append(activity)
    del store.activities[:-_KEPT]


def _words(member: str) -> str:
    return "read capacity units" if member == "ReadCapacityUnits" else "write capacity units"
