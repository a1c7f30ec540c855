"""Sensitive data: masked when they come in, shown to those who ask and may, told to a group."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import NOW, Put

EMAIL = "arn:aws:dataprotection::aws:data-identifier/EmailAddress"
CARD = "arn:aws:dataprotection::aws:data-identifier/CreditCardNumber"


def policy(*listed: str, group: str | None = None, **more: Any) -> str:
    """A policy that looks for some data."""
    destination = {"CloudWatchLogs": {"LogGroup": group}} if group else {}
    audit = {"Audit": {"FindingsDestination": destination}}
    return json.dumps(
        {
            "Name": "p",
            "Version": "2021-06-01",
            "Statement": [
                {"Sid": "audit", "DataIdentifier": list(listed), "Operation": audit},
                {"Sid": "mask", "DataIdentifier": list(listed), "Operation": {"Deidentify": {"MaskConfig": {}}}},
            ],
            **more,
        }
    )


def messages(logs: Any, group: str = "g", **more: Any) -> list[str]:
    """The messages of a group."""
    return [event["message"] for event in logs.filter_log_events(logGroupName=group, **more)["events"]]


def test_sensitive_data_are_masked(logs: Any, put: Put) -> None:
    """An address is masked everywhere, unless somebody asks for what is behind; older events stay."""
    put((-3, "a@b.com"))
    logs.put_data_protection_policy(logGroupIdentifier="g", policyDocument=policy(EMAIL))
    put((-2, "from jane@example.com to nobody"))
    assert ["a@b.com", "from **************** to nobody"] == messages(logs)
    bare = logs.get_log_events(logGroupName="g", logStreamName="s", unmask=True)["events"]
    assert "from jane@example.com to nobody" == bare[-1]["message"]
    assert [] == logs.filter_log_events(logGroupName="g", filterPattern="jane")["events"]


@pytest.mark.parametrize(
    ("message", "expected"),
    [("card 4111 1111 1111 1111.", "card *******************."), ("card 4111 1111 1111 1112.", None)],
)
def test_card_numbers_are_checked(logs: Any, put: Put, message: str, expected: str | None) -> None:
    """A number whose check digit is wrong is no card's."""
    logs.put_data_protection_policy(logGroupIdentifier="g", policyDocument=policy(CARD))
    put((-2, message))
    assert [expected or message] == messages(logs)


def test_custom_identifiers(logs: Any, put: Put) -> None:
    """A policy brings expressions of its own."""
    custom = {"CustomDataIdentifier": [{"Name": "Employee", "Regex": "E-\\d{3}"}]}
    logs.put_data_protection_policy(logGroupIdentifier="g", policyDocument=policy("Employee", Configuration=custom))
    put((-2, "E-123 left"))
    assert ["***** left"] == messages(logs)


def test_findings_are_told(logs: Any, put: Put) -> None:
    """The group that a policy names is told what was found where."""
    logs.create_log_group(logGroupName="/aws/vendedlogs/found")
    document = policy(EMAIL, group="/aws/vendedlogs/found")
    logs.put_data_protection_policy(logGroupIdentifier="g", policyDocument=document)
    put((-2, "a@b.com"))
    (found,) = [json.loads(text) for text in messages(logs, "/aws/vendedlogs/found")]
    assert [{"name": "EmailAddress", "count": 1, "detections": [{"start": 1, "end": 7}]}] == found["dataIdentifiers"]


def test_findings_are_not_searched(logs: Any, put: Put) -> None:
    """What is found among findings is masked, and told no further."""
    logs.create_log_group(logGroupName="/aws/vendedlogs/found")
    custom = {"CustomDataIdentifier": [{"Name": "Number", "Regex": "\\d+"}]}
    document = policy("Number", group="/aws/vendedlogs/found", Configuration=custom)
    logs.put_account_policy(policyName="p", policyType="DATA_PROTECTION_POLICY", policyDocument=document)
    put((-2, "12"))
    (found,) = messages(logs, "/aws/vendedlogs/found")
    assert '"count":*' in found


@pytest.mark.parametrize(
    "document",
    ["{", "[]", policy("arn:aws:dataprotection::aws:data-identifier/None"), policy(EMAIL, group="none"), policy()],
)
def test_bad_policies_are_refused(logs: Any, document: str) -> None:
    """A policy has two statements about the same known data, and tells a group that is there."""
    with pytest.raises(ClientError, match="InvalidParameterException"):
        logs.put_data_protection_policy(logGroupIdentifier="g", policyDocument=document)
    assert "policyDocument" not in logs.get_data_protection_policy(logGroupIdentifier="g")


def test_policy_is_taken_away(logs: Any, put: Put) -> None:
    """What comes after is not masked."""
    logs.put_data_protection_policy(logGroupIdentifier="g", policyDocument=policy(EMAIL))
    assert NOW == logs.get_data_protection_policy(logGroupIdentifier="g")["lastUpdatedTime"]
    logs.delete_data_protection_policy(logGroupIdentifier="g")
    put((-2, "a@b.com"))
    assert ["a@b.com"] == messages(logs)
