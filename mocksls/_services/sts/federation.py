"""Roles for users whom an identity provider vouches for: web identity (OpenID Connect) and SAML.

What a provider signed is read, not verified: providers are not part of a test's cloud.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, NamedTuple
from xml.etree import ElementTree

from mocksls._kernel.call import Call, Principal, Session
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.identities import Identity
from mocksls._kernel.policy import Inquiry, Policies, evaluate
from mocksls._kernel.templates import Context

from . import errors
from .sessions import issue_role, role_of
from .store import Store
from .terms import check_duration, terms_of

_ASSERTION = "{urn:oasis:names:tc:SAML:2.0:assertion}"
_ATTRIBUTE = "https://aws.amazon.com/SAML/Attributes/"


class WebToken(NamedTuple):
    """What an identity token claims."""

    provider: str
    subject: str
    audience: str
    claims: Mapping[str, Any]


class Federation:
    """Operations that unsigned requests make with a provider's token."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def assume_role_with_web_identity(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Keys of a role for a user of an OpenID Connect provider.

        Raises:
            AwsError: ValidationError, InvalidIdentityToken, ExpiredTokenException, AccessDenied.
        https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
        """
        parsed, role = role_of(self._cloud, request)
        token = self._web_token(request)
        self._check_time(token)
        keys = {f"{token.provider}:{name}".lower(): str(value) for name, value in token.claims.items()}
        arns = (token.provider, f"arn:{parsed.partition}:iam::{parsed.account_id}:oidc-provider/{token.provider}")
        self._check_trust("sts:AssumeRoleWithWebIdentity", request["RoleArn"], role, arns, keys)
        terms = terms_of(request, self._cloud, None)
        duration_s = request.get("DurationSeconds", 3600)
        check_duration(duration_s, role, None)
        name = request["RoleSessionName"]
        assumed, credentials = issue_role(self._cloud, parsed, role, name, duration_s, terms, token.provider)
        return {
            "Credentials": credentials,
            "SubjectFromWebIdentityToken": token.subject,
            "AssumedRoleUser": {"AssumedRoleId": assumed.user_id, "Arn": assumed.arn},
            "PackedPolicySize": terms.packed_size,
            "Provider": request.get("ProviderId", arns[1]),
            "Audience": token.audience,
        }

    def assume_role_with_saml(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Keys of a role for a user of a SAML provider.

        Raises:
            AwsError: ValidationError, InvalidIdentityToken, AccessDenied.
        https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html
        """
        parsed, role = role_of(self._cloud, request)
        assertion = _assertion(request["SAMLAssertion"])
        attributes = _saml_attributes(assertion)
        session_name = attributes.get(f"{_ATTRIBUTE}RoleSessionName", ["session"])[0]
        name_id = assertion.find(f".//{_ASSERTION}NameID")
        issuer = _text(assertion.find(f".//{_ASSERTION}Issuer"))
        audience = _text(assertion.find(f".//{_ASSERTION}Audience")) or "https://signin.aws.amazon.com/saml"
        keys = {"saml:aud": audience, "saml:iss": issuer, "saml:sub": _text(name_id)}
        self._check_trust("sts:AssumeRoleWithSAML", request["RoleArn"], role, (request["PrincipalArn"],), keys)
        wanted = attributes.get(f"{_ATTRIBUTE}SessionDuration", ["3600"])[0]
        duration_s = request.get("DurationSeconds", int(wanted) if wanted.isdigit() else 3600)
        check_duration(duration_s, role, None)
        terms = terms_of(request, self._cloud, None)
        assumed, credentials = issue_role(self._cloud, parsed, role, session_name, duration_s, terms)
        provider = request["PrincipalArn"].rpartition("/")[2]
        qualifier = base64.b64encode(hashlib.sha1(f"{issuer}{parsed.account_id}/{provider}".encode()).digest())
        return {
            "Credentials": credentials,
            "AssumedRoleUser": {"AssumedRoleId": assumed.user_id, "Arn": assumed.arn},
            "PackedPolicySize": terms.packed_size,
            "Subject": _text(name_id),
            "SubjectType": (name_id.get("Format", "") if name_id is not None else "").rpartition(":")[2],
            "Issuer": issuer,
            "Audience": audience,
            "NameQualifier": qualifier.decode(),
        }

    def _web_token(self, request: Mapping[str, Any]) -> WebToken:
        text = request["WebIdentityToken"]
        claims = _claims(text)
        if claims is None:
            if self._cloud.options.iam == "enforce":
                raise errors.invalid_token("The ID Token provided is not a valid JWT.")
            return WebToken(request.get("ProviderId", "accounts.google.com"), text[:255], "", {})
        provider = str(claims.get("iss", "")).removeprefix("https://")
        audience = claims.get("aud", claims.get("azp", ""))
        chosen = audience[0] if isinstance(audience, list) and audience else audience
        return WebToken(provider, str(claims.get("sub", "")), str(chosen), {**claims, "aud": chosen})

    def _check_time(self, token: WebToken) -> None:
        ends, now = token.claims.get("exp"), self._cloud.clock.time()
        if isinstance(ends, (int, float)) and ends <= now:
            shown = [datetime.fromtimestamp(each, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") for each in (now, ends)]
            text = f"Token expired: current date/time {shown[0]} must be before the expiration date/time {shown[1]}"
            raise errors.expired_token(text)

    def _check_trust(
        self, action: str, role_arn: str, role: Identity | None, providers: tuple[str, ...], keys: Context
    ) -> None:
        enforced = self._cloud.options.iam == "enforce"
        if role is None:
            if enforced:
                raise errors.federated_denied(action)
            return
        for provider in providers:
            principal = Principal("anonymous", "", "", session=Session(provider=provider))
            decision = evaluate(Inquiry(principal, action, role_arn, keys), Policies((), role.trust_policy))
            if decision.explicit:
                raise errors.federated_denied(action)
            if decision.allowed:
                return
        if enforced:
            raise errors.federated_denied(action)


def _claims(token: str) -> dict[str, Any] | None:
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _assertion(text: str) -> ElementTree.Element:
    try:
        data = base64.b64decode(text)
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise ValueError("entities")
        return ElementTree.fromstring(data)
    except (ValueError, ElementTree.ParseError):
        raise errors.invalid_token("Invalid base64 SAMLResponse") from None


def _saml_attributes(assertion: ElementTree.Element) -> dict[str, list[str]]:
    return {
        each.get("Name", ""): [_text(value) for value in each.findall(f"{_ASSERTION}AttributeValue")] or [""]
        for each in assertion.iter(f"{_ASSERTION}Attribute")
    }


def _text(element: ElementTree.Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""
