"""What authorisation adds to a call: the same call with iam="allow" and iam="enforce", judged by ten statements.

``python -m benchmarks.enforcement`` prints CPU microseconds a call, the best of several rounds, in one run.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import boto3

from mocksls import mock_serverless

_TRIES, _ROUNDS, _CALLS = 3, 7, 400
_MOST_ADDED_US = 60.0
_TABLE = "arn:aws:dynamodb:*:*:table/things"


def _statements() -> list[dict[str, Any]]:
    """Ten that all speak of the call's action: plain ones, wildcards, conditions, a variable; the last one allows."""
    other = "arn:aws:dynamodb:us-east-1:123456789012:table/other-{}"
    plain = [{"Effect": "Allow", "Action": "dynamodb:*", "Resource": other.format(n)} for n in range(4)]
    wild = [{"Effect": "Allow", "Action": "dynamodb:P*", "Resource": other.format(f"{n}*x")} for n in range(2)]
    judged = [
        {
            "Effect": "Deny",
            "Action": "*",
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["us-east-1", "eu-west-1"]}},
        },
        {
            "Effect": "Deny",
            "Action": "dynamodb:*",
            "Resource": _TABLE,
            "Condition": {"NotIpAddress": {"aws:SourceIp": ["127.0.0.0/8", "10.0.0.0/8"]}},
        },
        {"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": f"{_TABLE}-${{aws:username}}"},
        {
            "Effect": "Allow",
            "Action": ["dynamodb:PutItem", "dynamodb:GetItem"],
            "Resource": _TABLE,
            "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/ann"}},
        },
    ]
    return plain + wild + judged


def _measured(call: Callable[[], object]) -> float:
    for _ in range(50):
        call()
    best = float("inf")
    for _ in range(_ROUNDS):
        begun = time.process_time()
        for _ in range(_CALLS):
            call()
        best = min(best, time.process_time() - begun)
    return best / _CALLS * 1e6


def _put_item(iam: Any) -> float:
    with mock_serverless(region="us-east-1", iam=iam):
        boto3.client("dynamodb").create_table(
            TableName="things",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        users = boto3.client("iam")
        users.create_user(UserName="ann")
        document = json.dumps({"Version": "2012-10-17", "Statement": _statements()})
        users.put_user_policy(UserName="ann", PolicyName="ten", PolicyDocument=document)
        key = users.create_access_key(UserName="ann")["AccessKey"]
        client = boto3.client(
            "dynamodb", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"]
        )
        item = {"id": {"S": "1"}, "n": {"N": "2"}}
        return _measured(lambda: client.put_item(TableName="things", Item=item))


def main() -> None:
    """Print what each way costs by its best try, and fail if enforcement adds more than it may."""
    tries = [(_put_item("allow"), _put_item("enforce")) for _ in range(_TRIES)]
    allow, enforce = (min(way) for way in zip(*tries, strict=True))
    added = enforce - allow
    print(
        f"put_item  allow {allow:6.1f} us  enforce {enforce:6.1f} us  added {added:5.1f} us (at most {_MOST_ADDED_US})"
    )
    if added > _MOST_ADDED_US:
        raise SystemExit("enforcement costs too much")


if __name__ == "__main__":
    main()
