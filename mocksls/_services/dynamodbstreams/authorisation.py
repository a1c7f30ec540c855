"""What a call to DynamoDB Streams must be allowed: the stream that it names, or that its iterator leads to.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mocksls._kernel.arn import make_arn
from mocksls._kernel.authorise import ActionEntry, Need
from mocksls._kernel.call import Call


def needs(entry: ActionEntry, request: Mapping[str, Any], call: Call, store: Any) -> Iterator[Need]:
    """What one action of an operation needs."""
    action, word = entry
    if word == "stream":
        yield Need(action, request.get("StreamArn") or request.get("ShardIterator", "").partition("|1|")[0] or "*")
    else:
        table = request.get("TableName", "*")
        yield Need(action, make_arn("dynamodb", call.region, call.account_id, f"table/{table}/stream/*"))
