"""Options, and what they do to clients."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from mocksls import mock_serverless


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"iam": "strict"}, r"iam must be one of 'allow', 'enforce', not 'strict'"),
        ({"delivery": None}, r"delivery must be one of 'immediate', 'manual', 'background'"),
        ({"account_id": "123"}, "12 digits"),
        ({"region": ""}, "region must not be empty"),
        ({"passthrough": ["dynamo"]}, "'dynamo' is neither botocore's name of a service nor an URL"),
    ],
)
def test_unknown_values(wrong: dict[str, Any], message: str) -> None:
    """A value that is none of the choices is refused, naming them."""
    with pytest.raises(ValueError, match=message):
        mock_serverless(**wrong)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"regoin": "x"}, r"no option 'regoin'; the options are region, account_id"),
        ({"config": {"core": {}}}, r"compat='moto' and passthrough"),
        ({"account_id": 123456789012}, "account_id must be a str"),
        ({"region": 1}, "region must be a str"),
        ({"seed": "x"}, "seed must be an int"),
        ({"seed": True}, "seed must be an int"),
        ({"passthrough": "s3"}, "passthrough must be a sequence"),
        ({"passthrough": None}, "passthrough must be a sequence"),
        ({"passthrough": [3]}, "passthrough must be a sequence"),
    ],
)
def test_unknown_names_and_types(wrong: dict[str, Any], message: str) -> None:
    """An unknown option, or a value of a wrong type, is refused with what would do."""
    with pytest.raises(TypeError, match=message):
        mock_serverless(**wrong)


def test_account() -> None:
    """The test's own account is the one named."""
    with mock_serverless(account_id="111122223333"):
        assert boto3.client("sts").get_caller_identity()["Account"] == "111122223333"


def test_region() -> None:
    """Clients that name no region use the mock's."""
    with mock_serverless(region="eu-west-1"):
        assert boto3.client("logs").meta.region_name == "eu-west-1"
        assert boto3.client("logs", region_name="us-west-2").meta.region_name == "us-west-2"


def test_seed_repeats() -> None:
    """Two mocks with one seed make the same ids."""
    made = []
    for _ in range(2):
        with mock_serverless(seed=11):
            made.append(boto3.client("iam").create_user(UserName="ann")["User"]["UserId"])
    assert made[0] == made[1]
