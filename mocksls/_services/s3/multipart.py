"""Multipart uploads.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from mocksls._kernel.call import Call, Principal
from mocksls._kernel.cloud import Cloud

from . import checksums, conditions, encryption, errors, events, replication
from .buckets import find_bucket
from .copies import find_source
from .lifecycle_rules import abort_of, wake
from .names import canonical_id
from .store import Bucket, Content, MultipartUpload, ObjectPart, Part, Store, Version
from .versions import shown_id
from .writing import MOST_BYTES, described, md5, put_version, told

_RANGE = re.compile(r"^bytes=(\d+)-(\d+)$")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._"


class MultipartUploads:
    """Operations that make objects of parts; all of them but the last have ``SMALLEST_PART`` bytes at least."""

    SMALLEST_PART = 5_242_880

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_multipart_upload(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Begin an upload.

        Raises:
            AwsError: NoSuchBucket, InvalidRequest, and those of writes.
        """
        bucket = find_bucket(self._store, request)
        algorithm = request.get("ChecksumAlgorithm")
        kind = checksums.type_of_upload(algorithm, request.get("ChecksumType"))
        made = described(request, bucket, call, self._cloud)
        self._store.writes += 1
        upload = MultipartUpload(
            upload_id=self._cloud.ids.text(64, _ALPHABET),
            key=request["Key"],
            started=self._cloud.clock.now().replace(microsecond=0),
            initiator=_initiator(call.principal),
            made=made,
            algorithm=algorithm,
            checksum_type=kind,
            customer_key=made["encryption"].get("digest"),
            number=self._store.writes,
        )
        bucket.uploads[upload.upload_id] = upload
        wake(self._cloud, bucket)
        answer = {
            "Bucket": bucket.name,
            "Key": upload.key,
            "UploadId": upload.upload_id,
            **encryption.shown(made["encryption"]),
            "ChecksumAlgorithm": upload.algorithm,
            "ChecksumType": kind,
        }
        rule = abort_of(bucket, upload)
        return answer if rule is None else {**answer, "AbortDate": rule[0], "AbortRuleId": rule[1]}

    def upload_part(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Upload a part, in place of an older one of its number.

        Raises:
            AwsError: NoSuchUpload, BadDigest, InvalidDigest, InvalidArgument, InvalidRequest, EntityTooLarge.
        """
        upload = find_upload(find_bucket(self._store, request), request)
        body = request.get("Body", b"")
        if len(body) > MOST_BYTES:
            raise errors.too_large(len(body), MOST_BYTES)
        sums = _sums_of_part(upload, request, body)
        part = self._keep(upload, request, call, Content((body,), len(body)), sums)
        return {"ETag": part.etag, **sums, **encryption.shown(upload.made["encryption"])}

    def upload_part_copy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Take a part from an object, or from a range of it.

        Raises:
            AwsError: NoSuchUpload, NoSuchKey, InvalidArgument, InvalidRequest, PreconditionFailed.
        """
        upload = find_upload(find_bucket(self._store, request), request)
        source_bucket, source = find_source(self._store, self._cloud, request, call)
        content = source.content
        if "CopySourceRange" in request:
            asked = request["CopySourceRange"]
            if self._cloud.options.compat == "moto" and not asked.startswith("bytes="):
                asked = f"bytes={asked}"
            start, end = _copied_range(asked, content.size)
            content = Content.of(content.span(start, end))
        sums: dict[str, str] = {}
        if upload.algorithm:
            member = f"Checksum{upload.algorithm}"
            sums = {member: checksums.of_content(upload.algorithm, content)}
        part = self._keep(upload, request, call, content, sums)
        return {
            "CopyPartResult": {"ETag": part.etag, "LastModified": part.modified, **sums},
            "CopySourceVersionId": shown_id(source_bucket, source),
            **encryption.shown(upload.made["encryption"]),
        }

    def _keep(
        self, upload: MultipartUpload, request: Mapping[str, Any], call: Call, content: Content, sums: dict[str, str]
    ) -> Part:
        number = request["PartNumber"]
        if not 1 <= number <= 10_000:
            raise errors.invalid(
                "Part number must be an integer between 1 and 10000, inclusive",
                ArgumentName="partNumber",
                ArgumentValue=str(number),
            )
        _check_customer_key(upload, request, call)
        kept = sums if f"Checksum{upload.algorithm}" in sums else {}
        modified = self._cloud.clock.now().replace(microsecond=0)
        etag = md5(content.pieces[0]) if len(content.pieces) == 1 else md5(content.whole())
        part = upload.parts[number] = Part(number, content, etag, modified, kept)
        return part

    def complete_multipart_upload(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Put the parts together; again for an upload that is complete already, with the same parts.

        Raises:
            AwsError: NoSuchUpload, InvalidPart, InvalidPartOrder, EntityTooSmall, MalformedXML, PreconditionFailed,
                ConditionalRequestConflict, InvalidRequest, BadDigest.
        """
        bucket = find_bucket(self._store, request)
        asked = (request.get("MultipartUpload") or {}).get("Parts") or []
        names = tuple((each.get("PartNumber"), str(each.get("ETag", "")).strip('"')) for each in asked)
        done = bucket.completed.get(request["UploadId"])
        if done is not None and done[0] == request["Key"] and done[1] == names:
            return done[2]
        upload = find_upload(bucket, request)
        parts = _wanted(upload, asked, self.SMALLEST_PART, in_order=self._cloud.options.compat != "moto")
        conditions.check_write(request, bucket.newest(upload.key))
        _check_conflict(request, bucket, upload)
        fields = _assembled(upload, parts, request)
        content = Content.of(*(piece for part in parts for piece in part.content.pieces))
        if request.get("MpuObjectSize", content.size) != content.size:
            raise errors.invalid_request(
                f"The provided 'x-amz-mp-object-size' header value {request['MpuObjectSize']} does not match what was "
                f"computed: {content.size}"
            )
        made = put_version(self._store, self._cloud, bucket, upload.key, content, _etag(parts), fields)
        del bucket.uploads[upload.upload_id]
        events.emit(self._cloud, bucket, "ObjectCreated:CompleteMultipartUpload", made, call)
        replication.send(self._cloud, bucket, made, call)
        answer = self._told(bucket, made)
        bucket.completed[upload.upload_id] = (upload.key, names, answer)
        return answer

    def _told(self, bucket: Bucket, made: Version) -> dict[str, Any]:
        answer = told(bucket, made)
        for name in ("SSECustomerAlgorithm", "SSECustomerKeyMD5", "SSEKMSEncryptionContext"):
            answer.pop(name, None)
        path = quote(made.key, safe="/-_.~!'()*")
        return {
            "Location": f"https://{bucket.name}.s3.{bucket.region}.amazonaws.com/{path}",
            "Bucket": bucket.name,
            "Key": made.key,
            **answer,
        }

    def abort_multipart_upload(self, request: Mapping[str, Any], call: Call) -> None:
        """Give an upload up.

        Raises:
            AwsError: NoSuchUpload, PreconditionFailed.
        """
        bucket = find_bucket(self._store, request)
        upload = find_upload(bucket, request)
        started = request.get("IfMatchInitiatedTime")
        if started is not None and started != upload.started:
            raise errors.precondition_failed("x-amz-if-match-initiated-time")
        del bucket.uploads[upload.upload_id]
        call.response.status = 204


def find_upload(bucket: Bucket, request: Mapping[str, Any]) -> MultipartUpload:
    """The upload that a request names.

    Raises:
        AwsError: NoSuchUpload.
    """
    upload = bucket.uploads.get(request["UploadId"])
    if upload is None or upload.key != request["Key"]:
        raise errors.no_upload(request["UploadId"])
    return upload


def _initiator(principal: Principal) -> dict[str, str]:
    if principal.kind == "root" or not principal.arn.startswith("arn:"):
        return {"ID": canonical_id(principal.account_id)}
    return {"ID": principal.arn, "DisplayName": principal.arn.rsplit("/", 1)[-1]}


def _sums_of_part(upload: MultipartUpload, request: Mapping[str, Any], body: bytes) -> dict[str, str]:
    usual = upload.algorithm if upload.checksum_type == checksums.FULL else None  # else each part must bring its own
    sums = checksums.checked(request, body, usual)
    actual = next((member.removeprefix("Checksum") for member in sums), None)
    if upload.algorithm and actual != upload.algorithm:
        raise errors.invalid_request(
            f"Checksum Type mismatch occurred, expected checksum Type: {upload.algorithm.lower()}, "
            f"actual checksum Type: {actual.lower() if actual else 'null'}"
        )
    return sums


def _check_customer_key(upload: MultipartUpload, request: Mapping[str, Any], call: Call) -> None:
    given = encryption.customer_key(request, call)
    if given == upload.customer_key:
        return
    if upload.customer_key is None:
        raise errors.invalid_request("The encryption parameters are not applicable to this object.")
    if given is None:
        raise errors.invalid_request(
            "The multipart upload initiate requested encryption. Subsequent part requests must include the "
            "appropriate encryption parameters."
        )
    raise errors.invalid_request("The provided encryption parameters did not match the ones used originally.")


def _copied_range(text: str, size: int) -> tuple[int, int]:
    parsed = _RANGE.match(text)
    first, last = map(int, parsed.groups()) if parsed else (1, 0)
    if first > last:
        raise errors.invalid(
            "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the "
            "zero-based offsets of the first and last bytes to copy",
            ArgumentName="x-amz-copy-source-range",
            ArgumentValue=text,
        )
    if first >= size:
        raise errors.invalid_request("The specified copy range is invalid for the source object size")
    if last >= size:
        raise errors.invalid(
            f"Range specified is not valid for source object of size: {size}",
            ArgumentName="x-amz-copy-source-range",
            ArgumentValue=text,
        )
    return first, last + 1


def _wanted(upload: MultipartUpload, asked: list[dict[str, Any]], least: int, *, in_order: bool) -> list[Part]:
    """The parts that are to be put together, checked."""
    if not asked or any("PartNumber" not in each for each in asked):
        raise errors.malformed_xml()
    numbers = [each["PartNumber"] for each in asked]
    if in_order and numbers != sorted(set(numbers)):
        raise errors.part_order(upload.upload_id)
    found = []
    for each, number in zip(asked, numbers, strict=True):
        part = upload.parts.get(number)
        etag = str(each.get("ETag", ""))
        if part is None or etag.strip('"') != part.etag.strip('"'):
            raise errors.invalid_part(number, etag, upload.upload_id)
        _check_sums(upload, each, part)
        found.append(part)
    for part in found[:-1]:
        if part.content.size < least:
            raise errors.part_too_small(part.number, part.content.size, part.etag)
    return found


def _check_sums(upload: MultipartUpload, each: Mapping[str, Any], part: Part) -> None:
    given = checksums.given(each)
    if upload.checksum_type == checksums.COMPOSITE and f"Checksum{upload.algorithm}" not in given:
        raise errors.invalid_request(
            f"The upload was created using a {str(upload.algorithm).lower()} checksum. The complete request must "
            f"include the checksum for each part. It was missing for part {part.number} in the request."
        )
    if upload.algorithm and any(part.checksums.get(member) != value for member, value in given.items()):
        raise errors.invalid_part(part.number, part.etag, upload.upload_id)


def _check_conflict(request: Mapping[str, Any], bucket: Bucket, upload: MultipartUpload) -> None:
    """A conditional completion fails if the key changed since the upload began, even if the condition holds."""
    name = "If-None-Match" if "IfNoneMatch" in request else "If-Match" if "IfMatch" in request else None
    if name is not None and bucket.written.get(upload.key, 0) > upload.number:
        raise errors.conflict(name, upload.key)


def _assembled(upload: MultipartUpload, parts: list[Part], request: Mapping[str, Any]) -> dict[str, Any]:
    fields = {
        **upload.made,
        "parts": tuple(ObjectPart(part.number, part.content.size, part.checksums) for part in parts),
    }
    asked = request.get("ChecksumType")
    if asked is not None and asked != (upload.checksum_type or checksums.FULL):
        raise errors.invalid_request(
            f"The upload was created using the {upload.checksum_type} checksum mode. The complete request must use "
            "the same checksum mode."
        )
    if upload.algorithm is None:
        return fields
    member = f"Checksum{upload.algorithm}"
    sums = [part.checksums[member] for part in parts]
    if upload.checksum_type == checksums.COMPOSITE:
        value = checksums.composite(upload.algorithm, sums)
    else:
        sizes = [part.content.size for part in parts]
        value = checksums.joined(upload.algorithm, zip(sums, sizes, strict=True))
    stated = request.get(member)
    if stated is not None and stated not in (value, value.partition("-")[0]):
        raise errors.bad_digest(upload.algorithm.lower())
    return {**fields, "checksums": {member: value}, "checksum_type": upload.checksum_type}


def _etag(parts: list[Part]) -> str:
    digests = b"".join(bytes.fromhex(part.etag.strip('"')) for part in parts)
    return f'"{hashlib.md5(digests, usedforsecurity=False).hexdigest()}-{len(parts)}"'
