"""The environment of the test process."""

from __future__ import annotations

import os
from pathlib import Path

import boto3
import pytest

from mocksls import mock_serverless


def aws_variables() -> dict[str, str]:
    """Everything of AWS in the environment."""
    return {name: value for name, value in os.environ.items() if name.startswith("AWS_")}


def test_fake_keys_and_region() -> None:
    """A mock sets keys that are clearly fake, and a region where none is configured."""
    with mock_serverless():
        assert os.environ["AWS_DEFAULT_REGION"] == "us-east-1"
        assert os.environ["AWS_EC2_METADATA_DISABLED"] == "true"
        keys = boto3.Session().get_credentials().get_frozen_credentials()
        assert keys.access_key
        assert keys.secret_key
        assert keys.token


def test_restored_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was set is set again, what was not is gone, whatever happened inside."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    monkeypatch.setenv("AWS_PROFILE", "work")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://localhost:9000")
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x")
    before = dict(os.environ)
    with mock_serverless(region="eu-west-1"):
        assert os.environ["AWS_ACCESS_KEY_ID"] != "mine"
        gone = {"AWS_PROFILE", "AWS_ENDPOINT_URL_S3", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"}
        assert gone & set(os.environ) == set()
        del os.environ["AWS_SESSION_TOKEN"]
    assert dict(os.environ) == before


def test_configured_region_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A configured region stays, a named one goes before it."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-south-1")
    with mock_serverless():
        assert boto3.client("logs").meta.region_name == "ap-south-1"
    with mock_serverless(region="eu-west-1"):
        assert boto3.client("logs").meta.region_name == "eu-west-1"
    assert os.environ["AWS_DEFAULT_REGION"] == "ap-south-1"


def test_region_of_a_profile(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The region that the user's profile configures is used, though the profile is hidden."""
    config = tmp_path / "config"
    config.write_text("[profile work]\nregion = sa-east-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_PROFILE", "work")
    with mock_serverless():
        assert os.environ["AWS_DEFAULT_REGION"] == "sa-east-1"


def test_restored_after_an_exception() -> None:
    """The environment is put back when the block fails."""
    before = aws_variables()
    with pytest.raises(KeyError), mock_serverless():
        raise KeyError
    assert aws_variables() == before


def test_moto_keys() -> None:
    """With ``compat="moto"`` the fake keys are moto's."""
    with mock_serverless(compat="moto"):
        keys = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
        assert keys == ("FOOBARKEY", "FOOBARSECRET")
