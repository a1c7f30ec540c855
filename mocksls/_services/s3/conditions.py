"""Conditional requests.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import errors
from .store import StoredObject


def _has(etag: str, wanted: str) -> bool:
    return any(each.strip() == "*" or each.strip().strip('"') == etag.strip('"') for each in wanted.split(","))


def check_read(request: Mapping[str, Any], stored: StoredObject) -> None:
    """The conditions of a read.

    Raises:
        AwsError: PreconditionFailed; 304.
    """
    if "IfMatch" in request:
        if not _has(stored.etag, request["IfMatch"]):
            raise errors.precondition_failed("If-Match")
    elif "IfUnmodifiedSince" in request and stored.modified > request["IfUnmodifiedSince"]:
        raise errors.precondition_failed("If-Unmodified-Since")
    if "IfNoneMatch" in request:
        unchanged = _has(stored.etag, request["IfNoneMatch"])
    else:
        unchanged = "IfModifiedSince" in request and stored.modified <= request["IfModifiedSince"]
    if unchanged:
        raise errors.not_modified({"etag": stored.etag})


def check_write(request: Mapping[str, Any], key: str, stored: StoredObject | None) -> None:
    """The conditions of a write.

    Raises:
        AwsError: PreconditionFailed, NoSuchKey, NotImplemented.
    """
    if "IfNoneMatch" in request:
        if request["IfNoneMatch"] != "*":
            raise errors.not_there("If-None-Match")
        if stored is not None:
            raise errors.precondition_failed("If-None-Match")
    if "IfMatch" in request:
        if stored is None:
            raise errors.no_key(key)
        if not _has(stored.etag, request["IfMatch"]):
            raise errors.precondition_failed("If-Match")


def check_copy(request: Mapping[str, Any], source: StoredObject) -> None:
    """The conditions of a copy on its source: all fail alike.

    Raises:
        AwsError: PreconditionFailed.
    """
    conditions = {
        name: request[f"CopySource{name}"]
        for name in ("IfMatch", "IfNoneMatch", "IfModifiedSince", "IfUnmodifiedSince")
        if f"CopySource{name}" in request
    }
    try:
        check_read(conditions, source)
    except errors.AwsError as error:
        if error.status != 304:
            raise
        name = "If-None-Match" if "IfNoneMatch" in conditions else "If-Modified-Since"
        raise errors.precondition_failed(f"x-amz-copy-source-{name}") from None
