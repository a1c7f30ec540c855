"""The state of IAM in one account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.identities import Identity

Kind = Literal["user", "role", "group"]


@dataclass(slots=True)
class Entity:
    """A user, role or group: ``inline`` policies by name, ``attached`` managed ones by ARN.

    ``members`` are the names of a group's users.
    """

    kind: Kind
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
    members: list[str] = field(default_factory=list)
    login: LoginProfile | None = None
    service_credentials: list[ServiceCredential] = field(default_factory=list)
    ssh_keys: list[SshKey] = field(default_factory=list)


@dataclass(slots=True)
class ServiceCredential:
    """A user name and password for one service."""

    credential_id: str
    service: str
    user_name: str
    password: str
    created: datetime
    active: bool = True


@dataclass(slots=True)
class SshKey:
    """An SSH public key."""

    key_id: str
    body: str
    uploaded: datetime
    active: bool = True


@dataclass(slots=True)
class MfaDevice:
    """An MFA device, with the user who has it."""

    serial: str
    virtual: bool = False
    user: str | None = None
    enabled: datetime | None = None
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class LoginProfile:
    """A user's password."""

    password: str
    created: datetime
    reset_required: bool = False


@dataclass(slots=True)
class PolicyVersion:
    """One version of a managed policy's document."""

    number: int
    document: str
    created: datetime


@dataclass(slots=True)
class ManagedPolicy:
    """A managed policy with its versions, at most five."""

    name: str
    arn: str
    policy_id: str
    path: str
    created: datetime
    versions: list[PolicyVersion]
    default: int = 1
    last_number: int = 1
    description: str | None = None
    updated: datetime | None = None
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def document(self) -> str:
        """The document in force: that of the default version."""
        return next(version.document for version in self.versions if version.number == self.default)


@dataclass(slots=True)
class AccessKey:
    """An access key; its secret lies in the port of identities."""

    key_id: str
    user: str
    created: datetime
    active: bool = True


@dataclass(slots=True)
class InstanceProfile:
    """A container for the one role of an instance."""

    name: str
    arn: str
    unique_id: str
    path: str
    created: datetime
    roles: list[str] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class OpenIdProvider:
    """An OpenID Connect provider that roles may trust."""

    arn: str
    url: str
    client_ids: list[str]
    thumbprints: list[str]
    created: datetime
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class SamlProvider:
    """A SAML provider that roles may trust."""

    arn: str
    name: str
    metadata: str
    created: datetime
    valid_until: datetime
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Store:
    """All that an account has."""

    users: dict[str, Entity] = field(default_factory=dict)
    roles: dict[str, Entity] = field(default_factory=dict)
    groups: dict[str, Entity] = field(default_factory=dict)
    policies: dict[str, ManagedPolicy] = field(default_factory=dict)
    keys: dict[str, AccessKey] = field(default_factory=dict)
    profiles: dict[str, InstanceProfile] = field(default_factory=dict)
    open_id: dict[str, OpenIdProvider] = field(default_factory=dict)
    saml: dict[str, SamlProvider] = field(default_factory=dict)
    devices: dict[str, MfaDevice] = field(default_factory=dict)
    deletions: dict[str, str] = field(default_factory=dict)
    alias: str | None = None
    password_policy: dict[str, Any] | None = None

    def entity(self, kind: str, name: str) -> Entity | None:
        """The user, role or group of that name."""
        return {"role": self.roles, "user": self.users, "group": self.groups}.get(kind, {}).get(name)

    def entities(self) -> list[Entity]:
        """All users, roles and groups."""
        return [*self.users.values(), *self.roles.values(), *self.groups.values()]

    def groups_of(self, user: str) -> list[Entity]:
        """The groups that a user is in, by name."""
        return [group for _, group in sorted(self.groups.items()) if user in group.members]

    def publish(self, entity: Entity, cloud: Cloud) -> None:
        """Show an entity, as it is now, to the judges; of a group its users."""
        if entity.kind == "group":
            for name in entity.members:
                self.publish(self.users[name], cloud)
            return
        known = cloud.identities.identities.get(entity.arn)
        documents = self._documents(entity, "")
        if entity.kind == "user":
            for group in self.groups_of(entity.name):
                documents |= self._documents(group, f"{group.arn} ")
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

    def _documents(self, entity: Entity, prefix: str) -> dict[str, str]:
        documents = {prefix + name: text for name, text in entity.inline.items()}
        documents |= {prefix + arn: self.policies[arn].document for arn in entity.attached if arn in self.policies}
        return documents

    def publish_policy(self, policy: ManagedPolicy, cloud: Cloud) -> None:
        """Show a managed policy's document, and all who have it, to the judges."""
        cloud.identities.managed[policy.arn] = policy.document
        for entity in self.entities():
            if policy.arn in entity.attached or entity.boundary_arn == policy.arn:
                self.publish(entity, cloud)


def is_taken(name: str, names: Iterable[str]) -> bool:
    """Whether a name exists already; IAM's names differ in more than their case."""
    return name.lower() in {each.lower() for each in names}
