"""What S3 takes as lifecycle rules.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import errors
from .lifecycle_rules import ORDER, filter_of

_MOST_RULES = 1000
_ACTIONS = (
    "Expiration",
    "Transitions",
    "NoncurrentVersionExpiration",
    "NoncurrentVersionTransitions",
    "AbortIncompleteMultipartUpload",
)
_LONG_STAYS = ("STANDARD_IA", "ONEZONE_IA")


def checked(
    rules: Iterable[Mapping[str, Any]], new_id: Callable[[], str], *, lenient: bool = False
) -> list[dict[str, Any]]:
    """Rules that may be kept, those without an id with a new one; ``lenient``: also none, without actions, of few days.

    Raises:
        AwsError: MalformedXML, InvalidArgument, InvalidRequest.
    """
    made = [{**rule, "ID": rule.get("ID") or new_id()} for rule in rules]
    if (not made and not lenient) or len(made) > _MOST_RULES:
        raise errors.malformed_xml()
    seen = set()
    for rule in made:
        if len(rule["ID"]) > 255:
            raise errors.invalid("ID length should not exceed allowed limit of 255", ArgumentName="ID")
        if rule["ID"] in seen:
            raise errors.invalid(
                "Rule ID must be unique. Found same ID for more than one rule",
                ArgumentName="ID",
                ArgumentValue=rule["ID"],
            )
        seen.add(rule["ID"])
        _check(rule, lenient)
    return made


def _check(rule: Mapping[str, Any], lenient: bool) -> None:
    if rule.get("Status") not in ("Enabled", "Disabled") or ("Filter" in rule) == ("Prefix" in rule):
        raise errors.malformed_xml()
    _check_filter(rule.get("Filter"))
    if not lenient and not any(rule.get(name) for name in _ACTIONS):
        raise errors.invalid_request("At least one action needs to be specified in a rule")
    has_tags = bool(filter_of(rule).get("Tags"))
    if "Expiration" in rule:
        _check_expiration(rule["Expiration"], has_tags)
    for action in rule.get("Transitions") or ():
        _check_transition(action)
    _check_order(rule)
    _check_noncurrent(rule, 0 if lenient else 30)
    aborting = rule.get("AbortIncompleteMultipartUpload")
    if aborting is not None:
        if has_tags:
            raise errors.invalid_request("AbortIncompleteMultipartUpload cannot be specified with Tags.")
        if aborting.get("DaysAfterInitiation", 0) < 1:
            raise errors.invalid(
                "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer"
            )


def _check_filter(given: Mapping[str, Any] | None) -> None:
    if given is None:
        return
    if len(given) > 1 or ("And" in given and sum(_count(value) for value in given["And"].values()) < 2):
        raise errors.malformed_xml()
    tags = filter_of({"Filter": given}).get("Tags", [])
    names = [tag.get("Key") for tag in tags]
    if len(set(names)) != len(names):
        raise errors.invalid_request("Duplicate Tag Keys are not allowed.")


def _count(value: Any) -> int:
    return len(value) if isinstance(value, list) else 1


def _check_expiration(action: Mapping[str, Any], has_tags: bool) -> None:
    if len([name for name in ("Date", "Days", "ExpiredObjectDeleteMarker") if name in action]) != 1:
        raise errors.malformed_xml()
    if action.get("Days", 1) < 1:
        raise errors.invalid("'Days' for Expiration action must be a positive integer")
    if "ExpiredObjectDeleteMarker" in action and has_tags:
        raise errors.invalid_request("ExpiredObjectDeleteMarker cannot be specified with Tags.")
    _check_date(action)


def _check_date(action: Mapping[str, Any]) -> None:
    date = action.get("Date")
    if date is not None and (date.hour, date.minute, date.second, date.microsecond) != (0, 0, 0, 0):
        raise errors.invalid("'Date' must be at midnight GMT")


def _check_transition(action: Mapping[str, Any]) -> None:
    name = action.get("StorageClass")
    if ("Date" in action) == ("Days" in action) or name not in ORDER or name in ("STANDARD", "REDUCED_REDUNDANCY"):
        raise errors.malformed_xml()
    days = action.get("Days", 30)
    if days < 0:
        raise errors.invalid("'Days' in Transition action must be nonnegative")
    if name in _LONG_STAYS and days < 30:
        raise errors.invalid(
            f"'Days' in Transition action must be greater than or equal to 30 for storageClass '{name}'"
        )
    _check_date(action)


def _check_order(rule: Mapping[str, Any]) -> None:
    """What expires must not move afterwards."""
    ends = (rule.get("Expiration") or {}).get("Days")
    moves = [action["Days"] for action in rule.get("Transitions") or () if "Days" in action]
    if ends is not None and moves and ends <= max(moves):
        prefix = filter_of(rule).get("Prefix", "")
        raise errors.invalid(
            f"'Days' in the Expiration action for filter '(prefix={prefix})' must be greater than 'Days' in the "
            "Transition action"
        )
    names = [action["StorageClass"] for action in rule.get("Transitions") or ()]
    if len(set(names)) != len(names):
        raise errors.invalid_request("'StorageClass' must be different for 'Transition' actions in same 'Rule'")


def _check_noncurrent(rule: Mapping[str, Any], least_days: int) -> None:
    ending = rule.get("NoncurrentVersionExpiration")
    if ending is not None:
        if "NoncurrentDays" not in ending:
            raise errors.malformed_xml()
        if ending["NoncurrentDays"] < 1:
            raise errors.invalid("'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer")
        if not 1 <= ending.get("NewerNoncurrentVersions", 1) <= 100:
            raise errors.invalid("'NewerNoncurrentVersions' must be between 1 and 100")
    for action in rule.get("NoncurrentVersionTransitions") or ():
        if "NoncurrentDays" not in action or action.get("StorageClass") not in ORDER:
            raise errors.malformed_xml()
        if action["StorageClass"] in _LONG_STAYS and action["NoncurrentDays"] < least_days:
            raise errors.invalid(
                "'NoncurrentDays' in NoncurrentVersionTransition action must be greater than or equal to 30 for "
                f"storageClass '{action['StorageClass']}'"
            )
