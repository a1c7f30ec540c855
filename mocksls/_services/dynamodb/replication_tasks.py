"""What the router runs in the other regions of a global table."""

from __future__ import annotations

from typing import Any

from mocksls._kernel.call import Call
from mocksls._services.dynamodb.keys import requested_key
from mocksls._services.dynamodb.store import Store
from mocksls._services.dynamodb.values import item_size
from mocksls._services.dynamodb.writes import carry_out, planned


class ReplicationTasks:
    """Takes over writes of other regions."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def replicate(self, payload: dict[str, Any], call: Call) -> None:
        """Write what another region wrote, unless something newer stands here."""
        table = self._store.tables.get(payload["TableName"])
        if table is None or not table.replicas:
            return
        key = requested_key(table.shape, payload["Key"])[1]
        written, new = tuple(payload["written"]), payload["Item"]
        if table.written.get(key, (0.0, "")) > written:
            return
        table.written[key] = written
        change = planned(table, key, new, 0 if new is None else item_size(new))
        carry_out(change, call, replicated=True)
