"""S3: older forms of operations, settings taken away, copies of uploads, lists as documents."""

from __future__ import annotations

import hashlib
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .conftest import BUCKET
from .test_multipart import BIG, begin, complete, part
from .test_versions import failure

ALL = "http://acs.amazonaws.com/groups/global/AllUsers"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"


def wanted(s3: Any, *names: str) -> None:
    """Skip where botocore does not have all operations."""
    if not set(names) <= set(s3.meta.service_model.operation_names):
        pytest.skip("this botocore does not have the operations")


def test_older_lifecycle_rules(s3: Any) -> None:
    """A prefix and one transition of each kind, in and out; the newer form shows lists."""
    rule = {
        "ID": "r",
        "Prefix": "a/",
        "Status": "Enabled",
        "Transition": {"Days": 30, "StorageClass": "GLACIER"},
        "NoncurrentVersionTransition": {"NoncurrentDays": 30, "StorageClass": "GLACIER"},
    }
    s3.put_bucket_lifecycle(Bucket=BUCKET, LifecycleConfiguration={"Rules": [rule]})
    assert s3.get_bucket_lifecycle(Bucket=BUCKET)["Rules"] == [rule]
    (shown,) = s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    assert shown["Transitions"] == [rule["Transition"]]
    s3.delete_bucket_lifecycle(Bucket=BUCKET)
    assert failure(s3.get_bucket_lifecycle).response["Error"]["Code"] == "NoSuchLifecycleConfiguration"


@pytest.mark.parametrize(
    "bad",
    [
        {"Filter": {"Prefix": "a", "Tag": {"Key": "a", "Value": "1"}}},
        {"Filter": {"And": {"Prefix": "a"}}},
        {"Expiration": {"Days": 1, "ExpiredObjectDeleteMarker": True}},
        {"NoncurrentVersionExpiration": {"NewerNoncurrentVersions": 1}},
        {"Transitions": [{"StorageClass": "GLACIER"}]},
    ],
)
def test_malformed_rules(s3: Any, bad: dict[str, Any]) -> None:
    """What does not fit the schema is no XML of it."""
    rule = {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}, **bad}
    put = s3.put_bucket_lifecycle_configuration
    assert failure(put, LifecycleConfiguration={"Rules": [rule]}).response["Error"]["Code"] == "MalformedXML"


def test_older_notifications(aws: Any) -> None:
    """One configuration of each kind, with one event."""
    client = boto3.client("s3", region_name="us-east-1")
    client.create_bucket(Bucket=BUCKET)
    function = {"CloudFunction": FUNCTION, "Event": "s3:ObjectCreated:*"}
    with pytest.raises(ClientError, match="Unable to validate"):
        client.put_bucket_notification(
            Bucket=BUCKET, NotificationConfiguration={"CloudFunctionConfiguration": function}
        )
    made = {"LambdaFunctionArn": FUNCTION, "Events": ["s3:ObjectCreated:*"]}
    client.put_bucket_notification_configuration(
        Bucket=BUCKET,
        NotificationConfiguration={"LambdaFunctionConfigurations": [made]},
        SkipDestinationValidation=True,
    )
    shown = client.get_bucket_notification(Bucket=BUCKET)["CloudFunctionConfiguration"]
    assert (shown["CloudFunction"], shown["Events"]) == (FUNCTION, ["s3:ObjectCreated:*"])


def test_settings_taken_away(s3: Any) -> None:
    """Then there is none, and taking it away again is fine."""
    rule = {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}
    s3.put_bucket_cors(Bucket=BUCKET, CORSConfiguration={"CORSRules": [rule]})
    s3.put_bucket_website(Bucket=BUCKET, WebsiteConfiguration={"IndexDocument": {"Suffix": "i"}})
    assert s3.get_bucket_cors(Bucket=BUCKET)["CORSRules"] == [rule]
    assert s3.get_bucket_website(Bucket=BUCKET)["IndexDocument"] == {"Suffix": "i"}
    for _ in range(2):
        s3.delete_bucket_cors(Bucket=BUCKET)
        s3.delete_bucket_website(Bucket=BUCKET)
        s3.delete_bucket_replication(Bucket=BUCKET)
        s3.delete_bucket_ownership_controls(Bucket=BUCKET)
        s3.delete_public_access_block(Bucket=BUCKET)
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=BUCKET)
    codes = [
        failure(call).response["Error"]["Code"]
        for call in (s3.get_bucket_cors, s3.get_bucket_ownership_controls, s3.get_public_access_block)
    ]
    assert codes == [
        "NoSuchCORSConfiguration",
        "OwnershipControlsNotFoundError",
        "NoSuchPublicAccessBlockConfiguration",
    ]


def test_tags_in_policies(s3: Any) -> None:
    """Whether a bucket's tags count is switched."""
    wanted(s3, "PutBucketAbac")
    assert s3.get_bucket_abac(Bucket=BUCKET)["AbacStatus"] == {"Status": "Disabled"}
    s3.put_bucket_abac(Bucket=BUCKET, AbacStatus={"Status": "Enabled"})
    assert s3.get_bucket_abac(Bucket=BUCKET)["AbacStatus"] == {"Status": "Enabled"}


def test_another_key_for_an_object(s3: Any) -> None:
    """An object comes under a KMS key without being written again."""
    wanted(s3, "UpdateObjectEncryption")
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"x")
    arn = "arn:aws:kms:us-east-1:123456789012:key/1"
    s3.update_object_encryption(Bucket=BUCKET, Key="k", ObjectEncryption={"SSEKMS": {"KMSKeyArn": arn}})
    assert s3.head_object(Bucket=BUCKET, Key="k")["SSEKMSKeyId"] == arn


def test_copies_of_uploads_are_one_piece(s3: Any) -> None:
    """Their ETag is the MD5 of the whole, their checksum that of the whole."""
    upload = begin(s3, ChecksumAlgorithm="CRC32")
    parts = [part(s3, upload, 1, BIG, ChecksumAlgorithm="CRC32"), part(s3, upload, 2, b"x", ChecksumAlgorithm="CRC32")]
    complete(s3, upload, parts)
    s3.put_object(Bucket=BUCKET, Key="same", Body=BIG + b"x")
    copy = s3.copy_object(Bucket=BUCKET, Key="copy", CopySource=f"{BUCKET}/k")["CopyObjectResult"]
    same = s3.head_object(Bucket=BUCKET, Key="same", ChecksumMode="ENABLED")
    assert (copy["ETag"], copy["ChecksumCRC32"]) == (same["ETag"], same["ChecksumCRC32"])
    other = s3.copy_object(Bucket=BUCKET, Key="copy", CopySource=f"{BUCKET}/k", ChecksumAlgorithm="SHA1")
    assert "ChecksumSHA1" in other["CopyObjectResult"]


def test_sources_that_cannot_be_copied(s3: Any) -> None:
    """Archived ones, delete markers, and what is no source."""
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=BUCKET, Key="cold", StorageClass="DEEP_ARCHIVE")
    marker = s3.delete_object(Bucket=BUCKET, Key="gone")["VersionId"]
    sources = ["a-bucket/cold", f"a-bucket/gone?versionId={marker}", "a-bucket/gone", "a-bucket", "nowhere/k"]
    codes = [failure(s3.copy_object, Key="copy", CopySource=source).response["Error"]["Code"] for source in sources]
    assert codes == ["ObjectNotInActiveTierError", "InvalidRequest", "NoSuchKey", "InvalidArgument", "NoSuchBucket"]


def test_lists_as_documents(aws: Any) -> None:
    """They come back as they were given; owners and grantees must be somebody."""
    client = boto3.client("s3", region_name="us-east-1")
    client.create_bucket(Bucket=BUCKET, ObjectOwnership="ObjectWriter")
    client.delete_public_access_block(Bucket=BUCKET)
    owner = client.get_bucket_acl(Bucket=BUCKET)["Owner"]
    grant = {"Grantee": {"Type": "Group", "URI": ALL}, "Permission": "READ"}

    def code(**policy: Any) -> str:
        try:
            client.put_bucket_acl(Bucket=BUCKET, AccessControlPolicy=policy)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return "ok"

    assert code(Owner=owner, Grants=[grant]) == "ok"
    assert client.get_bucket_acl(Bucket=BUCKET)["Grants"] == [grant]
    assert code(Grants=[grant]) == "MalformedACLError"
    assert code(Owner={"ID": f"{1:064x}"}, Grants=[]) == "AccessDenied"
    assert code(Owner=owner, Grants=[{**grant, "Permission": "ALL"}]) == "MalformedACLError"
    email = {"Type": "AmazonCustomerByEmail", "EmailAddress": "a@example.com"}
    assert code(Owner=owner, Grants=[{**grant, "Grantee": email}]) == "UnresolvableGrantByEmailAddress"
    rules = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    with pytest.raises(ClientError, match="InvalidBucketAclWithObjectOwnership"):
        client.put_bucket_ownership_controls(Bucket=BUCKET, OwnershipControls=rules)


def test_attributes(s3: Any) -> None:
    """Those that are asked for, and no others."""
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"xyz")
    found = s3.get_object_attributes(Bucket=BUCKET, Key="k", ObjectAttributes=["ObjectSize", "StorageClass"])
    assert (found["ObjectSize"], found["StorageClass"], "ETag" in found) == (3, "STANDARD", False)
    error = failure(s3.get_object_attributes, Key="k", ObjectAttributes=["Colour"]).response["Error"]
    assert error["Code"] == "InvalidArgument"


def test_parts_of_what_has_none(s3: Any) -> None:
    """The first part is the object; a number and a range do not go together."""
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"xyz")
    assert s3.get_object(Bucket=BUCKET, Key="k", PartNumber=1)["Body"].read() == b"xyz"
    codes = [
        failure(s3.get_object, Key="k", **more).response["Error"]["Code"]
        for more in ({"PartNumber": 2}, {"PartNumber": 0}, {"PartNumber": 1, "Range": "bytes=0-1"})
    ]
    assert codes == ["InvalidPartNumber", "InvalidArgument", "InvalidRequest"]


def test_scanned_ranges(s3: Any) -> None:
    """Records that begin in a range are queried; other kinds of input are refused."""
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"aa\nbb\ncc\n")

    def select(**more: Any) -> Any:
        params = {
            "InputSerialization": {"CSV": {}},
            "OutputSerialization": {"CSV": {}},
            "ExpressionType": "SQL",
            **more,
        }
        return s3.select_object_content(Bucket=BUCKET, Key="k", Expression="SELECT * FROM S3Object", **params)

    events = select(ScanRange={"Start": 1, "End": 4}, RequestProgress={"Enabled": True})["Payload"]
    assert [next(iter(event)) for event in events] == ["Records", "Progress", "Stats", "End"]
    for more, code in (
        ({"InputSerialization": {"Parquet": {}}}, "NotImplemented"),
        ({"InputSerialization": {}}, "InvalidRequestParameter"),
    ):
        with pytest.raises(ClientError) as caught:
            select(**more)
        assert caught.value.response["Error"]["Code"] == code


def test_torrents(s3: Any) -> None:
    """A torrent names the object and has the digest of each of its pieces of 256 KiB."""
    data = b"x" * 262_144 + b"rest"
    s3.put_object(Bucket=BUCKET, Key="a/b.bin", Body=data)
    torrent = s3.get_object_torrent(Bucket=BUCKET, Key="a/b.bin")["Body"].read()
    pieces = hashlib.sha1(data[:262_144]).digest() + hashlib.sha1(b"rest").digest()
    assert torrent.startswith(b"d8:announce55:http://s3-tracker.us-east-1.amazonaws.com:6969/announce13:announce-list")
    assert b"6:lengthi262148e4:name5:b.bin12:piece lengthi262144e6:pieces40:" + pieces in torrent
    assert torrent.endswith(b"12:x-amz-bucket8:a-bucket9:x-amz-key7:a/b.binee")
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"x", SSECustomerAlgorithm="AES256", SSECustomerKey="k" * 32)
    for key, code in (("none", "NoSuchKey"), ("k", "InvalidRequest")):
        with pytest.raises(ClientError, match=code):
            s3.get_object_torrent(Bucket=BUCKET, Key=key)
