"""Layers: published, used, shared. Texts and forms as recorded from AWS."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .conftest import Make, answer, zipped

ARN = "arn:aws:lambda:us-east-1:123456789012:layer:l"
USES_LAYER = "import extra\n\ndef handler(event, context):\n    return [extra.VALUE, open('/opt/data.txt').read()]\n"


def publish(client: Any, value: int = 1, **more: Any) -> Any:
    """Publish a version of the layer ``l``."""
    files = {"python/extra.py": f"VALUE = {value}\n", "data.txt": "data"}
    return client.publish_layer_version(LayerName="l", Content={"ZipFile": zipped(files)}, **more)


def test_layer_is_seen_by_the_handler(client: Any, make: Make) -> None:
    """Modules of a layer are importable, its files lie in /opt."""
    arn = publish(client)["LayerVersionArn"]
    make(source=USES_LAYER, Layers=[arn])
    assert [1, "data"] == answer(client.invoke(FunctionName="f"))


def test_versions_are_listed_newest_first(client: Any) -> None:
    """Two versions, with what they are compatible with."""
    for _ in range(2):
        publish(client, CompatibleRuntimes=["python3.12"])
    listed = client.list_layer_versions(LayerName="l", CompatibleRuntime="python3.12")["LayerVersions"]
    assert [f"{ARN}:2", f"{ARN}:1"] == [version["LayerVersionArn"] for version in listed]


def test_deleted_version_still_serves_its_functions(client: Any, make: Make) -> None:
    """A function keeps the layer that it was made with; the number is not used again."""
    arn = publish(client)["LayerVersionArn"]
    make(source=USES_LAYER, Layers=[arn])
    client.delete_layer_version(LayerName="l", VersionNumber=1)
    assert ([1, "data"], 2) == (answer(client.invoke(FunctionName="f")), publish(client)["Version"])


@pytest.mark.parametrize(
    ("arns", "text"),
    [
        ([f"{ARN}:9"], f"Layer version {ARN}:9 does not exist."),
        ([f"{ARN}:1", f"{ARN}:2"], f"{ARN}:1 and {ARN}:2 are versions of the same layer."),
        ([f"{ARN.replace('us-east-1', 'eu-west-1')}:1"], "Layers are expected to be in region us-east-1."),
        ([f"{ARN}{number}:1" for number in range(6)], "Cannot reference more than 5 layers."),
    ],
)
def test_layers_that_no_function_can_use(client: Any, make: Make, arns: list[str], text: str) -> None:
    """CreateFunction refuses them in AWS's words."""
    for _ in range(2):
        publish(client)
    with pytest.raises(ClientError) as caught:
        make(Layers=arns)
    assert caught.value.response["Error"]["Message"].endswith(text)


def test_permission_is_a_statement(client: Any) -> None:
    """AddLayerVersionPermission answers AWS's statement; GetLayerVersionPolicy has it."""
    publish(client)
    added = client.add_layer_version_permission(
        LayerName="l", VersionNumber=1, StatementId="s", Action="lambda:GetLayerVersion", Principal="*"
    )
    policy = json.loads(client.get_layer_version_policy(LayerName="l", VersionNumber=1)["Policy"])
    assert [json.loads(added["Statement"])] == policy["Statement"]


def test_another_accounts_layer_must_be_shared(aws: Any, client: Any) -> None:
    """GetLayerVersionByArn is denied until the layer's policy allows it."""
    arn = publish(client)["LayerVersionArn"]
    aws.register_credentials("AKIAOTHER", "secret", "210987654321")
    other = boto3.client("lambda", aws_access_key_id="AKIAOTHER", aws_secret_access_key="secret")
    with pytest.raises(ClientError, match="no resource-based policy allows the lambda:GetLayerVersion action"):
        other.get_layer_version_by_arn(Arn=arn)
    client.add_layer_version_permission(
        LayerName="l", VersionNumber=1, StatementId="s", Action="lambda:GetLayerVersion", Principal="*"
    )
    assert arn == other.get_layer_version_by_arn(Arn=arn)["LayerVersionArn"]


@pytest.mark.parametrize(("number", "text"), [(0, "Layer Version Cannot be less than 1"), (7, "does not exist.")])
def test_unknown_version(client: Any, number: int, text: str) -> None:
    """GetLayerVersion of what is not there."""
    publish(client)
    with pytest.raises(ClientError, match=text):
        client.get_layer_version(LayerName="l", VersionNumber=number)


def test_layer_shows_only_what_was_said_of_it(client: Any) -> None:
    """A list leaves out an empty description; runtimes and architectures are shown where they were given."""
    published = client.publish_layer_version(LayerName="bare", Content={"ZipFile": zipped({"a": ""})})
    (listed,) = client.list_layer_versions(LayerName="bare")["LayerVersions"]
    assert ("", {"LayerVersionArn", "Version", "CreatedDate"}) == (published["Description"], listed.keys())
    assert not published.keys() & {"CompatibleRuntimes", "CompatibleArchitectures"}
