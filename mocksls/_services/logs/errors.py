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


def name_too_long() -> AwsError:
    """A name that is longer than one may be, where it is looked up."""
    return invalid("Invalid LogGroup or LogStream, both must have length less than or equal to 512.")


def no_stream() -> AwsError:
    """There is no such log stream."""
    return AwsError("ResourceNotFoundException", "The specified log stream does not exist.")


def bad_token() -> AwsError:
    """The token of a page is not one of ours."""
    return AwsError("InvalidParameterException", "The specified nextToken is invalid.")


def invalid(message: str) -> AwsError:
    """A parameter is out of order."""
    return AwsError("InvalidParameterException", message)


def nothing_tagged() -> AwsError:
    """There is no such resource."""
    return AwsError("ResourceNotFoundException", "The specified resource does not exist.")


def limit_exceeded() -> AwsError:
    """There are as many as AWS allows."""
    return AwsError("LimitExceededException", "Resource limit exceeded.")


def no_metric_filter() -> AwsError:
    """There is no such metric filter."""
    return AwsError("ResourceNotFoundException", "The specified metric filter does not exist.")


def no_subscription_filter() -> AwsError:
    """There is no such subscription filter."""
    return AwsError("ResourceNotFoundException", "The specified subscription filter does not exist.")


def no_destination() -> AwsError:
    """There is no such destination."""
    return AwsError("ResourceNotFoundException", "The specified destination does not exist.")


def destination_refuses() -> AwsError:
    """A function may not be invoked by CloudWatch Logs, or is not there."""
    return AwsError(
        "InvalidParameterException",
        "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your "
        "function.",
    )


def no_policy(name: str) -> AwsError:
    """There is no such resource policy."""
    return AwsError("ResourceNotFoundException", f"Policy with name [{name}] does not exist.")


def no_account_policy() -> AwsError:
    """There is no such policy of the account."""
    return AwsError("ResourceNotFoundException", "The specified policy does not exist.")


def no_bucket() -> AwsError:
    """The bucket of an export does not exist."""
    return invalid("The given bucket does not exist. Please make sure the bucket is valid.")


def no_export() -> AwsError:
    """There is no such export task."""
    return AwsError("ResourceNotFoundException", "The specified export task does not exist.")


def no_queried_group(name: str, account_id: str, request_id: str) -> AwsError:
    """A log group that is to be searched does not exist."""
    text = (
        f"Log group '{name}' does not exist for account ID '{account_id}' (Service: AWSLogs; Status Code: 400; "
        f"Error Code: ResourceNotFoundException; Request ID: {request_id}; Proxy: null)"
    )
    return AwsError("ResourceNotFoundException", text)


def malformed_query(text: str) -> AwsError:
    """The query cannot be read."""
    return AwsError("MalformedQueryException", text, status=400)


def no_query() -> AwsError:
    """There is no such query."""
    return AwsError("ResourceNotFoundException", "The specified query does not exist.")


def no_delivery(what: str, end: str = ".") -> AwsError:
    """There is no such delivery, source or destination of deliveries."""
    return AwsError("ResourceNotFoundException", f"Requested {what} does not exist in this account{end}")


def not_valid(message: str) -> AwsError:
    """A request that the newer operations refuse."""
    return AwsError("ValidationException", message, status=400)


def conflict(message: str) -> AwsError:
    """Something is in the way."""
    return AwsError("ConflictException", message, status=400)


def not_found(message: str) -> AwsError:
    """Something that a request names is not there."""
    return AwsError("ResourceNotFoundException", message, status=400)
