"""A mock, and a service with hosts of its own."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

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
    names = [f"mocksls._services.{folder.name}" for folder in Path(_PLANES).iterdir() if folder.is_dir()]
    real = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    monkeypatch.setattr(_services, "__path__", [_PLANES, *_services.__path__])
    _services.is_mocked.cache_clear()
    with mock_serverless(region="us-east-1") as handle:
        yield handle
    for name in names:
        sys.modules.pop(name, None)
    sys.modules.update(real)
    _services.is_mocked.cache_clear()


class Outside:
    """Steps outside of a running mock, with the network out of reach."""

    def __init__(self, handle: Any) -> None:
        self._handle = handle

    @contextmanager
    def outside(self) -> Iterator[None]:
        """What runs in the block runs as if the mock had stopped; no name resolves."""
        from mocksls._mock.life import _active, active

        running = active()
        assert running is not None
        installed, environment = running._installed, running._environment
        installed.remove()
        _active.clear()
        with mock.patch("socket.getaddrinfo", side_effect=socket.gaierror(-2, "Name or service not known")):
            yield
        running._installed = type(installed)(running.transport, environment._keys)
        _active.append(running)


@pytest.fixture
def refused(echo: Any) -> Outside:
    """A way out of the mock, into a world without a network."""
    return Outside(echo)
