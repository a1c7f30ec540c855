"""Conditions of requests on what an object is at the moment.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.errors import AwsError

from . import errors
from .store import StoredObject


def check_write(request: Mapping[str, Any], current: StoredObject | None) -> None:
    """Hold a write against If-None-Match and If-Match.

    Raises:
        AwsError: PreconditionFailed, NoSuchKey, NotImplemented.
    """
    if "IfNoneMatch" in request:
        if request["IfNoneMatch"] != "*":
            text = "A header you provided implies functionality that is not implemented"
            raise AwsError("NotImplemented", text, status=501, members={"Header": "If-None-Match"})
        if current is not None:
            raise errors.precondition_failed("If-None-Match")
    if "IfMatch" in request:
        if current is None:
            raise errors.no_key(request["Key"])
        if not _same(request["IfMatch"], current.etag):
            raise errors.precondition_failed("If-Match")


def check_read(request: Mapping[str, Any], current: StoredObject) -> None:
    """Hold a read against its conditions: a true If-Match beats If-Unmodified-Since, and likewise for the others.

    Raises:
        AwsError: PreconditionFailed, 304.
    """
    if "IfMatch" in request:
        if not _same(request["IfMatch"], current.etag):
            raise errors.precondition_failed("If-Match")
    elif "IfUnmodifiedSince" in request and current.modified > request["IfUnmodifiedSince"]:
        raise errors.precondition_failed("If-Unmodified-Since")
    if "IfNoneMatch" in request:
        if _same(request["IfNoneMatch"], current.etag):
            raise errors.not_modified()
    elif "IfModifiedSince" in request and current.modified <= request["IfModifiedSince"]:
        raise errors.not_modified()


def check_copy(request: Mapping[str, Any], source: StoredObject) -> None:
    """Hold a copy against its conditions on the source.

    Raises:
        AwsError: PreconditionFailed.
    """
    names = ("IfMatch", "IfNoneMatch", "IfModifiedSince", "IfUnmodifiedSince")
    asked = {name: request[f"CopySource{name}"] for name in names if f"CopySource{name}" in request}
    try:
        check_read(asked, source)
    except AwsError as error:
        raise errors.precondition_failed("x-amz-copy-source") from error


def _same(asked: str, etag: str) -> bool:
    wanted = [part.strip().strip('"') for part in asked.split(",")]
    return "*" in wanted or etag.strip('"') in wanted
