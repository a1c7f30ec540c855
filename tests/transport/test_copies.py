"""Forked copies of the test's process: their calls come home."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import boto3
import pytest
import requests

from mocksls import MockslsError, current, join, mock_serverless

from .conftest import ECHO

FORK = multiprocessing.get_context("fork")
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def in_copy(work: Callable[[], Any]) -> Any:
    """What some work returns in a forked copy of this process."""
    ours, theirs = FORK.Pipe()

    def run() -> None:
        try:
            theirs.send(work())
        except BaseException as error:
            theirs.send(f"{type(error).__name__}: {error}")

    process = FORK.Process(target=run)
    process.start()
    found = ours.recv()
    process.join()
    return found


def users() -> list[str]:
    """The names of the cloud's users."""
    return [user["UserName"] for user in boto3.client("iam").list_users()["Users"]]


def test_calls_come_home(aws: Any) -> None:
    """What a copy writes is seen by the test, and the other way round."""
    boto3.client("iam").create_user(UserName="before")

    def work() -> list[str]:
        boto3.client("iam").create_user(UserName="copy")
        return users()

    assert in_copy(work) == ["before", "copy"]
    assert users() == ["before", "copy"]
    assert [entry.name for entry in aws.trace] == ["CreateUser", "CreateUser", "ListUsers", "ListUsers"]


def test_client_from_before_the_fork(aws: Any) -> None:
    """A client that was made before the fork calls home, too, by both seams."""
    iam = boto3.client("iam")
    in_copy(lambda: iam.create_user(UserName="typed")["User"]["UserName"])
    iam.meta.events.register("before-send", lambda **_: None)
    in_copy(lambda: iam.create_user(UserName="wire")["User"]["UserName"])
    assert users() == ["typed", "wire"]


def test_errors_and_faults(aws: Any) -> None:
    """Errors, retries and faults are a copy's as they are the test's."""
    aws.faults.inject("iam", "ListUsers", error="Throttling", times=2)
    assert in_copy(lambda: boto3.client("iam").list_users()["ResponseMetadata"]["RetryAttempts"]) == 2
    text = in_copy(lambda: boto3.client("iam").get_user(UserName="nobody"))
    assert text.startswith("NoSuchEntityException")


def test_http(echo: Any) -> None:
    """HTTP libraries come home as well."""
    assert in_copy(lambda: requests.get(f"{ECHO}/x", timeout=5).json()["region"]) == "eu-west-1"
    assert len(echo.trace.filter(service="execute-api")) == 1


def test_events_are_delivered(aws: Any) -> None:
    """What a copy's call causes has happened when it returns."""

    def handler(event: Any, context: Any) -> None:
        print(event["Records"][0]["s3"]["object"]["key"])

    arn = boto3.client("lambda").get_function(FunctionName=aws.function(handler, Timeout=30).name)["Configuration"][
        "FunctionArn"
    ]
    boto3.client("lambda").add_permission(
        FunctionName="handler", StatementId="s", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com"
    )
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="bucket")
    events = [{"LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"]}]
    s3.put_bucket_notification_configuration(
        Bucket="bucket", NotificationConfiguration={"LambdaFunctionConfigurations": events}
    )
    in_copy(lambda: boto3.client("s3").put_object(Bucket="bucket", Key="from-a-copy", Body=b"")["ETag"])
    assert any("from-a-copy" in line for line in aws.logs("handler"))


def test_functions_are_invoked_at_home(aws: Any) -> None:
    """A copy invokes functions; their environments are the original's, before and after it."""

    def double(event: Any, context: Any) -> Any:
        return event * 2

    function = aws.function(double, Timeout=30)
    assert function.invoke(1) == 2
    invoke = boto3.client("lambda").invoke
    assert in_copy(lambda: invoke(FunctionName="double", Payload=b"2")["Payload"].read()) == b"4"
    assert function.invoke(3) == 6


def _create(name: str) -> int:
    boto3.client("iam").create_user(UserName=name)
    return os.getpid()


def test_process_pool(aws: Any) -> None:
    """Workers of a pool call home."""
    with ProcessPoolExecutor(2, mp_context=FORK) as pool:
        pids = list(pool.map(_create, [f"user{n}" for n in range(8)]))
    assert os.getpid() not in pids
    assert users() == [f"user{n}" for n in range(8)]


def test_copy_of_a_copy(aws: Any) -> None:
    """Copies of copies call home, too, and what copied them goes on."""

    def work() -> str:
        inner = in_copy(lambda: boto3.client("iam").create_user(UserName="inner")["User"]["UserName"])
        boto3.client("iam").create_user(UserName="outer")
        return str(inner)

    assert in_copy(work) == "inner"
    assert users() == ["inner", "outer"]


def test_threads_of_a_copy(aws: Any) -> None:
    """Many threads of a copy may call at once."""
    from concurrent.futures import ThreadPoolExecutor

    def work() -> int:
        with ThreadPoolExecutor(8) as pool:
            return len(
                set(pool.map(lambda n: boto3.client("iam").create_user(UserName=f"u{n}")["User"]["Arn"], range(40)))
            )

    assert in_copy(work) == 40
    assert len(users()) == 40


def test_asynchronous_client_of_a_copy(aws: Any) -> None:
    """aiobotocore's clients in a copy call home."""
    session = pytest.importorskip("aiobotocore.session")

    def work() -> Any:
        async def ask() -> Any:
            async with session.get_session().create_client("iam") as iam:
                return (await iam.create_user(UserName="ann"))["User"]["UserName"]

        return asyncio.run(ask())

    assert in_copy(work) == "ann"
    assert users() == ["ann"]


def test_no_handle_in_a_copy(aws: Any) -> None:
    """The handle would show a cloud that goes its own way: in a copy it says so."""
    assert in_copy(lambda: len(aws.trace)).startswith("RuntimeError: in a forked copy")
    assert in_copy(lambda: current().function(_create)).startswith("RuntimeError: in a forked copy")  # type: ignore[union-attr]


def test_copy_that_stops_the_mock() -> None:
    """A copy that leaves the mock's block ends nothing of the original's."""

    def double(event: Any, context: Any) -> Any:
        return event * 2

    mock = mock_serverless(region="us-east-1")
    aws = mock.start()
    function = aws.function(double, Timeout=30)
    assert function.invoke(1) == 2

    def work() -> Any:
        mock.stop()
        with mock_serverless(region="us-east-1"):
            return users()

    assert in_copy(work) == []
    assert function.invoke(2) == 4
    mock.stop()


def test_copy_that_outlives_the_mock() -> None:
    """A copy's calls after the mock has stopped fail clearly, and reach nothing."""
    go_reader, go_writer = os.pipe()
    ours, theirs = FORK.Pipe()

    def run() -> None:
        iam = boto3.client("iam")
        iam.list_users()
        theirs.send("ready")
        os.read(go_reader, 1)
        try:
            iam.list_users()
        except MockslsError as error:
            theirs.send(str(error))

    with mock_serverless(region="us-east-1"):
        process = FORK.Process(target=run)
        process.start()
        assert ours.recv() == "ready"
    os.write(go_writer, b"x")
    assert "has stopped" in ours.recv()
    process.join()
    os.close(go_reader)
    os.close(go_writer)


def test_fork_without_a_mock() -> None:
    """Outside of a mock a fork is a fork."""
    before = os.fork
    with mock_serverless():
        assert (os.fork is before) == (sys.version_info < (3, 12))
    assert os.fork is before
    assert in_copy(lambda: 1) == 1


def test_spawned_processes_may_join(aws: Any) -> None:
    """A process that is started anew joins the mock by its address, and so do copies that it forks."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn, initializer=join, initargs=(aws.address(),)) as pool:
        pool.submit(_create, "spawned").result()
        assert pool.submit(_create_in_copy, "forked").result() == "forked"
    assert users() == ["forked", "spawned"]


def _create_in_copy(name: str) -> str:
    return str(in_copy(lambda: boto3.client("iam").create_user(UserName=name)["User"]["UserName"]))


def test_address_of_a_mock_that_has_stopped() -> None:
    """An address is good as long as its mock is active."""
    with mock_serverless() as aws:
        address = aws.address()
    with pytest.raises(MockslsError, match="has stopped"):
        join(address)
