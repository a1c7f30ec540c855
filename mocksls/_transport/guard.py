"""A guard around a test: what reaches for AWS outside of any mock is refused, and remembered."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

from mocksls._kernel.errors import UnmockedServiceError
from mocksls._seams.hosts import is_aws
from mocksls._seams.patching import Patches

_METADATA = {"169.254.169.254", "169.254.170.2", "169.254.170.23", "fd00:ec2::254"}


class Guard:
    """Refuses to look up AWS's host names while no mock is active.

    Args:
        is_mocked: whether a mock is active, which then has its own say.
    """

    def __init__(self, is_mocked: Callable[[], bool]) -> None:
        self._is_mocked = is_mocked
        self._patches = Patches()
        self.reached: list[str] = []

    def start(self) -> None:
        """Begin to watch."""
        original = socket.getaddrinfo

        def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
            name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
            if isinstance(name, str) and not self._is_mocked() and _leads_to_aws(name.lower().rstrip(".")):
                self.reached.append(name)
                raise UnmockedServiceError(f"{name} was reached for outside of any mock")
            return original(host, *args, **kwargs)

        self._patches.set(socket, "getaddrinfo", getaddrinfo)

    def stop(self) -> None:
        """Watch no more."""
        self._patches.undo()


def _leads_to_aws(host: str) -> bool:
    return host in _METADATA or is_aws(host)
