"""Archives and replays."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import ACCOUNT, BEGIN, MakeRule, entry, make_queue, received

BUS = f"arn:aws:events:us-east-1:{ACCOUNT}:event-bus/default"


def archived(events: Any, **settings: Any) -> str:
    """An archive of the default bus; its ARN."""
    arn: str = events.create_archive(ArchiveName="archive", EventSourceArn=BUS, **settings)["ArchiveArn"]
    return arn


def replay(events: Any, name: str, arn: str, start: datetime = BEGIN, **destination: Any) -> None:
    """Replay an hour of an archive."""
    events.start_replay(
        ReplayName=name,
        EventSourceArn=arn,
        EventStartTime=start - timedelta(minutes=30),
        EventEndTime=start + timedelta(minutes=30),
        Destination={"Arn": BUS, **destination},
    )


def test_archive_counts(events: Any) -> None:
    """An archive keeps the events of its pattern, and tells how many and how large."""
    archived(events, EventPattern='{"detail": {"n": [1]}}')
    events.put_events(Entries=[entry({"n": 1}), entry({"n": 2})])
    found = events.describe_archive(ArchiveName="archive")
    assert (found["EventCount"], found["RetentionDays"], found["State"]) == (1, 0, "ENABLED")
    assert found["SizeBytes"] > 100


def test_replay_comes_with_its_name(frozen: Any, events: Any, make_rule: MakeRule) -> None:
    """Replayed events come again with a new id and the replay's name, and are not archived again."""
    make_rule(make_queue("q"))
    arn = archived(events)
    events.put_events(Entries=[entry({"n": 1})])
    replay(events, "again", arn)
    first, second = (json.loads(body) for body in received("q"))
    assert (second.pop("replay-name"), second.pop("id") != first.pop("id")) == ("again", True)
    assert first == second
    assert events.describe_archive(ArchiveName="archive")["EventCount"] == 1
    assert events.describe_replay(ReplayName="again")["State"] == "COMPLETED"


def test_replay_of_a_span_for_some_rules(frozen: Any, events: Any, make_rule: MakeRule) -> None:
    """A replay takes the events of its span only, for the rules that it names."""
    arn = archived(events)
    events.put_events(Entries=[entry({"n": 1})])
    frozen.clock.advance(hours=2)
    events.put_events(Entries=[entry({"n": 2})])
    rule_arn = make_rule(make_queue("q"))
    make_rule(make_queue("other"), "other")
    replay(events, "again", arn, BEGIN + timedelta(hours=2), FilterArns=[rule_arn])
    assert [json.loads(body)["detail"] for body in received("q")] == [{"n": 2}]
    assert received("other") == []


def test_retention_drops_events(frozen: Any, events: Any) -> None:
    """Events older than the retention are gone."""
    archived(events, RetentionDays=1)
    events.put_events(Entries=[entry()])
    frozen.clock.advance(hours=25)
    assert events.describe_archive(ArchiveName="archive")["EventCount"] == 0


def test_managed_rule_is_not_to_be_changed(events: Any) -> None:
    """An archive's own rule is shown and protected, and goes with the archive."""
    archived(events)
    name = "Events-Archive-archive"
    assert events.describe_rule(Name=name)["ManagedBy"] == "prod.vhs.events.aws.internal"
    with pytest.raises(ClientError) as caught:
        events.disable_rule(Name=name)
    assert caught.value.response["Error"]["Code"] == "ManagedRuleException"
    events.delete_archive(ArchiveName="archive")
    assert events.list_rules()["Rules"] == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"EventEndTime": BEGIN - timedelta(days=1)},
            "Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.",
        ),
        (
            {"Destination": {"Arn": f"{BUS}-other"}},
            "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.",
        ),
        (
            {"EventSourceArn": f"arn:aws:events:us-east-1:{ACCOUNT}:archive/none"},
            "Parameter EventSourceArn is not valid. Reason: Archive none does not exist.",
        ),
    ],
)
def test_bad_replays_are_refused(events: Any, change: dict[str, Any], message: str) -> None:
    """A replay needs an archive, its own bus and a span."""
    request = {
        "ReplayName": "again",
        "EventSourceArn": archived(events),
        "EventStartTime": BEGIN,
        "EventEndTime": BEGIN + timedelta(hours=1),
        "Destination": {"Arn": BUS},
    }
    with pytest.raises(ClientError) as caught:
        events.start_replay(**{**request, **change})
    assert caught.value.response["Error"] == {"Code": "ValidationException", "Message": message}
