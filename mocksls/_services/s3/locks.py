"""Object lock: buckets' default retention, retention and legal holds of versions.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError

from . import errors
from .buckets import find_bucket
from .store import Bucket, Store, Version
from .versions import find_to_change, replaced

_GOVERNANCE, _COMPLIANCE = "GOVERNANCE", "COMPLIANCE"
_MODES = (_GOVERNANCE, _COMPLIANCE)
_PROTECTED = "Access Denied because object protected by object lock."
_EVENT_HOLDS = ("ObjectLockEventHold", "ObjectLockEventHoldDurationDays", "ObjectLockEventHoldDurationYears")


class Locks:
    """Operations on locks."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_object_lock_configuration(self, request: Mapping[str, Any], call: Call) -> None:
        """Turn object lock on, and say what new versions get.

        Raises:
            AwsError: NoSuchBucket, MalformedXML, InvalidBucketState, InvalidRetentionPeriod.
        """
        bucket = find_bucket(self._store, request)
        if "ObjectLockConfiguration" not in request:
            raise AwsError("MissingRequestBodyError", "Request Body is empty", status=400)
        given = request["ObjectLockConfiguration"]
        if bucket.versioning != "Enabled":
            raise errors.bad_state("Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration")
        if given.get("ObjectLockEnabled") != "Enabled":
            raise errors.malformed_xml()
        lock: dict[str, Any] = {"ObjectLockEnabled": "Enabled"}
        if "Rule" in given:
            lock["Rule"] = {"DefaultRetention": _default(given["Rule"].get("DefaultRetention") or {})}
        bucket.lock = lock

    def get_object_lock_configuration(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """What new versions get.

        Raises:
            AwsError: NoSuchBucket, ObjectLockConfigurationNotFoundError.
        """
        bucket = find_bucket(self._store, request)
        if bucket.lock is None:
            text = "Object Lock configuration does not exist for this bucket"
            raise errors.none_set("ObjectLockConfigurationNotFoundError", text, bucket.name)
        return {"ObjectLockConfiguration": bucket.lock}

    def put_object_retention(self, request: Mapping[str, Any], call: Call) -> None:
        """Lock a version until a time; no mode at all takes the lock away.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey, InvalidRequest, MalformedXML, AccessDenied, InvalidArgument.
        """
        bucket, found = self._locked(request, "PUT")
        given = request.get("Retention") or {}
        mode, until = given.get("Mode"), given.get("RetainUntilDate")
        if mode not in (*_MODES, None) or (mode is None) != (until is None):
            raise errors.malformed_xml()
        now = self._cloud.clock.now()
        if until is not None and until <= now:
            raise errors.invalid("The retain until date must be in the future!")
        _check_change(found, mode, until, now, bypass=bool(request.get("BypassGovernanceRetention")))
        replaced(bucket, found, replace(found, lock_mode=mode, lock_until=until))

    def get_object_retention(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Until when a version is locked.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey, InvalidRequest, NoSuchObjectLockConfiguration.
        """
        _, found = self._locked(request, "GET")
        if found.lock_mode is None:
            raise _none_of()
        return {"Retention": {"Mode": found.lock_mode, "RetainUntilDate": found.lock_until}}

    def put_object_legal_hold(self, request: Mapping[str, Any], call: Call) -> None:
        """Hold a version, or let it go.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey, InvalidRequest, MalformedXML.
        """
        bucket, found = self._locked(request, "PUT")
        status = (request.get("LegalHold") or {}).get("Status")
        if status not in ("ON", "OFF"):
            raise errors.malformed_xml()
        replaced(bucket, found, replace(found, legal_hold=status))

    def get_object_legal_hold(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Whether a version is held.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey, InvalidRequest, NoSuchObjectLockConfiguration.
        """
        _, found = self._locked(request, "GET")
        if found.legal_hold is None:
            raise _none_of()
        return {"LegalHold": {"Status": found.legal_hold}}

    def _locked(self, request: Mapping[str, Any], method: str) -> tuple[Bucket, Version]:
        bucket = find_bucket(self._store, request)
        found = find_to_change(bucket, request, method)
        if bucket.lock is None:
            raise _no_configuration()
        return bucket, found


def _default(given: Mapping[str, Any]) -> dict[str, Any]:
    if given.get("Mode") not in _MODES or ("Days" in given) == ("Years" in given):
        raise errors.malformed_xml()
    for name, most in (("Days", 36500), ("Years", 100)):
        if name in given and given[name] < 1:
            raise errors.invalid("Default retention period must be a positive integer value.")
        if name in given and given[name] > most:
            raise errors.invalid(f"Default retention period too large! Max {name.lower()} supported: {most}")
    return dict(given)


def _none_of() -> AwsError:
    text = "The specified object does not have a ObjectLock configuration"
    return AwsError("NoSuchObjectLockConfiguration", text, status=404)


def _no_configuration() -> AwsError:
    return errors.invalid_request("Bucket is missing Object Lock Configuration")


def _check_change(found: Version, mode: str | None, until: datetime | None, now: datetime, *, bypass: bool) -> None:
    """A lock that still holds may be extended; to loosen one of governance takes the permission to bypass it."""
    if found.lock_until is None or found.lock_until <= now:
        return
    looser = mode is None or until is None or until < found.lock_until
    if found.lock_mode == _COMPLIANCE:
        if looser or mode != _COMPLIANCE:
            raise errors.access_denied(_PROTECTED)
    elif (looser or mode != _GOVERNANCE) and not bypass:
        raise errors.access_denied(_PROTECTED)


def check_delete(found: Version, call: Call, now: datetime, *, bypass: bool) -> None:
    """Refuse to delete a version that is locked or held.

    Raises:
        AwsError: AccessDenied.
    """
    if found.legal_hold == "ON":
        raise errors.access_denied(_PROTECTED)
    locked = found.lock_until is not None and found.lock_until > now
    if locked and (found.lock_mode == _COMPLIANCE or not bypass):
        raise errors.access_denied(_PROTECTED)


def of_write(request: Mapping[str, Any], bucket: Bucket, now: datetime) -> dict[str, Any]:
    """The lock that a new version gets: what the request says, else the bucket's default.

    Raises:
        AwsError: InvalidRequest, InvalidArgument.
    """
    mode, until = request.get("ObjectLockMode"), request.get("ObjectLockRetainUntilDate")
    hold = request.get("ObjectLockLegalHoldStatus")
    if any(name in request for name in _EVENT_HOLDS):
        raise errors.not_here("event holds of object lock")
    if bucket.lock is None:
        if mode or until or hold:
            raise _no_configuration()
        return {}
    if (mode is None) != (until is None):
        raise errors.invalid(
            "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied",
            ArgumentName="x-amz-object-lock-retain-until-date" if until is None else "x-amz-object-lock-mode",
        )
    if mode is not None and mode not in _MODES:
        raise errors.invalid("Unknown wormMode directive.", ArgumentName="x-amz-object-lock-mode", ArgumentValue=mode)
    if hold not in (None, "ON", "OFF"):
        text = "Legal Hold must be either of 'ON' or 'OFF'"
        raise errors.invalid(text, ArgumentName="x-amz-object-lock-legal-hold", ArgumentValue=hold)
    if until is not None and until <= now:
        raise errors.invalid(
            "The retain until date must be in the future!", ArgumentName="x-amz-object-lock-retain-until-date"
        )
    if mode is None and "Rule" in bucket.lock:
        mode, until = _from_default(bucket.lock["Rule"]["DefaultRetention"], now)
    return {"lock_mode": mode, "lock_until": until, "legal_hold": hold}


def _from_default(rule: Mapping[str, Any], now: datetime) -> tuple[str, datetime]:
    if "Days" in rule:
        return rule["Mode"], now + timedelta(days=rule["Days"])
    return rule["Mode"], now + timedelta(days=365 * rule["Years"])


def check_integrity(request: Mapping[str, Any], sums: Mapping[str, str]) -> None:
    """A put with lock parameters must prove that its body arrived whole.

    Raises:
        AwsError: InvalidRequest.
    """
    with_lock = "ObjectLockMode" in request or "ObjectLockLegalHoldStatus" in request
    if with_lock and not sums and "ContentMD5" not in request:
        raise errors.invalid_request(
            "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters"
        )


def shown(found: Version) -> dict[str, Any]:
    """The members about a version's lock that reads show."""
    return {
        "ObjectLockMode": found.lock_mode,
        "ObjectLockRetainUntilDate": found.lock_until,
        "ObjectLockLegalHoldStatus": found.legal_hold,
    }
