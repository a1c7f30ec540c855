"""Environments that are copies of one that was initialised in an earlier cloud."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from mocksls import mock_serverless
from mocksls._sandbox import measured
from mocksls._sandbox.zygote import shared

from .conftest import answer, zipped

SOURCE = """
import os, time, boto3
until = time.process_time() + 0.04
while time.process_time() < until:
    pass
BORN = os.getpid()
S3 = boto3.client("s3")

def handler(event, context):
    import lazy
    buckets = [bucket["Name"] for bucket in S3.list_buckets()["Buckets"]]
    me = boto3.client("sts").get_caller_identity()["Arn"]
    return [BORN != os.getpid(), lazy.VALUE, buckets, me, context.log_stream_name]
"""
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@pytest.fixture(autouse=True)
def _unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Initialisations that are measured each happen; so do they where user namespaces are not allowed."""
    monkeypatch.setattr(measured, "current", lambda: None)
    zygote = shared.get(True)
    zygote.wait_until_ready()
    if not zygote.namespaces:
        pytest.skip("user namespaces are not allowed here")


def invoked_in_a_cloud(bucket: str, **settings: Any) -> Any:
    """What a function of a ZIP answers in a cloud of its own, whose log has it."""
    with mock_serverless(region="us-east-1") as aws:
        boto3.client("s3").create_bucket(Bucket=bucket)
        role = boto3.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        code = {"ZipFile": zipped({"m.py": SOURCE, "lazy.py": "VALUE = 'lazy'\n"})}
        settings = {"Runtime": "python3.12", "Handler": "m.handler", "Role": role, "Timeout": 60, **settings}
        boto3.client("lambda").create_function(FunctionName="f", Code=code, **settings)
        told = answer(boto3.client("lambda").invoke(FunctionName="f"))
        streams = boto3.client("logs").describe_log_streams(logGroupName="/aws/lambda/f")["logStreams"]
        assert [told.pop()] == [stream["logStreamName"] for stream in streams]
        assert sum(line.startswith("REPORT") for line in aws.logs("f")) == 1
    return told


def test_copy_lives_in_its_own_cloud() -> None:
    """Clients made in the initialisation reach the new cloud by the function's keys; its package is the new one."""
    me = "arn:aws:sts::123456789012:assumed-role/r/f"
    told = [invoked_in_a_cloud(bucket) for bucket in ("one", "two", "three")]
    assert [[False, "lazy", ["one"], me], [True, "lazy", ["two"], me], [True, "lazy", ["three"], me]] == told


def test_other_variables_initialise_anew() -> None:
    """Variables belong to what a template is found by."""
    told = [invoked_in_a_cloud("bucket", Environment={"Variables": {"KEY": value}})[0] for value in ("x", "y", "x")]
    assert [False, False, True] == told


def test_moved_clock_is_seen_by_every_initialisation() -> None:
    """An environment of a later time is no copy of one of an earlier time."""
    with mock_serverless(region="us-east-1") as aws:
        aws.clock.advance(days=1)
        role = boto3.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        client = boto3.client("lambda")
        settings = {"Runtime": "python3.12", "Handler": "m.handler", "Role": role, "Timeout": 60}
        code = {"ZipFile": zipped({"m.py": SOURCE, "lazy.py": "VALUE = 1\n"})}
        client.create_function(FunctionName="f", Code=code, **settings)
        first = answer(client.invoke(FunctionName="f"))[0]
        client.update_function_configuration(FunctionName="f", Timeout=60)
        assert [False, False] == [first, answer(client.invoke(FunctionName="f"))[0]]
