"""Errors of S3, with AWS's codes and messages.

https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

from __future__ import annotations

from mocksls._kernel.errors import AwsError


def _error(code: str, message: str, status: int, **members: str) -> AwsError:
    return AwsError(code, message, status=status, members=members)


def no_bucket(name: str) -> AwsError:
    """There is no such bucket."""
    return _error("NoSuchBucket", "The specified bucket does not exist", 404, BucketName=name)


def no_key(key: str) -> AwsError:
    """There is no such object."""
    return _error("NoSuchKey", "The specified key does not exist.", 404, Key=key)


def head_missing() -> AwsError:
    """HEAD of what is not there: no body, so no other code than the status."""
    return _error("404", "Not Found", 404)


def bucket_exists() -> AwsError:
    """Somebody else has that bucket."""
    text = (
        "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "
        "Please select a different name and try again."
    )
    return _error("BucketAlreadyExists", text, 409)


def bucket_is_yours(name: str) -> AwsError:
    """The caller has that bucket already."""
    text = "Your previous request to create the named bucket succeeded and you already own it."
    return _error("BucketAlreadyOwnedByYou", text, 409, BucketName=name)


def bucket_not_empty(name: str) -> AwsError:
    """A bucket that is to be deleted holds objects."""
    return _error("BucketNotEmpty", "The bucket you tried to delete is not empty", 409, BucketName=name)


def malformed_policy(problem: str) -> AwsError:
    """A bucket policy is none that S3 takes."""
    return _error("MalformedPolicy", problem, 400)


def no_bucket_policy(name: str) -> AwsError:
    """The bucket has no policy."""
    return _error("NoSuchBucketPolicy", "The bucket policy does not exist", 404, BucketName=name)


def bad_bucket_name(name: str) -> AwsError:
    """The name breaks the rules."""
    return _error("InvalidBucketName", "The specified bucket is not valid.", 400, BucketName=name)


def bad_location(location: str) -> AwsError:
    """The location constraint does not fit the endpoint."""
    text = (
        f"The {location} location constraint is incompatible for the region specific endpoint this request was sent to."
    )
    return _error("IllegalLocationConstraintException", text, 400)


def precondition_failed(condition: str) -> AwsError:
    """A condition of the request does not hold."""
    text = "At least one of the pre-conditions you specified did not hold"
    return _error("PreconditionFailed", text, 412, Condition=condition)


def not_modified() -> AwsError:
    """The object is what the caller has already."""
    return _error("304", "Not Modified", 304)


def bad_range(asked: str, size: int) -> AwsError:
    """The range lies outside of the object."""
    text = "The requested range is not satisfiable"
    return _error("InvalidRange", text, 416, RangeRequested=asked, ActualObjectSize=str(size))


def bad_digest(name: str) -> AwsError:
    """A checksum differs from that of the body."""
    if name == "Content-MD5":
        return _error("BadDigest", "The Content-MD5 you specified did not match what we received.", 400)
    return _error("BadDigest", f"The {name} you specified did not match the calculated checksum.", 400)


def invalid_digest() -> AwsError:
    """Content-MD5 is no MD5."""
    return _error("InvalidDigest", "The Content-MD5 you specified was invalid.", 400)


def no_upload(upload_id: str) -> AwsError:
    """There is no such multipart upload."""
    text = (
        "The specified upload does not exist. The upload ID may be invalid, "
        "or the upload may have been aborted or completed."
    )
    return _error("NoSuchUpload", text, 404, UploadId=upload_id)


def invalid_part(number: int, etag: str, upload_id: str) -> AwsError:
    """A part that is to be assembled is not there, or another one."""
    text = (
        "One or more of the specified parts could not be found.  The part may not have been uploaded, "
        "or the specified entity tag may not match the part's entity tag."
    )
    return _error("InvalidPart", text, 400, ETag=etag, PartNumber=str(number), UploadId=upload_id)


def part_order() -> AwsError:
    """The parts are not in ascending order."""
    text = "The list of parts was not in ascending order. Parts must be ordered by part number."
    return _error("InvalidPartOrder", text, 400)


def part_too_small(number: int, size: int, etag: str) -> AwsError:
    """A part that is not the last has less than 5 MiB."""
    return _error(
        "EntityTooSmall",
        "Your proposed upload is smaller than the minimum allowed size",
        400,
        ETag=etag,
        MinSizeAllowed="5242880",
        PartNumber=str(number),
        ProposedSize=str(size),
    )


def malformed_xml() -> AwsError:
    """The request's document is not what it should be."""
    text = "The XML you provided was not well-formed or did not validate against our published schema"
    return _error("MalformedXML", text, 400)


def invalid(message: str, **members: str) -> AwsError:
    """An argument is out of order."""
    return _error("InvalidArgument", message, 400, **members)


def copy_to_itself() -> AwsError:
    """A copy that would change nothing."""
    text = (
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's "
        "metadata, storage class, website redirect location or encryption attributes."
    )
    return _error("InvalidRequest", text, 400)


def no_tags(name: str) -> AwsError:
    """The bucket has no tags."""
    return _error("NoSuchTagSet", "The TagSet does not exist", 404, BucketName=name)
