"""The work of time to live that the clock runs."""

from __future__ import annotations

from typing import Any

from mocksls._kernel.call import Call
from mocksls._services.dynamodb import expiry
from mocksls._services.dynamodb.store import Store
from mocksls._services.dynamodb.writes import carry_out, planned

_PRINCIPAL = "dynamodb.amazonaws.com"


class ExpiryTasks:
    """Deletes what has expired."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def expire(self, payload: dict[str, Any], call: Call) -> None:
        """Delete the items of a table whose time has come, as the service itself."""
        table = self._store.tables.get(payload["TableName"])
        if table is None or table.table_id != payload["TableId"] or table.next_expiry != payload["at"]:
            return
        for key in expiry.due_keys(table, call):
            carry_out(planned(table, key, None, 0), call, _PRINCIPAL)
