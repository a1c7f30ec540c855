"""AWS's errors as the exceptions that botocore's clients raise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mocksls._kernel.errors import AwsError


@contextmanager
def client_errors(operation: str) -> Iterator[None]:
    """Raise what an operation answers as botocore's ``ClientError``."""
    from botocore.exceptions import ClientError

    try:
        yield
    except AwsError as error:
        answer = {
            "Error": {"Code": error.code, "Message": error.message},
            "ResponseMetadata": {"HTTPStatusCode": error.status or 400, "HTTPHeaders": {}, "RetryAttempts": 0},
            **error.members,
        }
        raise ClientError(answer, operation) from None
