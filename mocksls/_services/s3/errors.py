"""Errors of S3, with AWS's codes and messages.

https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

from __future__ import annotations

from email.utils import format_datetime

from mocksls._kernel.errors import AwsError

from .store import Version


def _error(code: str, message: str, status: int, **members: str) -> AwsError:
    return AwsError(code, message, status=status, members=members)


def no_bucket(name: str) -> AwsError:
    """There is no such bucket."""
    return _error("NoSuchBucket", "The specified bucket does not exist", 404, BucketName=name)


def no_key(key: str) -> AwsError:
    """There is no such object."""
    return _error("NoSuchKey", "The specified key does not exist.", 404, Key=key)


def no_version(key: str, version_id: str) -> AwsError:
    """There is no such version."""
    return _error("NoSuchVersion", "The specified version does not exist.", 404, Key=key, VersionId=version_id)


def bad_version_id(version_id: str) -> AwsError:
    """That is no id of a version."""
    text = "Invalid version id specified"
    return _error("InvalidArgument", text, 400, ArgumentName="versionId", ArgumentValue=version_id)


def marker_is_newest(key: str, version_id: str) -> AwsError:
    """The newest version is a delete marker."""
    error = no_key(key)
    error.headers = {"x-amz-delete-marker": "true", "x-amz-version-id": version_id}
    return error


def is_marker(method: str, headers: dict[str, str] | None = None) -> AwsError:
    """A delete marker has no content, no tags, no lock."""
    text = "The specified method is not allowed against this resource."
    error = _error("MethodNotAllowed", text, 405, Method=method, ResourceType="DeleteMarker")
    error.headers = headers or {}
    return error


def access_denied(text: str = "Access Denied") -> AwsError:
    """Something forbids it."""
    return _error("AccessDenied", text, 403)


def bad_state(text: str) -> AwsError:
    """What the bucket is set to does not allow it."""
    return _error("InvalidBucketState", text, 409)


def invalid_request(text: str) -> AwsError:
    """The request contradicts itself, or what is there."""
    return _error("InvalidRequest", text, 400)


def object_state(storage_class: str) -> AwsError:
    """The object is archived."""
    text = "The operation is not valid for the object's storage class"
    return _error("InvalidObjectState", text, 403, StorageClass=storage_class)


def not_implemented(header: str, more: str) -> AwsError:
    """S3 itself does not know this use of a header."""
    text = "A header you provided implies functionality that is not implemented"
    return _error("NotImplemented", text, 501, Header=header, additionalMessage=more)


def conflict(condition: str, key: str) -> AwsError:
    """Something else wrote the key meanwhile."""
    text = "The conditional request cannot succeed due to a conflicting operation against this resource."
    return _error("ConditionalRequestConflict", text, 409, Condition=condition, Key=key)


def key_too_long(key: str) -> AwsError:
    """A key has more than 1,024 bytes."""
    size = str(len(key.encode("utf-8", "surrogatepass")))
    return _error("KeyTooLongError", "Your key is too long", 400, Size=size, MaxSizeAllowed="1024")


def bad_uri() -> AwsError:
    """The key is no UTF-8."""
    return _error("InvalidURI", "Couldn't parse the specified URI.", 400)


def metadata_too_large(size: int) -> AwsError:
    """User metadata has more than 2 KB."""
    text = "Your metadata headers exceed the maximum allowed metadata size"
    return _error("MetadataTooLarge", text, 400, Size=str(size), MaxSizeAllowed="2048")


def invalid_tag(text: str, **members: str) -> AwsError:
    """A tag is none that S3 takes."""
    return _error("InvalidTag", text, 400, **members)


def none_set(code: str, text: str, bucket: str) -> AwsError:
    """A bucket has no configuration of that kind."""
    return _error(code, text, 404, BucketName=bucket)


def too_large(size: int, most: int) -> AwsError:
    """A body, or an object that is copied in one go, has more bytes than S3 takes."""
    text = "Your proposed upload exceeds the maximum allowed size"
    return _error("EntityTooLarge", text, 400, ProposedSize=str(size), MaxSizeAllowed=str(most))


def bad_part_number(number: int, count: int) -> AwsError:
    """The object has no such part."""
    text = "The requested partnumber is not satisfiable"
    return _error("InvalidPartNumber", text, 416, PartNumberRequested=str(number), ActualPartCount=str(count))


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


def bucket_not_empty(name: str, versioned: bool) -> AwsError:
    """A bucket that is to be deleted holds objects."""
    text = "The bucket you tried to delete is not empty"
    if versioned:
        text += ". You must delete all versions in the bucket."
    return _error("BucketNotEmpty", text, 409, BucketName=name)


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


def not_modified(current: Version) -> AwsError:
    """The object is what the caller has already."""
    error = _error("304", "Not Modified", 304)
    error.headers = {"etag": current.etag, "last-modified": format_datetime(current.modified, usegmt=True)}
    return error


def bad_range(asked: str, size: int) -> AwsError:
    """The range lies outside of the object."""
    text = "The requested range is not satisfiable"
    return _error("InvalidRange", text, 416, RangeRequested=asked, ActualObjectSize=str(size))


def bad_digest(algorithm: str) -> AwsError:
    """A checksum differs from that of the body."""
    return _error("BadDigest", f"The {algorithm} you specified did not match the calculated checksum.", 400)


def bad_md5(stated: str, computed: str) -> AwsError:
    """Content-MD5 differs from that of the body."""
    text = "The Content-MD5 you specified did not match what we received."
    return _error("BadDigest", text, 400, ExpectedDigest=stated, CalculatedDigest=computed)


def invalid_digest(stated: str) -> AwsError:
    """Content-MD5 is no MD5."""
    text = "The Content-MD5 you specified was invalid."
    return _error("InvalidDigest", text, 400, **{"Content-MD5": stated})


def not_here(what: str) -> AwsError:
    """Something that S3 knows and this library does not."""
    text = f"{what} are not implemented by mocksls (see docs/differences-from-aws.md)"
    return AwsError("NotImplemented", text, status=501, sender=False)


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


def part_order(upload_id: str) -> AwsError:
    """The parts are not in ascending order."""
    text = "The list of parts was not in ascending order. Parts must be ordered by part number."
    return _error("InvalidPartOrder", text, 400, UploadId=upload_id)


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


def bad_token() -> AwsError:
    """A continuation token is none of ours."""
    return invalid("The continuation token provided is incorrect", ArgumentName="continuation-token")
