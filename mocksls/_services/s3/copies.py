"""Objects copied in one go.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError

from . import checksums, conditions, encryption, errors, events, replication
from .buckets import find_bucket
from .reads import is_archived
from .store import Bucket, Store, Version
from .versions import find, shown_id, source_of
from .writing import DESCRIBING, MOST_BYTES, described, put_version, told

_CHANGES = ("StorageClass", "ServerSideEncryption", "WebsiteRedirectLocation", "SSECustomerAlgorithm", "SSEKMSKeyId")


class Copies:
    """The operation that copies objects."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def copy_object(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Copy an object, with its metadata and tags or with new ones.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey, NoSuchVersion, PreconditionFailed, InvalidRequest, InvalidArgument,
                ObjectNotInActiveTierError, and those of writes.
        """
        bucket = find_bucket(self._store, request)
        source_bucket, source = find_source(self._store, self._cloud, request, call)
        if source.size > MOST_BYTES:
            raise errors.invalid_request(
                "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120"
            )
        replaces = _directive(request, "MetadataDirective", "metadata")
        retags = _directive(request, "TaggingDirective", "tagging")
        to_itself = (
            source_bucket is bucket and source.key == request["Key"] and "versionId" not in request["CopySource"]
        )
        changes = replaces or bucket.encryption is not None or any(name in request for name in _CHANGES)
        if to_itself and not changes:
            raise errors.copy_to_itself()
        fields = described(request, bucket, call, self._cloud)
        if not replaces:
            kept = {name: source.attributes[name] for name in DESCRIBING if name in source.attributes}
            own = {name: value for name, value in fields["attributes"].items() if name not in DESCRIBING}
            fields |= {"attributes": {**kept, **own}, "metadata": source.metadata}
        if not retags:
            fields["tags"] = source.tags
        if request.get("AnnotationDirective") != "EXCLUDE":
            fields["annotations"] = source.annotations
        conditions.check_write(request, bucket.newest(request["Key"]))
        fields["checksums"] = _checksums(request, source)
        made = put_version(self._store, self._cloud, bucket, request["Key"], source.content, _etag(source), fields)
        events.emit(self._cloud, bucket, "ObjectCreated:Copy", made, call)
        replication.send(self._cloud, bucket, made, call)
        answer = told(bucket, made)
        sums = {name: answer.pop(name) for name in list(answer) if name.startswith("Checksum")}
        result = {"ETag": answer.pop("ETag"), "LastModified": made.modified, **sums}
        return {"CopyObjectResult": result, "CopySourceVersionId": shown_id(source_bucket, source), **answer}


def _directive(request: Mapping[str, Any], member: str, word: str) -> bool:
    value = request.get(member, "COPY")
    if value not in ("COPY", "REPLACE"):
        raise errors.invalid(f"Unknown {word} directive.", ArgumentName=f"x-amz-{word}-directive", ArgumentValue=value)
    return bool(value == "REPLACE")


def _checksums(request: Mapping[str, Any], source: Version) -> dict[str, str]:
    """A copy has the checksum that is asked for, else one of its source's kind."""
    algorithm = request.get("ChecksumAlgorithm")
    if algorithm is not None:
        checksums.check_algorithm(algorithm)
    elif not source.parts or source.checksum_type == checksums.FULL:
        return source.checksums
    else:
        algorithm = checksums.algorithms_of(source)[0]
    member = f"Checksum{algorithm}"
    if member in source.checksums and source.checksum_type == checksums.FULL:
        return {member: source.checksums[member]}
    return {member: checksums.of_content(algorithm, source.content)}


def _etag(source: Version) -> str:
    """A copy is one piece, whatever its source was put together of."""
    if not source.parts:
        return source.etag
    digest = hashlib.md5(usedforsecurity=False)
    for piece in source.content.pieces:
        digest.update(piece)
    return f'"{digest.hexdigest()}"'


def find_source(store: Store, cloud: Cloud, request: Mapping[str, Any], call: Call) -> tuple[Bucket, Version]:
    """The version that is to be copied; the copy's conditions on it, and its key, are checked.

    Raises:
        AwsError: InvalidArgument, NoSuchBucket, NoSuchKey, NoSuchVersion, InvalidRequest, PreconditionFailed,
            ObjectNotInActiveTierError.
    """
    name, key, version_id = source_of(request["CopySource"])
    bucket = find_bucket(store, request, source=name)
    asked = {"Key": key} if version_id is None else {"Key": key, "VersionId": version_id}
    try:
        found = find(bucket, asked, "PUT")
    except AwsError as error:
        if error.code == "MethodNotAllowed":
            text = "The source of a copy request may not specifically refer to a delete marker by version id."
            raise errors.invalid_request(text) from None
        raise
    encryption.check_read(request, found, call, "CopySource")
    conditions.check_copy(request, found, cloud.clock.now())
    if is_archived(found, cloud):
        text = "The source object of the COPY action is not in the active tier and is only stored in Amazon S3 Glacier."
        raise AwsError("ObjectNotInActiveTierError", text, status=403)
    return bucket, found
