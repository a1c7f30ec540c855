"""S3: lists, ownership, blocked public access, other accounts, requester pays."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from .conftest import BUCKET
from .test_versions import failure

OTHER = "999999999999"
ALL = "http://acs.amazonaws.com/groups/global/AllUsers"


@pytest.fixture
def open_bucket(aws: Any) -> Any:
    """A client with a bucket of the old ways: lists count, nothing is blocked."""
    client = boto3.client("s3", region_name="us-east-1")
    client.create_bucket(Bucket=BUCKET, ObjectOwnership="ObjectWriter")
    client.delete_public_access_block(Bucket=BUCKET)
    return client


def anybody() -> Any:
    """A client that does not sign."""
    return boto3.client("s3", region_name="us-east-1", config=Config(signature_version=UNSIGNED))


def stranger(aws: Any) -> Any:
    """A client of another account's root."""
    aws.register_credentials("AKIASTRANGER", "secret", OTHER)
    return boto3.client("s3", region_name="us-east-1", aws_access_key_id="AKIASTRANGER", aws_secret_access_key="secret")


def outcome(call: Any, **params: Any) -> str:
    """``ok``, or the code of the error."""
    try:
        call(Bucket=BUCKET, **params)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "ok"


def test_new_buckets_take_no_lists(s3: Any) -> None:
    """Since April 2023 the bucket owns all, and public access is blocked."""
    rules = s3.get_bucket_ownership_controls(Bucket=BUCKET)["OwnershipControls"]["Rules"]
    assert rules == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert all(s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"].values())
    error = failure(s3.put_bucket_acl, ACL="public-read").response["Error"]
    assert (error["Code"], error["Message"]) == ("AccessControlListNotSupported", "The bucket does not allow ACLs")
    assert outcome(s3.put_object, Key="k", ACL="bucket-owner-full-control") == "ok"


def test_public_objects(open_bucket: Any) -> None:
    """A list that names everybody lets anonymous callers read, and no more."""
    open_bucket.put_object(Bucket=BUCKET, Key="open", Body=b"x", ACL="public-read")
    open_bucket.put_object(Bucket=BUCKET, Key="closed", Body=b"x")
    client = anybody()
    answers = [outcome(client.get_object, Key=key) for key in ("open", "closed", "missing")]
    assert answers == ["ok", "AccessDenied", "AccessDenied"]
    assert outcome(client.put_object, Key="open", Body=b"y") == "AccessDenied"


def test_public_buckets(open_bucket: Any) -> None:
    """READ of a bucket lists it, WRITE puts and deletes."""
    open_bucket.put_bucket_acl(Bucket=BUCKET, ACL="public-read-write")
    client = anybody()
    calls = [
        outcome(client.put_object, Key="k", Body=b"x"),
        outcome(client.list_objects_v2),
        outcome(client.delete_object, Key="k"),
        outcome(client.get_object, Key="k"),
    ]
    assert calls == ["ok", "ok", "ok", "NoSuchKey"]


def test_grants_are_spelled_out(open_bucket: Any) -> None:
    """Canned lists expand, and headers name grantees."""
    open_bucket.put_object(Bucket=BUCKET, Key="k", ACL="public-read")
    owner = open_bucket.list_buckets()["Owner"]["ID"]
    grants = open_bucket.get_object_acl(Bucket=BUCKET, Key="k")["Grants"]
    assert grants == [
        {"Grantee": {"ID": owner, "Type": "CanonicalUser"}, "Permission": "FULL_CONTROL"},
        {"Grantee": {"URI": ALL, "Type": "Group"}, "Permission": "READ"},
    ]
    open_bucket.put_object_acl(Bucket=BUCKET, Key="k", GrantRead=f'id="{owner}", uri="{ALL}"')
    grants = open_bucket.get_object_acl(Bucket=BUCKET, Key="k")["Grants"]
    assert [grant["Permission"] for grant in grants] == ["READ", "READ"]


def test_lists_name_their_owner(open_bucket: Any) -> None:
    """A list whose owner is not the resource's is refused, whoever that may be."""
    open_bucket.put_object(Bucket=BUCKET, Key="k", Body=b"")
    document = {"Owner": {"ID": "a" * 64}, "Grants": []}
    assert outcome(open_bucket.put_object_acl, Key="k", AccessControlPolicy=document) == "AccessDenied"
    assert outcome(open_bucket.put_bucket_acl, AccessControlPolicy=document) == "AccessDenied"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"ACL": "nonsense"}, "InvalidArgument"),
        ({"ACL": "private", "GrantRead": f"uri={ALL}"}, "InvalidRequest"),
        ({"GrantRead": "id=nobody"}, "InvalidArgument"),
        ({"GrantRead": "emailAddress=a@example.com"}, "UnresolvableGrantByEmailAddress"),
        ({"GrantRead": "uri=http://example.com"}, "InvalidArgument"),
        ({}, "MissingSecurityHeader"),
    ],
)
def test_bad_lists(open_bucket: Any, given: dict[str, Any], code: str) -> None:
    """What is no list is refused."""
    assert outcome(open_bucket.put_bucket_acl, **given) == code


def test_writers_own_their_objects(aws: Any, open_bucket: Any) -> None:
    """Of another account's object the bucket's owner reads nothing, unless it is handed over."""
    open_bucket.put_bucket_acl(Bucket=BUCKET, GrantWrite=f'id="{int(OTHER):064x}"')
    client = stranger(aws)
    assert outcome(client.put_object, Key="theirs", Body=b"x") == "ok"
    assert outcome(open_bucket.get_object, Key="theirs") == "AccessDenied"
    assert outcome(client.put_object, Key="ours", Body=b"x", ACL="bucket-owner-full-control") == "ok"
    assert outcome(open_bucket.get_object, Key="ours") == "ok"
    rules = {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}
    open_bucket.put_bucket_ownership_controls(Bucket=BUCKET, OwnershipControls=rules)
    client.put_object(Bucket=BUCKET, Key="mine", Body=b"x", ACL="bucket-owner-full-control")
    assert open_bucket.get_object_acl(Bucket=BUCKET, Key="mine")["Owner"]["ID"] == f"{123456789012:064x}"


def test_what_is_blocked(open_bucket: Any) -> None:
    """Each of the four blocks does its part."""
    open_bucket.put_object(Bucket=BUCKET, Key="k", Body=b"x", ACL="public-read")
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    def block(*names: str) -> None:
        configuration = dict.fromkeys(names, True)
        open_bucket.put_public_access_block(Bucket=BUCKET, PublicAccessBlockConfiguration=configuration)

    block("BlockPublicAcls", "BlockPublicPolicy")
    assert outcome(open_bucket.put_object, Key="k", ACL="public-read") == "AccessDenied"
    assert outcome(open_bucket.put_bucket_policy, Policy=policy) == "AccessDenied"
    assert outcome(anybody().get_object, Key="k") == "ok"
    block("IgnorePublicAcls")
    assert outcome(anybody().get_object, Key="k") == "AccessDenied"
    open_bucket.put_bucket_policy(Bucket=BUCKET, Policy=policy)
    assert outcome(anybody().get_object, Key="k") == "ok"
    block("RestrictPublicBuckets")
    open_bucket.put_object(Bucket=BUCKET, Key="private")
    assert outcome(anybody().get_object, Key="private") == "AccessDenied"


@pytest.mark.parametrize(
    ("condition", "public"),
    [
        (None, True),
        ({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, False),
        ({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, True),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, False),
        ({"StringLike": {"aws:PrincipalArn": "*"}}, True),
    ],
)
def test_policy_status(open_bucket: Any, condition: Any, public: bool) -> None:
    """A policy for everybody is public unless a condition fixes who that is."""
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"}
    statement |= {"Condition": condition} if condition else {}
    open_bucket.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Statement": [statement]}))
    assert open_bucket.get_bucket_policy_status(Bucket=BUCKET)["PolicyStatus"]["IsPublic"] is public


def test_expected_owner(s3: Any) -> None:
    """A bucket of somebody else than expected is not touched."""
    assert outcome(s3.put_object, Key="k", ExpectedBucketOwner=OTHER) == "AccessDenied"
    assert outcome(s3.put_object, Key="k", ExpectedBucketOwner="123456789012") == "ok"


def test_requester_pays(aws: Any, open_bucket: Any) -> None:
    """Others must say that they pay, and are told that they do."""
    open_bucket.put_object(Bucket=BUCKET, Key="k", Body=b"x", ACL="public-read")
    open_bucket.put_bucket_request_payment(Bucket=BUCKET, RequestPaymentConfiguration={"Payer": "Requester"})
    client = stranger(aws)
    assert outcome(client.get_object, Key="k") == "AccessDenied"
    assert client.get_object(Bucket=BUCKET, Key="k", RequestPayer="requester")["RequestCharged"] == "requester"
    assert outcome(open_bucket.get_object, Key="k") == "ok"


def test_a_bucket_that_is_somebody_elses(aws: Any, open_bucket: Any) -> None:
    """Its name is taken, and it is not theirs to delete."""
    client = stranger(aws)
    assert outcome(client.create_bucket) == "BucketAlreadyExists"
    assert outcome(client.delete_bucket) == "AccessDenied"
    assert outcome(open_bucket.create_bucket) == "ok"
