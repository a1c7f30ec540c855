"""Scaling policies: put, described, deleted.

https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.arn import partition_of
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import errors
from .dynamodb_capacity import subject_of
from .store import Policy, Store
from .targets import key_of
from .tracking import alarm_arns, make_alarms, remove_alarms

_METRICS = {
    "ReadCapacityUnits": "DynamoDBReadCapacityUtilization",
    "WriteCapacityUnits": "DynamoDBWriteCapacityUtilization",
}


class Policies:
    """Operations on policies."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_scaling_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make or replace a target tracking policy, with its two alarms.

        Raises:
            AwsError: ValidationException, ObjectNotFoundException.

        Differs: customized metrics are not implemented.
        """
        key, name = key_of(request), request["PolicyName"]
        subject = subject_of(key)
        if key not in self._store.targets:
            raise errors.no_target_registered(key)
        if request.get("PolicyType", "StepScaling") != "TargetTrackingScaling":
            raise errors.invalid(
                "Unsupported policy type for the service namespace dynamodb: TargetTrackingScaling only."
            )
        tracking = request.get("TargetTrackingScalingPolicyConfiguration")
        if tracking is None:
            raise errors.invalid("TargetTrackingScalingPolicyConfiguration must be specified.")
        _check(tracking, _METRICS[subject.member])
        known = self._store.policies.get((key, name))
        policy = known or self._made(request, key, call)
        policy.tracking = tracking
        self._store.policies[key, name] = policy
        if known is not None:
            remove_alarms(policy, call)
        make_alarms(policy, call)
        return {"PolicyARN": policy.arn, "Alarms": alarm_arns(policy, call)}

    def _made(self, request: Mapping[str, Any], key: tuple[str, str, str], call: Call) -> Policy:
        ids, name = self._cloud.ids, request["PolicyName"]
        place = f"resource/{key[0]}/{key[1]}:policyName/{name}"
        head = f"arn:{partition_of(call.region)}:autoscaling:{call.region}:{call.account_id}"
        arn = f"{head}:scalingPolicy:{ids.uuid()}:{place}"
        alarms = (f"TargetTracking-{key[1]}-AlarmHigh-{ids.uuid()}", f"TargetTracking-{key[1]}-AlarmLow-{ids.uuid()}")
        return Policy(name, arn, key, self._cloud.clock.time(), {}, alarms)

    def describe_scaling_policies(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The policies of a service, by name, resource and dimension.

        Raises:
            AwsError: InvalidNextTokenException.
        """
        names = request.get("PolicyNames")
        found = [
            policy
            for (key, name), policy in sorted(self._store.policies.items())
            if key[0] == request["ServiceNamespace"]
            and (not names or name in names or policy.arn in names)
            and request.get("ResourceId", key[1]) == key[1]
            and request.get("ScalableDimension", key[2]) == key[2]
        ]
        shown, token = page(
            found,
            request.get("MaxResults", 50),
            request.get("NextToken"),
            lambda each: "|".join((*each.key, each.name)),
            errors.bad_token,
        )
        return {"ScalingPolicies": [_shown(policy, call) for policy in shown], "NextToken": token}

    def delete_scaling_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a policy with its alarms.

        Raises:
            AwsError: ObjectNotFoundException.
        """
        place = (key_of(request), request["PolicyName"])
        if place not in self._store.policies:
            raise errors.no_policy(place[1], place[0])
        remove_alarms(self._store.policies.pop(place), call)


def _check(tracking: Mapping[str, Any], metric: str) -> None:
    if "CustomizedMetricSpecification" in tracking:
        raise errors.not_scaled("dynamodb by customized metrics")
    asked = tracking.get("PredefinedMetricSpecification", {}).get("PredefinedMetricType")
    if asked != metric:
        raise errors.invalid(f"Unsupported predefined metric type for the scalable dimension: {asked}; it is {metric}.")
    if not 20.0 <= tracking["TargetValue"] <= 90.0:
        raise errors.invalid("TargetValue must be between 20 and 90 for DynamoDB.")


def _shown(policy: Policy, call: Call) -> dict[str, Any]:
    return {
        "PolicyARN": policy.arn,
        "PolicyName": policy.name,
        "ServiceNamespace": policy.key[0],
        "ResourceId": policy.key[1],
        "ScalableDimension": policy.key[2],
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": policy.tracking,
        "Alarms": alarm_arns(policy, call),
        "CreationTime": datetime.fromtimestamp(policy.created, timezone.utc),
    }
