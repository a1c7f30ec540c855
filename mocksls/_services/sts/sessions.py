"""Sessions: who calls, and keys for a while."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call, Principal
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.identities import Credential
from mocksls._kernel.ids import account_of_access_key
from mocksls._kernel.policy import Inquiry, policy_of

from .store import Store


class Sessions:
    """Operations of STS."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def get_caller_identity(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Who makes this call.

        Raises:
            AwsError: MissingAuthenticationToken for an unsigned request.
        """
        principal = call.principal
        if principal.kind == "anonymous":
            raise AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", status=403)
        return {"UserId": principal.user_id, "Account": principal.account_id, "Arn": principal.arn}

    def assume_role(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Keys of a role. A role that does not exist may be assumed while nothing is enforced.

        Raises:
            AwsError: ValidationError, AccessDenied.
        """
        arn = request["RoleArn"]
        parsed = Arn.parse(arn)
        if parsed is None or parsed.service != "iam" or not parsed.resource.startswith("role/"):
            raise AwsError("ValidationError", f"{arn} is invalid", status=400)
        name, session = parsed.resource.rsplit("/", 1)[-1], request["RoleSessionName"]
        role = self._cloud.identities.role(arn)
        if role is None and self._cloud.options.iam == "enforce":
            raise _not_allowed(call, arn)
        if role is not None and not self._trusts(role.trust_policy or "", call):
            raise _not_allowed(call, arn)
        duration_s = request.get("DurationSeconds", 3600)
        _check_duration(duration_s, role.max_session_s if role else 43_200, call)
        unique_id = role.unique_id if role else self._cloud.ids.unique_id("AROA")
        assumed = Principal(
            "assumed-role",
            f"arn:{parsed.partition}:sts::{parsed.account_id}:assumed-role/{name}/{session}",
            parsed.account_id,
            f"{unique_id}:{session}",
            administrator=role is None or role.administrator,
        )
        policies = (request["Policy"],) if "Policy" in request else ()
        return {
            "Credentials": self._issue(assumed, duration_s, policies),
            "AssumedRoleUser": {"AssumedRoleId": assumed.user_id, "Arn": assumed.arn},
            "SourceIdentity": request.get("SourceIdentity"),
        }

    def _trusts(self, document: str, call: Call) -> bool:
        """Whether a role's trust policy lets the caller in; without enforcement only its explicit denials count."""
        try:
            inquiry = Inquiry(call.principal, "sts:AssumeRole", "*")
            verdict = policy_of(document).verdict(inquiry, with_principal=True)
        except (ValueError, AttributeError, TypeError):
            return self._cloud.options.iam == "allow"
        return verdict.allowed or (self._cloud.options.iam == "allow" and not verdict.explicit)

    def get_session_token(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Temporary keys of the caller.

        Raises:
            AwsError: AccessDenied for a session.
        """
        if call.principal.kind == "assumed-role":
            raise AwsError("AccessDenied", "Cannot call GetSessionToken with session credentials", status=403)
        return {"Credentials": self._issue(call.principal, request.get("DurationSeconds", 43_200), ())}

    def get_access_key_info(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The account that a key belongs to.

        Raises:
            AwsError: ValidationError.
        """
        key = request["AccessKeyId"]
        known = self._cloud.identities.credentials.get(key)
        account = known.principal.account_id if known else account_of_access_key(key)
        return {"Account": account or call.account_id}

    def _issue(self, principal: Principal, duration_s: int, policies: tuple[str, ...]) -> dict[str, Any]:
        ids = self._cloud.ids
        key, secret, token = ids.access_key(principal.account_id, "ASIA"), ids.secret_key(), ids.session_token()
        expires = int(self._cloud.clock.time()) + duration_s
        self._cloud.identities.credentials[key] = Credential(key, secret, principal, token, expires, policies)
        return {
            "AccessKeyId": key,
            "SecretAccessKey": secret,
            "SessionToken": token,
            "Expiration": datetime.fromtimestamp(expires, timezone.utc),
        }


def _check_duration(duration_s: int, longest_s: int, call: Call) -> None:
    text = "The requested DurationSeconds exceeds the "
    if call.principal.kind == "assumed-role" and duration_s > 3600:
        text += "1 hour session limit for roles assumed by role chaining"
    elif duration_s > longest_s:
        text += "MaxSessionDuration set for this role."
    else:
        return
    raise AwsError("ValidationError", text, status=400)


def _not_allowed(call: Call, arn: str) -> AwsError:
    text = f"User: {call.principal.arn} is not authorized to perform: sts:AssumeRole on resource: {arn}"
    return AwsError("AccessDenied", text, status=403)
