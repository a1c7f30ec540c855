"""Deliveries of logs: sources, destinations, and what joins them."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import knows

FUNCTION = "arn:aws:cloudfront::123456789012:distribution/E1"
BUCKET = "arn:aws:s3:::logs"
GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:g"


def error_of(call: Any, **request: Any) -> str:
    """The code of the error that a call ends in."""
    with pytest.raises(ClientError) as caught:
        call(**request)
    return str(caught.value.response["Error"]["Code"])


def destination(logs: Any, name: str = "d", resource: str = BUCKET, **more: Any) -> Any:
    """A destination."""
    configuration = {"destinationResourceArn": resource}
    request = {"name": name, "deliveryDestinationConfiguration": configuration, **more}
    return logs.put_delivery_destination(**request)["deliveryDestination"]


@pytest.fixture
def joined(logs: Any) -> dict[str, Any]:
    """A source and a bucket, joined; the delivery."""
    logs.put_delivery_source(name="s", resourceArn=FUNCTION, logType="ACCESS_LOGS")
    arn = destination(logs, outputFormat="json")["arn"]
    made: dict[str, Any] = logs.create_delivery(deliverySourceName="s", deliveryDestinationArn=arn)["delivery"]
    return made


def test_a_delivery_joins_source_and_destination(logs: Any, joined: dict[str, Any]) -> None:
    """A delivery is told by its id, and listed."""
    assert joined["deliveryDestinationType"] == "S3"
    assert logs.get_delivery(id=joined["id"])["delivery"] == joined
    assert logs.describe_deliveries()["deliveries"] == [joined]


def test_what_a_delivery_uses_stays(logs: Any, joined: dict[str, Any]) -> None:
    """Source and destination are deleted after their delivery."""
    assert error_of(logs.delete_delivery_source, name="s") == "ConflictException"
    assert error_of(logs.delete_delivery_destination, name="d") == "ConflictException"

    logs.delete_delivery(id=joined["id"])
    logs.delete_delivery_source(name="s")
    logs.delete_delivery_destination(name="d")
    assert error_of(logs.get_delivery, id=joined["id"]) == "ResourceNotFoundException"
    assert logs.describe_delivery_sources()["deliverySources"] == []
    assert logs.describe_delivery_destinations()["deliveryDestinations"] == []


def test_a_delivery_is_made_once(logs: Any, joined: dict[str, Any]) -> None:
    """A source and a destination are joined by one delivery."""
    request = {name: joined[name] for name in ("deliverySourceName", "deliveryDestinationArn")}
    assert error_of(logs.create_delivery, **request) == "ConflictException"


@pytest.mark.parametrize("change", [{"deliverySourceName": "x"}, {"deliveryDestinationArn": f"{BUCKET}x"}])
def test_a_delivery_needs_both(logs: Any, joined: dict[str, Any], change: dict[str, str]) -> None:
    """A delivery's source and destination are there."""
    request = {name: joined[name] for name in ("deliverySourceName", "deliveryDestinationArn")}
    assert error_of(logs.create_delivery, **{**request, **change}) == "ResourceNotFoundException"


def test_a_delivery_is_changed(logs: Any, joined: dict[str, Any]) -> None:
    """The fields and the place in a bucket are changed."""
    place = {"suffixPath": "x", "enableHiveCompatiblePath": False}
    logs.update_delivery_configuration(id=joined["id"], recordFields=["date"], s3DeliveryConfiguration=place)

    found = logs.get_delivery(id=joined["id"])["delivery"]
    assert (found["recordFields"], found["s3DeliveryConfiguration"]) == (["date"], place)


def test_a_place_in_a_bucket_is_of_buckets(logs: Any) -> None:
    """Only a delivery to a bucket has a place in one."""
    logs.put_delivery_source(name="s", resourceArn=FUNCTION, logType="ACCESS_LOGS")
    arn = destination(logs, resource=GROUP)["arn"]
    made = logs.create_delivery(deliverySourceName="s", deliveryDestinationArn=arn)["delivery"]

    assert made["deliveryDestinationType"] == "CWL"
    request = {"id": made["id"], "s3DeliveryConfiguration": {"suffixPath": "x"}}
    assert error_of(logs.update_delivery_configuration, **request) == "ValidationException"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"resourceArn": "arn:aws:dynamodb:us-east-1:123456789012:table/t"}, "ResourceNotFoundException"),
        ({"logType": "NO_LOGS"}, "ValidationException"),
        ({"resourceArn": f"{FUNCTION}2"}, "ConflictException"),
    ],
)
def test_sources_that_are_refused(logs: Any, joined: dict[str, Any], change: dict[str, str], code: str) -> None:
    """A source is a resource that sends such logs, and stays that resource."""
    request = {"name": "s", "resourceArn": FUNCTION, "logType": "ACCESS_LOGS", **change}
    assert error_of(logs.put_delivery_source, **request) == code


def test_destinations_that_are_refused(logs: Any, joined: dict[str, Any]) -> None:
    """A destination is a resource that takes logs, and keeps its format."""
    with pytest.raises(ClientError, match="Invalid destination resource ARN"):
        destination(logs, "other", "arn:aws:sqs:us-east-1:123456789012:q")
    with pytest.raises(ClientError, match="output format of a delivery destination cannot be changed"):
        destination(logs, outputFormat="plain")


def test_a_destination_has_a_policy(logs: Any, joined: dict[str, Any]) -> None:
    """The policy of a destination is put, told, and taken away."""
    logs.put_delivery_destination_policy(deliveryDestinationName="d", deliveryDestinationPolicy='{"a": 1}')
    found = logs.get_delivery_destination_policy(deliveryDestinationName="d")
    assert found["policy"] == {"deliveryDestinationPolicy": '{"a": 1}'}

    logs.delete_delivery_destination_policy(deliveryDestinationName="d")
    assert logs.get_delivery_destination_policy(deliveryDestinationName="d")["policy"] == {}
    unknown = {"deliveryDestinationName": "x"}
    assert error_of(logs.delete_delivery_destination_policy, **unknown) == "ResourceNotFoundException"


def test_tags_outlive_a_change(logs: Any) -> None:
    """Tags stay when what has them is put again without any."""
    arn = destination(logs, tags={"a": "1"})["arn"]
    logs.tag_resource(resourceArn=arn, tags={"b": "2"})
    destination(logs)
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"a": "1", "b": "2"}

    logs.delete_delivery_destination(name="d")
    assert error_of(logs.list_tags_for_resource, resourceArn=arn) == "ResourceNotFoundException"


@knows("DescribeDeliverySources")
def test_lists_come_in_pages(logs: Any) -> None:
    """A list that is cut goes on where it ended."""
    for name in ("a", "b", "c"):
        destination(logs, name)
    first = logs.describe_delivery_destinations(limit=2)
    rest = logs.describe_delivery_destinations(limit=2, nextToken=first["nextToken"])
    assert [each["name"] for found in (first, rest) for each in found["deliveryDestinations"]] == ["a", "b", "c"]
