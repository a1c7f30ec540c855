"""Settings of functions: layers of logging, code signing, runtimes, recursion, tags. Texts as recorded from AWS."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from mocksls import mock_serverless

from . import handlers
from .conftest import Make, answer, is_modelled, queue

PUBLISHERS = {"SigningProfileVersionArns": ["arn:aws:signer:us-east-1:123456789012:/signing-profiles/test"]}


def test_json_format_has_levels(client: Any, make: Make) -> None:
    """They come with the format as INFO, and go with it."""
    make(LoggingConfig={"LogFormat": "JSON"})
    shown = client.get_function_configuration(FunctionName="f")["LoggingConfig"]
    changed = client.update_function_configuration(FunctionName="f", LoggingConfig={"LogFormat": "Text"})
    assert ("INFO", "INFO") == (shown["ApplicationLogLevel"], shown["SystemLogLevel"])
    assert {"LogFormat": "Text", "LogGroup": "/aws/lambda/f"} == changed["LoggingConfig"]


LOGS = """
import logging
def handler(event, context):
    logging.getLogger().info("seen")
    logging.getLogger().debug("not seen")
"""


def test_json_lines_of_platform_and_function(aws: Any, client: Any, make: Make) -> None:
    """Every line is an object; the platform's have a type."""
    make(source=LOGS, LoggingConfig={"LogFormat": "JSON"})
    client.invoke(FunctionName="f")
    lines = [json.loads(line) for line in aws.logs("f")]
    kinds = [line.get("type") or line["message"] for line in lines]
    assert ["platform.initStart", "platform.start", "seen", "platform.report"] == kinds
    assert "success" == lines[-1]["record"]["status"]


def test_system_level_leaves_the_platforms_lines_out(aws: Any, client: Any, make: Make) -> None:
    """With WARN only the function's own lines are left."""
    make(source=LOGS, LoggingConfig={"LogFormat": "JSON", "SystemLogLevel": "WARN"})
    client.invoke(FunctionName="f")
    assert ["seen"] == [json.loads(line)["message"] for line in aws.logs("f")]


def test_log_group_of_the_functions_own(client: Any, make: Make) -> None:
    """LoggingConfig names another group."""
    make(LoggingConfig={"LogGroup": "mine"})
    client.invoke(FunctionName="f")
    events = boto3.client("logs").filter_log_events(logGroupName="mine")["events"]
    assert events[0]["message"].startswith("INIT_START")


def test_deleted_log_group_is_made_again(client: Any, make: Make) -> None:
    """A warm environment goes on writing when its group has been deleted."""
    make()
    client.invoke(FunctionName="f")
    logs = boto3.client("logs")
    logs.delete_log_group(logGroupName="/aws/lambda/f")
    client.invoke(FunctionName="f")
    assert 3 == len(logs.filter_log_events(logGroupName="/aws/lambda/f")["events"])


def test_code_signing_config_of_a_function(client: Any, make: Make) -> None:
    """A function has it until it is taken away; a used one cannot be deleted."""
    make()
    arn = client.create_code_signing_config(AllowedPublishers=PUBLISHERS)["CodeSigningConfig"]["CodeSigningConfigArn"]
    client.put_function_code_signing_config(FunctionName="f", CodeSigningConfigArn=arn)
    used = client.list_functions_by_code_signing_config(CodeSigningConfigArn=arn)["FunctionArns"]
    with pytest.raises(ClientError, match="ResourceConflictException"):
        client.delete_code_signing_config(CodeSigningConfigArn=arn)
    client.delete_function_code_signing_config(FunctionName="f")
    client.delete_code_signing_config(CodeSigningConfigArn=arn)
    assert ["arn:aws:lambda:us-east-1:123456789012:function:f"] == used
    assert "CodeSigningConfigArn" not in client.get_function_code_signing_config(FunctionName="f")


def test_unknown_code_signing_config(client: Any, make: Make) -> None:
    """It is told in AWS's words."""
    make()
    arn = f"arn:aws:lambda:us-east-1:123456789012:code-signing-config:csc-{'a' * 17}"
    with pytest.raises(ClientError, match=f"Check that the provided configuration is not deleted: {arn}."):
        client.put_function_code_signing_config(FunctionName="f", CodeSigningConfigArn=arn)


def test_runtime_management(client: Any, make: Make) -> None:
    """Automatic unless something else was said; Manual needs a version."""
    make()
    default = client.get_runtime_management_config(FunctionName="f")
    client.put_runtime_management_config(FunctionName="f", UpdateRuntimeOn="FunctionUpdate")
    set_ = client.get_runtime_management_config(FunctionName="f")
    assert ("Auto", "FunctionUpdate") == (default["UpdateRuntimeOn"], set_["UpdateRuntimeOn"])
    with pytest.raises(ClientError, match="RuntimeVersionArn is required"):
        client.put_runtime_management_config(FunctionName="f", UpdateRuntimeOn="Manual")


def test_recursion_config(client: Any, make: Make) -> None:
    """Loops are ended unless that is switched off."""
    make()
    before = client.get_function_recursion_config(FunctionName="f")["RecursiveLoop"]
    client.put_function_recursion_config(FunctionName="f", RecursiveLoop="Allow")
    after = client.get_function_recursion_config(FunctionName="f")["RecursiveLoop"]
    assert ("Terminate", "Allow") == (before, after)


@pytest.mark.parametrize(
    ("config", "text"),
    [
        ({"Runtime": "python3.7"}, "The runtime parameter of python3.7 is no longer supported"),
        ({"Runtime": "cobol"}, "Value cobol at 'runtime' failed to satisfy constraint: Member must satisfy enum"),
        ({"Environment": {"Variables": {"AWS_REGION": "x"}}}, "Reserved keys used in this request: AWS_REGION"),
        ({"Environment": {"Variables": {"LARGE": "x" * 5000}}}, "exceeded the 4KB limit"),
        ({"Tags": {f"k{number}": "v" for number in range(51)}}, "Number of tags exceeds resource tag limit."),
    ],
)
def test_configurations_that_cannot_be(make: Make, config: dict[str, Any], text: str) -> None:
    """They are refused in AWS's words."""
    with pytest.raises(ClientError) as caught:
        make(**config)
    assert text in caught.value.response["Error"]["Message"]


def test_versions_have_no_tags(client: Any, make: Make) -> None:
    """Tags are the function's."""
    arn = make(Publish=True)["FunctionArn"]
    with pytest.raises(ClientError, match="Tags on function aliases and versions are not supported"):
        client.tag_resource(Resource=f"{arn}:1", Tags={"a": "b"})


def test_metrics_are_kept(aws: Any, client: Any) -> None:
    """CloudWatch shows the invocations and errors of a function."""
    function = aws.function(handlers.fails)
    client.invoke(FunctionName=function.name)
    now = aws.clock.now()
    found = {
        name: boto3.client("cloudwatch").get_metric_statistics(
            Namespace="AWS/Lambda",
            MetricName=name,
            Dimensions=[{"Name": "FunctionName", "Value": function.name}],
            StartTime=now - timedelta(minutes=5),
            EndTime=now + timedelta(minutes=5),
            Period=600,
            Statistics=["Sum"],
        )["Datapoints"]
        for name in ("Invocations", "Errors")
    }
    assert {"Invocations": [1.0], "Errors": [1.0]} == {
        name: [p["Sum"] for p in points] for name, points in found.items()
    }


def test_other_accounts_function_is_invoked_by_its_arn(aws: Any, client: Any, make: Make) -> None:
    """Once its policy allows it; the function runs in its own account."""
    arn = make(source="import os\ndef handler(event, context):\n    return context.invoked_function_arn\n")[
        "FunctionArn"
    ]
    aws.register_credentials("AKIAOTHER", "secret", "210987654321")
    other = boto3.client("lambda", aws_access_key_id="AKIAOTHER", aws_secret_access_key="secret")
    with pytest.raises(ClientError, match="AccessDenied"):
        other.invoke(FunctionName=arn)
    client.add_permission(FunctionName="f", StatementId="s", Action="lambda:InvokeFunction", Principal="210987654321")
    assert arn == answer(other.invoke(FunctionName=arn))


COUNTS = """
calls = 0
def handler(event, context):
    global calls
    calls += 1
    return [context.tenant_id, calls]
"""


@pytest.mark.skipif(not is_modelled("Invoke", "TenantId"), reason="botocore knows no tenants")
def test_tenants_share_no_environment(client: Any, make: Make) -> None:
    """The handler knows its tenant, and keeps globals for that one only."""
    make(source=COUNTS, TenancyConfig={"TenantIsolationMode": "PER_TENANT"})
    found = [answer(client.invoke(FunctionName="f", TenantId=tenant)) for tenant in ("a", "b", "a")]
    assert [["a", 1], ["b", 1], ["a", 2]] == found


@pytest.mark.skipif(not is_modelled("Invoke", "TenantId"), reason="botocore knows no tenants")
@pytest.mark.parametrize("kind", ["RequestResponse", "Event"])
def test_tenants_are_told_where_they_are_isolated(client: Any, make: Make, kind: Any) -> None:
    """A function with tenant isolation needs a tenant's name, any other takes none."""
    make(source=COUNTS, TenancyConfig={"TenantIsolationMode": "PER_TENANT"})
    make("g", COUNTS)
    with pytest.raises(ClientError, match="Add a valid tenant ID") as expected:
        client.invoke(FunctionName="f", InvocationType=kind)
    with pytest.raises(ClientError, match="Remove the tenant ID"):
        client.invoke(FunctionName="g", TenantId="a", InvocationType=kind)
    assert expected.value.response["Error"]["Code"] == "InvalidParameterValueException"
    assert 202 == client.invoke(FunctionName="f", TenantId="a", InvocationType="Event")["StatusCode"]


@pytest.mark.skipif(not is_modelled("CreateFunction", "DurableConfig"), reason="botocore knows no durable functions")
def test_durable_functions_are_not_there(make: Make) -> None:
    """They say so when they are made."""
    with pytest.raises(ClientError, match="NotImplemented"):
        make(DurableConfig={"ExecutionTimeout": 60})


def test_role_of_another_account(client: Any, make: Make) -> None:
    """It cannot be passed on."""
    make()
    with pytest.raises(ClientError, match=r"Cross-account pass role is not allowed\."):
        client.update_function_configuration(FunctionName="f", Role="arn:aws:iam::210987654321:role/r")


@mock_serverless(region="us-east-1", compat="moto")
def test_what_suites_for_moto_rely_on() -> None:
    """With compat="moto" any bytes are a package, which holds nothing, and a mapping is enabled when it is made."""
    role = boto3.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="some policy")["Role"]["Arn"]
    client = boto3.client("lambda")
    code = {"ZipFile": b"any zip file"}
    client.create_function(FunctionName="f", Runtime="python3.12", Role=role, Handler="m.handler", Code=code)
    assert "Unable to import module 'm'" in answer(client.invoke(FunctionName="f"))["errorMessage"]
    _, arn = queue("q")
    assert "Enabled" == client.create_event_source_mapping(FunctionName="f", EventSourceArn=arn)["State"]
