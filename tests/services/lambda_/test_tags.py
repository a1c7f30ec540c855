"""Tags of functions, mappings and code signing configurations. Texts as recorded from AWS."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import Make, queue

ARN = "arn:aws:lambda:us-east-1:123456789012:function:f"


def test_tags_come_and_go(client: Any, make: Make) -> None:
    """Tags are merged; what is not there is removed without complaint; GetFunction shows what is left."""
    make(Tags={"a": "1"})
    set_tags = client.tag_resource(Resource=ARN, Tags={"a": "2", "b": "3"})
    removed = client.untag_resource(Resource=ARN, TagKeys=["b", "none"])
    assert [204, 204] == [each["ResponseMetadata"]["HTTPStatusCode"] for each in (set_tags, removed)]
    assert {"a": "2"} == client.list_tags(Resource=ARN)["Tags"] == client.get_function(FunctionName="f")["Tags"]


def test_tagging_is_a_change(client: Any, make: Make) -> None:
    """The function's revision is another one then."""
    make()
    before = client.get_function_configuration(FunctionName="f")["RevisionId"]
    client.tag_resource(Resource=ARN, Tags={"a": "1"})
    assert before != client.get_function_configuration(FunctionName="f")["RevisionId"]


def test_mappings_have_tags(client: Any, make: Make) -> None:
    """They are given when the mapping is made, or later."""
    make()
    made = client.create_event_source_mapping(FunctionName="f", EventSourceArn=queue("q")[1], Tags={"a": "1"})
    client.tag_resource(Resource=made["EventSourceMappingArn"], Tags={"b": "2"})
    assert {"a": "1", "b": "2"} == client.list_tags(Resource=made["EventSourceMappingArn"])["Tags"]


@pytest.mark.parametrize(
    ("arn", "code", "text"),
    [
        (f"{ARN}x", "ResourceNotFoundException", f"Function not found: {ARN}x"),
        (
            f"{ARN}:1",
            "InvalidParameterValueException",
            "Tags on function aliases and versions are not supported. Please specify a function ARN.",
        ),
        (
            "arn:aws:lambda:us-east-1:123456789012:event-source-mapping:11111111-2222-4333-8444-555555555555",
            "ResourceNotFoundException",
            "Event source mapping not found: arn:aws:lambda:us-east-1:123456789012:event-source-mapping:"
            "11111111-2222-4333-8444-555555555555",
        ),
    ],
)
def test_resource_that_has_no_tags(client: Any, make: Make, arn: str, code: str, text: str) -> None:
    """Unknown ones and versions of functions are refused."""
    make(Publish=True)
    with pytest.raises(ClientError) as raised:
        client.list_tags(Resource=arn)
    assert (code, text) == (raised.value.response["Error"]["Code"], raised.value.response["Error"]["Message"])


def test_no_more_than_fifty_tags(client: Any, make: Make) -> None:
    """The limit counts those that are there."""
    make(Tags={str(number): "" for number in range(50)})
    with pytest.raises(ClientError, match=r"Number of tags exceeds resource tag limit\."):
        client.tag_resource(Resource=ARN, Tags={"one more": ""})
