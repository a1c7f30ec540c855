"""S3: bucket policies, other accounts, anonymous callers, requests on several objects."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from mocksls import mock_serverless

from .conftest import ACCOUNT, allow, deny, policy
from .test_grants import code

OBJECTS = "arn:aws:s3:::docs/*"
OTHER = "999999999999"


def anonymous() -> Any:
    """A client that does not sign."""
    return boto3.client("s3", config=Config(signature_version=UNSIGNED))


def stranger(aws: Any) -> Any:
    """A client of another account's root."""
    aws.register_credentials("AKIASTRANGER", "secret", OTHER)
    return boto3.client("s3", aws_access_key_id="AKIASTRANGER", aws_secret_access_key="secret")


def put_policy(*statements: Any) -> None:
    """Give the bucket a policy."""
    boto3.client("s3").put_bucket_policy(Bucket="docs", Policy=policy(*statements))


def test_a_bucket_policy_lets_a_user_in(user: Any, bucket: str) -> None:
    """Naming the user is enough in its own account; naming the account is not."""
    client = user()("s3")
    put_policy(allow("s3:GetObject", OBJECTS, Principal={"AWS": ACCOUNT}))
    assert code(client.get_object, Bucket=bucket, Key="a.txt") == "AccessDenied"
    put_policy(allow("s3:GetObject", OBJECTS, Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:user/ann"}))
    assert code(client.get_object, Bucket=bucket, Key="a.txt") == "ok"


def test_a_bucket_policy_denies_the_administrator(bucket: str) -> None:
    """An explicit Deny holds for everybody, with its condition."""
    condition = {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}
    put_policy(deny("s3:PutObject", OBJECTS, Principal="*", Condition=condition))
    client = boto3.client("s3")
    assert code(client.put_object, Bucket=bucket, Key="b") == "AccessDenied"
    assert code(client.put_object, Bucket=bucket, Key="b", ServerSideEncryption="aws:kms") == "ok"


def test_listing_by_prefix(user: Any, bucket: str) -> None:
    """s3:prefix and s3:delimiter are the request's."""
    condition = {"StringLike": {"s3:prefix": ["home/${aws:username}/*"]}, "StringEquals": {"s3:delimiter": "/"}}
    client = user(allow("s3:ListBucket", "arn:aws:s3:::docs", Condition=condition))("s3")
    assert code(client.list_objects_v2, Bucket=bucket, Prefix="home/ann/x", Delimiter="/") == "ok"
    assert code(client.list_objects_v2, Bucket=bucket, Prefix="home/bob/x", Delimiter="/") == "AccessDenied"
    assert code(client.list_objects_v2, Bucket=bucket) == "AccessDenied"


def test_a_missing_object_is_hidden_without_list_permission(user: Any, bucket: str) -> None:
    """404 for those who may list, 403 for others."""
    client = user(allow("s3:GetObject", OBJECTS))("s3")
    assert code(client.get_object, Bucket=bucket, Key="none") == "AccessDenied"
    boto3.client("iam").put_user_policy(
        UserName="ann", PolicyName="q", PolicyDocument=policy(allow("s3:ListBucket", "arn:aws:s3:::docs"))
    )
    assert code(client.get_object, Bucket=bucket, Key="none") == "NoSuchKey"


def test_a_copy_reads_its_source(user: Any, bucket: str) -> None:
    """CopyObject needs PutObject there and GetObject here."""
    source = {"Bucket": bucket, "Key": "a.txt"}
    client = user(allow("s3:PutObject", OBJECTS))("s3")
    assert code(client.copy_object, Bucket=bucket, Key="b.txt", CopySource=source) == "AccessDenied"
    boto3.client("iam").put_user_policy(
        UserName="ann", PolicyName="q", PolicyDocument=policy(allow("s3:GetObject", "arn:aws:s3:::docs/a.txt"))
    )
    assert code(client.copy_object, Bucket=bucket, Key="b.txt", CopySource=source) == "ok"


def test_deleting_several_objects_answers_for_each(user: Any, bucket: str) -> None:
    """Keys that may not be deleted come back as errors, the rest is gone."""
    boto3.client("s3").put_object(Bucket=bucket, Key="own/b")
    client = user(allow("s3:DeleteObject", "arn:aws:s3:::docs/own/*"))("s3")
    answer = client.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "a.txt"}, {"Key": "own/b"}]})
    assert answer["Deleted"] == [{"Key": "own/b"}]
    assert [(each["Key"], each["Code"]) for each in answer["Errors"]] == [("a.txt", "AccessDenied")]
    assert [each["Key"] for each in boto3.client("s3").list_objects_v2(Bucket=bucket)["Contents"]] == ["a.txt"]


def test_tags_and_acls_need_permissions_of_their_own(user: Any, bucket: str) -> None:
    """PutObject with tags also needs PutObjectTagging."""
    client = user(allow("s3:PutObject", OBJECTS))("s3")
    assert code(client.put_object, Bucket=bucket, Key="b") == "ok"
    assert code(client.put_object, Bucket=bucket, Key="b", Tagging="x=y") == "AccessDenied"


def test_existing_tags_of_objects(user: Any, bucket: str) -> None:
    """s3:ExistingObjectTag is what the object has."""
    boto3.client("s3").put_object(Bucket=bucket, Key="open", Tagging="access=all")
    condition = {"StringEquals": {"s3:ExistingObjectTag/access": "all"}}
    client = user(allow("s3:GetObject", OBJECTS, Condition=condition))("s3")
    assert code(client.get_object, Bucket=bucket, Key="open") == "ok"
    assert code(client.get_object, Bucket=bucket, Key="a.txt") == "AccessDenied"


def test_another_account_needs_the_bucket_policy(aws: Any, bucket: str) -> None:
    """A stranger is told no reason; named in the policy it may."""
    client = stranger(aws)
    with pytest.raises(ClientError, match="Access Denied"):
        client.get_object(Bucket=bucket, Key="a.txt")
    put_policy(allow("s3:GetObject", OBJECTS, Principal={"AWS": f"arn:aws:iam::{OTHER}:root"}))
    assert code(client.get_object, Bucket=bucket, Key="a.txt") == "ok"


def test_anonymous_callers_need_a_public_policy(bucket: str) -> None:
    """Unsigned requests are judged by the bucket policy."""
    with pytest.raises(ClientError, match="Access Denied"):
        anonymous().get_object(Bucket=bucket, Key="a.txt")
    put_policy(allow("s3:GetObject", OBJECTS, Principal="*"))
    assert code(anonymous().get_object, Bucket=bucket, Key="a.txt") == "ok"


def test_without_enforcement_resource_policies_are_judged_all_the_same() -> None:
    """Explicit denials, strangers and anonymous callers are judged even with iam="allow"."""
    with mock_serverless(region="us-east-1") as aws:
        own = boto3.client("s3")
        own.create_bucket(Bucket="docs")
        own.delete_public_access_block(Bucket="docs")
        own.put_object(Bucket="docs", Key="a.txt", Body=b"a")
        assert code(anonymous().get_object, Bucket="docs", Key="a.txt") == "AccessDenied"
        assert code(stranger(aws).get_object, Bucket="docs", Key="a.txt") == "AccessDenied"
        put_policy(deny("s3:GetObject", OBJECTS, Principal="*"))
        assert code(own.get_object, Bucket="docs", Key="a.txt") == "AccessDenied"
        assert code(own.put_object, Bucket="docs", Key="b.txt") == "ok"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("no json", "Policies must be valid JSON and the first byte must be '{'"),
        ("{}", "Missing required field Statement"),
        (policy({"Effect": "Allow", "Action": "s3:*", "Resource": OBJECTS}), "Missing required field Principal"),
        (policy(allow("sqs:*", OBJECTS, Principal="*")), "Policy has invalid action"),
        (policy(allow("s3:*", "arn:aws:s3:::other", Principal="*")), "Policy has invalid resource"),
        (policy(allow("s3:*", OBJECTS, NotPrincipal="*")), "Allow with NotPrincipal is not allowed."),
    ],
)
def test_bucket_policies_that_are_refused(bucket: str, text: str, problem: str) -> None:
    """MalformedPolicy, in S3's words."""
    with pytest.raises(ClientError) as caught:
        boto3.client("s3").put_bucket_policy(Bucket=bucket, Policy=text)
    assert caught.value.response["Error"]["Code"] == "MalformedPolicy"
    assert caught.value.response["Error"]["Message"] == problem


def test_a_bucket_policy_is_kept_as_it_was_given(bucket: str) -> None:
    """Get answers the text, delete takes it away."""
    s3, text = boto3.client("s3"), policy(allow("s3:GetObject", OBJECTS, Principal="*"))
    s3.put_bucket_policy(Bucket=bucket, Policy=text)
    assert json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"]) == json.loads(text)
    s3.delete_bucket_policy(Bucket=bucket)
    assert code(s3.get_bucket_policy, Bucket=bucket) == "NoSuchBucketPolicy"
