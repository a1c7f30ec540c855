"""What the request of a write says of the object it makes: for puts, uploads, copies and forms alike."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError

from . import checksums, encryption, errors, grants, locks, tag_rules
from .lifecycle_rules import expiration, wake
from .names import check_key
from .store import Bucket, Content, Store, Version
from .versions import new_id, next_sequencer, write, written_id

DESCRIBING = ("CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType", "Expires")
_ATTRIBUTES = (*DESCRIBING, "StorageClass", "WebsiteRedirectLocation")
CLASSES = (
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER",
    "DEEP_ARCHIVE",
    "GLACIER_IR",
)
USUAL_TYPE = "binary/octet-stream"
_USUAL = {"ContentType": USUAL_TYPE}  # what most versions say of themselves is held once: it is never changed
_NO_METADATA: dict[str, str] = {}
_MOST_METADATA_BYTES = 2048
MOST_BYTES = 5 * 1024**3


def described(request: Mapping[str, Any], bucket: Bucket, call: Call, cloud: Cloud) -> dict[str, Any]:
    """The fields of a version that the request of a write gives; all is checked, nothing is changed.

    Raises:
        AwsError: KeyTooLongError, InvalidStorageClass, MetadataTooLarge, InvalidArgument, InvalidTag, InvalidRequest,
            AccessControlListNotSupported, AccessDenied ...
    """
    check_key(request["Key"])
    owner, acl = grants.of_write(request, bucket, call.principal.account_id)
    return {
        "owner": owner,
        "acl": acl,
        "attributes": attributes_of(request),
        "metadata": metadata_of(request),
        "encryption": encryption.of_write(request, bucket, call, lenient=cloud.options.compat == "moto"),
        "tags": tag_rules.of_header(request.get("Tagging")),
        **locks.of_write(request, bucket, cloud.clock.now()),
    }


def attributes_of(request: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a write that later answers echo.

    Raises:
        AwsError: InvalidStorageClass, InvalidArgument.
    """
    given = {name: request[name] for name in _ATTRIBUTES if name in request}
    if not given:
        return _USUAL
    if "StorageClass" in given:
        check_class(given["StorageClass"])
        if given["StorageClass"] == "STANDARD":
            del given["StorageClass"]
    if "ContentEncoding" in given:
        kept = [part.strip() for part in given["ContentEncoding"].split(",") if part.strip() != "aws-chunked"]
        given["ContentEncoding"] = ",".join(kept) or None
    location = given.get("WebsiteRedirectLocation")
    if location is not None and not location.startswith(("/", "http://", "https://")):
        text = "The website redirect location must have a prefix of 'http://' or 'https://' or '/'."
        raise AwsError("InvalidRedirectLocation", text, status=400)
    return {"ContentType": USUAL_TYPE, **{name: value for name, value in given.items() if value is not None}}


def check_class(name: str) -> None:
    """Hold a storage class against those there are.

    Raises:
        AwsError: InvalidStorageClass.
    """
    if name not in CLASSES:
        text = "The storage class you specified is not valid"
        raise AwsError("InvalidStorageClass", text, status=400, members={"StorageClassRequested": name})


def metadata_of(request: Mapping[str, Any]) -> dict[str, str]:
    """User metadata, as headers carry it.

    Raises:
        AwsError: MetadataTooLarge.
    """
    given = request.get("Metadata")
    if not given:
        return _NO_METADATA
    metadata = {name.lower(): value for name, value in given.items()}
    size = sum(len(name.encode()) + len(value.encode()) for name, value in metadata.items())
    if size > _MOST_METADATA_BYTES:
        raise errors.metadata_too_large(size)
    return metadata


def put_version(
    store: Store, cloud: Cloud, bucket: Bucket, key: str, content: Content, etag: str, fields: Mapping[str, Any]
) -> Version:
    """Write a version."""
    made = Version(
        key=key,
        version_id=new_id(store, bucket, cloud),
        modified=cloud.clock.now().replace(microsecond=0),
        sequencer=next_sequencer(store),
        content=content,
        etag=etag,
        **fields,
    )
    write(bucket, made)
    touch(store, bucket, key)
    wake(cloud, bucket)
    return made


def touch(store: Store, bucket: Bucket, key: str) -> None:
    """Remember that a key changed, while uploads are under way that may be conditional on it."""
    if bucket.uploads:
        bucket.written[key] = store.writes
    elif bucket.written:
        bucket.written.clear()


def md5(body: bytes) -> str:
    """The ETag of a body."""
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'


def told(bucket: Bucket, made: Version) -> dict[str, Any]:
    """What the answer to a write says of the version that was made."""
    sums = checksums.shown(made, in_passing=True)
    answer = {"ETag": made.etag, **sums, **encryption.shown(made.encryption)}
    if "SSEKMSEncryptionContext" in made.encryption:
        answer["SSEKMSEncryptionContext"] = made.encryption["SSEKMSEncryptionContext"]
    answer["VersionId"] = written_id(made)
    if bucket.lifecycle:
        answer["Expiration"] = expiration(bucket, made)
    return answer


def sums_of(request: Mapping[str, Any], body: bytes) -> dict[str, str]:
    """The checksums of a body that was put; its size is checked, too.

    Raises:
        AwsError: EntityTooLarge, and those of ``checksums.checked``.
    """
    if len(body) > MOST_BYTES:
        raise errors.too_large(len(body), MOST_BYTES)
    return checksums.checked(request, body)
