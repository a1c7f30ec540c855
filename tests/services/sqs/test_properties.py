"""What holds for queues under any interleaving, and under many threads."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import boto3
from hypothesis import given, settings
from hypothesis import strategies as st

from mocksls import mock_serverless

from .conftest import arn_of

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.sampled_from("gh")),
        st.tuples(st.just("receive"), st.integers(1, 10)),
        st.tuples(st.just("delete"), st.integers(0, 5)),
        st.tuples(st.just("give back"), st.integers(0, 5)),
        st.tuples(st.just("wait"), st.sampled_from([1, 10, 40])),
    ),
    min_size=5,
    max_size=40,
)


class Driver:
    """Drives one queue, and knows what was sent to it, what is held of it and what was deleted."""

    def __init__(self, aws: Any, **attributes: str) -> None:
        aws.clock.freeze()
        self.aws = aws
        self.sqs = boto3.client("sqs")
        self.dead = self.sqs.create_queue(QueueName="dead.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
        policy = {"deadLetterTargetArn": arn_of(self.sqs, self.dead), "maxReceiveCount": 4}
        fifo = {"FifoQueue": "true", "ContentBasedDeduplication": "true", "RedrivePolicy": json.dumps(policy)}
        self.url = self.sqs.create_queue(QueueName="q.fifo", Attributes={**fifo, **attributes})["QueueUrl"]
        self.sent: dict[str, list[int]] = {"g": [], "h": []}
        self.held: list[tuple[str, int, str]] = []
        self.deleted: set[int] = set()
        self.number = 0

    def send(self, group: str) -> None:
        """Send a numbered message."""
        self.number += 1
        self.sqs.send_message(QueueUrl=self.url, MessageBody=str(self.number), MessageGroupId=group)
        self.sent[group].append(self.number)

    def receive(self, most: int) -> list[tuple[str, int]]:
        """Receive some; the groups and numbers in order."""
        answer = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=most, AttributeNames=["All"])
        found = []
        for message in answer.get("Messages", []):
            group, number = message["Attributes"]["MessageGroupId"], int(message["Body"])
            found.append((group, number))
            self.held.append((group, number, message["ReceiptHandle"]))
        return found

    def delete(self, place: int) -> None:
        """Delete one of those held, if its handle is still good."""
        if place < len(self.held):
            _, number, handle = self.held.pop(place)
            try:
                self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=handle)
            except self.sqs.exceptions.ClientError:
                return
            self.deleted.add(number)

    def give_back(self, place: int) -> None:
        """Make one of those held visible, if its handle is still good."""
        if place < len(self.held):
            _, _, handle = self.held.pop(place)
            change = {"QueueUrl": self.url, "ReceiptHandle": handle, "VisibilityTimeout": 0}
            try:
                self.sqs.change_message_visibility(**change)
            except self.sqs.exceptions.ClientError:
                return

    def count(self, url: str) -> int:
        """How many messages a queue has: visible, delayed or in flight."""
        names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
        shown = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return sum(int(shown[name]) for name in names)

    def dead_numbers(self) -> set[int]:
        """What lies in the dead-letter queue, without taking it out."""
        found: set[int] = set()
        while True:
            params = {"QueueUrl": self.dead, "MaxNumberOfMessages": 10, "VisibilityTimeout": 43_200}
            messages = self.sqs.receive_message(**params).get("Messages")
            if not messages:
                return found
            found |= {int(message["Body"]) for message in messages}


def run(driver: Driver, step: tuple[str, Any]) -> list[tuple[str, int]]:
    """Take one step; what was received."""
    kind, value = step
    if kind == "receive":
        return driver.receive(value)
    actions: dict[str, Callable[[Any], Any]] = {
        "send": driver.send,
        "delete": driver.delete,
        "give back": driver.give_back,
        "wait": lambda seconds: driver.aws.clock.advance(seconds=seconds),
    }
    actions[kind](value)
    return []


@settings(max_examples=15)
@given(STEPS)
def test_groups_are_never_reordered(steps: list[tuple[str, Any]]) -> None:
    """A receive gives each group's oldest messages that are left, without a gap and in the order they were sent."""
    with mock_serverless(region="us-east-1") as aws:
        driver = Driver(aws)
        for step in steps:
            received = run(driver, step)
            gone = driver.deleted | (driver.dead_numbers() if received else set())
            for group, sent in driver.sent.items():
                numbers = [number for found, number in received if found == group]
                left = [number for number in sent if number not in gone]
                assert numbers == left[: len(numbers)]


@settings(max_examples=15)
@given(STEPS, st.sampled_from(["0", "15"]))
def test_a_message_is_in_one_place(steps: list[tuple[str, Any]], delay: str) -> None:
    """Visible, delayed, in flight, dead or deleted: all that was sent is there exactly once."""
    with mock_serverless(region="us-east-1") as aws:
        driver = Driver(aws, DelaySeconds=delay)
        for step in steps:
            run(driver, step)
            total = driver.count(driver.url) + driver.count(driver.dead) + len(driver.deleted)
            assert total == driver.number


@settings(max_examples=15)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("send"), st.integers(0, 5)),
            st.tuples(st.just("receive"), st.integers(1, 10)),
            st.tuples(st.just("wait"), st.sampled_from([1, 10, 40])),
        ),
        max_size=40,
    )
)
def test_standard_messages_are_in_one_place(steps: list[tuple[str, int]]) -> None:
    """The same for a standard queue, whose messages may be delayed one by one."""
    with mock_serverless(region="us-east-1") as aws:
        aws.clock.freeze()
        sqs = boto3.client("sqs")
        url = sqs.create_queue(QueueName="q")["QueueUrl"]
        names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
        sent = 0
        for kind, value in steps:
            if kind == "send":
                sqs.send_message(QueueUrl=url, MessageBody=str(sent), DelaySeconds=value)
                sent += 1
            elif kind == "wait":
                aws.clock.advance(seconds=value)
            else:
                visible = int(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names[:1])["Attributes"][names[0]])
                taken = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=value).get("Messages", [])
                assert len(taken) == min(visible, value)
            shown = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
            assert sum(int(shown[name]) for name in names) == sent


def test_sixteen_threads_lose_nothing() -> None:
    """Eight threads send, eight receive and delete: each message is received exactly once."""
    with mock_serverless(region="us-east-1"):
        sqs = boto3.client("sqs")
        url = sqs.create_queue(QueueName="q")["QueueUrl"]
        seen: Counter[str] = Counter()
        lock, each = threading.Lock(), 40

        def sends(thread: int) -> None:
            for number in range(each):
                sqs.send_message(QueueUrl=url, MessageBody=f"{thread}-{number}")

        def takes() -> None:
            while sum(seen.values()) < 8 * each:
                for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
                    with lock:
                        seen[message["Body"]] += 1
                    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

        threads = [threading.Thread(target=sends, args=(n,)) for n in range(8)]
        threads += [threading.Thread(target=takes) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert seen == Counter({f"{thread}-{number}": 1 for thread in range(8) for number in range(each)})
