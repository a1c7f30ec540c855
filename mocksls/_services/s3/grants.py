"""Access control lists: canned ones, those of headers and of documents, and what they come to.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from mocksls._kernel.errors import AwsError

from . import errors
from .names import account_of, canonical_id
from .store import Bucket, Grant

Acl = tuple[Grant, ...]

ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
AUTHENTICATED = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery"
_GROUPS = (ALL_USERS, AUTHENTICATED, LOG_DELIVERY)
_EC2 = "6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c"
_PERMISSIONS = ("FULL_CONTROL", "READ", "WRITE", "READ_ACP", "WRITE_ACP")
_HEADERS = {
    "GrantFullControl": "FULL_CONTROL",
    "GrantRead": "READ",
    "GrantReadACP": "READ_ACP",
    "GrantWrite": "WRITE",
    "GrantWriteACP": "WRITE_ACP",
}
_GRANTEE = re.compile(r'\s*(id|uri|emailAddress)\s*=\s*"?([^",]+)"?\s*$', re.IGNORECASE)
_CANNED: dict[str, tuple[tuple[str, str], ...]] = {
    "private": (),
    "public-read": ((ALL_USERS, "READ"),),
    "public-read-write": ((ALL_USERS, "READ"), (ALL_USERS, "WRITE")),
    "authenticated-read": ((AUTHENTICATED, "READ"),),
    "aws-exec-read": ((_EC2, "READ"),),
    "bucket-owner-read": (("bucket owner", "READ"),),
    "bucket-owner-full-control": (("bucket owner", "FULL_CONTROL"),),
    "log-delivery-write": ((LOG_DELIVERY, "WRITE"), (LOG_DELIVERY, "READ_ACP")),
}


def private(owner: str) -> Acl:
    """The list of what its owner (an account) keeps for itself."""
    return (Grant(canonical_id(owner), "FULL_CONTROL"),)


def canned(name: str, owner: str, bucket_owner: str) -> Acl:
    """A canned list, spelled out.

    Raises:
        AwsError: InvalidArgument.
    """
    entries = _CANNED.get(name)
    if entries is None:
        raise errors.invalid("", ArgumentName="x-amz-acl", ArgumentValue=name)
    more = []
    for grantee, permission in entries:
        if grantee != "bucket owner":
            more.append(Grant(grantee, permission))
        elif owner != bucket_owner:
            more.append(Grant(canonical_id(bucket_owner), permission))
    return (*private(owner), *more)


def asked(request: Mapping[str, Any], owner: str, bucket_owner: str) -> Acl | None:
    """The list that a request's headers ask for; ``None``: they ask for none.

    Raises:
        AwsError: InvalidArgument, InvalidRequest, UnresolvableGrantByEmailAddress.
    """
    name = request.get("ACL")
    headers = [(member, permission) for member, permission in _HEADERS.items() if member in request]
    if name is not None and headers:
        raise errors.invalid_request("Specifying both Canned ACLs and Header Grants is not allowed")
    if name is not None:
        return canned(name, owner, bucket_owner)
    if not headers:
        return None
    return tuple(Grant(grantee, permission) for member, permission in headers for grantee in _grantees(request[member]))


def _grantees(text: str) -> Iterable[str]:
    for part in text.split(","):
        found = _GRANTEE.match(part)
        if found is None:
            raise errors.invalid("Argument format not recognized", ArgumentValue=part)
        kind, value = found.group(1).lower(), found.group(2).strip()
        yield _grantee({"id": "CanonicalUser", "uri": "Group", "emailaddress": "AmazonCustomerByEmail"}[kind], value)


def _grantee(kind: str, value: str) -> str:
    if kind == "AmazonCustomerByEmail":
        text = "The e-mail address you provided does not match any account on record."
        raise AwsError("UnresolvableGrantByEmailAddress", text, status=400)
    if kind == "Group":
        if value not in _GROUPS:
            raise errors.invalid("Invalid group uri", ArgumentName="uri", ArgumentValue=value)
        return value
    if account_of(value) is None and not re.fullmatch(r"[0-9a-f]{64}", value):
        raise errors.invalid("Invalid id", ArgumentName="id", ArgumentValue=value)
    return value


def of_document(document: Mapping[str, Any], owner: str, *, lenient: bool = False) -> Acl:
    """The list of a document, whose owner must be the resource's; ``lenient``: or one that nobody knows.

    Raises:
        AwsError: MalformedACLError, AccessDenied, InvalidArgument, UnresolvableGrantByEmailAddress.
    """
    stated = (document.get("Owner") or {}).get("ID")
    if stated is None:
        raise _malformed()
    if stated != canonical_id(owner) and not (lenient and account_of(stated) is None):
        raise errors.access_denied()
    found = []
    for grant in document.get("Grants") or []:
        grantee, permission = grant.get("Grantee"), grant.get("Permission")
        if not grantee or permission not in _PERMISSIONS:
            raise _malformed()
        kind = grantee.get("Type")
        value = grantee.get({"Group": "URI", "AmazonCustomerByEmail": "EmailAddress"}.get(kind, "ID"))
        if value is None:
            raise _malformed()
        found.append(Grant(_grantee(kind, value), permission))
    return tuple(found)


def _malformed() -> AwsError:
    text = "The XML you provided was not well-formed or did not validate against our published schema"
    return AwsError("MalformedACLError", text, status=400)


def is_public(acl: Acl) -> bool:
    """Whether a list lets everybody in."""
    return any(grant.grantee in (ALL_USERS, AUTHENTICATED) for grant in acl)


def check_public(bucket: Bucket, acl: Acl) -> None:
    """Refuse a list that lets everybody in where the bucket blocks such.

    Raises:
        AwsError: AccessDenied.
    """
    if bucket.public_access and bucket.public_access["BlockPublicAcls"] and is_public(acl):
        raise errors.access_denied()


def of_new_bucket(bucket: Bucket, request: Mapping[str, Any]) -> Acl | None:
    """The list of a bucket that is made.

    Raises:
        AwsError: InvalidBucketAclWithObjectOwnership, AccessDenied, and those of ``asked``.
    """
    acl = asked(request, bucket.account_id, bucket.account_id)
    if acl is None:
        return None
    if bucket.ownership == "BucketOwnerEnforced" and acl != private(bucket.account_id):
        text = "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"
        raise AwsError("InvalidBucketAclWithObjectOwnership", text, status=400)
    check_public(bucket, acl)
    return acl


def of_write(request: Mapping[str, Any], bucket: Bucket, writer: str) -> tuple[str, Acl | None]:
    """Who owns a new object (an account), and its list.

    Raises:
        AwsError: AccessControlListNotSupported, AccessDenied, and those of ``asked``.
    """
    if bucket.ownership == "BucketOwnerEnforced":
        if "ACL" in request or any(name in request for name in _HEADERS):
            check_supported(bucket, asked(request, writer, bucket.account_id), request.get("ACL"))
        return bucket.account_id, None
    owner = writer or bucket.account_id
    if bucket.ownership == "BucketOwnerPreferred" and request.get("ACL") == "bucket-owner-full-control":
        owner = bucket.account_id
    acl = asked(request, owner, bucket.account_id)
    if acl is not None:
        check_public(bucket, acl)
    return owner, acl


def check_supported(bucket: Bucket, acl: Acl | None, name: str | None = None) -> None:
    """Refuse a list where the bucket owns all its objects; full control of its owner is allowed.

    Raises:
        AwsError: AccessControlListNotSupported.
    """
    if bucket.ownership != "BucketOwnerEnforced" or acl is None or name == "bucket-owner-full-control":
        return
    if name is not None or acl != private(bucket.account_id):
        raise AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs", status=400)


def shown(acl: Acl) -> list[dict[str, Any]]:
    """A list as answers have it."""
    return [
        {
            "Grantee": {"Type": "Group", "URI": grant.grantee}
            if grant.is_group
            else {"Type": "CanonicalUser", "ID": grant.grantee},
            "Permission": grant.permission,
        }
        for grant in acl
    ]
