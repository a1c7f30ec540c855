"""Requests by hand: routing, what parsing makes of them, and what AWS says of broken ones."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest

from mocksls._kernel.errors import AwsError
from mocksls._kernel.http import HttpRequest
from mocksls._protocol import Match, service_protocol, to_path_style
from mocksls._protocol.service import ServiceProtocol
from tests.protocol.wire_pairs import needs_cloudwatch_protocols, request_of, round_trip


def http(method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> HttpRequest:
    return HttpRequest(method, f"https://example.amazonaws.com{path}", list((headers or {}).items()), body)


def dynamodb(operation: str, body: bytes) -> HttpRequest:
    return http("POST", "/", {"X-Amz-Target": f"DynamoDB_20120810.{operation}"}, body)


def parse(service: str, request: HttpRequest) -> dict[str, Any]:
    protocol = service_protocol(service)
    return protocol.parse(protocol.match(request), request)


def refused(service: str, request: HttpRequest) -> tuple[str, str]:
    with pytest.raises(AwsError) as caught:
        parse(service, request)
    return caught.value.code, caught.value.message


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("GET", "/", "ListBuckets"),
        ("GET", "/bucket", "ListObjects"),
        ("GET", "/bucket/?list-type=2", "ListObjectsV2"),
        ("GET", "/bucket?acl", "GetBucketAcl"),
        ("GET", "/bucket/key?acl=", "GetObjectAcl"),
        ("GET", "/bucket?analytics", "ListBucketAnalyticsConfigurations"),
        ("GET", "/bucket?analytics&id=1", "GetBucketAnalyticsConfiguration"),
        ("GET", "/bucket/a/b//c/?x-id=GetObject", "GetObject"),
        ("GET", "/bucket/key?uploadId=1", "ListParts"),
        ("PUT", "/bucket/key", "PutObject"),
        ("PUT", "/bucket/key?partNumber=1&uploadId=2", "UploadPart"),
        ("DELETE", "/bucket/key", "DeleteObject"),
        ("DELETE", "/bucket/key?uploadId=2", "AbortMultipartUpload"),
        ("POST", "/bucket?delete", "DeleteObjects"),
        ("POST", "/bucket/key?uploads", "CreateMultipartUpload"),
        ("GET", "/bucket?lifecycle", "GetBucketLifecycleConfiguration"),
        ("HEAD", "/bucket", "HeadBucket"),
    ],
)
def test_s3_routes(method: str, path: str, operation: str) -> None:
    """Path, required parameters and subresources choose the operation."""
    assert service_protocol("s3").match(http(method, path)).operation == operation


def test_copy_source_header_makes_a_copy() -> None:
    """A required header tells CopyObject from PutObject."""
    request = http("PUT", "/bucket/key", {"x-amz-copy-source": "/a/b"})
    assert service_protocol("s3").match(request).operation == "CopyObject"


def test_greedy_label_keeps_slashes() -> None:
    """An object's key is everything behind the bucket, decoded."""
    match = service_protocol("s3").match(http("GET", "/bucket//a%20b/c%2Fd/"))
    assert match.labels == {"Bucket": "bucket", "Key": "/a b/c/d/"}


def test_s3_method_not_allowed() -> None:
    """S3 refuses what no operation answers."""
    expected = ("MethodNotAllowed", "The specified method is not allowed against this resource.")
    assert refused("s3", http("POST", "/bucket/key")) == expected


def test_literal_beats_label() -> None:
    """A path segment in the template wins over a parameter."""
    match = service_protocol("apigateway").match(http("POST", "/apikeys?mode=import&format=csv"))
    assert match.operation == "ImportApiKeys"


def test_trailing_slash_is_nothing() -> None:
    """Lambda's templates end in slashes that requests may leave out."""
    assert service_protocol("lambda").match(http("GET", "/2015-03-31/functions")).operation == "ListFunctions"


def test_missing_required_query_still_finds_the_operation() -> None:
    """Where nothing else fits, the operation answers for its missing parameter."""
    request = http("DELETE", "/2017-03-31/tags/arn%3Aaws%3Alambda")
    assert service_protocol("lambda").match(request).operation == "UntagResource"


def test_arn_label_is_decoded() -> None:
    """An encoded slash belongs to the label."""
    match = service_protocol("apigateway").match(http("GET", "/tags/arn%3Aaws%3A%3A%2Frestapis%2Fa"))
    assert match == Match("GetTags", "rest-json", {"resource_arn": "arn:aws::/restapis/a"})


@needs_cloudwatch_protocols
@pytest.mark.parametrize(
    ("request_", "protocol"),
    [
        (http("POST", "/", {"X-Amz-Target": "GraniteServiceVersion20100801.ListMetrics"}), "json"),
        (http("POST", "/", {}, b"Action=ListMetrics&Version=2010-08-01"), "query"),
        (http("GET", "/?Action=ListMetrics"), "query"),
        (
            http(
                "POST",
                "/service/GraniteServiceVersion20100801/operation/ListMetrics",
                {"smithy-protocol": "rpc-v2-cbor"},
            ),
            "smithy-rpc-v2-cbor",
        ),
    ],
)
def test_cloudwatch_speaks_three_protocols(request_: HttpRequest, protocol: str) -> None:
    """Headers and body tell which protocol a request is in."""
    assert service_protocol("cloudwatch").match(request_) == Match("ListMetrics", protocol)
    assert service_protocol("cloudwatch").protocol_of(request_) == protocol


def test_sqs_in_the_former_query_protocol() -> None:
    """SQS still understands forms, with the names they had."""
    attribute = b"MessageAttribute.1.Name=a&MessageAttribute.1.Value.DataType=String"
    body = b"Action=SendMessage&QueueUrl=q&MessageBody=m&" + attribute
    expected = {"QueueUrl": "q", "MessageBody": "m", "MessageAttributes": {"a": {"DataType": "String"}}}
    assert parse("sqs", http("POST", "/", {}, body)) == expected


@pytest.mark.parametrize(
    ("service", "request_", "code"),
    [
        ("dynamodb", dynamodb("Nothing", b"{}"), "UnknownOperationException"),
        ("dynamodb", http("POST", "/"), "UnknownOperationException"),
        ("iam", http("POST", "/", {}, b"Action=Nothing"), "InvalidAction"),
        ("iam", http("POST", "/"), "MissingAction"),
        ("lambda", http("GET", "/nothing"), "UnknownOperationException"),
        ("apigateway", http("GET", "/nothing"), "MissingAuthenticationTokenException"),
        pytest.param(
            "cloudwatch",
            http("POST", "/x", {"smithy-protocol": "rpc-v2-cbor"}),
            "UnknownOperationException",
            marks=needs_cloudwatch_protocols,
        ),
    ],
)
def test_unknown_operations(service: str, request_: HttpRequest, code: str) -> None:
    """Every protocol has its own answer to an operation that is none."""
    assert refused(service, request_)[0] == code


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{", ""),
        (b"\xff", ""),
        (b'{"TableName": NaN}', ""),
        (b'{"TableName": "\\ud800"}', ""),
        (b"[" * 100_000, ""),
        (b"[]", "Start of list found where not expected"),
        (b'{"TableName": 1}', "NUMBER_VALUE cannot be converted to String"),
        (b'{"TableName": 1.5}', "DECIMAL_VALUE cannot be converted to String"),
        (b'{"TableName": true}', "TRUE_VALUE cannot be converted to String"),
        (b'{"TableName": []}', "Start of list found where not expected"),
        (b'{"TableName": {}}', "Start of structure or map found where not expected"),
        (b'{"Item": "x"}', "Unexpected field type"),
        (b'{"Item": {"a": {"B": 1}}}', "only base-64-encoded strings are convertible to bytes"),
        (b'{"Item": {"a": {"BOOL": "x"}}}', "STRING_VALUE cannot be converted to Boolean"),
    ],
)
def test_wrong_json(body: bytes, message: str) -> None:
    """Bodies that are no JSON, or not this JSON."""
    assert refused("dynamodb", dynamodb("PutItem", body)) == ("SerializationException", message)


def test_deep_nesting_is_refused() -> None:
    """Recursive shapes end at a depth that neither Python nor the operation has to fear."""
    body = b'{"Item":{"a":' + b'{"L":[' * 150 + b'{"S":"x"}' + b"]}" * 150 + b"}}"
    assert refused("dynamodb", dynamodb("PutItem", body))[0] == "SerializationException"


def test_java_classes_in_apigateways_words() -> None:
    """API Gateway names Java's classes (recorded from AWS)."""
    expected = ("SerializationException", "class java.lang.Boolean can not be converted to an String")
    assert refused("apigateway", http("POST", "/restapis", {}, b'{"name": true}')) == expected


def test_null_is_absent() -> None:
    """A member that is null was not given; an element that is null is an empty structure."""
    body = b'{"TableName": null, "Item": {"a": null}, "Unknown": 1}'
    assert parse("dynamodb", dynamodb("PutItem", body)) == {"Item": {"a": {}}}


def test_members_come_in_the_models_order() -> None:
    """Whatever order the body had."""
    body = json.dumps({"ReturnValues": "NONE", "TableName": "t"}).encode()
    assert list(parse("dynamodb", dynamodb("PutItem", body))) == ["TableName", "ReturnValues"]


@pytest.mark.parametrize(
    "body",
    [
        b"<Tagging>",
        b"<Other/>",
        b"\x00",
        b'<!DOCTYPE x [<!ENTITY e "x">]><Tagging><TagSet/></Tagging>',
        b"<Tagging><TagSet><Tag><Key><b/></Key></Tag></TagSet></Tagging>",
    ],
)
def test_malformed_xml(body: bytes) -> None:
    """Broken XML, another document, document types."""
    assert refused("s3", http("PUT", "/bucket?tagging", {}, body))[0] == "MalformedXML"


def test_xml_with_namespaces_and_attributes() -> None:
    """A grantee's type is an attribute; namespaces do not matter."""
    body = (
        b'<a:AccessControlPolicy xmlns:a="http://s3.amazonaws.com/doc/2006-03-01/"><a:AccessControlList><a:Grant>'
        b'<a:Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><a:ID>i</a:ID>'
        b"</a:Grantee></a:Grant></a:AccessControlList></a:AccessControlPolicy>"
    )
    expected = {"Grants": [{"Grantee": {"ID": "i", "Type": "CanonicalUser"}}]}
    assert parse("s3", http("PUT", "/b?acl", {}, body))["AccessControlPolicy"] == expected


def test_metadata_headers() -> None:
    """Prefixed headers become a map, their names in lower case."""
    parameters = parse("s3", http("PUT", "/b/k", {"X-Amz-Meta-Colour": "red"}, b"x"))
    assert parameters == {"Body": b"x", "Bucket": "b", "Key": "k", "Metadata": {"colour": "red"}}


def test_presigned_headers_in_the_query() -> None:
    """S3 takes x-amz- headers from the query, too."""
    assert parse("s3", http("PUT", "/b/k?x-amz-acl=private"))["ACL"] == "private"


def test_invalid_dates_in_headers_are_ignored() -> None:
    """As HTTP says of conditions with dates that are none."""
    assert "IfModifiedSince" not in parse("s3", http("GET", "/b/k", {"If-Modified-Since": "yesterday"}))


def test_numbers_in_queries_must_be_numbers() -> None:
    """S3 refuses what is none."""
    assert refused("s3", http("GET", "/b?max-keys=x"))[0] == "InvalidArgument"


def test_repeated_query_parameters_are_a_list() -> None:
    """Each occurrence is an element."""
    request = http("DELETE", "/2017-03-31/tags/a?tagKeys=x&tagKeys=y")
    assert parse("lambda", request) == {"Resource": "a", "TagKeys": ["x", "y"]}


def test_free_query_parameters_are_a_map() -> None:
    """A map in the query has every parameter that is not another member's."""
    request = http("POST", "/restapis?mode=import&failonwarnings=true&basepath=prepend", {}, b"{}")
    assert parse("apigateway", request) == {
        "failOnWarnings": True,
        "parameters": {"basepath": "prepend"},
        "body": b"{}",
    }


def test_header_lists_may_be_quoted() -> None:
    """Commas in quotes do not part elements."""
    request = http("GET", "/b/k?attributes", {"x-amz-object-attributes": 'ETag, "a,b"'})
    assert parse("s3", request)["ObjectAttributes"] == ["ETag", "a,b"]


@pytest.mark.parametrize("text", ["2024-05-06T07:08:09Z", "2024-05-06T09:08:09+02:00", "2024-05-06T07:08:09.000Z"])
def test_form_timestamps(text: str) -> None:
    """Times of forms are ISO 8601."""
    body = f"Action=GetMetricStatistics&StartTime={text.replace('+', '%2B')}".encode()
    expected = datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone.utc)
    assert parse("cloudwatch", http("POST", "/", {}, body)) == {"StartTime": expected}


@pytest.mark.parametrize("body", [b"MaxItems=x", b"Tags.member.x.Key=a", b"Tags" + b".a" * 500 + b"=x"])
def test_malformed_forms(body: bytes) -> None:
    """Values that are none of their type, members without number, endless names."""
    assert refused(
        "iam", http("POST", "/", {}, b"Action=ListRoles&" + body if b"Max" in body else b"Action=CreateRole&" + body)
    )[0] in ("MalformedInput", "SerializationException")


def test_form_members_keep_the_order_of_their_numbers() -> None:
    """Gaps are closed, the order is that of the numbers."""
    body = b"Action=UntagRole&RoleName=r&TagKeys.member.10=b&TagKeys.member.2=a"
    assert parse("iam", http("POST", "/", {}, body)) == {"RoleName": "r", "TagKeys": ["a", "b"]}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://b.s3.amazonaws.com/k/l?acl", "https://b.s3.amazonaws.com/b/k/l?acl"),
        ("https://b.s3.amazonaws.com?acl", "https://b.s3.amazonaws.com/b/?acl"),
        ("https://b.s3.amazonaws.com", "https://b.s3.amazonaws.com/b/"),
    ],
)
def test_path_style(url: str, expected: str) -> None:
    """The bucket moves from the host into the path."""
    assert to_path_style(HttpRequest("GET", url), "b").url == expected


def test_overlay_for_malformed_bodies() -> None:
    """A service may have its own words for a body that is no JSON."""
    protocol = ServiceProtocol("lambda").configure({"malformed_body": {"code": "InvalidRequestContentException"}})
    request = http("POST", "/2015-03-31/functions", {}, b"{")
    with pytest.raises(AwsError, match="InvalidRequestContentException"):
        protocol.parse(protocol.match(request), request)


def test_operations() -> None:
    """All operations of the model are there; another one is a mistake of the caller."""
    protocol = service_protocol("sts")
    assert "AssumeRole" in protocol.operations()
    with pytest.raises(KeyError):
        protocol.operation("Nothing")


def test_services_are_loaded_once() -> None:
    """One protocol object per service and process."""
    assert service_protocol("sts") is service_protocol("sts")


DATED: dict[str, Any] = {
    "metadata": {"protocol": "rest-json", "apiVersion": "1", "endpointPrefix": "dated", "serviceId": "Dated"},
    "operations": {
        "Do": {
            "name": "Do",
            "http": {"method": "GET", "requestUri": "/"},
            "input": {"shape": "Io"},
            "output": {"shape": "Io"},
        }
    },
    "shapes": {
        "Io": {
            "type": "structure",
            "members": {"When": {"shape": "Whens", "location": "header", "locationName": "X-When"}},
        },
        "Whens": {"type": "list", "member": {"shape": "When"}},
        "When": {"type": "timestamp"},
    },
}


@pytest.mark.parametrize("count", [1, 3])
def test_dates_in_header_lists(count: int) -> None:
    """Dates in a header's list hold commas without being quoted (botocore writes them so, but cannot read them)."""
    model = ServiceProtocol("dated", DATED)
    moments = [datetime(2019, 12, day + 1, 23, 48, 18, tzinfo=timezone.utc) for day in range(count)]
    operation = model.operation("Do")
    assert round_trip(model, request_of(operation, "rest-json", {"When": moments})) == ("Do", {"When": moments})
    answer = model.answer("Do", {"When": moments}, request_id="r", date=moments[0])
    assert answer.header("x-when") == ", ".join(f"{moment:%a, %d %b %Y %H:%M:%S} GMT" for moment in moments)
