"""Policies of buses: what may stand in them, and whom they let in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import ACCOUNT
from .test_resources import error_of

GIVEN = {"Action": "events:PutEvents", "Principal": "111111111111", "StatementId": "one"}
STATEMENT = {
    "Sid": "all",
    "Effect": "Allow",
    "Principal": "*",
    "Action": "events:PutEvents",
    "Resource": f"arn:aws:events:us-east-1:{ACCOUNT}:event-bus/default",
}


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"Policy": "{"}, "ValidationException"),
        ({"Policy": "[]"}, "ValidationException"),
        ({"Policy": '{"Statement": 1}'}, "ValidationException"),
        ({"Policy": '{"Statement": ["x"]}'}, "ValidationException"),
        ({"Policy": "[" * 5000}, "ValidationException"),
        ({**GIVEN, "Action": "events:PutRule"}, "ValidationException"),
        ({**GIVEN, "Principal": "1111"}, "ValidationException"),
        ({"Action": "events:PutEvents", "Principal": "*"}, "ValidationException"),
        ({**GIVEN, "EventBusName": "none"}, "ResourceNotFoundException"),
        (
            {"Policy": json.dumps({"Statement": [{**STATEMENT, "Sid": "x" * 11_000}]})},
            "PolicyLengthExceededException",
        ),
    ],
)
def test_permissions_that_are_refused(events: Any, settings: dict[str, Any], code: str) -> None:
    """What is no policy, and no statement, leaves the bus without one."""
    assert error_of(events.put_permission, **settings)[0] == code
    assert "Policy" not in events.describe_event_bus()


def test_a_whole_policy(events: Any) -> None:
    """A policy is put as a whole; one statement may stand alone."""
    events.put_permission(Policy=json.dumps({"Version": "2012-10-17", "Statement": STATEMENT}))
    assert json.loads(events.describe_event_bus()["Policy"])["Statement"] == [STATEMENT]


def test_a_statement_replaces_that_of_its_id(events: Any) -> None:
    """A statement with a condition takes the place of the one of the same id."""
    events.put_permission(**GIVEN)
    condition = {"Type": "StringEquals", "Key": "aws:PrincipalOrgID", "Value": "o-1"}
    events.put_permission(**{**GIVEN, "Principal": "*", "Condition": condition})

    (statement,) = json.loads(events.describe_event_bus()["Policy"])["Statement"]
    assert statement["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}


def test_permissions_are_removed(events: Any) -> None:
    """A statement is taken by its id, all of them at once too."""
    events.put_permission(**GIVEN)
    assert error_of(events.remove_permission, StatementId="other")[0] == "ResourceNotFoundException"
    events.remove_permission(RemoveAllPermissions=True)
    assert "Policy" not in events.describe_event_bus()
