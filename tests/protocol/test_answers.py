"""Answers and errors as they go out."""

from __future__ import annotations

import base64
import zlib
from datetime import datetime, timezone
from typing import Any
from xml.etree import ElementTree

import pytest
from botocore.eventstream import EventStreamBuffer

from mocksls._kernel.errors import AwsError
from mocksls._kernel.http import HttpResponse
from mocksls._protocol import Wire, service_protocol
from mocksls._protocol.service import ServiceProtocol
from tests.protocol.wire_pairs import DATE, REQUEST_ID, client_model, needs_cloudwatch_protocols, parsed


def answer(service: str, operation: str, output: dict[str, Any] | None = None, **by: Any) -> HttpResponse:
    return service_protocol(service).answer(operation, output, request_id=REQUEST_ID, date=DATE, **by)


def error(service: str, operation: str | None, fault: AwsError, protocol: str | None = None) -> HttpResponse:
    return service_protocol(service).error(operation, fault, request_id=REQUEST_ID, protocol=protocol, date=DATE)


def understood(service: str, operation: str, response: HttpResponse, protocol: str | None = None) -> dict[str, Any]:
    """What botocore makes of it."""
    model = client_model(service)
    return parsed(model.operation_model(operation), protocol or model.resolved_protocol, response)


def test_json_answer() -> None:
    """DynamoDB's headers and compact body."""
    response = answer("dynamodb", "GetItem", {"Item": {"a": {"S": "é"}}, "Nothing": 1, "ConsumedCapacity": None})
    assert response.body == '{"Item":{"a":{"S":"é"}}}'.encode()
    assert dict(response.headers) == {
        "server": "Server",
        "date": "Mon, 06 May 2024 07:08:09 GMT",
        "x-amzn-requestid": REQUEST_ID,
        "content-type": "application/x-amz-json-1.0",
        "content-length": "25",
        "x-amz-crc32": str(zlib.crc32(response.body)),
    }


def test_metadata_is_what_the_answer_carries() -> None:
    """Status and headers, all but those that describe the body's bytes."""
    output = {
        "Body": b"x",
        "ETag": '"e"',
        "LastModified": DATE,
        "Metadata": {"Colour": "red"},
        "ContentType": "text/plain",
    }
    response = answer("s3", "GetObject", output, status=206, headers={"X-Extra": "a\r\nb"})
    status, headers = service_protocol("s3").metadata(
        "GetObject", output, request_id=REQUEST_ID, date=DATE, status=206, headers={"X-Extra": "a\r\nb"}
    )
    assert status == response.status == 206
    assert {**headers, "content-length": "1"} == dict(response.headers)
    assert headers["x-amz-meta-colour"] == "red"
    assert headers["last-modified"] == "Mon, 06 May 2024 07:08:09 GMT"
    assert headers["x-extra"] == "a  b"


def test_status_member() -> None:
    """Lambda says the status as a member."""
    assert answer("lambda", "Invoke", {"StatusCode": 202, "Payload": b""}).status == 202


def test_status_of_the_model() -> None:
    """The operation's own status holds where nothing else is said."""
    response = answer("s3", "DeleteObject", {})
    assert (response.status, response.body) == (204, b"")


def test_bucket_location_is_the_root() -> None:
    """GetBucketLocation has no element below its root."""
    expected = '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">eu-west-1</LocationConstraint>'
    assert answer("s3", "GetBucketLocation", {"LocationConstraint": "eu-west-1"}).body.decode().endswith(expected)


def test_s3_answers_have_their_own_roots() -> None:
    """The root's name is AWS's, times show milliseconds."""
    body = answer("s3", "ListBuckets", {"Buckets": [{"Name": "b", "CreationDate": DATE}]}).body
    root = ElementTree.fromstring(body)
    namespace = "{http://s3.amazonaws.com/doc/2006-03-01/}"
    assert root.tag == f"{namespace}ListAllMyBucketsResult"
    assert [node.text for node in root.iter(f"{namespace}CreationDate")] == ["2024-05-06T07:08:09.120Z"]


def test_xml_attribute() -> None:
    """A grantee's type goes out as an attribute with its namespace."""
    body = answer("s3", "GetBucketAcl", {"Grants": [{"Grantee": {"Type": 'A"<', "ID": "i"}}]}).body
    expected = (
        '<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="A&quot;&lt;"><ID>i</ID></Grantee>'
    )
    assert expected in body.decode()


def test_query_answer_without_output() -> None:
    """Only the request's id is told."""
    assert answer("iam", "DeleteUser").body.decode() == (
        '<DeleteUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">'
        f"<ResponseMetadata><RequestId>{REQUEST_ID}</RequestId></ResponseMetadata></DeleteUserResponse>"
    )


def test_sqs_answers_forms_with_the_former_names() -> None:
    """The query protocol's element names differ from JSON's."""
    body = answer("sqs", "ReceiveMessage", {"Messages": [{"Body": "b"}]}, protocol="query").body.decode()
    assert "<ReceiveMessageResult><Message><Body>b</Body></Message></ReceiveMessageResult>" in body


@pytest.mark.parametrize(
    ("service", "operation", "code", "protocol", "wire_code", "status"),
    [
        ("iam", "GetUser", "NoSuchEntityException", None, "NoSuchEntity", 404),
        ("iam", "GetUser", "NoSuchEntity", None, "NoSuchEntity", 404),
        ("sns", "Publish", "NotFoundException", None, "NotFound", 404),
        ("dynamodb", "GetItem", "ResourceNotFoundException", None, "ResourceNotFoundException", 400),
        ("dynamodb", "GetItem", "InternalServerError", None, "InternalServerError", 500),
        ("dynamodb", "GetItem", "ValidationException", None, "ValidationException", 400),
        ("lambda", "GetFunction", "ResourceNotFoundException", None, "ResourceNotFoundException", 404),
        ("s3", "GetObject", "NoSuchKey", None, "NoSuchKey", 404),
        ("sqs", "SendMessage", "QueueNameExists", None, "QueueAlreadyExists", 400),
        ("sqs", "SendMessage", "QueueNameExists", "query", "QueueAlreadyExists", 400),
    ],
)
def test_errors(service: str, operation: str, code: str, protocol: str | None, wire_code: str, status: int) -> None:
    """Code and status come from the model, whatever name the error was raised by."""
    response = error(service, operation, AwsError(code, "text <&>"), protocol)
    found = understood(service, operation, response, protocol)["Error"]
    assert (found["Code"], found["Message"], response.status) == (wire_code, "text <&>", status)


@needs_cloudwatch_protocols
@pytest.mark.parametrize("protocol", ["smithy-rpc-v2-cbor", "json", "query"])
def test_query_compatible_errors(protocol: str) -> None:
    """Clients of all protocols see the code that the query protocol had."""
    response = error("cloudwatch", "GetDashboard", AwsError("DashboardNotFoundError", "text"), protocol)
    found = understood("cloudwatch", "GetDashboard", response, protocol)["Error"]
    assert (found["Code"], found["Message"], response.status) == ("ResourceNotFound", "text", 404)


def test_error_members() -> None:
    """Members of the error's shape are told, others are not."""
    fault = AwsError("ConditionalCheckFailedException", "no", members={"Item": {"a": {"S": "x"}}, "Nothing": 1})
    assert error("dynamodb", "PutItem", fault).body == (
        b'{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",'
        b'"message":"no","Item":{"a":{"S":"x"}}}'
    )


def test_lambda_says_whose_fault_it_is() -> None:
    """And the retry time goes into a header."""
    fault = AwsError("TooManyRequestsException", "Rate", members={"retryAfterSeconds": "2", "Reason": "r"})
    response = error("lambda", "Invoke", fault)
    assert response.header("retry-after") == "2"
    assert response.header("x-amzn-errortype") == "TooManyRequestsException"
    assert response.body == b'{"Type":"User","message":"Rate","Reason":"r"}'


def test_s3_error() -> None:
    """Bare, with its extra members, and both ids of the request."""
    found = understood(
        "s3", "GetObject", error("s3", "GetObject", AwsError("NoSuchKey", "gone", members={"Key": "k&"}))
    )
    assert found["Error"] == {"Code": "NoSuchKey", "Message": "gone", "Key": "k&"}
    assert found["ResponseMetadata"]["RequestId"] == REQUEST_ID
    assert found["ResponseMetadata"]["HostId"]


def test_head_errors_have_no_body() -> None:
    """Botocore takes the code from the status."""
    response = error("s3", "HeadObject", AwsError("NoSuchKey", "gone"))
    assert (response.status, response.body) == (404, b"")
    assert understood("s3", "HeadObject", response)["Error"]["Code"] == "404"


def test_error_of_the_receiver() -> None:
    """Faults of AWS's side are 500 unless said otherwise."""
    response = error("iam", None, AwsError("Whatever", "x", sender=False))
    assert (response.status, b"<Type>Receiver</Type>" in response.body) == (500, True)


def test_error_overrides() -> None:
    """An error's own status and headers win."""
    response = error("s3", None, AwsError("PermanentRedirect", "x", status=301, headers={"x-amz-bucket-region": "eu"}))
    assert (response.status, response.header("x-amz-bucket-region")) == (301, "eu")


def test_overlay_of_error_codes() -> None:
    """A service's data may rename codes and namespaces."""
    protocol = ServiceProtocol("events").configure(
        {"error_codes": {"Mine": {"code": "Theirs", "status": 418, "prefix": "a#"}}}
    )
    response = protocol.error("PutEvents", AwsError("Mine", "x"), request_id="r", date=DATE)
    assert (response.status, response.body) == (418, b'{"__type":"a#Theirs","message":"x"}')


def test_overlays_are_joined() -> None:
    """Mappings are joined, sequences appended, other values replaced."""
    wire = Wire.of(
        {"skip": ("a",), "wording": {"x": "1"}, "server": "s"}, {"skip": ["b"], "wording": {"y": "2"}, "server": "t"}
    )
    assert (wire.skip, wire.wording, wire.server) == (("a", "b"), {"x": "1", "y": "2"}, "t")


def test_unknown_overlay_keys_are_refused() -> None:
    """A misspelt key would be ignored for ever."""
    with pytest.raises(TypeError, match="nonsense"):
        Wire.of({"nonsense": 1})


def messages(body: bytes) -> list[tuple[dict[str, Any], bytes]]:
    """A body's messages, as botocore decodes them."""
    buffer = EventStreamBuffer()
    buffer.add_data(body)
    return [(message.headers, message.payload) for message in buffer]


def test_s3_event_stream() -> None:
    """Records are bytes, statistics XML, the end is empty."""
    stats = {"Details": {"BytesScanned": 3}}
    events = [{"Records": {"Payload": b"a,b"}}, {"Stats": stats}, {"End": {}}]
    response = answer("s3", "SelectObjectContent", {"Payload": events})
    assert response.header("content-type") == "application/vnd.amazon.eventstream"
    assert messages(response.body) == [
        (
            {":message-type": "event", ":event-type": "Records", ":content-type": "application/octet-stream"},
            b"a,b",
        ),
        (
            {":message-type": "event", ":event-type": "Stats", ":content-type": "text/xml"},
            b"<Stats><BytesScanned>3</BytesScanned></Stats>",
        ),
        ({":message-type": "event", ":event-type": "End"}, b""),
    ]


def test_lambda_event_stream() -> None:
    """Chunks of a streamed answer, then its end; the status is the answer's."""
    events = [{"PayloadChunk": {"Payload": b"x"}}, {"InvokeComplete": {"ErrorCode": "E"}}]
    response = answer("lambda", "InvokeWithResponseStream", {"StatusCode": 200, "EventStream": events})
    assert [payload for _, payload in messages(response.body)] == [b"x", b'{"ErrorCode":"E"}']


def test_logs_event_stream() -> None:
    """Protocols without headers begin with the initial response; errors are exceptions."""
    events = [
        {"sessionStart": {"requestId": "r"}},
        {"SessionTimeoutException": {"message": "late"}},
    ]
    found = messages(answer("logs", "StartLiveTail", {"responseStream": events}).body)
    assert [headers.get(":event-type") or headers[":exception-type"] for headers, _ in found] == [
        "initial-response",
        "sessionStart",
        "SessionTimeoutException",
    ]
    assert found[2] == (
        {
            ":message-type": "exception",
            ":exception-type": "SessionTimeoutException",
            ":content-type": "application/json",
        },
        b'{"message":"late"}',
    )


def test_header_values() -> None:
    """JSON in headers is base64, lists are joined by commas."""
    output = {"LastModified": datetime(2024, 1, 1, tzinfo=timezone.utc), "MissingMeta": 2, "DeleteMarker": True}
    headers = dict(answer("s3", "HeadObject", output).headers)
    assert (headers["x-amz-missing-meta"], headers["x-amz-delete-marker"]) == ("2", "true")


def test_host_ids_look_like_s3s() -> None:
    """76 letters of base64, made from the request's id."""
    host_id = dict(answer("s3", "HeadBucket").headers)["x-amz-id-2"]
    assert (len(host_id), len(base64.b64decode(host_id))) == (76, 57)
