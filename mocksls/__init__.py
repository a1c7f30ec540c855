"""In-memory mock of AWS's serverless platform for unit tests: handlers really run, triggers really fire."""

from mocksls._kernel.errors import MockslsError, MockslsWarning, UnmockedServiceError
from mocksls._kernel.outbox import Message
from mocksls._mock.entry import current, fixture, join, mock_serverless
from mocksls._mock.errors import FunctionError
from mocksls._mock.function import Function

__all__ = [
    "Function",
    "FunctionError",
    "Message",
    "MockslsError",
    "MockslsWarning",
    "UnmockedServiceError",
    "current",
    "fixture",
    "join",
    "mock_serverless",
]
