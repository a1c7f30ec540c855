"""The state of IAM in one account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.identities import Identity


@dataclass(slots=True)
class Entity:
    """A user or a role: ``inline`` policies by name, ``attached`` managed ones by ARN."""

    kind: Literal["user", "role"]
    name: str
    arn: str
    unique_id: str
    path: str
    created: datetime
    trust_policy: str | None = None
    description: str | None = None
    max_session_s: int = 3600
    boundary_arn: str | None = None
    inline: dict[str, str] = field(default_factory=dict)
    attached: list[str] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ManagedPolicy:
    """A managed policy; its only version is ``v1``."""

    name: str
    arn: str
    policy_id: str
    path: str
    document: str
    created: datetime
    description: str | None = None


@dataclass(slots=True)
class AccessKey:
    """An access key; its secret lies in the port of identities."""

    key_id: str
    user: str
    created: datetime
    active: bool = True


@dataclass(slots=True)
class Store:
    """Users, roles and policies of an account."""

    users: dict[str, Entity] = field(default_factory=dict)
    roles: dict[str, Entity] = field(default_factory=dict)
    policies: dict[str, ManagedPolicy] = field(default_factory=dict)
    keys: dict[str, AccessKey] = field(default_factory=dict)

    def entity(self, kind: str, name: str) -> Entity | None:
        """The user or role of that name."""
        return {"role": self.roles, "user": self.users}.get(kind, {}).get(name)

    def publish(self, entity: Entity, cloud: Cloud) -> None:
        """Show an entity, as it is now, to the judges."""
        known = cloud.identities.identities.get(entity.arn)
        documents = dict(entity.inline)
        documents |= {arn: self.policies[arn].document for arn in entity.attached if arn in self.policies}
        boundary = self.policies.get(entity.boundary_arn or "")
        cloud.identities.identities[entity.arn] = Identity(
            entity.kind,
            entity.arn,
            entity.unique_id,
            documents,
            entity.trust_policy,
            boundary.document if boundary else None,
            administrator=known.administrator if known else False,
            max_session_s=entity.max_session_s,
            tags=entity.tags,
        )


def is_taken(name: str, names: Iterable[str]) -> bool:
    """Whether a name exists already; IAM's names differ in more than their case."""
    return name.lower() in {each.lower() for each in names}
