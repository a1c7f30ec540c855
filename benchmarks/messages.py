"""Messages of SQS and SNS, in CPU time: as ratios to the floor, as queues grow, and fanned out.

The floor is that of ``benchmarks.calls``: botocore with everything but the network, answered by a canned response.
``python -m benchmarks.messages [--moto]`` fails where a call takes more than half of the floor, where the
ten-thousandth message costs more than twice the first thousand, or where a topic with a hundred filtered
subscriptions takes more than 1.5 ms to publish.
"""

from __future__ import annotations

import json
import sys
import time
from functools import partial
from hashlib import md5

import boto3

from benchmarks.calls import ROUNDS, canned, cpu_us
from mocksls import mock_serverless

CALLS, MESSAGES, SUBSCRIPTIONS = 300, 10_000, 100
BODY = "a message of some length, as they are"
MD5 = md5(BODY.encode()).hexdigest()  # botocore compares it
SENT = {"MessageId": "219f8380-5770-4cc2-8c3e-5c715e145f5e", "MD5OfMessageBody": MD5}
RECEIVED = {"Messages": [{"MessageId": SENT["MessageId"], "ReceiptHandle": "h" * 180, "MD5OfBody": MD5, "Body": BODY}]}
URL = "https://sqs.us-east-1.amazonaws.com/123456789012/q"
MOST_RATIO, MOST_GROWTH, MOST_PUBLISH_US = 0.5, 2.0, 1500


def client(service="sqs"):
    """A client of the default retries."""
    return boto3.session.Session().client(service, region_name="us-east-1")


def floor_round():
    """Microseconds of each call that is answered by a canned response."""
    calls = {
        "send": (SENT, lambda sqs: sqs.send_message(QueueUrl=URL, MessageBody=BODY)),
        "receive": (RECEIVED, lambda sqs: sqs.receive_message(QueueUrl=URL)),
        "delete": ({}, lambda sqs: sqs.delete_message(QueueUrl=URL, ReceiptHandle="h" * 180)),
    }
    taken = {}
    for name, (answer, call) in calls.items():
        with canned(answer):
            taken[name] = cpu_us(partial(call, client()), CALLS)
    return taken


def mock_round(context):
    """Microseconds of each call inside a mock: so many messages sent, received one by one, and deleted."""
    with context:
        sqs = client()
        url = sqs.create_queue(QueueName="q")["QueueUrl"]
        taken = {"send": cpu_us(lambda: sqs.send_message(QueueUrl=url, MessageBody=BODY), CALLS)}
        handles = []

        def receive():
            handles.append(sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"])

        taken["receive"] = cpu_us(receive, CALLS)
        taken["delete"] = cpu_us(lambda: sqs.delete_message(QueueUrl=url, ReceiptHandle=handles.pop()), CALLS - 1)
        return taken


def compare(contexts):
    """Print each call's time in each column; whether the typed seam keeps below its part of the floor."""
    columns = {"floor": floor_round, **contexts}
    rounds = [{column: take() for column, take in columns.items()} for _ in range(ROUNDS)]
    print(f"{'us CPU (ratio to the floor)':30}" + "".join(f"{column:>18}" for column in columns))
    good = True
    for name in ("send", "receive", "delete"):
        best = {column: min(taken[column][name] for taken in rounds) for column in columns}
        row = "".join(f"{took:>10.0f} ({took / best['floor']:5.2f})" for took in best.values())
        print(f"{name:30}{row}")
        good = good and best["typed"] <= MOST_RATIO * best["floor"]
    return good


def thousands(call):
    """CPU microseconds of a call, for each thousand of ten thousand calls."""
    taken = []
    for _ in range(MESSAGES // 1000):
        began = time.process_time()
        for _ in range(1000):
            call()
        taken.append((time.process_time() - began) * 1000)
    return taken


def growth(fifo):
    """Print what a message costs as the queue grows to ten thousand and empties again; whether that stays flat."""
    with mock_serverless():
        sqs = client()
        attributes = {"FifoQueue": "true"} if fifo else {}
        url = sqs.create_queue(QueueName="q.fifo" if fifo else "q", Attributes=attributes)["QueueUrl"]
        numbers = iter(range(MESSAGES))
        handles = []

        def send():
            number = next(numbers)
            more = {"MessageGroupId": str(number % 2000), "MessageDeduplicationId": str(number)} if fifo else {}
            sqs.send_message(QueueUrl=url, MessageBody=BODY, **more)

        def receive_and_delete():
            (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
            handles.append(message["ReceiptHandle"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

        good = True
        for name, call in (("send", send), ("receive + delete", receive_and_delete)):
            taken = thousands(call)
            kind = "FIFO" if fifo else "standard"
            label = f"{name}, {kind}, by thousand"
            print(f"{label:40}" + "".join(f"{took:6.0f}" for took in taken))
            good = good and min(taken[-3:]) <= MOST_GROWTH * min(taken[:3])
        return good


def fan_out():
    """Print what a publish to a topic with a hundred filtered subscriptions costs; whether that is little enough."""
    with mock_serverless():
        sns, sqs = client("sns"), client()
        topic = sns.create_topic(Name="t")["TopicArn"]
        statement = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": {**statement, "Resource": "*"}})
        for number in range(SUBSCRIPTIONS):
            sqs.create_queue(QueueName=f"q{number}", Attributes={"Policy": policy})
            arn = f"arn:aws:sqs:us-east-1:123456789012:q{number}"
            wanted = {"FilterPolicy": json.dumps({"kind": [f"kind-{number}"], "price": [{"numeric": [">", 5]}]})}
            sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=wanted)

        def publish(kind):
            attributes = {
                "kind": {"DataType": "String", "StringValue": kind},
                "price": {"DataType": "Number", "StringValue": "12.5"},
            }
            return lambda: sns.publish(TopicArn=topic, Message=BODY, MessageAttributes=attributes)

        good = True
        for label, kind in (("none agrees", "none"), ("one agrees: signed and delivered", "kind-7")):
            took = min(cpu_us(publish(kind), 50) for _ in range(ROUNDS))
            print(f"{f'publish to {SUBSCRIPTIONS} filters, {label}':60}{took:8.0f}")
            good = good and took <= MOST_PUBLISH_US
        return good


def main():
    """Measure and print; the exit code says whether everything holds."""
    contexts = {"typed": lambda: mock_round(mock_serverless())}
    if "--moto" in sys.argv:
        from moto import mock_aws

        contexts["moto"] = lambda: mock_round(mock_aws())
    held = [compare(contexts), growth(fifo=False), growth(fifo=True), fan_out()]
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
