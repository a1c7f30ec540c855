"""Subscription filters: events that are sent on, to functions.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call, Principal
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.paging import page
from mocksls._kernel.service import Task

from . import errors
from .filter_patterns import compile_filter
from .groups import find_group
from .policy_selection import for_group, read
from .store import LogEvent, LogGroup, LogStream, Store, SubscriptionFilter

_MOST = 2


class Subscriptions:
    """Operations on subscription filters."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_subscription_filter(self, request: Mapping[str, Any], call: Call) -> None:
        """Have the events that agree with a pattern sent on; a filter of that name is replaced.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterException, LimitExceededException.

        Differs: only functions are sent anything; filters to streams are kept, and the trace says so.
        """
        group = find_group(self._store, request)
        compile_filter(request["filterPattern"])
        name = request["filterName"]
        if name not in group.subscriptions and len(group.subscriptions) >= _MOST:
            raise errors.limit_exceeded()
        check_destination(request["destinationArn"], f"{group.arn}:*", call)
        known = group.subscriptions.get(name)
        group.subscriptions[name] = SubscriptionFilter(
            name=name,
            pattern=request["filterPattern"],
            destination=request["destinationArn"],
            created=known.created if known else int(self._cloud.clock.time() * 1000),
            role=request.get("roleArn"),
            distribution=request.get("distribution", "ByLogStream"),
            on_transformed=request.get("applyOnTransformedLogs", False),
        )

    def describe_subscription_filters(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The subscription filters of a group, by name.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterException.
        """
        group = find_group(self._store, request)
        prefix = request.get("filterNamePrefix", "")
        found = [each for name, each in sorted(group.subscriptions.items()) if name.startswith(prefix)]
        shown, token = page(
            found, request.get("limit", 50), request.get("nextToken"), lambda each: each.name, errors.bad_token
        )
        return {"subscriptionFilters": [_shown(group, each) for each in shown], "nextToken": token}

    def delete_subscription_filter(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a subscription filter.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        group = find_group(self._store, request)
        if group.subscriptions.pop(request["filterName"], None) is None:
            raise errors.no_subscription_filter()


class Subscribers:
    """Queues new events for the functions that subscribe to them."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def queue(self, group: LogGroup, stream: LogStream, events: Sequence[LogEvent], call: Call) -> None:
        """Queue the events that agree with each filter of a group, and with the account's."""
        for each in (*group.subscriptions.values(), *_of_account(self._store, group)):
            pattern = compile_filter(each.pattern)
            texts = [(event, event.text(is_transformed=each.on_transformed)) for event in events]
            matching = [(event, text) for event, text in texts if pattern.matches(text)]
            if not matching:
                continue
            if ":lambda:" not in each.destination:
                text = f"{each.name}: nothing is sent to {each.destination}: mocksls sends to functions only"
                self._cloud.note("skipped", "logs", "subscription", text, parent=call.trace_id)
                continue
            work = {
                "destination": each.destination,
                "source": f"{group.arn}:*",
                "message": _message(group, stream, each, matching, call),
            }
            self._cloud.router.send(Task("logs", "send_to_subscriber", call.account_id, call.region, work), call)


class SubscriberTasks:
    """The task that sends events on."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def send_to_subscriber(self, payload: dict[str, Any], call: Call) -> None:
        """Invoke a function with events, packed as CloudWatch Logs packs them."""
        packed = gzip.compress(json.dumps(payload["message"], separators=(",", ":")).encode(), mtime=0)
        event = {"awslogs": {"data": base64.b64encode(packed).decode()}}
        params = {
            "FunctionName": payload["destination"],
            "InvocationType": "Event",
            "Payload": json.dumps(event).encode(),
        }
        call.request("lambda", "Invoke", params, principal=_service(payload["source"], call))


def _of_account(store: Store, group: LogGroup) -> Iterator[SubscriptionFilter]:
    """The account's subscription filter, where it is for a group."""
    if not store.account_policies:
        return
    for policy in for_group(store, "SUBSCRIPTION_FILTER_POLICY", group):
        found = read(policy.document)
        yield SubscriptionFilter(policy.name, found.get("FilterPattern", ""), found["DestinationArn"], policy.updated)


def _service(source: str, call: Call) -> Principal:
    return Principal.service("logs.amazonaws.com", call.account_id, source)


def check_destination(destination: str, source: str, call: Call) -> None:
    """A function must be there, and let CloudWatch Logs invoke it for a source; streams are not looked for.

    Raises:
        AwsError: InvalidParameterException.
    """
    arn = Arn.parse(destination)
    if arn is None or arn.service != "lambda":
        return
    params = {"FunctionName": destination, "InvocationType": "DryRun"}
    try:
        call.request("lambda", "Invoke", params, principal=_service(source, call))
    except AwsError as error:
        if error.code != "AccessDeniedException" or call.cloud.options.compat != "moto":
            raise errors.destination_refuses() from None


def _message(
    group: LogGroup, stream: LogStream, each: SubscriptionFilter, events: Sequence[tuple[LogEvent, str]], call: Call
) -> dict[str, Any]:
    return {
        "messageType": "DATA_MESSAGE",
        "owner": call.account_id,
        "logGroup": group.name,
        "logStream": stream.name,
        "subscriptionFilters": [each.name],
        "logEvents": [{"id": event.id, "timestamp": event.timestamp, "message": text} for event, text in events],
    }


def _shown(group: LogGroup, each: SubscriptionFilter) -> dict[str, Any]:
    return {
        "filterName": each.name,
        "logGroupName": group.name,
        "filterPattern": each.pattern,
        "destinationArn": each.destination,
        "roleArn": each.role,
        "distribution": each.distribution,
        "applyOnTransformedLogs": each.on_transformed,
        "creationTime": each.created,
    }
