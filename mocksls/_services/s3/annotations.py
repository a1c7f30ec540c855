"""Annotations: named texts that hang on a version of an object.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAnnotation.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.paging import page

from . import checksums, conditions, errors
from .buckets import find_bucket
from .store import Bucket, Store, Version
from .versions import find_to_change, replaced, shown_id
from .writing import md5

_MOST_BYTES = 1 << 20
_MOST_NAME_BYTES = 512
_MOST = 1000
_RESERVED = ("aws", "s3")


class Annotation(NamedTuple):
    """One of them."""

    name: str
    body: bytes
    etag: str
    modified: datetime
    checksums: dict[str, str]


class Annotations:
    """Operations on annotations."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_object_annotation(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Hang a text on a version, in place of one of its name.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey, InvalidAnnotationName, AnnotationNameTooLong, AnnotationLimitExceeded,
                UnsupportedMediaType, InvalidRequest, PreconditionFailed, EntityTooLarge, BadDigest.
        """
        bucket, found = self._found(request, "PUT")
        name, body = request["AnnotationName"], request.get("AnnotationPayload", b"")
        _check_name(name)
        _check_body(body)
        if "SSECustomerAlgorithm" in found.encryption:
            raise errors.invalid_request("Objects encrypted with customer provided keys cannot have annotations.")
        if len(found.annotations) >= _MOST and name not in found.annotations:
            text = "The request would exceed the maximum number of annotations allowed per object."
            raise AwsError("AnnotationLimitExceeded", text, status=400)
        sums = checksums.checked(request, body, checksums.USUAL)
        made = Annotation(name, body, md5(body), self._cloud.clock.now().replace(microsecond=0), sums)
        replaced(bucket, found, replace(found, annotations={**found.annotations, name: made}))
        return {
            "Key": found.key,
            "AnnotationName": name,
            "ObjectVersionId": shown_id(bucket, found),
            "ETag": made.etag,
            **sums,
            "ChecksumType": checksums.FULL,
            "ServerSideEncryption": found.encryption["ServerSideEncryption"],
        }

    def get_object_annotation(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A text that hangs on a version.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey, NoSuchAnnotation.
        """
        bucket, found = self._found(request, "GET")
        kept = found.annotations.get(request["AnnotationName"])
        if kept is None:
            text = "The specified annotation does not exist on this object."
            raise AwsError("NoSuchAnnotation", text, status=404)
        asked = request.get("ChecksumMode") == "ENABLED"
        return {
            "AnnotationPayload": kept.body,
            "ObjectVersionId": shown_id(bucket, found),
            "LastModified": kept.modified,
            "ContentLength": len(kept.body),
            "ETag": kept.etag,
            **({**kept.checksums, "ChecksumType": checksums.FULL} if asked else {}),
            "ServerSideEncryption": found.encryption["ServerSideEncryption"],
        }

    def list_object_annotations(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The texts that hang on a version, by name.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey, InvalidArgument.
        """
        bucket, found = self._found(request, "GET")
        prefix, limit = request.get("AnnotationPrefix", ""), request.get("MaxAnnotationResults", _MOST)
        if not 1 <= limit <= _MOST:
            raise errors.invalid("max-annotation-results must be between 1 and 1000")
        wanted = [each for name, each in sorted(found.annotations.items()) if name.startswith(prefix)]
        token = request.get("ContinuationToken")
        shown, following = page(wanted, limit, token, lambda each: str(each.name), errors.bad_token)
        return {
            "Annotations": [
                {
                    "AnnotationName": each.name,
                    "LastModified": each.modified,
                    "ETag": each.etag,
                    "ChecksumAlgorithm": [member.removeprefix("Checksum") for member in each.checksums],
                    "Size": len(each.body),
                }
                for each in shown
            ],
            "Bucket": bucket.name,
            "Key": found.key,
            "ObjectVersionId": shown_id(bucket, found),
            "AnnotationPrefix": request.get("AnnotationPrefix"),
            "MaxAnnotationResults": limit,
            "AnnotationCount": len(shown),
            "ContinuationToken": token,
            "NextContinuationToken": following,
        }

    def delete_object_annotation(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Take a text off a version; one that is not there is off already.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey, PreconditionFailed.
        """
        bucket, found = self._found(request, "DELETE")
        kept = {name: each for name, each in found.annotations.items() if name != request["AnnotationName"]}
        replaced(bucket, found, replace(found, annotations=kept))
        return {"ObjectVersionId": shown_id(bucket, found)}

    def _found(self, request: Mapping[str, Any], method: str) -> tuple[Bucket, Version]:
        bucket = find_bucket(self._store, request)
        found = find_to_change(bucket, request, method)
        if "ObjectIfMatch" in request and not conditions.same(request["ObjectIfMatch"], found.etag):
            raise errors.precondition_failed("x-amz-object-if-match")
        return bucket, found


def _check_name(name: str) -> None:
    if len(name.encode()) > _MOST_NAME_BYTES:
        text = "The annotation name exceeds 512 bytes."
        raise AwsError("AnnotationNameTooLong", text, status=400)
    if not name or name.lower().startswith(_RESERVED):
        raise AwsError("InvalidAnnotationName", "The annotation name you provided is invalid.", status=400)


def _check_body(body: bytes) -> None:
    if not body:
        raise errors.invalid_request("The annotation payload must have at least one byte.")
    if len(body) > _MOST_BYTES:
        raise errors.too_large(len(body), _MOST_BYTES)
    try:
        body.decode()
    except UnicodeDecodeError:
        text = "The annotation payload is not valid UTF-8 encoded text."
        raise AwsError("UnsupportedMediaType", text, status=415) from None
