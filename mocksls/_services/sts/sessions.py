"""Sessions: who calls, and keys for a while."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call, Principal, Session
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.identities import Credential, Identity
from mocksls._kernel.ids import account_of_access_key

from . import errors
from .store import Store
from .terms import Terms, check_duration, terms_of

_NOTHING = '{"Version":"2012-10-17","Statement":[]}'


class Sessions:
    """Operations of STS on keys that are issued to known callers."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def get_caller_identity(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Who makes this call."""
        principal = call.principal
        return {"UserId": principal.user_id, "Account": principal.account_id, "Arn": principal.arn}

    def assume_role(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Keys of a role. A role that does not exist may be assumed while nothing is enforced.

        Whether the role trusts the caller, and the caller may, is judged before.

        Raises:
            AwsError: ValidationError, AccessDenied, MalformedPolicyDocument, InvalidParameterValue.
        """
        parsed, role = role_of(self._cloud, request)
        terms = terms_of(request, self._cloud, call.principal)
        duration_s = request.get("DurationSeconds", 3600)
        check_duration(duration_s, role, call.principal)
        assumed, credentials = issue_role(self._cloud, parsed, role, request["RoleSessionName"], duration_s, terms)
        return {
            "Credentials": credentials,
            "AssumedRoleUser": {"AssumedRoleId": assumed.user_id, "Arn": assumed.arn},
            "PackedPolicySize": terms.packed_size,
            "SourceIdentity": terms.source_identity,
        }

    def get_session_token(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Temporary keys of the caller.

        Raises:
            AwsError: AccessDenied for a session.
        """
        if call.principal.session is not None or call.principal.kind in ("assumed-role", "federated-user"):
            raise errors.not_for_sessions("GetSessionToken")
        session = Session(issued=self._cloud.clock.time(), mfa="TokenCode" in request)
        principal = with_session(call.principal, session)
        return {"Credentials": issue(self._cloud, principal, request.get("DurationSeconds", 43_200))}

    def get_federation_token(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Keys for a user whom the caller vouches for: at most what the caller may, and what the policies say.

        Raises:
            AwsError: AccessDenied for a session, MalformedPolicyDocument, InvalidParameterValue.
        """
        caller, name = call.principal, request["Name"]
        if caller.session is not None or caller.kind in ("assumed-role", "federated-user"):
            raise errors.not_for_sessions("GetFederationToken")
        terms = terms_of(request, self._cloud, caller)
        federated = Principal(
            "federated-user",
            f"arn:aws:sts::{caller.account_id}:federated-user/{name}",
            caller.account_id,
            f"{caller.account_id}:{name}",
            administrator=caller.administrator,
            session=Session(
                issuer_arn=caller.arn,
                policies=terms.policies or (_NOTHING,),
                tags=terms.tags,
                issued=self._cloud.clock.time(),
            ),
        )
        return {
            "Credentials": issue(self._cloud, federated, request.get("DurationSeconds", 43_200)),
            "FederatedUser": {"FederatedUserId": federated.user_id, "Arn": federated.arn},
            "PackedPolicySize": terms.packed_size or 0,
        }

    def get_access_key_info(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The account that a key belongs to.

        Raises:
            AwsError: ValidationError.
        """
        key = request["AccessKeyId"]
        known = self._cloud.identities.credentials.get(key)
        account = known.principal.account_id if known else account_of_access_key(key)
        return {"Account": account or call.account_id}

    def decode_authorization_message(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Read an encoded message. No service here encodes its denials, so none can be read.

        Raises:
            AwsError: InvalidAuthorizationMessageException.
        """
        raise errors.invalid_message()


def role_of(cloud: Cloud, request: Mapping[str, Any]) -> tuple[Arn, Identity | None]:
    """The role that a request names; while nothing is enforced it need not exist.

    Raises:
        AwsError: ValidationError for what is no ARN of a role, AccessDenied.
    """
    arn = request["RoleArn"]
    parsed = Arn.parse(arn)
    if parsed is None or parsed.service != "iam" or not parsed.resource.startswith("role/"):
        raise errors.invalid_arn(arn)
    return parsed, cloud.identities.role(arn)


def issue_role(
    cloud: Cloud,
    parsed: Arn,
    role: Identity | None,
    session_name: str,
    duration_s: int,
    terms: Terms,
    provider: str | None = None,
) -> tuple[Principal, dict[str, Any]]:
    """A session of a role, and its keys."""
    name = parsed.resource.rsplit("/", 1)[-1]
    unique_id = role.unique_id if role else cloud.ids.unique_id("AROA")
    assumed = Principal(
        "assumed-role",
        f"arn:{parsed.partition}:sts::{parsed.account_id}:assumed-role/{name}/{session_name}",
        parsed.account_id,
        f"{unique_id}:{session_name}",
        administrator=role is None or role.administrator,
        session=Session(
            issuer_arn=str(parsed),
            policies=terms.policies,
            tags=terms.tags,
            transitive=terms.transitive,
            source_identity=terms.source_identity,
            provider=provider,
            issued=cloud.clock.time(),
        ),
    )
    return assumed, issue(cloud, assumed, duration_s)


def with_session(principal: Principal, session: Session) -> Principal:
    """A principal as its temporary keys show it."""
    return principal._replace(session=session)


def issue(cloud: Cloud, principal: Principal, duration_s: int) -> dict[str, Any]:
    """Fresh temporary keys of a principal."""
    ids = cloud.ids
    key, secret, token = ids.access_key(principal.account_id, "ASIA"), ids.secret_key(), ids.session_token()
    expires = int(cloud.clock.time()) + duration_s
    cloud.identities.credentials[key] = Credential(key, secret, principal, token, expires)
    return {
        "AccessKeyId": key,
        "SecretAccessKey": secret,
        "SessionToken": token,
        "Expiration": datetime.fromtimestamp(expires, timezone.utc),
    }
