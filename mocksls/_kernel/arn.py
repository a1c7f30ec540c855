"""Amazon Resource Names."""

from __future__ import annotations

from typing import NamedTuple


class Arn(NamedTuple):
    """The parts of ``arn:partition:service:region:account:resource``."""

    partition: str
    service: str
    region: str
    account_id: str
    resource: str

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account_id}:{self.resource}"

    @classmethod
    def parse(cls, text: str) -> Arn | None:
        """Take an ARN apart; ``None`` if it is none."""
        parts = text.split(":", 5)
        if len(parts) != 6 or parts[0] != "arn" or not parts[1] or not parts[2]:
            return None
        return cls(*parts[1:])


_PARTITIONS = (
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("eu-isoe-", "aws-iso-e"),
    ("us-isof-", "aws-iso-f"),
)


def partition_of(region: str) -> str:
    """The partition that a region lies in."""
    return next((partition for prefix, partition in _PARTITIONS if region.startswith(prefix)), "aws")


def make_arn(service: str, region: str, account_id: str, resource: str) -> str:
    """The ARN of a resource of a regional service."""
    return f"arn:{partition_of(region)}:{service}:{region}:{account_id}:{resource}"
