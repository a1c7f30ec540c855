"""Keys for principals of the test's choosing."""

from __future__ import annotations

import re

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Principal, Session
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.identities import Credential, Identity

from .options import is_account
from .roles import make_role

_SESSION = "mocksls"
_TWELVE_HOURS_S = 43_200
_NAMED = re.compile(r"(?:role|user)/(?:[!-~]+/)?[\w+=,.@-]{1,64}", re.ASCII)


def issue(cloud: Cloud, arn: str | None) -> dict[str, str]:
    """Fresh keys for the identity of an ARN (``None``: the test's own user)."""
    with cloud.lock:
        if arn is None:
            return _enter(cloud, cloud.principals.test_user, temporary=False)
        identity = cloud.identities.identities.get(arn) or _made(cloud, arn)
        parsed = Arn.parse(arn)
        assert parsed is not None
        if identity.kind == "user":
            principal = Principal(
                "user", arn, parsed.account_id, identity.unique_id, administrator=identity.administrator
            )
            return _enter(cloud, principal, temporary=False)
        name = parsed.resource.rsplit("/", 1)[-1]
        principal = Principal(
            "assumed-role",
            f"arn:{parsed.partition}:sts::{parsed.account_id}:assumed-role/{name}/{_SESSION}",
            parsed.account_id,
            f"{identity.unique_id}:{_SESSION}",
            administrator=identity.administrator,
            session=Session(issuer_arn=arn, issued=cloud.clock.time()),
        )
        return _enter(cloud, principal, temporary=True)


def _made(cloud: Cloud, arn: str) -> Identity:
    if not isinstance(arn, str):
        raise TypeError(f"arn must be a str, not {arn!r}")
    parsed = Arn.parse(arn)
    if parsed is None or parsed.service != "iam" or not _NAMED.fullmatch(parsed.resource):
        raise ValueError(f"{arn!r} is no ARN of a role or user")
    if cloud.options.iam != "allow" or not parsed.resource.startswith("role/"):
        raise ValueError(f"{arn!r} does not exist")
    make_role(cloud, parsed.account_id, parsed.resource.removeprefix("role"))
    return cloud.identities.identities[arn]


def _enter(cloud: Cloud, principal: Principal, *, temporary: bool) -> dict[str, str]:
    key = cloud.ids.access_key(principal.account_id, "ASIA" if temporary else "AKIA")
    secret = cloud.ids.secret_key()
    token = cloud.ids.session_token() if temporary else None
    expires = cloud.clock.time() + _TWELVE_HOURS_S if temporary else None
    cloud.identities.credentials[key] = Credential(key, secret, principal, token, expires)
    keys = {"aws_access_key_id": key, "aws_secret_access_key": secret}
    return keys if token is None else {**keys, "aws_session_token": token}


def register(cloud: Cloud, access_key: str, secret_key: str, account_id: str, user: str | None) -> None:
    """Enter a literal key."""
    if not access_key or not secret_key:
        raise ValueError("an access key and its secret must not be empty")
    if not is_account(account_id):
        raise ValueError(f"account_id must be 12 digits, not {account_id!r}")
    if user is None:
        principal = Principal("root", f"arn:aws:iam::{account_id}:root", account_id, account_id, administrator=True)
    else:
        arn = f"arn:aws:iam::{account_id}:user/{user}"
        known = cloud.identities.identities.get(arn)
        principal = Principal(
            "user",
            arn,
            account_id,
            known.unique_id if known else cloud.ids.unique_id("AIDA"),
            administrator=known.administrator if known else cloud.options.iam == "allow",
        )
    cloud.identities.credentials[access_key] = Credential(access_key, secret_key, principal)
