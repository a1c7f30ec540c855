"""The state of Application Auto Scaling in one account and region. Times are epoch seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

TargetKey = tuple[str, str, str]
"""Service namespace, resource id, scalable dimension."""


@dataclass(slots=True)
class ScalableTarget:
    """Something whose capacity is scaled between two bounds."""

    key: TargetKey
    arn: str
    least: int
    most: int
    role_arn: str
    created: float
    suspended: dict[str, bool] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Policy:
    """A target tracking policy; ``alarms`` are the names of its two alarms, that for scaling out first.

    ``scaled_out`` and ``scaled_in`` are when it acted last, for the cooldowns.
    """

    name: str
    arn: str
    key: TargetKey
    created: float
    tracking: dict[str, Any]
    alarms: tuple[str, str]
    scaled_out: float | None = None
    scaled_in: float | None = None


@dataclass(slots=True)
class ScheduledAction:
    """A change of the bounds at certain times; ``planned`` is the number of the next one on the clock."""

    name: str
    arn: str
    key: TargetKey
    created: float
    settings: dict[str, Any]
    began: float = 0.0
    planned: int | None = None


@dataclass(slots=True)
class Store:
    """Targets by key, policies and scheduled actions by key and name, activities the newest last."""

    targets: dict[TargetKey, ScalableTarget] = field(default_factory=dict)
    policies: dict[tuple[TargetKey, str], Policy] = field(default_factory=dict)
    actions: dict[tuple[TargetKey, str], ScheduledAction] = field(default_factory=dict)
    activities: list[dict[str, Any]] = field(default_factory=list)
