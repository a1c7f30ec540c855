"""boto3's transfers go through botocore, where the hooks are."""

from __future__ import annotations

import io

import boto3
import boto3.s3.transfer as transfer
import pytest

from mocksls import mock_serverless


def test_classic_transfers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where boto3 would take the transfer client written in C, it takes the classic one inside a mock."""
    monkeypatch.setattr(transfer, "_should_use_crt", lambda config: True)
    with mock_serverless(region="us-east-1"):
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="bucket")
        s3.upload_fileobj(io.BytesIO(b"x" * 9_000_000), "bucket", "key")
        found = io.BytesIO()
        s3.download_fileobj("bucket", "key", found)
        assert len(found.getvalue()) == 9_000_000
        assert not transfer._should_use_crt(transfer.TransferConfig())
    assert transfer._should_use_crt(transfer.TransferConfig())
