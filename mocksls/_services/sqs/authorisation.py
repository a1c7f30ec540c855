"""What a call to SQS must be allowed: queues with their policies. SQS names actions in small letters when it refuses.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from mocksls._kernel.arn import make_arn
from mocksls._kernel.authorise import ActionEntry, Need
from mocksls._kernel.call import Call
from mocksls._kernel.errors import AwsError
from mocksls._kernel.templates import Context

from .queues import find_queue, owned_queue
from .store import Queue, Store


def needs(entry: ActionEntry, request: Mapping[str, Any], call: Call, store: Store) -> Iterator[Need]:
    """What one action of an operation needs. A queue that does not exist is for the operation to miss."""
    action, word = entry[0].lower(), entry[1]
    if word == "*":
        yield Need(action, account_id=call.account_id)
    elif word == "new queue":
        arn = make_arn("sqs", call.region, call.account_id, request["QueueName"])
        yield Need(
            action, arn, account_id=call.account_id, keys=partial(_tags, request.get("tags", {}), "aws:requesttag")
        )
    elif word == "source":
        yield Need(action, request["SourceArn"], account_id=call.account_id)
    elif word == "task":
        yield Need(action, make_arn("sqs", call.region, call.account_id, "*"), account_id=call.account_id)
    else:
        yield from _on_queue(action, word, request, call, store)


def _on_queue(action: str, word: str, request: Mapping[str, Any], call: Call, store: Store) -> Iterator[Need]:
    try:
        if word == "named queue":
            owner = request.get("QueueOwnerAWSAccountId", call.account_id)
            queue = owned_queue(store, call, owner, request["QueueName"])
        else:
            queue = find_queue(store, request, call)
    except AwsError:
        return
    yield need(action, queue)


def need(action: str, queue: Queue) -> Need:
    """What an action on a queue needs."""
    owner = queue.arn.split(":")[4]
    keys = partial(_tags, queue.tags, "aws:resourcetag")
    return Need(action, queue.arn, queue.attributes.get("Policy"), owner, keys)


def _tags(tags: Mapping[str, str], key: str) -> Context:
    return {f"{key}/{name.lower()}": value for name, value in tags.items()}
