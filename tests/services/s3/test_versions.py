"""S3: versions, delete markers, what suspending does."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import BUCKET


def version(s3: Any, status: str = "Enabled") -> None:
    """Turn versioning on, or suspend it."""
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": status})


def put(s3: Any, key: str = "k", body: bytes = b"body", **more: Any) -> Any:
    """Write an object; its version id."""
    return s3.put_object(Bucket=BUCKET, Key=key, Body=body, **more).get("VersionId")


def read(s3: Any, key: str = "k", **more: Any) -> bytes:
    """An object's bytes."""
    body: bytes = s3.get_object(Bucket=BUCKET, Key=key, **more)["Body"].read()
    return body


def failure(call: Any, **params: Any) -> ClientError:
    """The error that a call ends in."""
    with pytest.raises(ClientError) as caught:
        call(Bucket=BUCKET, **params)
    return caught.value


def history(s3: Any, **more: Any) -> list[tuple[str, str, bool]]:
    """All versions and markers as kind, id and whether it is the newest, in no order."""
    answer = s3.list_object_versions(Bucket=BUCKET, **more)
    kinds = (("Versions", "version"), ("DeleteMarkers", "marker"))
    return [(word, each["VersionId"], each["IsLatest"]) for kind, word in kinds for each in answer.get(kind, [])]


def test_status_is_absent_until_set(s3: Any) -> None:
    """A bucket that never had versioning says nothing of it."""
    assert "Status" not in s3.get_bucket_versioning(Bucket=BUCKET)
    version(s3, "Suspended")
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Suspended"


def test_each_write_is_kept(s3: Any) -> None:
    """Older versions are read by their ids, the newest without."""
    version(s3)
    first, second = put(s3, body=b"1"), put(s3, body=b"2")
    assert first != second
    assert (read(s3), read(s3, VersionId=first)) == (b"2", b"1")


def test_deleting_leaves_a_marker(s3: Any) -> None:
    """A read then misses the key and is told of the marker; reading the marker itself is not allowed."""
    version(s3)
    put(s3)
    marker = s3.delete_object(Bucket=BUCKET, Key="k")
    assert marker["DeleteMarker"] is True
    gone = failure(s3.get_object, Key="k")
    assert gone.response["Error"]["Code"] == "NoSuchKey"
    assert gone.response["ResponseMetadata"]["HTTPHeaders"]["x-amz-delete-marker"] == "true"
    assert (
        failure(s3.get_object, Key="k", VersionId=marker["VersionId"]).response["Error"]["Code"] == "MethodNotAllowed"
    )


def test_deleting_the_marker_undeletes(s3: Any) -> None:
    """Without its marker the older version is the newest again."""
    version(s3)
    put(s3, body=b"1")
    marker = s3.delete_object(Bucket=BUCKET, Key="k")["VersionId"]
    answer = s3.delete_object(Bucket=BUCKET, Key="k", VersionId=marker)
    assert (answer["DeleteMarker"], answer["VersionId"]) == (True, marker)
    assert read(s3) == b"1"


def test_unknown_and_impossible_ids(s3: Any) -> None:
    """An id that was never given out is none; one whose version is gone is missed."""
    version(s3)
    given = put(s3)
    s3.delete_object(Bucket=BUCKET, Key="k", VersionId=given)
    assert failure(s3.get_object, Key="k", VersionId=given).response["Error"]["Code"] == "NoSuchVersion"
    error = failure(s3.get_object, Key="k", VersionId="HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD").response["Error"]
    assert (error["Code"], error["Message"]) == ("InvalidArgument", "Invalid version id specified")


def test_suspended_writes_replace_null(s3: Any) -> None:
    """While versioning is suspended writes replace each other as ``null``; the others stay."""
    version(s3)
    kept = put(s3, body=b"1")
    version(s3, "Suspended")
    assert (put(s3, body=b"2"), put(s3, body=b"3")) == (None, None)
    assert sorted(history(s3)) == sorted([("version", "null", True), ("version", kept, False)])
    assert read(s3, VersionId="null") == b"3"


def test_suspended_delete_replaces_null_by_a_marker(s3: Any) -> None:
    """The marker has the id ``null``, too."""
    version(s3)
    kept = put(s3)
    version(s3, "Suspended")
    put(s3)
    answer = s3.delete_object(Bucket=BUCKET, Key="k")
    assert (answer["DeleteMarker"], answer["VersionId"]) == (True, "null")
    assert sorted(history(s3)) == sorted([("marker", "null", True), ("version", kept, False)])


def test_delete_objects_with_versions(s3: Any) -> None:
    """Keys that never were get markers, too; an id that is none fails alone."""
    version(s3)
    first = put(s3)
    wanted = [{"Key": "k", "VersionId": first}, {"Key": "never"}, {"Key": "k", "VersionId": "x"}]
    answer = s3.delete_objects(Bucket=BUCKET, Delete={"Objects": wanted})
    assert answer["Deleted"][0] == {"Key": "k", "VersionId": first}
    assert answer["Deleted"][1]["DeleteMarker"] is True
    assert answer["Errors"][0]["Code"] == "NoSuchVersion"


def test_a_bucket_with_versions_is_not_empty(s3: Any) -> None:
    """Markers count, too, and AWS's text says so."""
    version(s3)
    s3.delete_object(Bucket=BUCKET, Key="k")
    text = failure(s3.delete_bucket).response["Error"]["Message"]
    assert text == "The bucket you tried to delete is not empty. You must delete all versions in the bucket."


def test_pages_of_versions(s3: Any) -> None:
    """Markers of key and version lead from page to page, also if their version is gone meanwhile."""
    version(s3)
    ids = [put(s3, "a") for _ in range(3)] + [put(s3, "b")]
    page = s3.list_object_versions(Bucket=BUCKET, MaxKeys=2)
    assert [each["VersionId"] for each in page["Versions"]] == [ids[2], ids[1]]
    s3.delete_object(Bucket=BUCKET, Key="a", VersionId=ids[1])
    markers = {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page["NextVersionIdMarker"]}
    rest = s3.list_object_versions(Bucket=BUCKET, **markers)
    assert [each["VersionId"] for each in rest["Versions"]] == [ids[0], ids[3]]
    assert rest["IsTruncated"] is False


def test_copy_of_a_version(s3: Any) -> None:
    """The source's version may be named, and is told."""
    version(s3)
    first = put(s3, body=b"1")
    put(s3, body=b"2")
    source = {"Bucket": BUCKET, "Key": "k", "VersionId": first}
    answer = s3.copy_object(Bucket=BUCKET, Key="copy", CopySource=source)
    assert answer["CopySourceVersionId"] == first
    assert read(s3, "copy") == b"1"


def test_tags_belong_to_versions(s3: Any) -> None:
    """Each version has its own; a marker has none."""
    version(s3)
    first = put(s3, Tagging="a=1")
    put(s3, Tagging="a=2")
    tags = s3.get_object_tagging(Bucket=BUCKET, Key="k", VersionId=first)
    assert (tags["TagSet"], tags["VersionId"]) == ([{"Key": "a", "Value": "1"}], first)
    s3.delete_object(Bucket=BUCKET, Key="k")
    assert failure(s3.get_object_tagging, Key="k").response["Error"]["Code"] == "MethodNotAllowed"
