"""When items expire: noted as they are written, carried out by the cloud's clock.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
"""

from __future__ import annotations

import heapq
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.service import Task
from mocksls._services.dynamodb.ordering import Parts
from mocksls._services.dynamodb.store import Table
from mocksls._services.dynamodb.values import Item

TOO_OLD_S = 5 * 365 * 24 * 3600
_FAR_FUTURE = 10**12


def expiry_of(table: Table, item: Item) -> float | None:
    """When an item expires, as its TTL attribute says; None where it says nothing that counts."""
    value = item.get(table.ttl_attribute or "", {}).get("N")
    return None if value is None else float(value)


def note(table: Table, key: Parts, item: Item, call: Call) -> None:
    """Remember when an item that was just written expires, and plan the clock's next look."""
    at = expiry_of(table, item)
    if at is None or at > _FAR_FUTURE or at <= call.cloud.clock.time() - TOO_OLD_S:
        return
    heapq.heappush(table.expiries, (at, key))
    _plan(table, call)


def note_all(table: Table, call: Call) -> None:
    """Start over with a table whose TTL attribute has changed."""
    table.expiries.clear()
    table.next_expiry = None
    if table.ttl_attribute is not None:
        for key, row in table.rows.items():
            note(table, key, row.item, call)


def _plan(table: Table, call: Call) -> None:
    if not table.expiries:
        return
    at = table.expiries[0][0]
    if table.next_expiry is None or at < table.next_expiry:
        table.next_expiry = at
        payload: dict[str, Any] = {"TableName": table.name, "TableId": table.table_id, "at": at}
        call.cloud.clock.schedule(at, Task("dynamodb", "expire", call.account_id, call.region, payload))


def due_keys(table: Table, call: Call) -> list[Parts]:
    """Take the keys of what has expired by now, and plan the next look."""
    now = call.cloud.clock.time()
    table.next_expiry = None
    found = []
    while table.expiries and table.expiries[0][0] <= now:
        _, key = heapq.heappop(table.expiries)
        row = table.rows.get(key)
        at = expiry_of(table, row.item) if row is not None else None
        if at is not None and now - TOO_OLD_S < at <= now:
            found.append(key)
    _plan(table, call)
    return list(dict.fromkeys(found))
