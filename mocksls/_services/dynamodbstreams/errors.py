"""The errors of DynamoDB Streams, one small function each, with AWS's messages."""

from __future__ import annotations

from mocksls._kernel.errors import AwsError


def validation(message: str) -> AwsError:
    """A request that breaks a rule, in AWS's words."""
    return AwsError("ValidationException", message)


def stream_not_found(arn: str) -> AwsError:
    """A stream that is not there (any more)."""
    return AwsError("ResourceNotFoundException", f"Requested resource not found: Stream: {arn} not found")


def shard_not_found(shard_id: str, arn: str) -> AwsError:
    """A shard that the stream does not have."""
    return AwsError(
        "ResourceNotFoundException", f"Requested resource not found: Shard: {shard_id} in Stream: {arn} not found"
    )


def invalid_arn(arn: str) -> AwsError:
    """A stream ARN that is none."""
    return validation(f"Invalid StreamArn: {arn}")


def invalid_iterator() -> AwsError:
    """A shard iterator that this service did not give."""
    return validation("Invalid ShardIterator")


def expired_iterator() -> AwsError:
    """A shard iterator older than fifteen minutes."""
    return AwsError("ExpiredIteratorException", "Iterator expired")


def trimmed() -> AwsError:
    """A place before the oldest record that is kept."""
    return AwsError(
        "TrimmedDataAccessException",
        "The operation attempted to read past the oldest stream record in a shard.",
    )
