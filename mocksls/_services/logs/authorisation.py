"""What a call to CloudWatch Logs must be allowed: log groups and log streams.

AWS judges a group as its (unnamed) log stream, so that ``log-group:NAME:*`` in a policy means both.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from mocksls._kernel.arn import make_arn
from mocksls._kernel.authorise import ActionEntry, Need
from mocksls._kernel.call import Call
from mocksls._kernel.templates import Context

from .store import Store

_TAGGING = ("TagResource", "UntagResource", "ListTagsForResource")


def needs(entry: ActionEntry, request: Mapping[str, Any], call: Call, store: Store) -> Iterator[Need]:
    """What one action of an operation needs."""
    action, word = entry
    if word == "*":
        yield Need(action)
        return
    name = _group(request)
    if call.operation in _TAGGING:
        yield Need(action, request["resourceArn"].removesuffix(":*"), keys=partial(_tags, name, store))
        return
    stream = request.get("logStreamName", "") if word == "log-stream" else ""
    arn = make_arn("logs", call.region, call.account_id, f"log-group:{name}:log-stream:{stream}")
    yield Need(action, arn, keys=partial(_tags, name, store))


def _group(request: Mapping[str, Any]) -> str:
    given = request.get("logGroupName") or request.get("logGroupIdentifier") or request.get("resourceArn") or ""
    return str(given).partition(":log-group:")[2].removesuffix(":*") if given.startswith("arn:") else str(given)


def _tags(name: str, store: Store) -> Context:
    group = store.groups.get(name)
    return {f"aws:resourcetag/{tag.lower()}": value for tag, value in group.tags.items()} if group else {}
