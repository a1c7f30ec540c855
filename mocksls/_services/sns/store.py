"""The state of SNS in one account and region."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Subscription:
    """A subscription. ``attributes`` are those that were set, by AWS's names, as text.

    ``token`` confirms it (while ``pending``) or restores it; ``authenticated`` says whether its confirmation was
    signed, so that only its owner may end it.
    """

    arn: str
    topic_arn: str
    protocol: str
    endpoint: str
    owner: str
    principal: str
    pending: bool = False
    authenticated: bool = True
    token: str = ""
    locked: bool = False
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def raw(self) -> bool:
        """Whether messages are delivered as they are."""
        return self.attributes.get("RawMessageDelivery") == "true"


@dataclass(slots=True)
class Published:
    """What was answered to a FIFO message, for those that are the same within five minutes."""

    until: float
    answer: dict[str, Any]


@dataclass(slots=True)
class Topic:
    """A topic. ``attributes`` are those that were set, by AWS's names, as text.

    ``archive`` keeps the messages of a FIFO topic with an archive policy, oldest first, each with the time it was
    published at.
    """

    name: str
    arn: str
    owner: str
    attributes: dict[str, str] = field(default_factory=dict)
    policy: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    deleted_subscriptions: int = 0
    data_protection: str | None = None
    sequence: int = 0
    published: dict[tuple[str, ...], Published] = field(default_factory=dict)
    archive: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    archived_since: float | None = None

    @property
    def fifo(self) -> bool:
        """Whether it is a FIFO topic."""
        return self.attributes.get("FifoTopic") == "true"


@dataclass(slots=True)
class Endpoint:
    """A device of a platform application."""

    arn: str
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Application:
    """A platform application with its devices."""

    arn: str
    platform: str
    attributes: dict[str, str] = field(default_factory=dict)
    endpoints: dict[str, Endpoint] = field(default_factory=dict)


@dataclass(slots=True)
class SandboxNumber:
    """A phone number that a sandboxed account may send to once it is verified by the code that it was sent."""

    number: str
    code: str
    verified: bool = False


@dataclass(slots=True)
class Store:
    """Topics and applications by ARN, all subscriptions by ARN, and the account's settings for SMS.

    ``subscriptions`` also holds those whose topic is gone: AWS goes on showing them.
    """

    topics: dict[str, Topic] = field(default_factory=dict)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    applications: dict[str, Application] = field(default_factory=dict)
    sms_attributes: dict[str, str] = field(default_factory=dict)
    sandbox: dict[str, SandboxNumber] = field(default_factory=dict)
