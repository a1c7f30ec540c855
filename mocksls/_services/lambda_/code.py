"""Code as it is handed over: ZIP files, objects in S3, images, callables and directories of the test."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.errors import AwsError

from . import errors
from .store import FunctionCode

CODE_HEADER = "x-mocksls-code"
_ZIPPED_BYTES = 52_428_800
_UNZIPPED_BYTES = 262_144_000
_REQUEST_BYTES = 70_167_211


def code_of(given: Mapping[str, Any], call: Call) -> FunctionCode:
    """The code that a request hands over, checked.

    Args:
        given: ``Code`` of CreateFunction, UpdateFunctionCode's request, or a layer's ``Content``.
        call: its ``x-mocksls-code`` header names code of the test in the cloud's registry.

    Raises:
        AwsError: InvalidParameterValueException, RequestEntityTooLargeException.
    """
    registered = call.headers.get(CODE_HEADER)
    if registered is not None:
        return FunctionCode(sha256=_digest(registered.encode()), size=0, registered=registered)
    if given.get("ImageUri"):
        uri = given["ImageUri"]
        return FunctionCode(sha256=hashlib.sha256(uri.encode()).hexdigest(), size=0, image_uri=uri)
    content = given.get("ZipFile")
    if content is not None:
        _check_size(content, call)
    elif given.get("S3Bucket") and given.get("S3Key"):
        content = _from_s3(given, call)
    else:
        raise errors.invalid("Please provide a source for function code.")
    unpacked = _unpacked_size(content, lenient=call.cloud.options.compat == "moto")
    return FunctionCode(sha256=_digest(content), size=len(content), zip_file=content, unpacked=unpacked)


def _check_size(content: bytes, call: Call) -> None:
    if (len(content) + 2) // 3 * 4 > _REQUEST_BYTES:
        raise errors.request_too_large(_REQUEST_BYTES, call.operation)
    if len(content) > _ZIPPED_BYTES:
        raise errors.zipped_too_large()


def _from_s3(given: Mapping[str, Any], call: Call) -> bytes:
    params = {"Bucket": given["S3Bucket"], "Key": given["S3Key"]}
    if given.get("S3ObjectVersion"):
        params["VersionId"] = given["S3ObjectVersion"]
    try:
        body: bytes = call.request("s3", "GetObject", params)["Body"]
    except AwsError as error:
        raise errors.object_missing(error.code, error.message) from None
    return body


def _unpacked_size(content: bytes, *, lenient: bool) -> int:
    """The size unpacked, in bytes; ``lenient`` takes what is no ZIP for an empty one."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        if lenient:
            return 0
        raise errors.bad_zip() from None
    if unpacked >= _UNZIPPED_BYTES:
        raise errors.unzipped_too_large()
    return unpacked


def _digest(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()
