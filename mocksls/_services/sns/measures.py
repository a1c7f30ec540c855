"""The metrics that SNS keeps of its topics, in the namespace ``AWS/SNS``.

https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
"""

from __future__ import annotations

from functools import lru_cache

from mocksls._kernel.call import Call
from mocksls._kernel.measures import Measure

_NAMESPACE = "AWS/SNS"
_UNITS = {"PublishSize": "Bytes"}


def add(topic_arn: str, name: str, value: float, call: Call, count: int = 1) -> None:
    """Keep one value of a topic's metric, that came so often."""
    place, topic = _place(topic_arn)
    measures = call.cloud.measures
    measures.add(_measure("TopicName", topic, name), value, place, call.cloud.clock.time(), call, count)


def add_text(name: str, call: Call) -> None:
    """Count a text message that was sent to a phone number directly."""
    measure = _measure("PhoneNumber", "PhoneNumberDirect", name)
    call.cloud.measures.add(measure, 1.0, (call.account_id, call.region), call.cloud.clock.time(), call)


@lru_cache(maxsize=4096)
def _measure(dimension: str, value: str, name: str) -> Measure:
    return Measure(_NAMESPACE, name, ((dimension, value),), _UNITS.get(name, "Count"))


@lru_cache(maxsize=4096)
def _place(topic_arn: str) -> tuple[tuple[str, str], str]:
    region, account_id, topic = topic_arn.split(":")[3:6]
    return (account_id, region), topic
