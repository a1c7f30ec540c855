"""Composite alarms' rules, and actions that are held back and made up for."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .conftest import knows
from .test_alarms import alarm, state


def put_state(cloudwatch: Any, name: str, value: str = "ALARM") -> None:
    """Put an alarm into a state."""
    cloudwatch.set_alarm_state(AlarmName=name, StateValue=value, StateReason="x")


def lasting(cloudwatch: Any, name: str, **more: Any) -> None:
    """An alarm that stays in the state that it is put into."""
    alarm(cloudwatch, name, TreatMissingData="ignore", **more)


@pytest.fixture
def composite(aws: Any, cloudwatch: Any) -> Any:
    """A composite ``c`` over ``a``, which ``quiet`` suppresses; it waits two minutes before and three after."""
    topic = boto3.client("sns").create_topic(Name="topic")["TopicArn"]
    lasting(cloudwatch, "a")
    lasting(cloudwatch, "quiet")
    cloudwatch.put_composite_alarm(
        AlarmName="c",
        AlarmRule="ALARM(a)",
        AlarmActions=[topic],
        ActionsSuppressor="quiet",
        ActionsSuppressorWaitPeriod=120,
        ActionsSuppressorExtensionPeriod=180,
    )
    return cloudwatch


def published(aws: Any) -> int:
    """How often an alarm has acted."""
    return len(aws.trace.filter(service="sns", name="Publish"))


def held_by(cloudwatch: Any) -> str | None:
    """What holds the composite's actions back."""
    (found,) = cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    by: str | None = found.get("ActionsSuppressedBy")
    return by


def test_composite_waits_for_its_suppressor(aws: Any, composite: Any) -> None:
    """Nobody came to suppress: the composite acts when it has waited."""
    put_state(composite, "a")
    assert (held_by(composite), published(aws)) == ("WaitPeriod", 0)
    aws.clock.advance(minutes=1)
    assert published(aws) == 0
    aws.clock.advance(minutes=1)
    assert (held_by(composite), published(aws)) == (None, 1)


def test_suppressor_comes_and_goes(aws: Any, composite: Any) -> None:
    """The suppressor came in time; after it went, the composite waits again, and acts if it still rings."""
    put_state(composite, "a")
    aws.clock.advance(minutes=1)
    put_state(composite, "quiet")
    aws.clock.advance(hours=1)
    seen = [held_by(composite)]
    put_state(composite, "quiet", "OK")
    seen.append(held_by(composite))
    assert (seen, published(aws)) == (["Alarm", "ExtensionPeriod"], 0)
    aws.clock.advance(minutes=3)
    assert (held_by(composite), published(aws)) == (None, 1)


def test_composite_that_calmed_down_has_nothing_to_tell(aws: Any, composite: Any) -> None:
    """A composite that is back where it was when its actions were held back does not act."""
    put_state(composite, "a")
    put_state(composite, "a", "OK")
    aws.clock.advance(minutes=10)
    assert (held_by(composite), published(aws)) == (None, 0)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("AT_LEAST(2, ALARM, (a, b, quiet))", ["OK", "OK", "ALARM"]),
        ('AT_LEAST(50%, ALARM, ("a", "b", "quiet"))', ["OK", "OK", "ALARM"]),
        ("AT_LEAST(3, NOT ALARM, (a, b, quiet)) OR FALSE", ["ALARM", "OK", "OK"]),
    ],
)
def test_rules_may_count(cloudwatch: Any, rule: str, expected: list[str]) -> None:
    """A rule counts the alarms in a state, or those that are not in it."""
    for name in ("a", "b", "quiet"):
        lasting(cloudwatch, name)
    cloudwatch.put_composite_alarm(AlarmName="c", AlarmRule=rule)
    states = [state(cloudwatch, "c")]
    for name in ("a", "b"):
        put_state(cloudwatch, name)
        states.append(state(cloudwatch, "c"))
    assert states == expected


def test_rules_may_lead_back(cloudwatch: Any) -> None:
    """Composites may depend on each other; their evaluation ends where it would go round."""
    lasting(cloudwatch, "a")
    cloudwatch.put_composite_alarm(AlarmName="c", AlarmRule="ALARM(a)")
    cloudwatch.put_composite_alarm(AlarmName="d", AlarmRule="ALARM(c)")
    cloudwatch.put_composite_alarm(AlarmName="c", AlarmRule="ALARM(a) AND NOT ALARM(d)")
    put_state(cloudwatch, "a")
    assert (state(cloudwatch, "c"), state(cloudwatch, "d")) == ("ALARM", "ALARM")
    for names in (["c"], ["c", "d"]):
        with pytest.raises(ClientError, match=r"ResourceConflict|ValidationE"):
            cloudwatch.delete_alarms(AlarmNames=names)


@knows("PutAlarmMuteRule")
@pytest.mark.parametrize("deleted", [False, True])
def test_muted_action_is_made_up_for(aws: Any, cloudwatch: Any, deleted: bool) -> None:
    """When muting ends, an alarm that still stands acts; one that calmed down does not."""
    topic = boto3.client("sns").create_topic(Name="topic")["TopicArn"]
    lasting(cloudwatch, "a", AlarmActions=[topic])
    lasting(cloudwatch, "b", AlarmActions=[topic])
    put_state(cloudwatch, "b", "OK")
    schedule = {"Expression": "at(2030-01-01T00:00)", "Duration": "PT2H"}
    cloudwatch.put_alarm_mute_rule(Name="m", Rule={"Schedule": schedule}, MuteTargets={"AlarmNames": ["a", "b"]})
    put_state(cloudwatch, "a")
    put_state(cloudwatch, "b")
    put_state(cloudwatch, "b", "OK")
    aws.clock.advance(hours=1)
    assert published(aws) == 0
    if deleted:
        cloudwatch.delete_alarm_mute_rule(AlarmMuteRuleName="m")
    else:
        aws.clock.advance(hours=1)
    assert published(aws) == 1
