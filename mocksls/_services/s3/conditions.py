"""Conditions of requests on what an object is at the moment.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from . import errors
from .store import Version


def check_write(request: Mapping[str, Any], current: Version | None) -> None:
    """Hold a write against If-None-Match and If-Match; ``current`` is what a read would find.

    Raises:
        AwsError: PreconditionFailed, NoSuchKey, NotImplemented.
    """
    has_none, has_match = "IfNoneMatch" in request, "IfMatch" in request
    if not has_none and not has_match:
        return
    if has_none and has_match:
        raise errors.not_implemented(
            "If-Match,If-None-Match", "Multiple conditional request headers present in the request"
        )
    name = "If-None-Match" if has_none else "If-Match"
    if (has_none and request["IfNoneMatch"] != "*") or (has_match and request["IfMatch"] == "*"):
        raise errors.not_implemented(name, f"We don't accept the provided value of {name} header for this API")
    if has_none:
        if current is not None:
            raise errors.precondition_failed(name)
    elif current is None:
        raise errors.no_key(request["Key"])
    elif not same(request["IfMatch"], current.etag):
        raise errors.precondition_failed(name)


def check_read(request: Mapping[str, Any], current: Version) -> None:
    """Hold a read against its conditions: a true If-Match beats If-Unmodified-Since, and likewise for the others.

    Raises:
        AwsError: PreconditionFailed, 304.
    """
    if "IfMatch" in request:
        if not same(request["IfMatch"], current.etag):
            raise errors.precondition_failed("If-Match")
    elif "IfUnmodifiedSince" in request and current.modified > request["IfUnmodifiedSince"]:
        raise errors.precondition_failed("If-Unmodified-Since")
    if "IfNoneMatch" in request:
        if same(request["IfNoneMatch"], current.etag):
            raise errors.not_modified(current)
    elif "IfModifiedSince" in request and current.modified <= request["IfModifiedSince"]:
        raise errors.not_modified(current)


def check_copy(request: Mapping[str, Any], source: Version, now: datetime) -> None:
    """Hold a copy against its conditions on the source; a date in the future is none.

    Raises:
        AwsError: PreconditionFailed.
    """

    def of(name: str) -> Any:
        return request.get(f"CopySource{name}")

    match, unless = of("IfMatch"), of("IfNoneMatch")
    if match is not None and not same(match, source.etag):
        raise errors.precondition_failed("x-amz-copy-source-If-Match")
    before = of("IfUnmodifiedSince")
    if match is None and before is not None and source.modified > before:
        raise errors.precondition_failed("x-amz-copy-source-If-Unmodified-Since")
    if unless is not None and same(unless, source.etag):
        raise errors.precondition_failed("x-amz-copy-source-If-None-Match")
    after = of("IfModifiedSince")
    if unless is None and after is not None and after <= now and source.modified <= after:
        raise errors.precondition_failed("x-amz-copy-source-If-Modified-Since")


def same(asked: str, etag: str) -> bool:
    """Whether a condition names an ETag, with its quotes or without."""
    wanted = [part.strip().removeprefix("W/").strip('"') for part in asked.split(",")]
    return "*" in wanted or etag.strip('"') in wanted
