"""Archives of FIFO topics, and subscriptions to which they are replayed.

https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-subscriber.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .fan_out import deliver_later
from .store import Subscription, Topic
from .subscription_attributes import replay_points

_DAY_S = 86_400.0


def keep(topic: Topic, message: dict[str, Any], now: float) -> None:
    """Put a message into its topic's archive, if it has one; what is too old goes."""
    if topic.archived_since is None:
        return
    days = int(json.loads(topic.attributes["ArchivePolicy"])["MessageRetentionPeriod"])
    topic.archive.append((now, message))
    while topic.archive and topic.archive[0][0] <= now - days * _DAY_S:
        del topic.archive[0]


def start(cloud: Cloud, topic: Topic, subscription: Subscription, given: Mapping[str, str], call: Call) -> None:
    """Deliver the archived messages that a subscription's replay policy asks for, oldest first."""
    text = given.get("ReplayPolicy")
    if not text:
        return
    begin, end = replay_points(text, errors.invalid)
    for published, message in topic.archive:
        if begin <= published and (end is None or published <= end):
            deliver_later(cloud, subscription, topic, {**message, "replayed": True}, call)
    subscription.attributes["ReplayStatus"] = "Completed"
