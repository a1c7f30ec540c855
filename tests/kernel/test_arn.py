"""ARNs."""

from __future__ import annotations

import pytest

from mocksls._kernel.arn import Arn, make_arn


def test_parts() -> None:
    """An ARN comes apart and together again; its resource may hold colons."""
    text = "arn:aws:lambda:us-east-1:123456789012:function:f:prod"
    arn = Arn.parse(text)
    assert arn == Arn("aws", "lambda", "us-east-1", "123456789012", "function:f:prod")
    assert str(arn) == text


@pytest.mark.parametrize("text", ["", "arn", "arn:aws:s3", "urn:aws:s3:::b", "arn::s3:::b", "arn:aws::::b"])
def test_no_arn(text: str) -> None:
    """What is no ARN parses to nothing."""
    assert Arn.parse(text) is None


@pytest.mark.parametrize(
    ("region", "partition"), [("us-east-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
)
def test_partitions(region: str, partition: str) -> None:
    """An ARN lies in the partition of its region."""
    assert make_arn("sqs", region, "123456789012", "q") == f"arn:{partition}:sqs:{region}:123456789012:q"
