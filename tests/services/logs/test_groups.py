"""Log groups and streams."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import NOW, Put

ARN = "arn:aws:logs:us-east-1:123456789012:log-group:g"


def test_describe(logs: Any) -> None:
    """A group shows its ARNs, its time in milliseconds, and its class."""
    group = logs.describe_log_groups()["logGroups"][0]
    assert (group["logGroupName"], group["arn"], group["logGroupArn"]) == ("g", f"{ARN}:*", ARN)
    assert (group["creationTime"], group["storedBytes"], group["logGroupClass"]) == (NOW, 0, "STANDARD")
    assert "retentionInDays" not in group


def test_taken_names(logs: Any) -> None:
    """Names of groups and streams are taken once."""
    with pytest.raises(logs.exceptions.ResourceAlreadyExistsException, match="The specified log group already exists"):
        logs.create_log_group(logGroupName="g")
    with pytest.raises(logs.exceptions.ResourceAlreadyExistsException, match="The specified log stream already exists"):
        logs.create_log_stream(logGroupName="g", logStreamName="s")


@pytest.mark.parametrize(
    "operation", ["delete_log_group", "describe_log_streams", "filter_log_events", "list_tags_log_group"]
)
def test_missing_group(logs: Any, operation: str) -> None:
    """A group that is not there is said so."""
    expected = "The specified log group does not exist."
    with pytest.raises(logs.exceptions.ResourceNotFoundException, match=expected):
        getattr(logs, operation)(logGroupName="none")


def test_missing_stream(logs: Any) -> None:
    """A stream that is not there is said so."""
    expected = "The specified log stream does not exist."
    with pytest.raises(logs.exceptions.ResourceNotFoundException, match=expected):
        logs.get_log_events(logGroupName="g", logStreamName="none")
    with pytest.raises(logs.exceptions.ResourceNotFoundException, match=expected):
        logs.delete_log_stream(logGroupName="g", logStreamName="none")


def test_list(logs: Any) -> None:
    """Groups are listed by name, by prefix or pattern, in pages."""
    for name in ("/aws/lambda/b", "/aws/lambda/a", "Other"):
        logs.create_log_group(logGroupName=name)

    def names(**more: Any) -> list[str]:
        pages = logs.get_paginator("describe_log_groups").paginate(PaginationConfig={"PageSize": 2}, **more)
        return [group["logGroupName"] for page in pages for group in page["logGroups"]]

    assert names() == ["/aws/lambda/a", "/aws/lambda/b", "Other", "g"]
    assert names(logGroupNamePrefix="/aws/") == ["/aws/lambda/a", "/aws/lambda/b"]
    assert names(logGroupNamePattern="other") == ["Other"]
    assert names(logGroupIdentifiers=[ARN, "Other"]) == ["Other", "g"]


def test_bad_token(logs: Any) -> None:
    """A token that AWS did not give is refused."""
    with pytest.raises(logs.exceptions.InvalidParameterException, match=r"The specified nextToken is invalid."):
        logs.describe_log_groups(nextToken="nonsense!")


def test_bad_name(logs: Any) -> None:
    """A group's name has AWS's constraints."""
    with pytest.raises(logs.exceptions.InvalidParameterException, match="logGroupName"):
        logs.create_log_group(logGroupName="a b")


def test_retention(logs: Any) -> None:
    """Retention takes AWS's numbers of days only, and can be removed."""
    logs.put_retention_policy(logGroupName="g", retentionInDays=14)
    assert logs.describe_log_groups()["logGroups"][0]["retentionInDays"] == 14
    with pytest.raises(logs.exceptions.InvalidParameterException, match="retentionInDays"):
        logs.put_retention_policy(logGroupName="g", retentionInDays=2)
    logs.delete_retention_policy(logGroupName="g")
    assert "retentionInDays" not in logs.describe_log_groups()["logGroups"][0]


def test_tags(logs: Any) -> None:
    """Tags are the same by name and by ARN."""
    logs.tag_log_group(logGroupName="g", tags={"a": "1", "b": "2"})
    logs.tag_resource(resourceArn=ARN, tags={"c": "3"})
    logs.untag_resource(resourceArn=ARN, tagKeys=["a"])
    logs.untag_log_group(logGroupName="g", tags=["b", "none"])
    assert logs.list_tags_log_group(logGroupName="g")["tags"] == {"c": "3"}
    assert logs.list_tags_for_resource(resourceArn=ARN)["tags"] == {"c": "3"}


def test_streams_in_order(logs: Any, put: Put) -> None:
    """Streams are listed by name, or by their last event."""
    for name in ("z", "a"):
        logs.create_log_stream(logGroupName="g", logStreamName=name)
    put((0, "new"), stream="a")
    put((-5, "old"), stream="s")

    def names(**more: Any) -> list[str]:
        pages = logs.get_paginator("describe_log_streams").paginate(logGroupName="g", **more)
        return [stream["logStreamName"] for page in pages for stream in page["logStreams"]]

    assert names() == ["a", "s", "z"]
    assert names(logStreamNamePrefix="s") == ["s"]
    assert names(orderBy="LastEventTime", descending=True, PaginationConfig={"PageSize": 1}) == ["a", "s", "z"]
    with pytest.raises(ClientError, match=r"Cannot order by LastEventTime with a logStreamNamePrefix."):
        names(orderBy="LastEventTime", logStreamNamePrefix="s")


def test_deleted_group_takes_its_events(logs: Any, put: Put) -> None:
    """A group that is made again is empty."""
    put((0, "x"))
    logs.delete_log_group(logGroupName="g")
    logs.create_log_group(logGroupName="g")
    assert logs.describe_log_streams(logGroupName="g")["logStreams"] == []
