"""What S3 takes as tags.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from mocksls._kernel.errors import AwsError

from . import errors

_NO_TAGS: dict[str, str] = {}  # held once by all versions, never changed
_TEXT = re.compile(r"^[\w\s_.:/=+\-@]*$")
_FORM = (
    "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name "
    "duplicates."
)
BUCKET, OBJECT, NEW = "bucket", "object", "new bucket"
_MOST = {BUCKET: 50, OBJECT: 10, NEW: 50}
_RESERVED = {
    BUCKET: "System tags cannot be added/updated by requester",
    OBJECT: "Your TagKey cannot be prefixed with aws:",
    NEW: 'User-defined tag keys can\'t start with "aws:". This prefix is reserved for system tags. Remove "aws:" '
    "from your tag keys and try again.",
}


def checked(tags: Iterable[Mapping[str, Any]], of: str) -> dict[str, str]:
    """Tags in AWS's list form, as a mapping.

    ``of`` is what they are for: ``BUCKET``, ``OBJECT`` or ``NEW`` (buckets as they are made).

    Raises:
        AwsError: InvalidTag, MalformedXML, BadRequest.
    """
    found: dict[str, str] = {}
    for tag in tags:
        key, value = tag.get("Key"), tag.get("Value")
        if key is None or value is None:
            raise errors.malformed_xml()
        if key in found:
            if of == NEW:
                text = "We encountered an internal error. Please try again."
                raise AwsError("InternalError", text, status=500, sender=False)
            raise errors.invalid_tag("Cannot provide multiple Tags with the same key", TagKey=key)
        _check(key, value, of)
        found[key] = value
    if len(found) > _MOST[of]:
        if of == OBJECT:
            raise AwsError("BadRequest", "Object tags cannot be greater than 10", status=400)
        raise AwsError("BadRequest", f"Bucket tag count cannot be greater than {_MOST[of]}", status=400)
    return found


def _check(key: str, value: str, of: str) -> None:
    if key.startswith("aws:"):
        raise errors.invalid_tag(_RESERVED[of], **({} if of == NEW else {"TagKey": key}))
    if not key or len(key) > 128 or not _TEXT.match(key):
        raise errors.invalid_tag("The TagKey you have provided is invalid", TagKey=key)
    if len(value) > 256 or not _TEXT.match(value):
        raise errors.invalid_tag("The TagValue you have provided is invalid", TagKey=key, TagValue=value)


def of_header(text: str | None) -> dict[str, str]:
    """The tags of the header ``x-amz-tagging``.

    Raises:
        AwsError: InvalidArgument, InvalidTag, BadRequest.
    """
    if not text:
        return _NO_TAGS
    pairs = parse_qsl(text, keep_blank_values=True)
    if len(dict(pairs)) != len(pairs) or not pairs:
        raise _bad_header(text)
    try:
        return checked([{"Key": key, "Value": value} for key, value in pairs], OBJECT)
    except AwsError as error:
        if error.code == "InvalidTag" and "," in text:
            raise _bad_header(text) from None
        raise


def _bad_header(text: str) -> AwsError:
    return errors.invalid(_FORM, ArgumentName="x-amz-tagging", ArgumentValue=text)
