"""What became of a delivery that failed: AWS's code for it, and whether it may succeed later."""

from __future__ import annotations

from dataclasses import dataclass

from mocksls._kernel.errors import AwsError, TransportFault, UnmockedServiceError

_CODES = (
    ("NO_PERMISSIONS", ("AccessDenied", "AuthorizationError", "NotAuthorized", "Unauthorized", "KMSAccessDenied")),
    ("NO_RESOURCE", ("NotFound", "NonExistent", "NotExist", "NoSuch")),
    ("THROTTLING", ("Throttl", "TooManyRequests", "Throughput")),
    ("INVALID_PARAMETER", ("Invalid", "Validation", "Missing")),
    ("INTERNAL_ERROR", ("InternalFailure", "InternalError", "ServiceException", "ServiceUnavailable")),
)
_RETRIED = ("THROTTLING", "INTERNAL_ERROR")


class Undeliverable(Exception):
    """A target that cannot be reached, in AWS's code; ``retry`` may reach it later."""

    def __init__(self, code: str, message: str, *, retry: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.retry = retry


@dataclass(slots=True)
class Failure:
    """A failed delivery: ``exhausted`` is the condition of the retry policy that ended it."""

    code: str
    message: str
    retry: bool
    exhausted: str = ""


def failure_of(error: Exception) -> Failure | None:
    """What an exception of a delivery means; ``None``: it is none of a delivery's."""
    if isinstance(error, Undeliverable):
        return Failure(error.code, str(error), error.retry)
    if isinstance(error, UnmockedServiceError):
        return Failure("NO_RESOURCE", str(error), False)
    if isinstance(error, TransportFault):
        return Failure("TIMEOUT" if "timeout" in error.kind else "CONNECTION_FAILURE", str(error), True)
    if isinstance(error, AwsError):
        code = next((code for code, words in _CODES if any(word in error.code for word in words)), "ERROR_FROM_TARGET")
        return Failure(code, error.message or error.code, code in _RETRIED)
    return None
