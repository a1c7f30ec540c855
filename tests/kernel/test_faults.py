"""Injected faults."""

from __future__ import annotations

from typing import Any

import pytest

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.faults import Faults, error_of

from .conftest import USER


def attempt(cloud: Cloud, service: str = "dynamodb", operation: str = "PutItem") -> Any:
    """One attempt at an operation."""
    return Call(cloud, service, operation, "123456789012", "us-east-1", "id", USER)


def test_counts_down(cloud: Cloud) -> None:
    """A fault concerns the next ``times`` matching attempts and is gone."""
    faults = Faults()
    fault = faults.inject("dynamodb", "PutItem", error="X", times=2)
    others = [attempt(cloud, "dynamodb", "GetItem"), attempt(cloud, "sqs")]
    assert [faults.take(each) for each in others] == [None, None]
    assert [faults.take(attempt(cloud)) for _ in range(3)] == [fault, fault, None]


@pytest.mark.parametrize(
    ("spelling", "service", "operation"),
    [
        ("put_item", "dynamodb", "PutItem"),
        ("PutItem", "dynamodb", "PutItem"),
        ("*", "dynamodb", "PutItem"),
        ("set_sms_attributes", "sns", "SetSMSAttributes"),
        ("set_ui_customization", "cognito-idp", "SetUICustomization"),
        ("invoke", "lambda", "Invoke"),
    ],
)
def test_operation_in_both_spellings(cloud: Cloud, spelling: str, service: str, operation: str) -> None:
    """An operation may be named as AWS does or as the client does."""
    faults = Faults()
    fault = faults.inject(service, spelling, error="X")
    assert faults.take(attempt(cloud, service, operation)) is fault


def test_a_block_ends_it(cloud: Cloud) -> None:
    """A fault without end lasts as long as its block; removing it again is harmless."""
    faults = Faults()
    with faults.inject("dynamodb", error="X", times=None) as fault:
        assert [faults.take(attempt(cloud)) for _ in range(3)] == [fault] * 3
    assert faults.take(attempt(cloud)) is None
    fault.remove()


@pytest.mark.parametrize("wrong", [{}, {"latency": -1}, {"error": "X", "times": 0}])
def test_senseless_faults(wrong: dict[str, Any]) -> None:
    """A fault must do something, and at least once."""
    with pytest.raises(ValueError, match=r"give an error code|times must be"):
        Faults().inject("dynamodb", **wrong)


@pytest.mark.parametrize(("code", "status"), [("SlowDown", 503), ("InternalError", 500), ("ThrottlingException", None)])
def test_status_of_common_errors(code: str, status: int | None) -> None:
    """Codes that no model knows have their status here; the others take the model's."""
    assert error_of(code).status == status
