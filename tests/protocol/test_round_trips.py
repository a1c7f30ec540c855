"""Botocore's serialisers against our parsers, our serialisers against botocore's parsers, over all operations."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pytest
from botocore.model import OperationModel, Shape
from hypothesis import given
from hypothesis import strategies as st

from mocksls._protocol import service_protocol
from tests.protocol.shape_values import Drawn, Fullest, ShapeValues, Smallest
from tests.protocol.wire_pairs import DATE, REQUEST_ID, client_model, pairs, parsed, request_of, round_trip

CHOICES = {"fullest": Fullest, "smallest": Smallest}

# Operations that others of the same URI stand for: deprecated ones, and one that only the host tells apart.
TWINS = {
    "GetBucketLifecycle",
    "GetBucketNotification",
    "ListDirectoryBuckets",
    "PutBucketLifecycle",
    "PutBucketNotification",
}


@lru_cache
def operations(service: str) -> list[OperationModel]:
    """The operations of a client's model, without twins."""
    model = client_model(service)
    return [model.operation_model(name) for name in model.operation_names if name not in TWINS]


def sent(operation: OperationModel, protocol: str, parameters: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """What our side reads of a request that botocore wrote."""
    return round_trip(
        service_protocol(operation.service_model.service_name), request_of(operation, protocol, parameters)
    )


def expected_output(operation: OperationModel, output: dict[str, Any], status: int) -> dict[str, Any]:
    """The output with what botocore's parsers add to it."""
    expected = meant(operation.output_shape, output)
    shape = operation.output_shape
    for name, member in shape.members.items():
        location = member.serialization.get("location")
        if location == "headers":
            expected.setdefault(name, {})
        elif location == "statusCode":
            expected[name] = status
        elif operation.http["method"] == "HEAD" and location is None:
            expected.pop(name, None)
    payload = shape.serialization.get("payload")
    if payload and payload not in expected:
        expected[payload] = "" if shape.members[payload].type_name in ("blob", "string") else {}
    return expected


def received(operation: OperationModel, protocol: str, output: dict[str, Any]) -> tuple[Any, Any]:
    """What was expected and what botocore reads of an answer that our side wrote."""
    service = service_protocol(operation.service_model.service_name)
    response = service.answer(operation.name, output, request_id=REQUEST_ID, protocol=protocol, date=DATE)
    found = parsed(operation, protocol, response)
    assert found.pop("ResponseMetadata")["RequestId"] == REQUEST_ID
    return expected_output(operation, output, response.status), meant(operation.output_shape, found)


def answer_of(operation: OperationModel, protocol: str, values: ShapeValues) -> dict[str, Any]:
    """An output for botocore's parser: payloads of bytes are texts for it, and errors have statuses of their own."""
    output = values.members(operation.output_shape)
    payload = operation.output_shape.serialization.get("payload")
    if payload and isinstance(output.get(payload), bytes):
        output[payload] = "payload"
    for name, member in operation.output_shape.members.items():
        if member.serialization.get("location") == "statusCode":
            output.pop(name, None)
    return output


def meant(shape: Shape, values: dict[str, Any]) -> dict[str, Any]:
    """The values without those that HTTP itself sets."""
    own = {
        name
        for name, member in shape.members.items()
        if member.serialization.get("name", "").lower() in ("content-length", "content-type")
    }
    return {name: value for name, value in values.items() if name not in own}


def has_plain_answer(operation: OperationModel) -> bool:
    """Not those whose answer botocore reads by an event handler, or as a stream of events."""
    shape = operation.output_shape
    return shape is not None and not shape.event_stream_name and operation.name not in {"GetBucketLocation", *TWINS}


def asked(operation: OperationModel, protocol: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """The parameters as our side should read them.

    Botocore sends an empty object for a payload that is not given, and an empty body says nothing of a payload.
    """
    shape = operation.input_shape
    payload = shape.serialization.get("payload")
    if protocol == "rest-json" and payload and shape.members[payload].type_name == "structure":
        parameters = {payload: {}, **parameters}
    if payload and parameters.get(payload) in (b"", "") and payload not in shape.required_members:
        parameters = {name: value for name, value in parameters.items() if name != payload}
    return meant(shape, parameters)


def request_mistake(operation: OperationModel, protocol: str, values: ShapeValues) -> Any:
    """What our side reads wrongly of a request that botocore wrote; None if nothing is wrong."""
    if operation.input_shape is None:
        found = sent(operation, protocol, {})
        return None if found == (operation.name, {}) else found
    parameters = values.members(operation.input_shape)
    name, found_parameters = sent(operation, protocol, parameters)
    expected = asked(operation, protocol, parameters)
    found_parameters = meant(operation.input_shape, found_parameters)
    if (name, found_parameters) == (operation.name, expected):
        return None
    return name, expected, found_parameters


def answer_mistake(operation: OperationModel, protocol: str, values: ShapeValues) -> Any:
    """What botocore reads wrongly of an answer that our side wrote; None if nothing is wrong."""
    expected, found = received(operation, protocol, answer_of(operation, protocol, values))
    return None if found == expected else (expected, found)


@pytest.mark.parametrize("choices", CHOICES)
@pytest.mark.parametrize(("service", "protocol"), pairs())
def test_requests(service: str, protocol: str, choices: str) -> None:
    """Every operation's request is routed and read as it was meant."""
    wrong = {}
    for operation in operations(service):
        mistake = request_mistake(operation, protocol, ShapeValues(CHOICES[choices](), protocol))
        if mistake:
            wrong[operation.name] = mistake
    assert wrong == {}


@pytest.mark.parametrize("choices", CHOICES)
@pytest.mark.parametrize(("service", "protocol"), pairs())
def test_answers(service: str, protocol: str, choices: str) -> None:
    """Every operation's answer is understood as it was meant."""
    wrong = {}
    for operation in filter(has_plain_answer, operations(service)):
        mistake = answer_mistake(operation, protocol, ShapeValues(CHOICES[choices](), protocol))
        if mistake:
            wrong[operation.name] = mistake
    assert wrong == {}


@given(st.data())
def test_drawn_requests(data: st.DataObject) -> None:
    """Any request of any operation is routed and read as it was meant."""
    service, protocol = data.draw(st.sampled_from(pairs()))
    operation = data.draw(st.sampled_from(operations(service)))
    assert None is request_mistake(operation, protocol, ShapeValues(Drawn(data.draw), protocol))


@given(st.data())
def test_drawn_answers(data: st.DataObject) -> None:
    """Any answer of any operation is understood as it was meant."""
    service, protocol = data.draw(st.sampled_from(pairs()))
    operation = data.draw(st.sampled_from([found for found in operations(service) if has_plain_answer(found)]))
    assert None is answer_mistake(operation, protocol, ShapeValues(Drawn(data.draw), protocol))
