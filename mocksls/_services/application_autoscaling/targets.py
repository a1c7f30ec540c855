"""Scalable targets: registered, described, deregistered; the activities of scaling.

https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import dynamodb_capacity, errors, planning, tracking
from .store import ScalableTarget, Store, TargetKey

_ROLE = (
    "aws-service-role/dynamodb.application-autoscaling.amazonaws.com/"
    "AWSServiceRoleForApplicationAutoScaling_DynamoDBTable"
)


class Targets:
    """Operations on scalable targets."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def register_scalable_target(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Register a table's or index's capacity, or change the bounds of one that is registered.

        Raises:
            AwsError: ValidationException.
        """
        key = key_of(request)
        dynamodb_capacity.capacity(dynamodb_capacity.subject_of(key), call)
        known = self._store.targets.get(key)
        least, most = request.get("MinCapacity"), request.get("MaxCapacity")
        if known is None and (least is None or most is None):
            raise errors.invalid("Both MinCapacity and MaxCapacity must be specified for a new scalable target.")
        least = known.least if least is None and known else least or 0
        most = known.most if most is None and known else most or 0
        if least < 1:
            raise errors.invalid("Minimum capacity must be greater than or equal to 1")
        if least > most:
            raise errors.invalid("Maximum capacity cannot be less than minimum capacity")
        if known is None:
            known = self._store.targets[key] = self._made(key, call)
        elif request.get("Tags"):
            raise errors.invalid("Tags can only be set when a scalable target is registered for the first time.")
        known.least, known.most = least, most
        known.role_arn = request.get("RoleARN", known.role_arn)
        known.suspended = {**known.suspended, **request.get("SuspendedState", {})}
        known.tags = known.tags or dict(request.get("Tags", {}))
        return {"ScalableTargetARN": known.arn}

    def _made(self, key: TargetKey, call: Call) -> ScalableTarget:
        arn = make_arn(
            "application-autoscaling", call.region, call.account_id, f"scalable-target/{self._cloud.ids.hex(26)}"
        )
        role = f"arn:aws:iam::{call.account_id}:role/{_ROLE}"
        return ScalableTarget(key, arn, 1, 1, role, self._cloud.clock.time())

    def describe_scalable_targets(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The targets of a service, by resource and dimension.

        Raises:
            AwsError: InvalidNextTokenException.
        """
        ids = request.get("ResourceIds")
        found = [
            target
            for key, target in sorted(self._store.targets.items())
            if key[0] == request["ServiceNamespace"]
            and (not ids or key[1] in ids)
            and request.get("ScalableDimension", key[2]) == key[2]
        ]
        shown, token = page(
            found,
            request.get("MaxResults", 50),
            request.get("NextToken"),
            lambda each: "|".join(each.key),
            errors.bad_token,
        )
        return {"ScalableTargets": [_shown(target) for target in shown], "NextToken": token}

    def deregister_scalable_target(self, request: Mapping[str, Any], call: Call) -> None:
        """Forget a target with its policies and scheduled actions.

        Raises:
            AwsError: ObjectNotFoundException.
        """
        key = key_of(request)
        if key not in self._store.targets:
            raise errors.no_target(key)
        for place in [place for place in self._store.policies if place[0] == key]:
            tracking.remove_alarms(self._store.policies.pop(place), call)
        for place in [place for place in self._store.actions if place[0] == key]:
            planning.drop(self._cloud, self._store.actions.pop(place))
        del self._store.targets[key]

    def describe_scaling_activities(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """What scaling did, the newest first.

        Raises:
            AwsError: InvalidNextTokenException.
        """
        found = [
            activity
            for activity in reversed(self._store.activities)
            if activity["ServiceNamespace"] == request["ServiceNamespace"]
            and request.get("ResourceId", activity["ResourceId"]) == activity["ResourceId"]
            and request.get("ScalableDimension", activity["ScalableDimension"]) == activity["ScalableDimension"]
        ]
        numbered = list(enumerate(found))
        shown, token = page(
            numbered,
            request.get("MaxResults", 50),
            request.get("NextToken"),
            lambda pair: f"{pair[0]:08d}",
            errors.bad_token,
        )
        return {"ScalingActivities": [activity for _, activity in shown], "NextToken": token}


def key_of(request: Mapping[str, Any]) -> TargetKey:
    """The target that a request names."""
    return request["ServiceNamespace"], request["ResourceId"], request["ScalableDimension"]


def _shown(target: ScalableTarget) -> dict[str, Any]:
    return {
        "ServiceNamespace": target.key[0],
        "ResourceId": target.key[1],
        "ScalableDimension": target.key[2],
        "MinCapacity": target.least,
        "MaxCapacity": target.most,
        "RoleARN": target.role_arn,
        "CreationTime": datetime.fromtimestamp(target.created, timezone.utc),
        "SuspendedState": {
            "DynamicScalingInSuspended": False,
            "DynamicScalingOutSuspended": False,
            "ScheduledScalingSuspended": False,
            **target.suspended,
        },
        "ScalableTargetARN": target.arn,
    }
