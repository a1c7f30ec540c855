"""Port: who may call: access keys, sessions, and the identities behind them with their policies.

Written by IAM, STS and Cognito (and by the handle for keys of the test); read by the judges and by services that must
know whether a role exists.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .call import Principal
from .principal_elements import role_arn


@dataclass(slots=True, eq=False)
class Credential:
    """An access key: whose it is, its secret, and for temporary ones the token and when it ends (epoch seconds).

    ``last_used`` is the time, service and region of the last call that a user made with it.
    """

    access_key_id: str
    secret_access_key: str
    principal: Principal
    session_token: str | None = None
    expires: float | None = None
    active: bool = True
    last_used: tuple[float, str, str] | None = None


@dataclass(slots=True, eq=False)
class Identity:
    """A user or role as the judges see it: its policies (groups' too) by name, as JSON texts."""

    kind: Literal["user", "role"]
    arn: str
    unique_id: str
    policies: dict[str, str] = field(default_factory=dict)
    trust_policy: str | None = None
    boundary: str | None = None
    administrator: bool = False
    max_session_s: int = 3600
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Identities:
    """All keys and identities of a cloud; ``managed`` holds the documents of managed policies by ARN."""

    credentials: dict[str, Credential] = field(default_factory=dict)
    identities: dict[str, Identity] = field(default_factory=dict)
    managed: dict[str, str] = field(default_factory=dict)

    def role(self, arn: str) -> Identity | None:
        """The role of that ARN, if there is one."""
        found = self.identities.get(arn)
        return found if found is not None and found.kind == "role" else None

    def behind(self, principal: Principal) -> Identity | None:
        """The user or role whose policies a caller has; ``None`` for callers without any."""
        if principal.kind == "user":
            return self.identities.get(principal.arn)
        if principal.kind == "federated-user" and principal.session is not None:
            return self.identities.get(principal.session.issuer_arn)
        arn = role_arn(principal)
        if arn is None:
            return None
        return self.identities.get(arn) or self._with_path(arn)

    def _with_path(self, arn: str) -> Identity | None:
        """A role by its ARN without path, as sessions tell it that do not know more."""
        head, _, name = arn.partition(":role/")
        for known, identity in self.identities.items():
            if known.startswith(f"{head}:role/") and known.endswith(f"/{name}"):
                return identity
        return None
