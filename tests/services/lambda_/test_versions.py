"""Versions and aliases: published, named, shared, invoked. Texts and forms as recorded from AWS."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import Make, answer, zipped

ARN = "arn:aws:lambda:us-east-1:123456789012:function:f"
TELLS_VERSION = "def handler(event, context):\n    return [context.function_version, context.invoked_function_arn]\n"


def test_version_is_what_latest_was(client: Any, make: Make) -> None:
    """A version keeps its configuration when ``$LATEST`` changes."""
    make(Description="first")
    published = client.publish_version(FunctionName="f")
    client.update_function_configuration(FunctionName="f", Description="second")
    kept = client.get_function_configuration(FunctionName="f", Qualifier="1")
    assert ("1", f"{ARN}:1", "first") == (published["Version"], kept["FunctionArn"], kept["Description"])


def test_unchanged_function_gives_the_same_version(client: Any, make: Make) -> None:
    """Nothing new is published while nothing has changed, whatever the description says."""
    make()
    versions = [client.publish_version(FunctionName="f", Description=text)["Version"] for text in ("a", "b")]
    assert ["1", "1"] == versions


def test_code_that_was_uploaded_again_is_a_new_version(client: Any, make: Make) -> None:
    """UpdateFunctionCode counts as a change, though the code be the same."""
    make(Publish=True)
    client.update_function_code(FunctionName="f", ZipFile=zipped({"m.py": "handler = None"}))
    client.update_function_code(FunctionName="f", ZipFile=zipped({"m.py": "handler = None"}))
    published = [client.publish_version(FunctionName="f")["Version"] for _ in range(2)]
    client.update_function_code(FunctionName="f", ZipFile=zipped({"m.py": "handler = None"}))
    assert (["2", "2"], "3") == (published, client.publish_version(FunctionName="f")["Version"])


def test_versions_are_listed_behind_latest(client: Any, make: Make) -> None:
    """ListVersionsByFunction names every version by its qualified ARN."""
    make(Publish=True)
    client.update_function_code(FunctionName="f", ZipFile=zipped({"m.py": "handler = None"}), Publish=True)
    listed = client.list_versions_by_function(FunctionName="f")["Versions"]
    assert [f"{ARN}:$LATEST", f"{ARN}:1", f"{ARN}:2"] == [version["FunctionArn"] for version in listed]


def test_other_code_than_expected(client: Any, make: Make) -> None:
    """PublishVersion with the digest of other code answers AWS's text."""
    digest = make()["CodeSha256"]
    with pytest.raises(ClientError) as caught:
        client.publish_version(FunctionName="f", CodeSha256="other")
    expected = (
        f"CodeSHA256 (other) is different from current CodeSHA256 in $LATEST ({digest}). "
        "Please try again with the CodeSHA256 in $LATEST."
    )
    assert expected == caught.value.response["Error"]["Message"]


def test_creation_answers_a_revision_that_is_gone_when_active(client: Any, make: Make) -> None:
    """Becoming active is a change: the revision of CreateFunction's answer does not do afterwards."""
    made = make()
    with pytest.raises(ClientError, match="Call the GetFunction/GetAlias API"):
        client.publish_version(FunctionName="f", RevisionId=made["RevisionId"])


def test_alias_names_a_version(client: Any, make: Make) -> None:
    """Through an alias its version runs, which sees the alias in its ARN."""
    make(source=TELLS_VERSION, Publish=True)
    client.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    invoked = client.invoke(FunctionName="f:live")
    assert ("1", ["1", f"{ARN}:live"]) == (invoked["ExecutedVersion"], answer(invoked))


def test_weights_share_the_calls(client: Any, make: Make) -> None:
    """With a weight of one the second version gets every call."""
    make(source=TELLS_VERSION, Publish=True)
    client.update_function_configuration(FunctionName="f", Description="x")
    client.publish_version(FunctionName="f")
    routing = {"AdditionalVersionWeights": {"2": 1.0}}
    client.create_alias(FunctionName="f", Name="live", FunctionVersion="1", RoutingConfig=routing)
    assert "2" == client.invoke(FunctionName="f", Qualifier="live")["ExecutedVersion"]


@pytest.mark.parametrize(
    ("version", "weights", "text"),
    [
        ("9", {}, f"Function not found: {ARN}:9"),
        ("1", {"2": 0.1, "3": 0.1}, "Number of items in AdditionalVersionWeights cannot be greater than 1"),
        ("1", {"1": 0.5}, "Invalid function version 1. Function version 1 is already included"),
        ("$LATEST", {"1": 0.5}, "$LATEST is not supported for an alias pointing to more than 1 version"),
    ],
)
def test_routing_that_cannot_be(client: Any, make: Make, version: str, weights: dict[str, float], text: str) -> None:
    """Aliases of unknown or doubled versions are refused in AWS's words."""
    make(Publish=True)
    with pytest.raises(ClientError) as caught:
        client.create_alias(
            FunctionName="f", Name="a", FunctionVersion=version, RoutingConfig={"AdditionalVersionWeights": weights}
        )
    assert text in caught.value.response["Error"]["Message"]


def test_alias_changes_and_goes(client: Any, make: Make) -> None:
    """UpdateAlias renews the revision; a deleted alias is not there."""
    make(Publish=True)
    made = client.create_alias(FunctionName="f", Name="a", FunctionVersion="1")
    changed = client.update_alias(FunctionName="f", Name="a", Description="d", RevisionId=made["RevisionId"])
    client.delete_alias(FunctionName="f", Name="a")
    with pytest.raises(ClientError, match=f"Cannot find alias arn: {ARN}:a"):
        client.get_alias(FunctionName="f", Name="a")
    assert made["RevisionId"] != changed["RevisionId"]


def test_deleted_version_does_not_come_back(client: Any, make: Make) -> None:
    """A version may be deleted by itself; numbers are not used again."""
    make(Publish=True)
    client.delete_function(FunctionName="f", Qualifier="1")
    assert "2" == client.publish_version(FunctionName="f")["Version"]


def test_version_that_an_alias_names_stays(client: Any, make: Make) -> None:
    """DeleteFunction refuses a version in use."""
    make(Publish=True)
    client.create_alias(FunctionName="f", Name="a", FunctionVersion="1")
    with pytest.raises(ClientError, match="ResourceConflictException"):
        client.delete_function(FunctionName="f", Qualifier="1")
