"""Functions that are no Python: Node.js, and packages with a bootstrap of their own; container images."""

from __future__ import annotations

import shutil
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from . import handlers
from .conftest import answer, zipped

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
NODE = """
let calls = 0;
exports.handler = async (event, context) => {
  console.log("hello", context.functionName);
  if (event.fail) throw new TypeError("no " + event.fail);
  if (event.exit) process.exit(3);
  if (event.sleep) await new Promise((resolve) => setTimeout(resolve, 60000));
  require("fs").writeFileSync("/tmp/file", "x");
  return { calls: ++calls, arn: context.invokedFunctionArn, home: process.env.AWS_ENDPOINT_URL.length > 0 };
};
exports.streams = awslambda.streamifyResponse(async (event, stream) => {
  stream.setContentType("text/plain");
  stream.write("a");
  await new Promise((resolve) => setTimeout(resolve, 20));
  stream.end("b");
});
"""
BOOTSTRAP = """#!/usr/bin/env python3
import json, os, urllib.request
api = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/"
while True:
    with urllib.request.urlopen(api + "invocation/next") as found:
        request, event = found.headers["Lambda-Runtime-Aws-Request-Id"], json.load(found)
    print("got", event, flush=True)
    kind = "error" if "fail" in event else "response"
    body = {"errorType": "Mine", "errorMessage": "no"} if kind == "error" else [event, os.getcwd()]
    urllib.request.urlopen(api + "invocation/" + request + "/" + kind, json.dumps(body).encode()).close()
"""


def create(client: Any, role: str, runtime: str, files: dict[str, str], mode: int = 0o644, **config: Any) -> None:
    """Make the function ``f`` of a runtime."""
    code = {"ZipFile": zipped(files, mode)}
    config = {"Handler": "index.handler", "Timeout": 10, **config}
    client.create_function(FunctionName="f", Runtime=runtime, Role=role, Code=code, **config)


@needs_node
def test_node_keeps_its_globals_and_logs_as_aws_does(aws: Any, client: Any, role: str) -> None:
    """Warm invocations share globals; console lines have time, request and level."""
    create(client, role, "nodejs20.x", {"index.js": NODE})
    found = [answer(client.invoke(FunctionName="f", Payload=b"{}")) for _ in range(2)]
    assert [1, 2] == [each["calls"] for each in found]
    assert any(line.endswith("\tINFO\thello f") for line in aws.logs("f"))


@needs_node
def test_node_failures(client: Any, role: str) -> None:
    """An error has type, message and trace; an exit is the platform's."""
    create(client, role, "nodejs20.x", {"index.js": NODE})
    failed = answer(client.invoke(FunctionName="f", Payload=b'{"fail": "x"}'))
    left = answer(client.invoke(FunctionName="f", Payload=b'{"exit": 1}'))
    assert ("TypeError", "no x") == (failed["errorType"], failed["errorMessage"])
    assert left["errorMessage"].endswith("Error: Runtime exited with error: exit status 3")


@needs_node
def test_node_is_ended_at_its_timeout(client: Any, role: str) -> None:
    """As a Python handler is."""
    create(client, role, "nodejs20.x", {"index.js": NODE}, Timeout=1)
    found = answer(client.invoke(FunctionName="f", Payload=b'{"sleep": 1}'))
    assert ("Sandbox.Timedout", True) == (found["errorType"], "timed out after 1.00" in found["errorMessage"])


@needs_node
def test_node_streams_its_answer(client: Any, role: str) -> None:
    """The parts arrive apart, with their content type."""
    create(client, role, "nodejs20.x", {"index.js": NODE}, Handler="index.streams")
    found = client.invoke_with_response_stream(FunctionName="f")
    parts = [event["PayloadChunk"]["Payload"] for event in found["EventStream"] if "PayloadChunk" in event]
    assert ("text/plain", [b"a", b"b"]) == (found["ResponseStreamContentType"], parts)


@needs_node
def test_node_without_its_module(client: Any, role: str) -> None:
    """The error of an initialisation is told as AWS tells it."""
    create(client, role, "nodejs20.x", {"other.js": NODE})
    found = answer(client.invoke(FunctionName="f"))
    assert ("Runtime.ImportModuleError", True) == (
        found["errorType"],
        found["errorMessage"].startswith("Error: Cannot find module 'index'"),
    )


def test_bootstrap_is_run(aws: Any, client: Any, role: str) -> None:
    """A package's own program serves the Runtime API: answers, errors, log lines."""
    create(client, role, "provided.al2023", {"bootstrap": BOOTSTRAP}, 0o755)
    found = answer(client.invoke(FunctionName="f", Payload=b'{"a": 1}'))
    failed = client.invoke(FunctionName="f", Payload=b'{"fail": 1}')
    assert ({"a": 1}, "Unhandled") == (found[0], failed["FunctionError"])
    assert {"errorType": "Mine", "errorMessage": "no"} == answer(failed)
    assert "got {'a': 1}" in aws.logs("f")


CALLS_AWS = """#!/usr/bin/env python3
import json, os, sys, urllib.request
sys.path[:0] = json.loads(os.environ["TEST_PATH"])
import boto3
api = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/"
with urllib.request.urlopen(api + "invocation/next") as found:
    request = found.headers["Lambda-Runtime-Aws-Request-Id"]
body = [boto3.client("sts").get_caller_identity()["Arn"]]
boto3.client("s3").put_object(Bucket="bucket", Key="k", Body=b"from a program")
urllib.request.urlopen(api + "invocation/" + request + "/response", json.dumps(body).encode()).close()
urllib.request.urlopen(api + "invocation/next").close()
"""


def test_sdk_of_a_program_comes_home(client: Any, role: str) -> None:
    """AWS_ENDPOINT_URL leads its calls to the test's cloud, as the function's role."""
    import json
    import sys
    from pathlib import Path

    paths = [str(Path(boto3.__file__).parent.parent)]
    boto3.client("s3").create_bucket(Bucket="bucket")
    source = CALLS_AWS.replace("/usr/bin/env python3", sys.executable)
    environment = {"Variables": {"TEST_PATH": json.dumps(paths)}}
    create(client, role, "provided.al2023", {"bootstrap": source}, 0o755, Environment=environment, MemorySize=512)
    found = answer(client.invoke(FunctionName="f"))
    stored = boto3.client("s3").get_object(Bucket="bucket", Key="k")["Body"].read()
    assert (["arn:aws:sts::123456789012:assumed-role/lambda-role/f"], b"from a program") == (found, stored)


def test_runtime_that_is_not_here(client: Any, role: str) -> None:
    """Java can be configured; its invocation says what is missing."""
    create(client, role, "java21", {"a.class": "x"})
    with pytest.raises(ClientError, match=r"mocksls cannot run f \(java21\): its package has no executable"):
        client.invoke(FunctionName="f")


def image(client: Any, role: str, **config: Any) -> None:
    """Make the function ``f`` of an image."""
    client.create_function(FunctionName="f", PackageType="Image", Role=role, Code={"ImageUri": "repo/app:1"}, **config)


def test_image_runs_what_the_test_says(aws: Any, client: Any, role: str) -> None:
    """``aws.images`` names what runs in the place of an image."""
    image(client, role)
    aws.images["repo/app:1"] = handlers.echo
    assert {"a": 1} == answer(client.invoke(FunctionName="f", Payload=b'{"a": 1}'))


def test_image_that_nobody_has_named(client: Any, role: str) -> None:
    """Its invocation says what to do."""
    image(client, role)
    with pytest.raises(ClientError, match=r"aws.images\[uri\] = handler"):
        client.invoke(FunctionName="f")


def test_image_of_a_directory(aws: Any, client: Any, role: str, tmp_path: Any) -> None:
    """The image's command names the handler in a directory."""
    (tmp_path / "app.py").write_text("def main(event, context):\n    return 'from a directory'\n")
    image(client, role, ImageConfig={"Command": ["app.main"]})
    aws.images["repo/app:1"] = tmp_path
    assert "from a directory" == answer(client.invoke(FunctionName="f"))
