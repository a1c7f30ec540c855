"""Actions and resources of the operations, for authorisation.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html
"""

from __future__ import annotations

_TARGET = (
    "DeleteScalingPolicy",
    "DeleteScheduledAction",
    "DeregisterScalableTarget",
    "PutScalingPolicy",
    "PutScheduledAction",
    "RegisterScalableTarget",
)
_ALL = (
    "DescribeScalableTargets",
    "DescribeScalingActivities",
    "DescribeScalingPolicies",
    "DescribeScheduledActions",
)
_TAGGED = ("ListTagsForResource", "TagResource", "UntagResource")

ACTIONS: dict[str, tuple[str, str]] = {
    **{name: (f"application-autoscaling:{name}", "target") for name in _TARGET},
    **{name: (f"application-autoscaling:{name}", "*") for name in _ALL},
    **{name: (f"application-autoscaling:{name}", "tagged") for name in _TAGGED},
}
