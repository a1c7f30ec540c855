"""Calls from many threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3


def test_counter(aws: Any) -> None:
    """Operations are atomic: no update of many threads is lost."""
    ddb = boto3.client("dynamodb")
    ddb.create_table(
        TableName="tab",
        AttributeDefinitions=[{"AttributeName": "p", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )

    def add(_: int) -> None:
        ddb.update_item(
            TableName="tab",
            Key={"p": {"S": "x"}},
            UpdateExpression="ADD n :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(200)))
    assert ddb.get_item(TableName="tab", Key={"p": {"S": "x"}})["Item"]["n"] == {"N": "200"}


def test_clients_of_threads(aws: Any) -> None:
    """Clients that threads make for themselves reach the same cloud."""

    def make(number: int) -> str:
        client = boto3.session.Session().client("iam")
        return str(client.create_user(UserName=f"user{number}")["User"]["UserName"])

    with ThreadPoolExecutor(4) as pool:
        names = sorted(pool.map(make, range(8)))
    assert [user["UserName"] for user in boto3.client("iam").list_users()["Users"]] == names
