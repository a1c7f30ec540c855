"""Errors of S3, with AWS's messages.

https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

from __future__ import annotations

from typing import Any

from mocksls._kernel.errors import AwsError


def _error(code: str, message: str, status: int = 400, **members: Any) -> AwsError:
    return AwsError(code, message, status=status, members=members)


def no_bucket(name: str) -> AwsError:
    """There is no such bucket."""
    return _error("NoSuchBucket", "The specified bucket does not exist", 404, BucketName=name)


def no_key(key: str) -> AwsError:
    """There is no such object."""
    return _error("NoSuchKey", "The specified key does not exist.", 404, Key=key)


def no_upload(upload_id: str) -> AwsError:
    """There is no such multipart upload."""
    text = (
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or "
        "completed."
    )
    return _error("NoSuchUpload", text, 404, UploadId=upload_id)


def no_tags(bucket: str) -> AwsError:
    """The bucket has no tags."""
    return _error("NoSuchTagSet", "The TagSet does not exist", 404, BucketName=bucket)


def bucket_exists(name: str) -> AwsError:
    """The name belongs to another account."""
    text = (
        "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "
        "Please select a different name and try again."
    )
    return _error("BucketAlreadyExists", text, 409, BucketName=name)


def bucket_yours(name: str) -> AwsError:
    """The caller has that bucket already."""
    text = "Your previous request to create the named bucket succeeded and you already own it."
    return _error("BucketAlreadyOwnedByYou", text, 409, BucketName=name)


def bucket_not_empty(name: str) -> AwsError:
    """A bucket that is to be deleted holds objects."""
    return _error("BucketNotEmpty", "The bucket you tried to delete is not empty", 409, BucketName=name)


def bad_bucket_name(name: str) -> AwsError:
    """No bucket can have that name."""
    return _error("InvalidBucketName", "The specified bucket is not valid.", BucketName=name)


def wrong_location(location: str) -> AwsError:
    """The location is not that of the endpoint."""
    text = (
        f"The {location} location constraint is incompatible for the region specific endpoint this request was sent to."
    )
    return _error("IllegalLocationConstraintException", text)


def bad_location(location: str) -> AwsError:
    """There is no such location."""
    text = "The specified location-constraint is not valid"
    return _error("InvalidLocationConstraint", text, LocationConstraint=location)


def access_denied() -> AwsError:
    """The caller may not."""
    return _error("AccessDenied", "Access Denied", 403)


def precondition_failed(condition: str) -> AwsError:
    """A condition of the request does not hold."""
    text = "At least one of the pre-conditions you specified did not hold"
    return _error("PreconditionFailed", text, 412, Condition=condition)


def not_modified(headers: dict[str, str]) -> AwsError:
    """The caller has the object already."""
    return AwsError("304", "Not Modified", status=304, headers=headers)


def invalid_range(wanted: str, size: int) -> AwsError:
    """The range lies outside the object."""
    text = "The requested range is not satisfiable"
    return _error("InvalidRange", text, 416, RangeRequested=wanted, ActualObjectSize=size)


def invalid_part_number(wanted: int, parts: int) -> AwsError:
    """The object has not that many parts."""
    text = "The requested partnumber is not satisfiable"
    return _error("InvalidPartNumber", text, 416, PartNumberRequested=wanted, ActualPartCount=parts)


def invalid(message: str, name: str | None = None, value: Any = None) -> AwsError:
    """An argument is out of order."""
    return _error("InvalidArgument", message, ArgumentName=name, ArgumentValue=value)


def invalid_request(message: str) -> AwsError:
    """The request makes no sense."""
    return _error("InvalidRequest", message)


def malformed_xml() -> AwsError:
    """The body is not as the schema has it."""
    text = "The XML you provided was not well-formed or did not validate against our published schema"
    return _error("MalformedXML", text)


def not_there(header: str) -> AwsError:
    """A header asks for something that is not there."""
    text = "A header you provided implies functionality that is not implemented"
    return _error("NotImplemented", text, 501, Header=header)


def key_too_long(size: int) -> AwsError:
    """Keys have at most 1,024 bytes."""
    return _error("KeyTooLongError", "Your key is too long", Size=size, MaxSizeAllowed=1024)


def metadata_too_large(size: int) -> AwsError:
    """User metadata has at most 2 KiB."""
    text = "Your metadata headers exceed the maximum allowed metadata size"
    return _error("MetadataTooLarge", text, Size=size, MaxSizeAllowed=2048)


def invalid_digest(given: str) -> AwsError:
    """A Content-MD5 that is none."""
    return AwsError(
        "InvalidDigest", "The Content-MD5 you specified was invalid.", status=400, members={"Content-MD5": given}
    )


def bad_md5(given: str, calculated: str) -> AwsError:
    """The body is not what its Content-MD5 says."""
    text = "The Content-MD5 you specified did not match what we received."
    return _error("BadDigest", text, ExpectedDigest=given, CalculatedDigest=calculated)


def bad_checksum(algorithm: str) -> AwsError:
    """The body is not what its checksum says."""
    return _error("BadDigest", f"The {algorithm} you specified did not match the calculated checksum.")


def invalid_tag(message: str, key: str | None = None) -> AwsError:
    """A tag is out of order."""
    return _error("InvalidTag", message, TagKey=key)


def bad_tagging_header() -> AwsError:
    """The tags in a header cannot be read."""
    text = (
        "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name "
        "duplicates."
    )
    return invalid(text, "x-amz-tagging")


def invalid_part(upload_id: str, number: int, etag: str) -> AwsError:
    """A part that is to be put together was not uploaded so."""
    text = (
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified "
        "entity tag may not match the part's entity tag."
    )
    return _error("InvalidPart", text, UploadId=upload_id, PartNumber=number, ETag=etag)


def invalid_part_order(upload_id: str) -> AwsError:
    """The parts are not in order."""
    text = "The list of parts was not in ascending order. Parts must be ordered by part number."
    return _error("InvalidPartOrder", text, UploadId=upload_id)


def part_too_small(size: int, number: int, etag: str) -> AwsError:
    """All parts but the last have at least 5 MiB."""
    text = "Your proposed upload is smaller than the minimum allowed size"
    return _error("EntityTooSmall", text, ProposedSize=size, MinSizeAllowed=5242880, PartNumber=number, ETag=etag)


def bad_destination(target: str, why: str) -> AwsError:
    """Events cannot be sent to where they are to go."""
    text = "Unable to validate the following destination configurations"
    return _error("InvalidArgument", text, ArgumentName1=f"{target}, null", ArgumentValue1=why)


def too_many_tags(limit: int) -> AwsError:
    """There are too many tags."""
    what = "Object" if limit == 10 else "Bucket"
    return _error("BadRequest", f"{what} tags cannot be greater than {limit}")
