"""Errors of CloudWatch Logs, with AWS's messages (recorded from AWS)."""

from __future__ import annotations

from mocksls._kernel.errors import AwsError


def group_exists() -> AwsError:
    """The name of a new log group is taken."""
    return AwsError("ResourceAlreadyExistsException", "The specified log group already exists")


def stream_exists() -> AwsError:
    """The name of a new log stream is taken."""
    return AwsError("ResourceAlreadyExistsException", "The specified log stream already exists")


def no_group() -> AwsError:
    """There is no such log group."""
    return AwsError("ResourceNotFoundException", "The specified log group does not exist.")


def no_stream() -> AwsError:
    """There is no such log stream."""
    return AwsError("ResourceNotFoundException", "The specified log stream does not exist.")


def bad_token() -> AwsError:
    """The token of a page is not one of ours."""
    return AwsError("InvalidParameterException", "The specified nextToken is invalid.")


def invalid(message: str) -> AwsError:
    """A parameter is out of order."""
    return AwsError("InvalidParameterException", message)
