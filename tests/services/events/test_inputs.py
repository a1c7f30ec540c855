"""What a target is sent: the event, a part of it, a constant, a template."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import MakeRule, entry, make_queue, received

DETAIL = {"payload": {"acc_id": "0a78", "sf_id": "baz"}, "name": 'say "hi"', "n": 1.5}


def sent(events: Any, make_rule: MakeRule, **settings: Any) -> str:
    """What the target of one event with the detail above is sent."""
    make_rule(make_queue("q"), **settings)
    events.put_events(Entries=[entry(DETAIL)])
    (body,) = received("q")
    return body


def transformed(events: Any, make_rule: MakeRule, template: str, **paths: str) -> str:
    """What a target with a template is sent."""
    return sent(events, make_rule, InputTransformer={"InputPathsMap": paths, "InputTemplate": template})


def test_constant_input(events: Any, make_rule: MakeRule) -> None:
    """A constant goes out as it is."""
    assert sent(events, make_rule, Input='{"a":  1}') == '{"a":  1}'


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$.detail.payload", '{"acc_id":"0a78","sf_id":"baz"}'),
        ("$.detail.payload.sf_id", '"baz"'),
        ("$['detail-type']", '"order"'),
        ("$.detail.nothing", "null"),
    ],
)
def test_part_of_the_event(events: Any, make_rule: MakeRule, path: str, expected: str) -> None:
    """A part goes out as JSON, a scalar too."""
    assert sent(events, make_rule, InputPath=path) == expected


def test_template_of_an_object(events: Any, make_rule: MakeRule) -> None:
    """Placeholders outside of strings become JSON."""
    text = transformed(
        events, make_rule, '{"p": <p>, "n": <n>, "s": <s>}', p="$.detail.payload", n="$.detail.n", s="$.source"
    )
    assert json.loads(text) == {"p": DETAIL["payload"], "n": 1.5, "s": "shop"}


def test_placeholders_within_strings_are_bare(events: Any, make_rule: MakeRule) -> None:
    """Within a string, strings lose their quotes, and so do nested objects."""
    text = transformed(events, make_rule, '{"t": "<s> sent <p>"}', p="$.detail.payload", s="$.source")
    assert text == '{"t": "shop sent {acc_id:0a78,sf_id:baz}"}'


def test_quotes_within_strings_stay_escaped(events: Any, make_rule: MakeRule) -> None:
    """A text that has quotes of its own leaves the template sound."""
    assert json.loads(transformed(events, make_rule, '{"t": "<x>"}', x="$.detail.name")) == {"t": 'say "hi"'}


def test_template_that_is_a_string_keeps_its_quotes(events: Any, make_rule: MakeRule) -> None:
    """A template that is a JSON string is delivered with its quotes; missing paths are empty."""
    assert transformed(events, make_rule, '"<s>: <m>!"', s="$.source", m="$.detail.missing") == '"shop: !"'


def test_reserved_placeholders(frozen: Any, events: Any, make_rule: MakeRule) -> None:
    """The rule, the time and the event itself need no path."""
    template = (
        '{"rule": <aws.events.rule-arn>, "name": "<aws.events.rule-name>", '
        '"at": <aws.events.event.ingestion-time>, "event": <aws.events.event>, "all": <aws.events.event.json>}'
    )
    found = json.loads(transformed(events, make_rule, template))
    assert found["rule"] == "arn:aws:events:us-east-1:123456789012:rule/rule"
    assert (found["name"], found["at"]) == ("rule", "2030-01-01T00:00:30Z")
    assert found["all"]["detail"] == DETAIL
    assert "detail" not in found["event"]
    assert found["event"]["detailType"] == "order"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"Input": "{}", "InputPath": "$.a"},
            "Only one of Input, InputPath, or InputTransformer must be provided for target one.",
        ),
        (
            {"InputTransformer": {"InputPathsMap": {}, "InputTemplate": '"<x>"'}},
            "InputTemplate for target one contains invalid placeholder x.",
        ),
        ({"InputPath": "detail"}, "Invalid InputPath for target one."),
        ({"Input": "{"}, "Invalid JSON in Input for target one."),
    ],
)
def test_unsound_inputs_are_refused(events: Any, make_rule: MakeRule, settings: Any, message: str) -> None:
    """What a target wants must be sound, and said in one way."""
    with pytest.raises(ClientError) as caught:
        make_rule(make_queue("q"), **settings)
    assert caught.value.response["Error"] == {"Code": "ValidationException", "Message": message}
