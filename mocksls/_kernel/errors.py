"""The library's own exceptions, and the one that carries AWS's answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class MockslsError(Exception):
    """Base of everything that this library itself raises at its user."""


class MockslsWarning(UserWarning):
    """Category of every warning of this library."""


class UnmockedServiceError(MockslsError):
    """A call to an AWS service that no active mock answers."""


class AwsError(Exception):
    """An error as AWS answers it: becomes a ``ClientError`` at the caller.

    Args:
        code: the error's shape name in the service model, or, where the model has none, the wire code itself.
        message: AWS's text.
        status: HTTP status; ``None`` takes the model's, else 400.
        members: further members of the error's shape.
        headers: HTTP headers of the answer.
        sender: whose fault it is (``Type`` in query and XML answers): the sender's, else the receiver's.
    """

    def __init__(
        self,
        code: str,
        message: str = "",
        *,
        status: int | None = None,
        members: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        sender: bool = True,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.members: dict[str, Any] = dict(members or {})
        self.headers: dict[str, str] = dict(headers or {})
        self.sender = sender


def not_implemented(service: str, operation: str) -> AwsError:
    """The answer of an operation that AWS's model has and this library has not."""
    text = f"{service}.{operation} is not implemented by mocksls (see docs/coverage.md)"
    return AwsError("NotImplemented", text, status=501, sender=False)


class TransportFault(Exception):
    """The answer never arrives: what the client sees is an exception of its HTTP library, not an answer.

    ``kind`` is ``refused``, ``connect timeout``, ``read timeout`` or ``closed``;
    ``str`` gives the reason where one is known.
    """

    def __init__(self, kind: str, text: str = "") -> None:
        super().__init__(text or kind)
        self.kind = kind

    @property
    def connecting(self) -> bool:
        """Whether no connection is made at all."""
        return self.kind in ("refused", "connect timeout")
