"""Port: who may call: access keys, sessions, and the identities behind them with their policies.

Written by IAM, STS and Cognito (and by the handle for keys of the test); read by the judges and by services that must
know whether a role exists.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .call import Principal


@dataclass(slots=True)
class Credential:
    """An access key: whose it is, its secret, and for temporary ones the token and when it ends (epoch seconds)."""

    access_key_id: str
    secret_access_key: str
    principal: Principal
    session_token: str | None = None
    expires: float | None = None
    session_policies: tuple[str, ...] = ()
    active: bool = True


@dataclass(slots=True)
class Identity:
    """A user or role as the judges see it: its policies by name, as JSON texts."""

    kind: Literal["user", "role"]
    arn: str
    unique_id: str
    policies: dict[str, str] = field(default_factory=dict)
    trust_policy: str | None = None
    boundary: str | None = None
    administrator: bool = False
    max_session_s: int = 3600


@dataclass(slots=True)
class Identities:
    """All keys and identities of a cloud."""

    credentials: dict[str, Credential] = field(default_factory=dict)
    identities: dict[str, Identity] = field(default_factory=dict)

    def role(self, arn: str) -> Identity | None:
        """The role of that ARN, if there is one."""
        found = self.identities.get(arn)
        return found if found is not None and found.kind == "role" else None
