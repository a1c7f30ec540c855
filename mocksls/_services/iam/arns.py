"""ARNs of IAM: they have no region, and lie in the partition of the region called."""

from __future__ import annotations

from mocksls._kernel.arn import Arn, partition_of
from mocksls._kernel.call import Call

from . import errors


def iam_arn(call: Call, resource: str) -> str:
    """The ARN of a resource of the call's account."""
    return f"arn:{partition_of(call.region)}:iam::{call.account_id}:{resource}"


def check_arn(text: str) -> None:
    """Whether a text is an ARN.

    Raises:
        AwsError: ValidationError.
    """
    if Arn.parse(text) is None:
        raise errors.no_arn()


def is_aws_policy(arn: str) -> bool:
    """Whether a policy is one of AWS's own."""
    return arn.split(":")[4:5] == ["aws"]
