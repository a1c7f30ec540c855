"""Lists and their pages, and what they are narrowed down to."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .conftest import Make, queue, zipped

ARN = "arn:aws:lambda:us-east-1:123456789012:function:f"


def test_functions_come_in_pages(client: Any, make: Make) -> None:
    """By name, so many at a time; on demand with all versions."""
    for name in ("c", "a", "b"):
        make(name, Publish=name == "a")
    pages = list(client.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 2}))
    assert [["a", "b"], ["c"]] == [[each["FunctionName"] for each in page["Functions"]] for page in pages]
    found = client.list_functions(FunctionVersion="ALL")["Functions"]
    assert [("a", "$LATEST"), ("a", "1"), ("b", "$LATEST"), ("c", "$LATEST")] == [
        (each["FunctionName"], each["Version"]) for each in found
    ]


def test_marker_that_nobody_gave(client: Any, make: Make) -> None:
    """It is refused."""
    make()
    with pytest.raises(ClientError, match="InvalidParameterValueException"):
        client.list_functions(Marker="?")


def test_aliases_of_a_version(client: Any, make: Make) -> None:
    """Those that share their calls with it are among them."""
    make(Publish=True)
    client.update_function_code(FunctionName="f", ZipFile=zipped({"m.py": "x = 1"}), Publish=True)
    client.create_alias(FunctionName="f", Name="one", FunctionVersion="1")
    client.create_alias(FunctionName="f", Name="two", FunctionVersion="2")
    weights = {"AdditionalVersionWeights": {"2": 0.5}}
    client.create_alias(FunctionName="f", Name="both", FunctionVersion="1", RoutingConfig=weights)
    found = [client.list_aliases(FunctionName="f", FunctionVersion=number)["Aliases"] for number in ("1", "2")]
    assert [["both", "one"], ["both", "two"]] == [[alias["Name"] for alias in each] for each in found]


def test_alias_is_changed_and_deleted(client: Any, make: Make) -> None:
    """With its revision; deleting one that is not there is no error, changing it is."""
    make(Publish=True)
    made = client.create_alias(FunctionName="f", Name="a", FunctionVersion="1")
    changed = client.update_alias(FunctionName="f", Name="a", Description="d", RevisionId=made["RevisionId"])
    assert ("d", "1") == (changed["Description"], changed["FunctionVersion"])
    with pytest.raises(ClientError, match="PreconditionFailedException"):
        client.update_alias(FunctionName="f", Name="a", Description="e", RevisionId=made["RevisionId"])
    for _ in range(2):
        client.delete_alias(FunctionName="f", Name="a")
    with pytest.raises(ClientError, match=f"Alias not found: {ARN}:a"):
        client.update_alias(FunctionName="f", Name="a", Description="e")
    with pytest.raises(ClientError, match=f"Cannot find alias arn: {ARN}:a"):
        client.get_alias(FunctionName="f", Name="a")


def test_layers_that_fit(client: Any) -> None:
    """By runtime and architecture; of each layer the newest version that fits."""
    content = {"ZipFile": zipped({"a": ""})}
    for name, runtime, kind in (
        ("a", "python3.12", "arm64"),
        ("a", "python3.13", "x86_64"),
        ("b", "python3.12", "arm64"),
    ):
        settings = {"CompatibleRuntimes": [runtime], "CompatibleArchitectures": [kind]}
        client.publish_layer_version(LayerName=name, Content=content, **settings)
    found = client.list_layers(CompatibleRuntime="python3.12", CompatibleArchitecture="arm64")["Layers"]
    assert [("a", 1), ("b", 1)] == [(each["LayerName"], each["LatestMatchingVersion"]["Version"]) for each in found]
    assert [] == client.list_layer_versions(LayerName="b", CompatibleArchitecture="x86_64")["LayerVersions"]
    pages = list(client.get_paginator("list_layer_versions").paginate(LayerName="a", PaginationConfig={"PageSize": 1}))
    assert [2, 1] == [page["LayerVersions"][0]["Version"] for page in pages]


def test_layer_version_is_deleted(client: Any) -> None:
    """Its number is not used again; a number that cannot be is refused."""
    content = {"ZipFile": zipped({"a": ""})}
    arn = client.publish_layer_version(LayerName="l", Content=content)["LayerVersionArn"]
    assert arn == client.get_layer_version_by_arn(Arn=arn)["LayerVersionArn"]
    for _ in range(2):
        client.delete_layer_version(LayerName="l", VersionNumber=1)
    with pytest.raises(ClientError, match=r"The resource you requested does not exist\."):
        client.get_layer_version(LayerName="l", VersionNumber=1)
    with pytest.raises(ClientError, match="Layer Version Cannot be less than 1"):
        client.delete_layer_version(LayerName="l", VersionNumber=0)
    assert 2 == client.publish_layer_version(LayerName="l", Content=content)["Version"]


def test_mappings_of_a_function_and_of_a_source(client: Any, make: Make) -> None:
    """Lists are narrowed down; a mapping that was deleted is gone."""
    make("f")
    make("g")
    sources = [queue(name)[1] for name in ("p", "q")]
    made = [
        client.create_event_source_mapping(FunctionName=name, EventSourceArn=source)["UUID"]
        for name, source in (("f", sources[0]), ("f", sources[1]), ("g", sources[1]))
    ]
    of_f = {each["UUID"] for each in client.list_event_source_mappings(FunctionName="f")["EventSourceMappings"]}
    of_q = {
        each["UUID"] for each in client.list_event_source_mappings(EventSourceArn=sources[1])["EventSourceMappings"]
    }
    assert [set(made[:2]), set(made[1:])] == [of_f, of_q]
    assert "Deleting" == client.delete_event_source_mapping(UUID=made[0])["State"]
    with pytest.raises(ClientError, match=r"The resource you requested does not exist\."):
        client.get_event_source_mapping(UUID=made[0])


def test_urls_of_a_function(client: Any, make: Make) -> None:
    """One of the function, one of each alias; they are changed and taken away."""
    make(Publish=True)
    client.create_alias(FunctionName="f", Name="a", FunctionVersion="1")
    client.create_function_url_config(FunctionName="f", AuthType="NONE")
    client.create_function_url_config(FunctionName="f", Qualifier="a", AuthType="AWS_IAM")
    found = client.list_function_url_configs(FunctionName="f")["FunctionUrlConfigs"]
    assert [(ARN, "NONE"), (f"{ARN}:a", "AWS_IAM")] == [(each["FunctionArn"], each["AuthType"]) for each in found]
    client.update_function_url_config(FunctionName="f", AuthType="AWS_IAM", InvokeMode="RESPONSE_STREAM")
    shown = client.get_function_url_config(FunctionName="f")
    assert ("AWS_IAM", "RESPONSE_STREAM") == (shown["AuthType"], shown["InvokeMode"])
    client.delete_function_url_config(FunctionName="f")
    with pytest.raises(ClientError, match=r"The resource you requested does not exist\."):
        client.get_function_url_config(FunctionName="f")


def test_event_configurations_of_a_function(client: Any, make: Make) -> None:
    """Each qualifier has its own; changing one leaves what is not given."""
    make(Publish=True)
    client.put_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=1)
    client.put_function_event_invoke_config(FunctionName="f", Qualifier="1", MaximumRetryAttempts=0)
    client.update_function_event_invoke_config(FunctionName="f", MaximumEventAgeInSeconds=60)
    found = client.list_function_event_invoke_configs(FunctionName="f")["FunctionEventInvokeConfigs"]
    assert [(f"{ARN}:$LATEST", 1, 60), (f"{ARN}:1", 0, None)] == [
        (each["FunctionArn"], each["MaximumRetryAttempts"], each.get("MaximumEventAgeInSeconds")) for each in found
    ]
    with pytest.raises(ClientError, match="You must specify at least one of error handling or destination setting"):
        client.update_function_event_invoke_config(FunctionName="f")


def test_provisioned_concurrency_of_a_function(client: Any, make: Make) -> None:
    """It is listed by qualifier, and taken back."""
    make(Publish=True)
    client.put_provisioned_concurrency_config(FunctionName="f", Qualifier="1", ProvisionedConcurrentExecutions=1)
    (found,) = client.list_provisioned_concurrency_configs(FunctionName="f")["ProvisionedConcurrencyConfigs"]
    assert (f"{ARN}:1", 1) == (found["FunctionArn"], found["RequestedProvisionedConcurrentExecutions"])
    client.delete_provisioned_concurrency_config(FunctionName="f", Qualifier="1")
    with pytest.raises(ClientError, match="No Provisioned Concurrency Config found for this function"):
        client.get_provisioned_concurrency_config(FunctionName="f", Qualifier="1")


@pytest.mark.parametrize(
    ("qualifier", "wanted", "text"),
    [
        ("$LATEST", 1, "Provisioned Concurrency Configs cannot be applied to unpublished function versions."),
        ("1", 901, "decreases account's UnreservedConcurrentExecution below its minimum value of [100]."),
        (
            "1",
            1001,
            "Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [1000].",
        ),
        ("2", 1, f"Function not found: {ARN}:2"),
        ("none", 1, f"Cannot find alias arn: {ARN}:none"),
    ],
)
def test_provisioned_concurrency_that_cannot_be(
    client: Any, make: Make, qualifier: str, wanted: int, text: str
) -> None:
    """Nothing is configured then."""
    make(Publish=True)
    with pytest.raises(ClientError) as raised:
        client.put_provisioned_concurrency_config(
            FunctionName="f", Qualifier=qualifier, ProvisionedConcurrentExecutions=wanted
        )
    assert raised.value.response["Error"]["Message"].endswith(text)
    assert [] == client.list_provisioned_concurrency_configs(FunctionName="f")["ProvisionedConcurrencyConfigs"]


def test_code_signing_configurations(client: Any, make: Make) -> None:
    """One that a function has stays; it is changed, listed, taken away and deleted."""
    make()
    publishers = {"SigningProfileVersionArns": ["arn:aws:signer:us-east-1:123456789012:/signing-profiles/test"]}
    made = client.create_code_signing_config(AllowedPublishers=publishers)["CodeSigningConfig"]
    arn = made["CodeSigningConfigArn"]
    client.put_function_code_signing_config(FunctionName="f", CodeSigningConfigArn=arn)
    changed = client.update_code_signing_config(CodeSigningConfigArn=arn, Description="d")["CodeSigningConfig"]
    assert ("d", publishers) == (changed["Description"], changed["AllowedPublishers"])
    assert [ARN] == client.list_functions_by_code_signing_config(CodeSigningConfigArn=arn)["FunctionArns"]
    with pytest.raises(ClientError, match="ResourceConflictException"):
        client.delete_code_signing_config(CodeSigningConfigArn=arn)
    client.delete_function_code_signing_config(FunctionName="f")
    client.delete_code_signing_config(CodeSigningConfigArn=arn)
    assert [] == client.list_code_signing_configs()["CodeSigningConfigs"]


def test_account_counts_what_it_has(client: Any, make: Make) -> None:
    """Functions, code, and the concurrency that is not reserved."""
    made = make()
    client.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=100)
    found = client.get_account_settings()
    assert {"TotalCodeSize": made["CodeSize"], "FunctionCount": 1} == found["AccountUsage"]
    assert 900 == found["AccountLimit"]["UnreservedConcurrentExecutions"]
    assert [] == boto3.client("lambda", region_name="eu-west-1").list_functions()["Functions"]
