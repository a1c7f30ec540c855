"""S3's form uploads: policy, signature, fields."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime, timezone
from typing import Any

import pytest
from botocore.auth import HmacV1PostAuth, S3SigV4PostAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from mocksls._kernel.errors import AwsError
from mocksls._kernel.post_policy import check_form

KEY, SECRET = "AKIAEXAMPLE", "secret"
LATER = "2999-01-01T00:00:00Z"
NOW = datetime(2026, 1, 1, tzinfo=timezone.utc).timestamp()
CONDITIONS: list[Any] = [{"bucket": "b"}, ["starts-with", "$key", "up/"], ["content-length-range", 1, 10]]


def no_age(date: str) -> float:
    """The signer's clock is the cloud's."""
    return 0.0


def form(signer: Any = S3SigV4PostAuth, conditions: Any = None, ends: str = LATER, **fields: str) -> dict[str, str]:
    """A form as botocore signs it."""
    request = AWSRequest("POST", "https://b.s3.amazonaws.com/")
    policy = {"expiration": ends, "conditions": list(CONDITIONS if conditions is None else conditions)}
    request.context["s3-presign-post-policy"] = policy
    request.context["s3-presign-post-fields"] = {"key": "up/x", **fields}
    args = (Credentials(KEY, SECRET), "s3", "us-east-1") if signer is S3SigV4PostAuth else (Credentials(KEY, SECRET),)
    signer(*args).add_auth(request)
    return {name.lower(): value for name, value in request.context["s3-presign-post-fields"].items()}


def refused(fields: dict[str, str], size: int = 5, bucket: str = "b", now: float = NOW) -> tuple[str, str, Any]:
    with pytest.raises(AwsError) as caught:
        check_form(fields, size, bucket, {KEY: SECRET}.get, now, no_age)
    return caught.value.code, caught.value.message, caught.value.status


@pytest.mark.parametrize("signer", [S3SigV4PostAuth, HmacV1PostAuth])
def test_a_form_that_botocore_signed(signer: Any) -> None:
    """Both versions are accepted, and tell the key."""
    assert check_form(form(signer), 5, "b", {KEY: SECRET}.get, NOW, no_age) == KEY


def test_a_form_without_policy_is_anonymous() -> None:
    """Nothing is signed, nobody has signed."""
    assert check_form({"key": "x"}, 5, "b", lambda key: None, NOW, no_age) is None


@pytest.mark.parametrize("signer", [S3SigV4PostAuth, HmacV1PostAuth])
def test_a_changed_policy(signer: Any) -> None:
    """The policy is what is signed."""
    fields = form(signer)
    fields["policy"] = base64.b64encode(b"{}").decode()
    assert refused(fields)[::2] == ("SignatureDoesNotMatch", 403)


@pytest.mark.parametrize(
    ("changes", "size", "bucket", "expected"),
    [
        ({"key": "down/x"}, 5, "b", ("AccessDenied", 'Policy Condition failed: ["starts-with", "$key", "up/"]')),
        ({}, 5, "c", ("AccessDenied", 'Policy Condition failed: ["eq", "$bucket", "b"]')),
        ({"acl": "private"}, 5, "b", ("AccessDenied", "Extra input fields: acl")),
        ({}, 11, "b", ("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")),
        ({}, 0, "b", ("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")),
    ],
)
def test_what_the_policy_does_not_allow(
    changes: dict[str, str], size: int, bucket: str, expected: tuple[str, str]
) -> None:
    """Fields, bucket and size are held against the conditions."""
    code, text, _ = refused({**form(), **changes}, size, bucket)
    assert (code, text.removeprefix("Invalid according to Policy: ")) == expected


def test_ignored_fields_need_no_condition() -> None:
    """Fields named x-ignore-... pass."""
    assert check_form({**form(), "x-ignore-me": "1"}, 5, "b", {KEY: SECRET}.get, NOW, no_age) == KEY


def test_an_expired_policy() -> None:
    """The expiration is read on the given clock."""
    assert refused(form(ends="2025-01-01T00:00:00Z"))[1] == "Invalid according to Policy: Policy expired."


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ({"conditions": []}, "Policy missing expiration."),
        ({"expiration": LATER}, "Policy missing conditions."),
        ({"expiration": "soon", "conditions": []}, "Invalid 'expiration' value: 'soon'"),
        ({"expiration": LATER, "conditions": [["like", "$key", "x"]]}, 'Invalid Condition: ["like", "$key", "x"]'),
        ([], "Invalid JSON."),
    ],
)
def test_policies_that_are_none(document: Any, text: str) -> None:
    """InvalidPolicyDocument 400."""
    fields = {"key": "x", "policy": base64.b64encode(json.dumps(document).encode()).decode()}
    mac = hmac.new(SECRET.encode(), fields["policy"].encode(), hashlib.sha1).digest()
    fields |= {"awsaccesskeyid": KEY, "signature": base64.b64encode(mac).decode()}
    assert refused(fields) == ("InvalidPolicyDocument", f"Invalid Policy: {text}", 400)


def test_an_unknown_key() -> None:
    """InvalidAccessKeyId 403."""
    with pytest.raises(AwsError) as caught:
        check_form(form(), 5, "b", lambda key: None, NOW, no_age)
    assert (caught.value.code, caught.value.status) == ("InvalidAccessKeyId", 403)
