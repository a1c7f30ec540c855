"""Handlers of the tests; they run in processes of their own."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

_calls = 0


def echo(event: Any, context: Any) -> Any:
    """Return the event."""
    return event


def fails(event: Any, context: Any) -> None:
    """Print a line and raise."""
    print("about to fail")
    raise ValueError(f"no {event.get('what')}")


def sleeps(event: Any, context: Any) -> None:
    """Take longer than any timeout of these tests."""
    time.sleep(30)


def leaves(event: Any, context: Any) -> None:
    """End the process."""
    sys.exit(3)


def counts_calls(event: Any, context: Any) -> int:
    """How often this environment was called."""
    global _calls
    _calls += 1
    return _calls


def tells_context(event: Any, context: Any) -> dict[str, Any]:
    """What the context object and the environment say."""
    return {
        "name": context.function_name,
        "memory": context.memory_limit_in_mb,
        "arn": context.invoked_function_arn,
        "left": context.get_remaining_time_in_millis(),
        "region": os.environ["AWS_REGION"],
        "stage": os.environ.get("STAGE"),
    }


def writes_item(event: Any, context: Any) -> str:
    """Write an item to the cloud, as the function's role; return who that is."""
    import boto3

    boto3.client("dynamodb").put_item(TableName="items", Item={"id": {"S": event["id"]}})
    arn: str = boto3.client("sts").get_caller_identity()["Arn"]
    return arn


def tells_records(event: Any, context: Any) -> None:
    """Print the names of a stream's records; fail for those that say so."""
    for record in event["Records"]:
        key = record["dynamodb"]["Keys"]["id"]["S"]
        print(record["eventName"], key)
        if key.startswith("bad"):
            raise ValueError(key)


def calls_itself(event: Any, context: Any) -> None:
    """Invoke this function again, asynchronously."""
    import boto3

    boto3.client("lambda").invoke(FunctionName=context.function_name, InvocationType="Event")


def tells_batch(event: Any, context: Any) -> None:
    """Print the keys of a batch of stream records; fail if one of them is bad."""
    keys = [record["dynamodb"]["Keys"]["id"]["S"] for record in event["Records"]]
    print("batch", *keys)
    if "bad" in keys:
        raise ValueError("bad")


def reports_failures(event: Any, context: Any) -> dict[str, Any]:
    """Print the keys of a batch; report the bad ones as failed."""
    records = [record["dynamodb"] for record in event["Records"]]
    print("batch", *(record["Keys"]["id"]["S"] for record in records))
    failed = [record["SequenceNumber"] for record in records if record["Keys"]["id"]["S"] == "bad"]
    return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}


def waits_for_file(event: Any, context: Any) -> None:
    """Wait until a message lies in the queue ``gate``."""
    import boto3

    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="gate")["QueueUrl"]
    print("waiting")
    while not sqs.receive_message(QueueUrl=url).get("Messages"):
        time.sleep(0.01)


def prints_condition(event: Any, context: Any) -> None:
    """Tell what a destination's record says."""
    print("condition", event["requestContext"]["condition"])


def tells_bodies(event: Any, context: Any) -> None:
    """Print the bodies of a batch; fail where one is bad."""
    bodies = [record["body"] for record in event["Records"]]
    print("batch", " ".join(bodies))
    if "bad" in bodies:
        raise ValueError("bad")


def prints_event(event: Any, context: Any) -> None:
    """Print the event."""
    import json

    print(json.dumps(event))


def reports_bad_messages(event: Any, context: Any) -> dict[str, Any]:
    """Report the bad messages of a batch."""
    bad = [record["messageId"] for record in event["Records"] if record["body"] == "bad"]
    return {"batchItemFailures": [{"itemIdentifier": message} for message in bad]}


def reports_nonsense(event: Any, context: Any) -> dict[str, Any]:
    """Report under a key that is not AWS's."""
    return {"failures": []}


def sums_in_windows(event: Any, context: Any) -> dict[str, Any]:
    """Count the records of a window."""
    state = event["state"]
    count = state.get("count", 0) + len(event["Records"])
    print("window", event["isFinalInvokeForWindow"], count)
    return {"state": {"count": count}}


def tells_caller_over_http(event: Any, context: Any) -> str:
    """Who the handler is, asked by a client that does not take the short way."""
    import boto3

    client = boto3.client("sts")
    client.meta.events.register("before-send", lambda **_: None)
    arn: str = client.get_caller_identity()["Arn"]
    return arn


def prints_much(event: Any, context: Any) -> None:
    """Write more than a tail shows."""
    for number in range(1000):
        print("line", number)


def fails_at_length(event: Any, context: Any) -> None:
    """Raise an exception whose text is larger than an event of CloudWatch Logs may be."""
    raise ValueError(chr(0xFC) * event)


def returns_itself(event: Any, context: Any) -> Any:
    """Return a list that contains itself."""
    loop: list[Any] = []
    loop.append(loop)
    return loop
