"""Errors of queries.

https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#SelectObjectContentErrorCodeList
"""

from __future__ import annotations

from mocksls._kernel.errors import AwsError


def unexpected(token: str) -> AwsError:
    """A query does not go on like that."""
    return AwsError("ParseUnexpectedToken", f"Unexpected token found {token or 'EOF'}", status=400)


def fault(code: str, text: str) -> AwsError:
    """Another fault of a query or of its input."""
    return AwsError(code, text, status=400)
