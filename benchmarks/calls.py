"""Calls of a client, in CPU time, as ratios to the floor.

The floor is botocore with everything but the network: each request is signed and serialised, and answered by a canned
HTTP response whose body is read once. ``python -m benchmarks.calls [--moto]``
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
from contextlib import contextmanager, suppress
from unittest import mock

import boto3
from botocore.awsrequest import AWSResponse

from mocksls import mock_serverless

ROUNDS, CALLS = 7, 300
ITEM = {"id": {"S": "key-1"}, "name": {"S": "some name"}, "amount": {"N": "42"}}
PAGE = [{"id": {"S": f"key-{n}"}, "sort": {"N": str(n)}, "name": {"S": "some name"}} for n in range(100)]


class Body(io.BytesIO):
    """The body of a canned response."""

    def stream(self, amt=None, decode_content=None):
        yield self.read()


@contextmanager
def canned(payload, status=200):
    """Answer every request of botocore with the same status and body."""
    content = json.dumps(payload).encode()
    headers = {"content-type": "application/x-amz-json-1.0", "x-amzn-requestid": "A" * 52}

    def send(session, request):
        return AWSResponse(request.url, status, headers, Body(content))

    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
    with mock.patch.dict(os.environ, keys), mock.patch("botocore.httpsession.URLLib3Session.send", send):
        yield


def cpu_us(call, calls=CALLS):
    """CPU time per call in microseconds, in one round."""
    call()
    began = time.process_time()
    for _ in range(calls):
        call()
    return (time.process_time() - began) / calls * 1e6


def fastest(call, calls=CALLS):
    """CPU time per call in microseconds, the best of some rounds."""
    return min(cpu_us(call, calls) for _ in range(ROUNDS))


def operations(client):
    """The calls that are measured."""

    def failed_condition():
        with suppress(client.exceptions.ConditionalCheckFailedException):
            client.put_item(TableName="items", Item=ITEM, ConditionExpression="attribute_not_exists(id)")

    key = {"#k": "id"}
    values = {":k": {"S": "page"}}
    return {
        "put_item": lambda: client.put_item(TableName="items", Item=ITEM),
        "get_item": lambda: client.get_item(TableName="items", Key={"id": {"S": "key-1"}}),
        "failed condition": failed_condition,
        "query of 100": lambda: client.query(
            TableName="pages",
            KeyConditionExpression="#k = :k",
            ExpressionAttributeNames=key,
            ExpressionAttributeValues=values,
        ),
    }


FAILED = {
    "__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
    "message": "The conditional request failed",
}
ANSWERS = {
    "put_item": (200, {}),
    "get_item": (200, {"Item": ITEM}),
    "failed condition": (400, FAILED),
    "query of 100": (200, {"Items": PAGE, "Count": 100, "ScannedCount": 100}),
}


def client():
    """A client of the default retries."""
    return boto3.session.Session().client("dynamodb", region_name="us-east-1")


def fill(dynamodb):
    """The tables that are measured."""
    dynamodb.create_table(
        TableName="items",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.create_table(
        TableName="pages",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "sort", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "sort", "AttributeType": "N"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    for item in PAGE:
        dynamodb.put_item(TableName="pages", Item={**item, "id": {"S": "page"}})


def how_many(name):
    """How often a call is made in a round."""
    return 30 if name.startswith("query") else CALLS


def floor_round():
    """Microseconds of each call that is answered by a canned response."""
    taken = {}
    for name, (status, answer) in ANSWERS.items():
        with canned(answer, status):
            taken[name] = cpu_us(operations(client())[name], how_many(name))
    return taken


def mock_round(context, wire=False):
    """Microseconds of each call inside a mock."""
    with context:
        dynamodb = client()
        fill(dynamodb)
        if wire:
            dynamodb.meta.events.register("before-send.dynamodb.*", lambda **kwargs: None)
        return {name: cpu_us(call, how_many(name)) for name, call in operations(dynamodb).items()}


def main():
    """Measure and print: rounds of all columns alternate, so that what disturbs one disturbs the others."""
    columns = {
        "floor": floor_round,
        "typed": lambda: mock_round(mock_serverless()),
        "wire": lambda: mock_round(mock_serverless(), wire=True),
    }
    if "--moto" in sys.argv:
        from moto import mock_aws

        columns["moto"] = lambda: mock_round(mock_aws())
    rounds = [{column: take() for column, take in columns.items()} for _ in range(ROUNDS)]
    print(f"{'us CPU (ratio to the floor)':30}" + "".join(f"{column:>18}" for column in columns))
    for name in ANSWERS:
        best = {column: min(taken[column][name] for taken in rounds) for column in columns}
        row = "".join(f"{took:>10.0f} ({took / best['floor']:5.2f})" for took in best.values())
        print(f"{name:30}{row}")
    print(f"{'start + stop':30}{start_and_stop(mock_serverless):>10.0f}")


def start_and_stop(mock_of_aws):
    """Microseconds that an empty mock takes, the best of some rounds."""

    def cycle():
        with mock_of_aws():
            pass

    return fastest(cycle, 50)


if __name__ == "__main__":
    main()
