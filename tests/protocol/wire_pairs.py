"""The other end of the wire: botocore's own serialisers and parsers, over models of their own."""

from __future__ import annotations

from datetime import datetime, timezone
from functools import lru_cache
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse, create_request_object, prepare_request_dict
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel
from botocore.parsers import create_parser
from botocore.serialize import create_serializer

from mocksls._kernel.http import HttpRequest, HttpResponse
from mocksls._protocol import ServiceProtocol, service_protocol

SERVICES = (
    "apigateway",
    "apigatewaymanagementapi",
    "apigatewayv2",
    "application-autoscaling",
    "cloudwatch",
    "cognito-identity",
    "cognito-idp",
    "dynamodb",
    "dynamodbstreams",
    "events",
    "iam",
    "lambda",
    "logs",
    "s3",
    "scheduler",
    "sns",
    "sqs",
    "sts",
)

needs_cloudwatch_protocols = pytest.mark.skipif(
    "json" not in service_protocol("cloudwatch").model.metadata.get("protocols", ()),
    reason="this botocore's model of CloudWatch knows the query protocol only",
)

DATE = datetime(2024, 5, 6, 7, 8, 9, 120_000, tzinfo=timezone.utc)
REQUEST_ID = "0ae8d8ad-1111-2222-3333-444455556666"


@lru_cache
def client_model(service: str) -> ServiceModel:
    """A model as a client has it."""
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


@lru_cache
def pairs() -> tuple[tuple[str, str], ...]:
    """Every service with every protocol that the model lists for it."""
    found = []
    for service in SERVICES:
        protocol = service_protocol(service)
        listed = protocol.model.metadata.get("protocols", ())
        found += [(service, name) for name in {protocol.default_protocol, *listed}]
    return tuple(sorted(found))


def request_of(operation: OperationModel, protocol: str, parameters: dict[str, Any]) -> HttpRequest:
    """The request that botocore sends."""
    serialized = create_serializer(protocol, include_validation=False).serialize_to_request(parameters, operation)
    prepare_request_dict(serialized, f"https://{operation.service_model.endpoint_prefix}.us-east-1.amazonaws.com")
    prepared = create_request_object(serialized).prepare()
    body = prepared.body or b""
    headers = [
        (name, value.decode() if isinstance(value, bytes) else value) for name, value in prepared.headers.items()
    ]
    return HttpRequest(prepared.method, prepared.url, headers, body if isinstance(body, bytes) else body.encode())


def parsed(operation: OperationModel, protocol: str, response: HttpResponse) -> dict[str, Any]:
    """What botocore makes of an answer."""
    headers = AWSResponse("", response.status, dict(response.headers), None).headers
    answer = {"status_code": response.status, "headers": headers, "body": response.body, "context": {}}
    result: dict[str, Any] = create_parser(protocol).parse(answer, operation.output_shape)
    return result


def round_trip(service: ServiceProtocol, request: HttpRequest) -> tuple[str, dict[str, Any]]:
    """The operation and the parameters that our side reads."""
    match = service.match(request)
    return match.operation, service.parse(match, request)
