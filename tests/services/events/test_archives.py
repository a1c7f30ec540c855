"""Archives and replays."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import ACCOUNT, BEGIN, MakeRule, entry, make_queue, received
from .test_resources import error_of

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


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"EventSourceArn": f"{BUS}x"}, "ResourceNotFoundException"),
        ({"EventSourceArn": f"arn:aws:events:us-east-1:{ACCOUNT}:rule/r"}, "ValidationException"),
        ({"EventPattern": '{"source": "x"}'}, "InvalidEventPatternException"),
        ({"ArchiveName": "archive"}, "ResourceAlreadyExistsException"),
    ],
)
def test_bad_archives_are_refused(events: Any, change: dict[str, str], code: str) -> None:
    """An archive has a name of its own, a bus and a pattern."""
    archived(events)
    request = {"ArchiveName": "other", "EventSourceArn": BUS, **change}
    assert error_of(events.create_archive, **request)[0] == code
    assert len(events.list_archives()["Archives"]) == 1


def test_archives_are_listed(events: Any) -> None:
    """Archives are listed by one thing: prefix, bus or state."""
    archived(events)
    for one in ({"NamePrefix": "arc"}, {"EventSourceArn": BUS}, {"State": "ENABLED"}):
        assert [each["ArchiveName"] for each in events.list_archives(**one)["Archives"]] == ["archive"]
    for one in ({"NamePrefix": "x"}, {"EventSourceArn": f"{BUS}x"}, {"State": "DISABLED"}):
        assert events.list_archives(**one)["Archives"] == []
    text = "At most one filter is allowed for ListArchives. Use either : State, EventSourceArn, or NamePrefix."
    assert error_of(events.list_archives, State="ENABLED", NamePrefix="a") == ("ValidationException", text)


def test_an_archive_is_changed(events: Any) -> None:
    """A changed pattern tells what is kept from now on."""
    archived(events)
    events.put_events(Entries=[entry({"n": 1})])
    events.update_archive(ArchiveName="archive", EventPattern='{"detail": {"n": [2]}}', RetentionDays=3)
    events.put_events(Entries=[entry({"n": 1}), entry({"n": 2})])

    found = events.describe_archive(ArchiveName="archive")
    assert (found["EventCount"], found["RetentionDays"]) == (2, 3)
    assert error_of(events.update_archive, ArchiveName="archive")[0] == "ValidationException"


def test_archives_of_other_buses(events: Any, make_rule: MakeRule) -> None:
    """An archive of a custom bus is replayed to that bus."""
    bus = events.create_event_bus(Name="bus")["EventBusArn"]
    make_rule(make_queue("q"), bus="bus")
    arn = events.create_archive(ArchiveName="archive", EventSourceArn=bus)["ArchiveArn"]
    events.put_events(Entries=[entry({"n": 1}, EventBusName="bus")])
    now = datetime.fromisoformat(json.loads(received("q")[0])["time"].replace("Z", "+00:00"))

    replay(events, "again", arn, now, Arn=bus)
    assert [json.loads(body)["replay-name"] for body in received("q")] == ["again"]


def test_replays_are_listed_and_cancelled(frozen: Any, events: Any) -> None:
    """Replays are listed by one thing; one that nobody has looked at can be cancelled, once."""
    arn = archived(events)
    replay(events, "again", arn)
    assert events.cancel_replay(ReplayName="again")["State"] == "CANCELLING"
    assert error_of(events.cancel_replay, ReplayName="again")[0] == "IllegalStatusException"

    for one in ({"NamePrefix": "ag"}, {"EventSourceArn": arn}, {"State": "CANCELLED"}):
        assert [each["ReplayName"] for each in events.list_replays(**one)["Replays"]] == ["again"]
    assert events.list_replays(State="COMPLETED")["Replays"] == []
    assert error_of(events.list_replays, State="CANCELLED", NamePrefix="a")[0] == "ValidationException"
    assert error_of(events.cancel_replay, ReplayName="other")[0] == "ResourceNotFoundException"


def test_a_replay_is_made_once(frozen: Any, events: Any) -> None:
    """A replay's name is taken once, and its destination is a bus."""
    arn = archived(events)
    replay(events, "again", arn)
    with pytest.raises(ClientError, match="ResourceAlreadyExistsException"):
        replay(events, "again", arn)
    with pytest.raises(ClientError, match="Must contain an event bus ARN"):
        replay(events, "other", arn, Arn=f"arn:aws:events:us-east-1:{ACCOUNT}:rule/r")
