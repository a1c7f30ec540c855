"""Contributors: the time series of an alarm that looks at several of them, each with a state of its own.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmContributors.html
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import errors
from .store import Alarm, Contributor, Store

_LISTED = 100
_LONGEST_REASON = 1023


class Contributors:
    """The operation on contributors."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def describe_alarm_contributors(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The contributors of an alarm that are in ALARM now; an alarm over one series has none.

        Raises:
            AwsError: ResourceNotFoundException, InvalidNextToken.
        """
        alarm = self._store.alarms.get(request["AlarmName"])
        if alarm is None:
            raise errors.no_resource(f"Alarm {request['AlarmName']} does not exist.")
        found = sorted((name, each) for name, each in alarm.contributors.items() if each.state == "ALARM")
        shown, token = page(found, _LISTED, request.get("NextToken"), lambda pair: pair[0], errors.invalid_next_token)
        return {"AlarmContributors": [_shown(name, each) for name, each in shown], "NextToken": token}


def update(alarm: Alarm, seen: Iterable[tuple[Mapping[str, str], str | None, str]], now: float) -> str:
    """Take over what was seen of an alarm's series (attributes, state, reason): the state that it makes for the alarm.

    A series that gives no state keeps the one that it has; one that is not seen any more is forgotten.
    """
    before, after = alarm.contributors, {}
    for attributes, state, reason in seen:
        name = _id(attributes)
        known = before.get(name)
        state = state or (known.state if known else "INSUFFICIENT_DATA")
        since = known.transitioned if known is not None and known.state == state else now
        after[name] = Contributor(dict(attributes), state, reason[:_LONGEST_REASON], since)
    alarm.contributors = after
    states = {each.state for each in after.values()}
    return next((state for state in ("ALARM", "OK") if state in states), "INSUFFICIENT_DATA")


def told(alarm: Alarm, state: str) -> str:
    """Why an alarm over several series is in a state."""
    alike = [each for each in alarm.contributors.values() if each.state == state]
    if not alike:
        return "Insufficient Data: no time series were found."
    names = "; ".join(", ".join(f"{name}={value}" for name, value in each.attributes.items()) for each in alike)
    return f"{len(alike)} time series evaluated to {state}: [{names}]"[:_LONGEST_REASON]


def _id(attributes: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(attributes, sort_keys=True).encode()).hexdigest()[:16]


def _shown(name: str, found: Contributor) -> dict[str, Any]:
    return {
        "ContributorId": name,
        "ContributorAttributes": found.attributes,
        "StateReason": found.reason,
        "StateTransitionedTimestamp": datetime.fromtimestamp(found.transitioned, timezone.utc),
    }
