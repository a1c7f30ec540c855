"""Constraints, and AWS's words about their violation. Expected texts are recorded from AWS unless said otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocksls._kernel.errors import AwsError
from mocksls._protocol.constraints import Compiler, Constraints
from mocksls._protocol.overlay import Wire
from mocksls._protocol.service import ServiceProtocol, service_protocol
from mocksls._protocol.violations import Violations, java_text
from tests.protocol.shape_values import Drawn, ShapeValues
from tests.protocol.wire_pairs import DATE, SERVICES


def refused(service: str | ServiceProtocol, operation: str, request: dict[str, Any]) -> tuple[str, str]:
    protocol = service_protocol(service) if isinstance(service, str) else service
    with pytest.raises(AwsError) as caught:
        protocol.validate(operation, request)
    assert caught.value.status == 400
    return caught.value.code, caught.value.message


def test_satisfied() -> None:
    """Nothing is said of a good request."""
    service_protocol("dynamodb").validate("PutItem", {"TableName": "table", "Item": {"a": {"S": "x"}}})


def test_operations_without_input() -> None:
    """There is nothing to check."""
    service_protocol("sts").validate("GetCallerIdentity", {})


def test_pattern_in_a_list_of_structures() -> None:
    """Members of elements are told by number."""
    request = {"Rule": "r", "Targets": [{"Id": "!@#$@!#$", "Arn": "arn"}]}
    assert refused("events", "PutTargets", request) == (
        "ValidationException",
        "1 validation error detected: Value '!@#$@!#$' at 'targets.1.member.id' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: [\.\-_A-Za-z0-9]+",
    )


def test_several_violations() -> None:
    """All are told: pattern and length of one member, then the next member."""
    name = "This should fail with two errors 123467890123412341234123412341234"
    request = {"Name": name, "AuthorizationType": "INVALID", "AuthParameters": {}}
    assert refused("events", "CreateConnection", request)[1] == (
        f"3 validation errors detected: Value '{name}' at 'name' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: [\.\-_A-Za-z0-9]+; "
        f"Value '{name}' at 'name' failed to satisfy constraint: Member must have length less than or equal to 64; "
        "Value 'INVALID' at 'authorizationType' failed to satisfy constraint: "
        "Member must satisfy enum value set: [BASIC, OAUTH_CLIENT_CREDENTIALS, API_KEY]"
    )


def test_null() -> None:
    """A missing member has no quotes."""
    expected = (
        "1 validation error detected: Value null at 'tagKeys' failed to satisfy constraint: Member must not be null"
    )
    assert refused("lambda", "UntagResource", {"Resource": "arn:aws:lambda:us-east-1:123456789012:function:f"}) == (
        "ValidationException",
        expected,
    )


def test_null_in_a_map_of_structures() -> None:
    """SNS names the entry's key."""
    request = {"TopicArn": "t", "Message": "m", "MessageAttributes": {"attr1": {"StringValue": "x"}}}
    assert refused("sns", "Publish", request) == (
        "ValidationError",
        "1 validation error detected: Value null at 'messageAttributes.attr1.member.dataType' "
        "failed to satisfy constraint: Member must not be null",
    )


def test_number() -> None:
    """Numbers have values, not lengths; CloudWatch Logs has a code of its own."""
    request = {"logGroupName": "g", "limit": 10001}
    assert refused("logs", "FilterLogEvents", request) == (
        "InvalidParameterException",
        "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: "
        "Member must have value less than or equal to 10000",
    )


def test_length_of_a_list() -> None:
    """A list prints its elements."""
    request = {"FunctionName": "f", "ZipFile": b"x", "Architectures": ["x86_64", "arm64"]}
    assert refused("lambda", "UpdateFunctionCode", request)[1] == (
        "1 validation error detected: Value '[x86_64, arm64]' at 'architectures' failed to satisfy constraint: "
        "Member must have length less than or equal to 1"
    )


def test_elements_of_a_list() -> None:
    """What elements violate is told once, with all that they must satisfy."""
    protocol = ServiceProtocol("lambda").configure({"not_null_elements": ("ArchitecturesList",)})
    request = {"FunctionName": "f", "ZipFile": b"x", "Architectures": ["X86_64"]}
    assert refused(protocol, "UpdateFunctionCode", request)[1] == (
        "1 validation error detected: Value '[X86_64]' at 'architectures' failed to satisfy constraint: "
        "Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]"
    )


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        (
            {"$LATEST": 0.5},
            "Value '{$LATEST=0.5}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: "
            "Map keys must satisfy constraint: [Member must have length less than or equal to 1024, "
            "Member must have length greater than or equal to 1, "
            "Member must satisfy regular expression pattern: [0-9]+]",
        ),
        (
            {"2": -1.0},
            "Value '{2=-1.0}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: "
            "Map value must satisfy constraint: [Member must have value less than or equal to 1.0, "
            "Member must have value greater than or equal to 0.0, Member must not be null]",
        ),
    ],
)
def test_keys_and_values_of_a_map(weights: dict[str, float], expected: str) -> None:
    """Both are told for the whole map."""
    protocol = ServiceProtocol("lambda").configure({"not_null_elements": ("AdditionalVersionWeights",)})
    request = {
        "FunctionName": "f",
        "Name": "a",
        "FunctionVersion": "1",
        "RoutingConfig": {"AdditionalVersionWeights": weights},
    }
    assert refused(protocol, "CreateAlias", request)[1] == f"1 validation error detected: {expected}"


def test_structures_are_printed_with_all_members() -> None:
    """Those that are not there are null."""
    transformation = {"metricName": "m", "metricNamespace": "n", "metricValue": "1"}
    request = {
        "logGroupName": "g",
        "filterName": "f",
        "filterPattern": "",
        "metricTransformations": [transformation, {**transformation, "metricName": "m2"}],
    }
    text = refused("logs", "PutMetricFilter", request)[1]
    assert text.startswith(
        "1 validation error detected: Value '[MetricTransformation(metricName=m, metricNamespace=n, metricValue=1, "
    )
    assert text.endswith(
        "null)]' at 'metricTransformations' failed to satisfy constraint: "
        "Member must have length less than or equal to 1"
    )


def test_sensitive_values_are_not_shown() -> None:
    """Cognito's answer to a password that breaks the pattern."""
    request = {"ClientId": "abc", "Username": "u", "Password": ""}
    code, text = refused("cognito-idp", "SignUp", request)
    assert code == "InvalidParameterException"
    assert "Value at 'password' failed to satisfy constraint: Member must" in text


def test_body_members_are_prefixed() -> None:
    """API Gateway names the input's shape before members of the body, not before those of the URI."""
    request = {"restApiId": "a", "responseType": "FAKE", "patchOperations": [{"op": "wrong-op"}]}
    text = refused("apigateway", "UpdateGatewayResponse", request)[1]
    assert "Value 'FAKE' at 'responseType' failed" in text
    assert "Value 'wrong-op' at 'updateGatewayResponseInput.patchOperations.1.member.op' failed" in text


def test_s3_has_no_listing() -> None:
    """S3 checks the document, not headers and URI, and says that it is malformed."""
    protocol = service_protocol("s3")
    protocol.validate("PutObject", {"Bucket": "b", "Key": "k", "StorageClass": "nonsense"})
    request = {"Bucket": "b", "VersioningConfiguration": {"Status": "nonsense"}}
    assert refused(protocol, "PutBucketVersioning", request)[0] == "MalformedXML"


def test_stricter() -> None:
    """Overlays add constraints to shapes and to members, and take requirements away."""
    protocol = ServiceProtocol("sqs").configure(
        {
            "stricter": {
                "SendMessageRequest.MessageBody": {"min": 1, "required": False},
                "SendMessageRequest.DelaySeconds": {"max": 900},
            }
        }
    )
    protocol.validate("SendMessage", {"QueueUrl": "q"})
    text = refused(protocol, "SendMessage", {"QueueUrl": "q", "MessageBody": "", "DelaySeconds": 901})[1]
    assert text.startswith("2 validation errors detected: Value '' at 'messageBody'")


@pytest.mark.parametrize(
    "skip", ["*", "RoleNameType", "roleNameType", "roleNameType:pattern", "GetRoleRequest.RoleName"]
)
def test_skip(skip: str) -> None:
    """Overlays leave out shapes, members, single constraints, or all."""
    protocol = ServiceProtocol("iam").configure({"skip": (skip,)})
    if skip == "RoleNameType":
        assert refused(protocol, "GetRole", {"RoleName": "a b"})[0] == "ValidationError"
    else:
        protocol.validate("GetRole", {"RoleName": "a b"})


def test_wording() -> None:
    """IAM shows neither the value nor the enum's values."""
    wording = {
        "value": "Value at '{path}' failed to satisfy constraint: {constraint}",
        "enum": "Member must satisfy enum value set",
    }
    protocol = ServiceProtocol("iam").configure({"wording": wording})
    request = {"UserName": "u", "AccessKeyId": "A" * 20, "Status": "Nonsense"}
    assert refused(protocol, "UpdateAccessKey", request) == (
        "ValidationError",
        "1 validation error detected: Value at 'status' failed to satisfy constraint: "
        "Member must satisfy enum value set",
    )


def test_code_by_operation() -> None:
    """One operation may have another code."""
    protocol = ServiceProtocol("logs").configure({"validation_codes": {"FilterLogEvents": "ValidationException"}})
    assert refused(protocol, "FilterLogEvents", {"limit": 0})[0] == "ValidationException"


def test_configuring_again_changes_nothing() -> None:
    """What is compiled stays while the overlay is the same."""
    protocol = ServiceProtocol("sts").configure({"server": "x"})
    wire = protocol.wire
    assert protocol.configure({"server": "x"}).wire is wire
    assert protocol.configure(None).wire is not wire


def test_java_text() -> None:
    """Values as Java prints them."""
    shape = service_protocol("dynamodb").model.shape_for("AttributeValue")
    text = java_text(shape, {"B": b"abc", "BOOL": True, "M": {"k": {"S": "v"}}})
    assert text.startswith("AttributeValue(s=null, n=null, b=java.nio.HeapByteBuffer[pos=0 lim=3 cap=3], sS=null, ")
    assert java_text(shape.members["S"], DATE) == "2024-05-06T07:08:09.120Z"


@given(st.data())
def test_predicates_agree_with_the_listing(data: st.DataObject) -> None:
    """A request is refused if and only if there is something to say of it."""
    protocol = service_protocol(data.draw(st.sampled_from(SERVICES)))
    operation = protocol.operation(data.draw(st.sampled_from(sorted(protocol.model.operation_names))))
    shape = operation.input_shape
    if shape is not None:
        request = ShapeValues(Drawn(data.draw), "json").members(shape)
        for name in data.draw(st.sets(st.sampled_from([*request, ""]))):
            request.pop(name, None)
        constraints = Constraints(Wire())
        check = Compiler(constraints).structure_check(shape)
        found = Violations(constraints, Wire()).of(operation, request, frozenset())
        assert (check is None or check(request)) == (not found)
