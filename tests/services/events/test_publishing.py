"""PutEvents and TestEventPattern."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .conftest import ACCOUNT, MakeRule, entry, make_queue, received


def test_event_arrives_as_aws_writes_it(frozen: Any, events: Any, make_rule: MakeRule) -> None:
    """A target gets the event in EventBridge's envelope, its id the one that PutEvents answered."""
    make_rule(make_queue("q"))
    answer = events.put_events(Entries=[entry({"n": 1}, Resources=["arn:x"])])
    assert [json.loads(body) for body in received("q")] == [
        {
            "version": "0",
            "id": answer["Entries"][0]["EventId"],
            "detail-type": "order",
            "source": "shop",
            "account": ACCOUNT,
            "time": "2030-01-01T00:00:30Z",
            "region": "us-east-1",
            "resources": ["arn:x"],
            "detail": {"n": 1},
        }
    ]


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ({"Source": ""}, "InvalidArgument", "Parameter Source is not valid. Reason: Source is a required argument."),
        ({"Detail": "[1]"}, "MalformedDetail", "Detail is malformed."),
        ({"Detail": "{"}, "MalformedDetail", "Detail is malformed."),
        ({"Source": "aws.s3"}, "NotAuthorizedForSourceException", "Not authorized for the source."),
    ],
)
def test_entries_fail_one_by_one(events: Any, change: dict[str, str], code: str, message: str) -> None:
    """An entry that is refused is told beside those that are taken."""
    answer = events.put_events(Entries=[{**entry(), **change}, entry()])
    assert answer["FailedEntryCount"] == 1
    assert answer["Entries"][0] == {"ErrorCode": code, "ErrorMessage": message}
    assert "EventId" in answer["Entries"][1]


def test_more_than_ten_entries_are_refused(events: Any) -> None:
    """The text shows the entries as AWS's own recorded answer does."""
    with pytest.raises(ClientError) as caught:
        events.put_events(Entries=[{"Source": "s", "DetailType": "d", "Detail": "{}"}] * 11)
    shown = (
        "PutEventsRequestEntry(time=null, source=s, resources=null, detailType=d, detail={}, eventBusName=null, "
        "traceHeader=null, kmsKeyIdentifier=null, internalMetadata=null)"
    )
    assert caught.value.response["Error"] == {
        "Code": "ValidationException",
        "Message": f"1 validation error detected: Value '[{', '.join([shown] * 11)}]' at 'entries' failed to satisfy "
        "constraint: Member must have length less than or equal to 10",
    }


def test_too_large_a_request_is_refused(events: Any) -> None:
    """All entries together have at most 1 MB."""
    with pytest.raises(ClientError) as caught:
        events.put_events(Entries=[entry({"x": "x" * 600_000})] * 2)
    assert caught.value.response["Error"]["Message"] == "Total size of the entries in the request is over the limit."


def test_unknown_bus_loses_its_events(aws: Any, events: Any) -> None:
    """Events for a bus that is not there get ids all the same; the trace says where they went."""
    answer = events.put_events(Entries=[entry(EventBusName="nowhere")])
    assert answer["FailedEntryCount"] == 0
    assert [note.name for note in aws.trace.filter(kind="skipped", service="events")] == ["nowhere"]


def test_rules_hear_what_their_patterns_say(events: Any, make_rule: MakeRule) -> None:
    """Rules with and without a source in their pattern are found, others are not."""
    make_rule(make_queue("by-source"), "by-source")
    make_rule(make_queue("by-detail"), "by-detail", {"detail": {"n": [{"numeric": [">", 1]}]}})
    make_rule(make_queue("other"), "other", {"source": ["elsewhere"]})
    events.put_events(Entries=[entry({"n": 2}), entry({"n": 1})])
    assert [len(received(queue)) for queue in ("by-source", "by-detail", "other")] == [2, 1, 0]


def test_disabled_rules_hear_nothing(events: Any, make_rule: MakeRule) -> None:
    """A rule that is switched off and on again hears what comes while it is on."""
    make_rule(make_queue("q"))
    for switch in (events.disable_rule, events.enable_rule):
        switch(Name="rule")
        events.put_events(Entries=[entry()])
    assert len(received("q")) == 1


def test_pattern_can_be_tried(events: Any) -> None:
    """TestEventPattern answers for an event without any rule."""
    event: dict[str, Any] = dict.fromkeys(("id", "account", "source", "time", "region", "detail-type"), "x") | {
        "resources": []
    }
    answers = [
        events.test_event_pattern(EventPattern=json.dumps({"source": [source]}), Event=json.dumps(event))["Result"]
        for source in ("x", "y")
    ]
    assert answers == [True, False]


def test_bad_pattern_is_refused(events: Any) -> None:
    """A pattern that is none is refused when a rule is put."""
    with pytest.raises(ClientError) as caught:
        events.put_rule(Name="bad", EventPattern='{"source": "x"}')
    assert caught.value.response["Error"]["Code"] == "InvalidEventPatternException"


def test_other_accounts_need_the_bus_policy(aws: Any, events: Any) -> None:
    """Another account may put events on a bus when its policy says so."""
    aws.register_credentials("AKIAOTHER00000000000", "secret", "111111111111")
    other = boto3.client("events", aws_access_key_id="AKIAOTHER00000000000", aws_secret_access_key="secret")
    bus = events.describe_event_bus()["Arn"]
    with pytest.raises(ClientError) as caught:
        other.put_events(Entries=[entry(EventBusName=bus)])
    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"
    events.put_permission(Action="events:PutEvents", Principal="111111111111", StatementId="other")
    assert other.put_events(Entries=[entry(EventBusName=bus)])["FailedEntryCount"] == 0
