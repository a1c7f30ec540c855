"""What a mock was asked to do."""

from __future__ import annotations

from typing import Literal, NamedTuple

Iam = Literal["allow", "enforce"]
Delivery = Literal["immediate", "manual", "background"]
Capacity = Literal["unlimited", "enforce"]
Executor = Literal["subprocess", "inline"]
Compat = Literal["aws", "moto"]
Network = Literal["open", "closed"]

CHOICES: dict[str, tuple[str, ...]] = {
    "iam": ("allow", "enforce"),
    "delivery": ("immediate", "manual", "background"),
    "capacity": ("unlimited", "enforce"),
    "executor": ("subprocess", "inline"),
    "compat": ("aws", "moto"),
    "network": ("open", "closed"),
}


class Options(NamedTuple):
    """The options of a cloud, defaults filled in (``mock_serverless`` tells what each means)."""

    region: str | None = None
    account_id: str = "123456789012"
    iam: Iam = "allow"
    delivery: Delivery = "immediate"
    capacity: Capacity = "unlimited"
    executor: Executor = "subprocess"
    compat: Compat = "aws"
    network: Network = "open"
    passthrough: tuple[str, ...] = ()
    seed: int | None = None
