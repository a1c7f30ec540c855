"""Laws of S3 that hold for any keys, pages, ranges, parts and sequences of writes."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from botocore.httpchecksum import Crc32Checksum
from hypothesis import given, settings
from hypothesis import strategies as st

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.options import Options
from mocksls._services import load
from mocksls._services.s3.multipart import MultipartUploads

KEYS = st.text("ab/é\U0001f600", min_size=1, max_size=4)
LETTERS = st.text("ab/", max_size=2)


class Buckets:
    """A bucket of a cloud of its own."""

    def __init__(self, versioning: str | None = None) -> None:
        self.cloud = Cloud(Options(), load)
        self.call("CreateBucket")
        if versioning:
            self.call("PutBucketVersioning", VersioningConfiguration={"Status": versioning})

    def call(self, operation: str, **params: Any) -> dict[str, Any]:
        return self.cloud.caller.call("s3", operation, {"Bucket": "a-bucket", **params})

    def fill(self, keys: set[str]) -> None:
        for key in keys:
            self.call("PutObject", Key=key, Body=key.encode())


def expected(keys: set[str], prefix: str, delimiter: str) -> list[str]:
    """Keys and common prefixes by plain definition, in the order of their bytes."""
    found = set()
    for key in keys:
        if key.startswith(prefix):
            cut = key.find(delimiter, len(prefix)) if delimiter else -1
            found.add(key if cut < 0 else key[: cut + len(delimiter)])
    return sorted(found, key=str.encode)


def shown(page: dict[str, Any], *kinds: str) -> list[str]:
    """The names on a page."""
    names = [each["Key"] for kind in kinds for each in page.get(kind) or ()]
    return names + [each["Prefix"] for each in page.get("CommonPrefixes") or ()]


@given(st.sets(KEYS, max_size=12), LETTERS, st.text("/b", max_size=1), st.integers(1, 5))
def test_pages_of_any_size_make_the_same_list(keys: set[str], prefix: str, delimiter: str, size: int) -> None:
    """By tokens and by markers: no entry twice, none left out, the last page says so."""
    bucket = Buckets()
    bucket.fill(keys)
    about = {"Prefix": prefix, "Delimiter": delimiter, "MaxKeys": size}
    newer: list[str] = []
    older: list[str] = []
    more: dict[str, Any] = {}
    while True:
        page = bucket.call("ListObjectsV2", **about, **more)
        newer += sorted(shown(page, "Contents"), key=str.encode)
        if not page["IsTruncated"]:
            break
        more = {"ContinuationToken": page["NextContinuationToken"]}
    more = {}
    while True:
        page = bucket.call("ListObjects", **about, **more)
        older += sorted(shown(page, "Contents"), key=str.encode)
        if not page["IsTruncated"]:
            break
        more = {"Marker": page["NextMarker"] if delimiter else page["Contents"][-1]["Key"]}
    assert newer == older == expected(keys, prefix, delimiter)


@given(st.binary(max_size=20), st.one_of(st.none(), st.integers(0, 25)), st.one_of(st.none(), st.integers(0, 25)))
def test_ranges_are_slices(body: bytes, first: int | None, last: int | None) -> None:
    """What a range answers is what Python slices, and its header says which bytes these are."""
    bucket = Buckets()
    bucket.call("PutObject", Key="k", Body=body)
    text = f"bytes={'' if first is None else first}-{'' if last is None else last}"
    backwards = first is not None and last is not None and last < first
    is_none = (first is None and last is None) or backwards
    if is_none:
        wanted = body
    elif first is None:
        wanted = body[max(len(body) - (last or 0), 0) :] if last else b""
    else:
        wanted = body[first : None if last is None else last + 1]
    if not wanted and not is_none:
        with pytest.raises(AwsError, match="InvalidRange"):
            bucket.call("GetObject", Key="k", Range=text)
        return
    answer = bucket.call("GetObject", Key="k", Range=text)
    assert (answer["Body"], answer["ContentLength"]) == (wanted, len(wanted))
    if "ContentRange" in answer:
        assert answer["ContentRange"].endswith(f"/{len(body)}")


@given(st.dictionaries(st.integers(1, 10_000), st.binary(max_size=6), min_size=1, max_size=5), st.booleans())
def test_uploads_are_their_parts(parts: dict[int, bytes], full: bool) -> None:
    """In order; every part is read back by its place, and the checksum is botocore's of the whole."""
    bucket = Buckets()
    kind = {"ChecksumAlgorithm": "CRC32", "ChecksumType": "FULL_OBJECT" if full else "COMPOSITE"}
    upload = bucket.call("CreateMultipartUpload", Key="k", **kind)["UploadId"]
    listed = []
    smallest, MultipartUploads.SMALLEST_PART = MultipartUploads.SMALLEST_PART, 0
    try:
        for number, body in parts.items():
            given = {"UploadId": upload, "PartNumber": number, "ChecksumAlgorithm": "CRC32"}
            answer = bucket.call("UploadPart", Key="k", Body=body, **given)
            sums = {"ETag": answer["ETag"], "ChecksumCRC32": answer["ChecksumCRC32"]}
            listed.append({"PartNumber": number, **sums})
        listed.sort(key=lambda part: part["PartNumber"])
        done = bucket.call("CompleteMultipartUpload", Key="k", UploadId=upload, MultipartUpload={"Parts": listed})
    finally:
        MultipartUploads.SMALLEST_PART = smallest
    bodies = [body for _, body in sorted(parts.items())]
    assert bucket.call("GetObject", Key="k")["Body"] == b"".join(bodies)
    for place, body in enumerate(bodies, 1):
        assert bucket.call("GetObject", Key="k", PartNumber=place)["Body"] == body
    digests = b"".join(hashlib.md5(body).digest() for body in bodies)
    assert done["ETag"] == f'"{hashlib.md5(digests).hexdigest()}-{len(bodies)}"'
    raw = b"".join(base64.b64decode(part["ChecksumCRC32"]) for part in listed)
    wanted = Crc32Checksum().handle(b"".join(bodies)) if full else f"{Crc32Checksum().handle(raw)}-{len(bodies)}"
    assert done["ChecksumCRC32"] == wanted


class Model:
    """Versions as AWS describes them, the simplest way: a list for each key, newest first."""

    def __init__(self) -> None:
        self.status: str | None = None
        self.histories: dict[str, list[tuple[str, bytes | None]]] = {}

    def add(self, key: str, version_id: str, body: bytes | None) -> None:
        history = self.histories.setdefault(key, [])
        if version_id == "null":
            history[:] = [each for each in history if each[0] != "null"]
        history.insert(0, (version_id, body))

    def delete(self, key: str, marker: str | None) -> None:
        if self.status is None:
            self.histories.pop(key, None)
        else:
            self.add(key, marker or "null", None)

    def forget(self, key: str, version_id: str) -> None:
        history = [each for each in self.histories.get(key, []) if each[0] != version_id]
        self.histories[key] = history
        if not history:
            del self.histories[key]

    def live(self) -> dict[str, bytes]:
        return {key: each[0][1] for key, each in self.histories.items() if each[0][1] is not None}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["put", "put", "delete", "forget", "Enabled", "Suspended"]),
        st.sampled_from("ab"),
        st.integers(0, 9),
    ),
    max_size=20,
)


@settings(max_examples=40)
@given(STEPS)
def test_histories_are_those_of_a_naive_model(steps: list[tuple[str, str, int]]) -> None:
    """After any sequence of writes, deletions and switches, what is listed and read is what the model has."""
    bucket, model = Buckets(), Model()
    for step, key, number in steps:
        if step == "put":
            body = str(number).encode()
            model.add(key, bucket.call("PutObject", Key=key, Body=body).get("VersionId") or "null", body)
        elif step == "delete":
            model.delete(key, bucket.call("DeleteObject", Key=key).get("VersionId"))
        elif step == "forget":
            history = model.histories.get(key)
            if history:
                version_id = history[number % len(history)][0]
                bucket.call("DeleteObject", Key=key, VersionId=version_id)
                model.forget(key, version_id)
        else:
            bucket.call("PutBucketVersioning", VersioningConfiguration={"Status": step})
            model.status = step
    page = bucket.call("ListObjectVersions")
    listed = {(each["Key"], each["VersionId"], each["IsLatest"], True) for each in page["Versions"]}
    listed |= {(each["Key"], each["VersionId"], each["IsLatest"], False) for each in page["DeleteMarkers"]}
    assert listed == {
        (key, version_id, place == 0, body is not None)
        for key, history in model.histories.items()
        for place, (version_id, body) in enumerate(history)
    }
    live = model.live()
    assert [each["Key"] for each in bucket.call("ListObjectsV2")["Contents"]] == sorted(live)
    assert {key: bucket.call("GetObject", Key=key)["Body"] for key in live} == live
