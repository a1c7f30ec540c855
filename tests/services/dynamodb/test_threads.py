"""Many threads on one table."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import boto3

from tests.services.dynamodb.conftest import key

THREADS = 16
TIMES = 40


def test_counters_lose_nothing(ddb: Any, table: str) -> None:
    """Atomic updates, conditional puts and transactions of 16 threads all count, each once."""

    def work(number: int) -> int:
        mine = boto3.session.Session().client("dynamodb", region_name="us-east-1")
        won = 0
        for turn in range(TIMES):
            count = {"TableName": table, "Key": key(), "UpdateExpression": "ADD n :one"}
            mine.update_item(**count, ExpressionAttributeValues={":one": {"N": "1"}})
            count = {**count, "Key": key(c=2), "ExpressionAttributeValues": {":one": {"N": "1"}}}
            mine.transact_write_items(TransactItems=[{"Update": count}])
            with suppress(mine.exceptions.ConditionalCheckFailedException):
                first = {"Item": key("race", turn), "ConditionExpression": "attribute_not_exists(p)"}
                mine.put_item(TableName=table, **first)
                won += 1
        return won

    with ThreadPoolExecutor(THREADS) as threads:
        won = sum(threads.map(work, range(THREADS)))
    counted = [ddb.get_item(TableName=table, Key=key(c=c))["Item"]["n"]["N"] for c in (1, 2)]
    assert (won, counted) == (TIMES, [str(THREADS * TIMES)] * 2)
