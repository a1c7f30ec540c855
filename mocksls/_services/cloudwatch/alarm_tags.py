"""Tags of alarms in what alarms tell topics, functions and the event bus.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-tags-in-notifications.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import errors
from .store import Alarm


def is_told(request: Mapping[str, Any]) -> bool:
    """Whether an alarm's settings have it tell its tags."""
    return bool(_asked(request).get("Enabled"))


def check(request: Mapping[str, Any]) -> None:
    """Tags are chosen by those to include, or by those to leave out.

    Raises:
        AwsError: ValidationError.
    """
    if {"IncludedTagKeys", "ExcludedTagKeys"} <= set(_asked(request)):
        raise errors.validation("IncludedTagKeys and ExcludedTagKeys are mutually exclusive.")


def told(alarm: Alarm) -> dict[str, str] | None:
    """The tags that an alarm tells; ``None`` if it tells none. AWS's own are never told."""
    asked = _asked(alarm.settings)
    if not asked.get("Enabled"):
        return None
    wanted, unwanted = asked.get("IncludedTagKeys"), asked.get("ExcludedTagKeys", ())
    return {
        key: value
        for key, value in alarm.tags.items()
        if not key.startswith("aws:") and (wanted is None or key in wanted) and key not in unwanted
    }


def _asked(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = settings.get("ActionConfiguration", {}).get("AlarmTagsPropagation", {})
    return found
