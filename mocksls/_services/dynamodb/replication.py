"""Writes on their way to the other regions of a global table: as router tasks, the last writer wins.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
"""

from __future__ import annotations

from mocksls._kernel.call import Call
from mocksls._kernel.service import Task
from mocksls._services.dynamodb.ordering import Parts
from mocksls._services.dynamodb.store import Table
from mocksls._services.dynamodb.values import Item


def send(table: Table, key: Parts, new: Item | None, old: Item | None, call: Call) -> None:
    """Have every other region of a global table take over what was written here."""
    shown = new if new is not None else old
    if shown is None:
        return
    written = (call.cloud.clock.time(), call.region)
    table.written[key] = written
    payload = {"TableName": table.name, "Key": table.key_of(shown), "Item": new, "written": written}
    for region in table.replicas:
        call.cloud.router.send(Task("dynamodb", "replicate", call.account_id, region, payload), call)
