"""Items that delete themselves."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError


def switch(ddb: Any, table: str, enabled: bool) -> None:
    ddb.update_time_to_live(TableName=table, TimeToLiveSpecification={"Enabled": enabled, "AttributeName": "expires"})


def test_expiry_by_the_clock(aws: Any, ddb: Any, users: str) -> None:
    """An item goes when the cloud's clock reaches the time in its attribute; others stay."""
    switch(ddb, users, True)
    now = int(aws.clock.now().timestamp())
    for name, expires in (("soon", {"N": str(now + 60)}), ("later", {"N": str(now + 7200)}), ("text", {"S": "1"})):
        ddb.put_item(TableName=users, Item={"id": {"S": name}, "expires": expires})
    aws.clock.advance(minutes=2)
    assert {item["id"]["S"] for item in ddb.scan(TableName=users)["Items"]} == {"later", "text"}


def test_postponed_expiry(aws: Any, ddb: Any, users: str) -> None:
    """An item that was written again expires by its new time."""
    switch(ddb, users, True)
    now = int(aws.clock.now().timestamp())
    for seconds in (60, 600):
        ddb.put_item(TableName=users, Item={"id": {"S": "a"}, "expires": {"N": str(now + seconds)}})
    aws.clock.advance(seconds=120)
    assert ddb.scan(TableName=users)["Count"] == 1
    aws.clock.advance(seconds=600)
    assert ddb.scan(TableName=users)["Count"] == 0


def test_second_change_within_the_hour(aws: Any, ddb: Any, users: str) -> None:
    """Time to live can be switched once an hour."""
    switch(ddb, users, True)
    with pytest.raises(ClientError, match="modified multiple times within a fixed interval"):
        switch(ddb, users, False)
    aws.clock.advance(hours=2)
    switch(ddb, users, False)
    described = ddb.describe_time_to_live(TableName=users)["TimeToLiveDescription"]
    assert described == {"TimeToLiveStatus": "DISABLED"}
