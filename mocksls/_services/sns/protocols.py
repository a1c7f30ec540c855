"""What a subscription may deliver to: the protocols, and what their endpoints look like."""

from __future__ import annotations

import re
from collections.abc import Callable

from mocksls._kernel.arn import Arn

from . import errors

_PHONE = re.compile(r"\+?\d+(?:[./-]\d+)*\Z")
PROTOCOLS = ("http", "https", "email", "email-json", "sms", "sqs", "application", "lambda", "firehose")
OF_PEOPLE = ("http", "https", "email", "email-json")
"""Protocols whose endpoints must agree before anything is delivered to them."""


def check_endpoint(protocol: str, endpoint: str, *, fifo: bool) -> None:
    """Whether an endpoint fits its protocol, and the topic.

    Raises:
        AwsError: InvalidParameter.
    """
    if protocol not in PROTOCOLS:
        raise errors.invalid(f"Amazon SNS does not support this protocol string: {protocol}")
    if fifo and protocol != "sqs":
        raise errors.invalid(f"Protocol Reason: FIFO topics do not deliver to {protocol}")
    _CHECKS[protocol](endpoint)
    if protocol == "sqs" and endpoint.endswith(".fifo") and not fifo:
        text = "Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics"
        raise errors.invalid(f"Invalid parameter: {text}")


def _url(scheme: str) -> Callable[[str], None]:
    def check(endpoint: str) -> None:
        if not endpoint.startswith(f"{scheme}://") or len(endpoint) <= len(scheme) + 3:
            raise errors.invalid("Endpoint must match the specified protocol")

    return check


def _arn(service: str, called: str) -> Callable[[str], None]:
    def check(endpoint: str) -> None:
        arn = Arn.parse(endpoint)
        if arn is None or arn.service != service or not (arn.region and arn.account_id and arn.resource):
            raise errors.invalid(f"{called} endpoint ARN")

    return check


def _email(endpoint: str) -> None:
    name, at, domain = endpoint.rpartition("@")
    if not (name and at and domain) or " " in endpoint:
        raise errors.invalid("Email address")


def _sms(endpoint: str) -> None:
    if not _PHONE.match(endpoint):
        raise errors.invalid_plain(f"Invalid SMS endpoint: {endpoint}")


_CHECKS: dict[str, Callable[[str], None]] = {
    "http": _url("http"),
    "https": _url("https"),
    "email": _email,
    "email-json": _email,
    "sms": _sms,
    "sqs": _arn("sqs", "SQS"),
    "application": _arn("sns", "Application"),
    "lambda": _arn("lambda", "Lambda"),
    "firehose": _arn("firehose", "Firehose"),
}
