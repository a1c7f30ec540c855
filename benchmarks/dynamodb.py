"""DynamoDB's cost as tables grow, in CPU time, next to the floor (and moto) in one run.

The floor is botocore answered by a canned HTTP response, as in ``benchmarks.calls``.
``python -m benchmarks.dynamodb [--moto]``; it fails where a call costs more than its limit, or memory does.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time

from benchmarks.calls import ROUNDS, canned, client, fastest
from mocksls import mock_serverless

NAMES = {"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "s", "KeyType": "RANGE"}
TYPES = [{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "s", "AttributeType": "N"}]
MOTO_SIZES = (1_000,)
SIZES = (1_000, 10_000, 100_000)
LIMITS = {"put": 0.45, "get": 0.45, "update": 1.0, "transaction of 10": 2.0}
MEMORY_LIMIT = 1.5


def item(partition, sort):
    """An item of seven attributes."""
    return {
        "p": {"S": partition},
        "s": {"N": str(sort)},
        "name": {"S": f"name {sort}"},
        "amount": {"N": str(sort * 3)},
        "flag": {"BOOL": True},
        "tags": {"SS": ["a", "b"]},
        "more": {"M": {"x": {"S": "y"}}},
    }


def create(dynamodb, table):
    """A table of a hash and a range key."""
    dynamodb.create_table(
        TableName=table, KeySchema=list(NAMES), AttributeDefinitions=TYPES, BillingMode="PAY_PER_REQUEST"
    )


def fill(dynamodb, table, count, partition_of):
    """Write items in batches of 25."""
    for start in range(0, count, 25):
        requests = [{"PutRequest": {"Item": item(partition_of(n), n)}} for n in range(start, min(start + 25, count))]
        dynamodb.batch_write_item(RequestItems={table: requests})


def page(dynamodb, table, partition, **more):
    """A query of one partition."""
    return dynamodb.query(
        TableName=table,
        KeyConditionExpression="p = :p",
        ExpressionAttributeValues={":p": {"S": partition}},
        **more,
    )


def transaction(dynamodb, table):
    """Ten writes at once."""
    dynamodb.transact_write_items(
        TransactItems=[{"Put": {"TableName": table, "Item": item("one", n)}} for n in range(10)]
    )


def update(dynamodb, table):
    """An update with an expression and a condition."""
    dynamodb.update_item(
        TableName=table,
        Key={"p": {"S": "one"}, "s": {"N": "1"}},
        UpdateExpression="SET amount = amount + :one, #n = :name",
        ConditionExpression="attribute_exists(p)",
        ExpressionAttributeNames={"#n": "name"},
        ExpressionAttributeValues={":one": {"N": "1"}, ":name": {"S": "new"}},
    )


def calls(dynamodb):
    """What is measured at one size: name to call and repetitions. Table ``one`` has one partition, ``many`` many."""
    return {
        "query of 100": (lambda: page(dynamodb, "one", "one", Limit=100), 20),
        "reverse newest 1": (lambda: page(dynamodb, "one", "one", Limit=1, ScanIndexForward=False), 100),
        "query of 1 in many": (lambda: page(dynamodb, "many", "p7", Limit=1), 100),
        "scan page of 100": (lambda: dynamodb.scan(TableName="one", Limit=100), 20),
        "put": (lambda: dynamodb.put_item(TableName="one", Item=item("one", 5)), 100),
        "get": (lambda: dynamodb.get_item(TableName="one", Key={"p": {"S": "one"}, "s": {"N": "5"}}), 100),
        "update": (lambda: update(dynamodb, "one"), 100),
        "transaction of 10": (lambda: transaction(dynamodb, "one"), 20),
    }


def floors():
    """The floor of each call."""
    answers = {
        "query of 100": {"Items": [item("one", n) for n in range(100)], "Count": 100, "ScannedCount": 100},
        "reverse newest 1": {"Items": [item("one", 9)], "Count": 1, "ScannedCount": 1},
        "query of 1 in many": {"Items": [item("p7", 7)], "Count": 1, "ScannedCount": 1},
        "scan page of 100": {"Items": [item("one", n) for n in range(100)], "Count": 100, "ScannedCount": 100},
        "get": {"Item": item("one", 5)},
    }
    found = {}
    for name in calls(None):
        with canned(answers.get(name, {})):
            call, count = calls(client())[name]
            found[name] = fastest(call, count)
    return found


def measured(context, size):
    """Microseconds of each call with so many items."""
    with context:
        dynamodb = client()
        for table, partition_of in (("one", lambda n: "one"), ("many", lambda n: f"p{n}")):
            create(dynamodb, table)
            fill(dynamodb, table, size, partition_of)
        found = {name: fastest(call, count) for name, (call, count) in calls(dynamodb).items()}
        found["put of a new item"] = min(new_items(dynamodb, size, 0.5 + part / 100) for part in range(ROUNDS))
        return found


def new_items(dynamodb, size, beside):
    """Microseconds of a put between the rows that are there, at each of a hundred places."""
    began = time.process_time()
    for n in range(100):
        dynamodb.put_item(TableName="one", Item=item("one", n * size / 100 + beside))
    return (time.process_time() - began) / 100 * 1e6


def resident_kb():
    """The resident size of this process."""
    with open("/proc/self/statm", encoding="ascii") as numbers:
        return int(numbers.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def memory(kind):
    """Print the growth of a fresh process that holds 100,000 items, as dictionaries or in a table."""
    with mock_serverless():
        dynamodb = client()
        create(dynamodb, "one")
        fill(dynamodb, "one", 1000, lambda n: "one")
        gc.collect()
        before = resident_kb()
        if kind == "plain":
            kept = [item(f"p{n}", n) for n in range(100_000)]
        else:
            fill(dynamodb, "one", 100_000, lambda n: f"p{n}")
            kept = None
        gc.collect()
        print(resident_kb() - before)
        del kept


def main():
    """Measure and print."""
    if sys.argv[1:2] == ["--memory"]:
        memory(sys.argv[2])
        return
    floor = floors()
    columns = {f"{size:,}": measured(mock_serverless(), size) for size in SIZES}
    if "--moto" in sys.argv:
        from moto import mock_aws

        columns |= {f"moto {size:,}": measured(mock_aws(), size) for size in MOTO_SIZES}
    print(f"{'us CPU (ratio to the floor)':28}{'floor':>8}" + "".join(f"{name:>18}" for name in columns))
    for name in (*floor, "put of a new item"):
        base = floor.get(name, floor["put"])
        row = "".join(f"{times[name]:>11.0f} ({times[name] / base:5.2f})" for times in columns.values())
        print(f"{name:28}{base:>8.0f}{row}")
    sizes = {
        kind: int(subprocess.run([sys.executable, "-m", "benchmarks.dynamodb", "--memory", kind], **_TEXT).stdout)
        for kind in ("plain", "table")
    }
    ratio = sizes["table"] / sizes["plain"]
    print(f"100,000 items: {sizes['table']:,} KB, as dictionaries {sizes['plain']:,} KB ({ratio:.2f})")
    over = [
        f"{name} at {size:,}: {columns[f'{size:,}'][name] / floor[name]:.2f}"
        for name, limit in LIMITS.items()
        for size in SIZES
        if columns[f"{size:,}"][name] / floor[name] > limit
    ]
    if ratio > MEMORY_LIMIT:
        over.append(f"memory: {ratio:.2f}")
    if over:
        sys.exit("over the limit: " + ", ".join(over))


_TEXT = {"capture_output": True, "text": True, "check": True}

if __name__ == "__main__":
    main()
