"""A mock, and a service with hosts of its own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mocksls import _services, mock_serverless

ECHO = "https://echo.execute-api.eu-west-1.amazonaws.com"
_PLANES = str(Path(__file__).parent / "planes")


@pytest.fixture
def aws() -> Iterator[Any]:
    """The handle of a fresh cloud."""
    with mock_serverless(region="us-east-1") as handle:
        yield handle


@pytest.fixture
def echo(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A cloud in which the API ``echo`` answers plain HTTP."""
    name = "mocksls._services.apigatewayv2"
    real = sys.modules.pop(name, None)
    monkeypatch.setattr(_services, "__path__", [_PLANES, *_services.__path__])
    _services.is_mocked.cache_clear()
    with mock_serverless(region="us-east-1") as handle:
        yield handle
    sys.modules.pop(name, None)
    if real is not None:
        sys.modules[name] = real
    _services.is_mocked.cache_clear()
