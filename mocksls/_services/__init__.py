"""One folder per AWS service, found by botocore's name of it."""

from __future__ import annotations

import importlib
from functools import cache
from importlib.util import find_spec

from mocksls._kernel.collector import paused_collector
from mocksls._kernel.errors import UnmockedServiceError
from mocksls._kernel.service import ServiceSpec

_KEYWORDS = {"lambda": "lambda_"}

SCOPE = (
    "lambda",
    "s3",
    "dynamodb",
    "dynamodbstreams",
    "apigateway",
    "apigatewayv2",
    "apigatewaymanagementapi",
    "cognito-idp",
    "cognito-identity",
    "logs",
    "events",
    "scheduler",
    "iam",
    "sts",
    "sqs",
    "sns",
    "cloudwatch",
    "application-autoscaling",
)
"""The services that this library is about, by botocore's names."""


def folder_of(service: str) -> str:
    """The folder of a service: its name with ``-`` written ``_``, and ``lambda_`` for the keyword."""
    return _KEYWORDS.get(service, service.replace("-", "_"))


@cache
def is_mocked(service: str) -> bool:
    """Whether a service is there; tells it without loading it."""
    return service in SCOPE and find_spec(f"{__name__}.{folder_of(service)}") is not None


def load(service: str) -> ServiceSpec:
    """The declaration of a service; its modules are imported now.

    Raises:
        UnmockedServiceError: there is no such service here.
    """
    if not is_mocked(service):
        raise unmocked(service)
    with paused_collector():
        module = importlib.import_module(f"{__name__}.{folder_of(service)}")
    spec: ServiceSpec = module.SERVICE
    return spec


def unmocked(service: str) -> UnmockedServiceError:
    """What a call to a service that is not mocked raises; ``service`` may be a host name."""
    return UnmockedServiceError(
        f"{service} is not mocked: nothing reaches AWS while a mock is active. Leave it alone with "
        f"mock_serverless(passthrough=[...]), or put moto's mock_aws beside this mock"
    )
