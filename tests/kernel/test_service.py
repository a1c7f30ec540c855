"""What a service's resource classes offer as operations."""

from __future__ import annotations

import pytest

from mocksls._kernel import service


class Object:
    """Stands for ``object`` where the assertion library ``sure`` has hung its words on it."""

    def should(self) -> None: ...


class Queues(Object):
    def create_queue(self) -> None: ...


class Messages(Object):
    def send_message(self) -> None: ...


def test_what_every_object_has_is_no_operation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two resource classes may both have what some library gave to all objects."""
    monkeypatch.setattr(service, "object", Object, raising=False)
    assert set(service.public_methods([Queues(), Messages()])) == {"create_queue", "send_message"}
