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
    elif word in ("passed role", "unmasked"):
        yield from _where_asked(entry, request, call, store)
    elif word == "log-groups":
        names = [
            request.get("logGroupName"),
            *request.get("logGroupNames", ()),
            *request.get("logGroupIdentifiers", ()),
        ]
        for name in names:
            if name:
                yield _on_group(action, {"logGroupName": name}, "", call, store)
    elif word in ("arn", "watched"):
        yield from (Need(action, arn) for arn in _named(request, store))
    elif word == "destination":
        yield Need(action, make_arn("logs", call.region, call.account_id, f"destination:{request['destinationName']}"))
    elif word == "delivery":
        yield Need(action, _delivery(request, call))
    elif call.operation in _TAGGING:
        name = _group(request)
        yield Need(action, request["resourceArn"].removesuffix(":*"), keys=partial(_tags, name, store))
    else:
        yield _on_group(action, request, request.get("logStreamName", "") if word == "log-stream" else "", call, store)


def _named(request: Mapping[str, Any], store: Store) -> Iterator[str]:
    """The ARNs of what a request names by its ARN; scheduled queries also by their name."""
    for member in ("lookupTableArn", "anomalyDetectorArn"):
        if member in request:
            yield request[member]
    yield from request.get("logGroupArnList", ())
    if "identifier" in request:
        name = request["identifier"]
        yield next((arn for arn, query in store.scheduled_queries.items() if query.name == name), name)


def _where_asked(entry: ActionEntry, request: Mapping[str, Any], call: Call, store: Store) -> Iterator[Need]:
    """What is needed only by requests that give a role, or ask for sensitive data as they are."""
    action, word = entry
    if word == "passed role" and request.get("roleArn"):
        yield Need(action, request["roleArn"], keys=lambda: {"iam:passedtoservice": "logs.amazonaws.com"})
    if word == "unmasked" and request.get("unmask"):
        yield _on_group(action, request, "", call, store)


def _on_group(action: str, request: Mapping[str, Any], stream: str, call: Call, store: Store) -> Need:
    name = _group(request)
    arn = make_arn("logs", call.region, call.account_id, f"log-group:{name}:log-stream:{stream}")
    return Need(action, arn, keys=partial(_tags, name, store))


def _delivery(request: Mapping[str, Any], call: Call) -> str:
    """The ARN of a delivery, or of its source or destination."""
    kind = "delivery"
    name = request.get("id", "*")
    if "Destination" in call.operation:
        kind, name = "delivery-destination", request.get("name") or request.get("deliveryDestinationName") or "*"
    elif "Source" in call.operation:
        kind, name = "delivery-source", request.get("name", "*")
    return make_arn("logs", call.region, call.account_id, f"{kind}:{name}")


def _group(request: Mapping[str, Any]) -> str:
    given = request.get("logGroupName") or request.get("logGroupIdentifier") or request.get("resourceArn") or ""
    return str(given).partition(":log-group:")[2].removesuffix(":*") if given.startswith("arn:") else str(given)


def _tags(name: str, store: Store) -> Context:
    group = store.groups.get(name)
    return {f"aws:resourcetag/{tag.lower()}": value for tag, value in group.tags.items()} if group else {}
