"""The judge of principals: who makes a call, by its access key and token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from .arn import Arn
from .call import Principal, Session
from .errors import AwsError
from .identities import Credential
from .own_keys import MOTO_KEY, OWN_KEY

if TYPE_CHECKING:
    from .cloud import Cloud

Style = Literal["json", "rest-json", "query", "s3"]

_UNKNOWN = {
    "json": ("UnrecognizedClientException", "The security token included in the request is invalid.", 400),
    "rest-json": ("UnrecognizedClientException", "The security token included in the request is invalid.", 403),
    "query": ("InvalidClientTokenId", "The security token included in the request is invalid.", 403),
    "s3": ("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403),
}
_EXPIRED = {
    "json": ("ExpiredTokenException", "The security token included in the request is expired", 400),
    "rest-json": ("ExpiredTokenException", "The security token included in the request is expired", 403),
    "query": ("ExpiredToken", "The security token included in the request is expired", 403),
    "s3": ("ExpiredToken", "The provided token has expired.", 400),
}
_BAD_TOKEN = {**_UNKNOWN, "s3": ("InvalidToken", "The provided token is malformed or otherwise invalid.", 400)}
_TEXT = "The request signature we calculated does not match the signature you provided. Check your"
_REST = "AWS Secret Access Key and signing method. Consult the service documentation for details."
_BAD_SECRET = {
    "json": ("InvalidSignatureException", f"{_TEXT} {_REST}", 400),
    "rest-json": ("InvalidSignatureException", f"{_TEXT} {_REST}", 403),
    "query": ("SignatureDoesNotMatch", f"{_TEXT} {_REST}", 403),
    "s3": ("SignatureDoesNotMatch", f"{_TEXT} key and signing method.", 403),
}


class Keys(NamedTuple):
    """What a request shows of its credentials; ``secret`` where it is known without checking a signature."""

    access_key_id: str
    secret: str | None = None
    token: str | None = None


class Principals:
    """Tells who calls, from the keys that IAM, STS, Cognito and the test have issued."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        account = cloud.options.account_id
        self.test_user: Principal = Principal(
            "user",
            f"arn:aws:iam::{account}:user/test",
            account,
            user_id="AIDA" + "TESTUSER" + account[-9:],
            administrator=True,
        )
        self._own_keys = (OWN_KEY, MOTO_KEY) if cloud.options.compat == "moto" else (OWN_KEY,)
        self.anonymous: Principal = Principal("anonymous", "", "")

    def identify(self, keys: Keys | None, style: Style) -> Principal:
        """The caller behind some keys; ``None`` is the caller of an unsigned request.

        Raises:
            AwsError: the key is unknown (with ``iam="enforce"``), inactive, expired, or its token or secret differs.
        """
        if keys is None:
            return self.anonymous
        credential = self._cloud.identities.credentials.get(keys.access_key_id)
        if credential is None:
            if keys.access_key_id in self._own_keys:
                return self.test_user
            if self._cloud.options.iam == "enforce":
                raise _error(_UNKNOWN, style)
            return self.test_user
        self._check(credential, keys, style)
        return credential.principal

    def _check(self, credential: Credential, keys: Keys, style: Style) -> None:
        if not credential.active:
            raise _error(_UNKNOWN, style)
        if credential.session_token != keys.token:
            raise _error(_BAD_TOKEN, style)
        if credential.expires is not None and credential.expires <= self._cloud.clock.time():
            raise _error(_EXPIRED, style)
        if keys.secret is not None and keys.secret != credential.secret_access_key:
            raise _error(_BAD_SECRET, style)


def _error(table: dict[str, tuple[str, str, int]], style: Style) -> AwsError:
    code, text, status = table[style]
    return AwsError(code, text, status=status)


def in_role(cloud: Cloud, role_arn: str, session: str) -> Principal:
    """A role as a service has assumed it; one that does not exist may do everything."""
    identity, parsed = cloud.identities.role(role_arn), Arn.parse(role_arn)
    partition, account = (parsed.partition, parsed.account_id) if parsed else ("aws", cloud.options.account_id)
    return Principal(
        "assumed-role",
        f"arn:{partition}:sts::{account}:assumed-role/{role_arn.rpartition('/')[2]}/{session}",
        account,
        f"{identity.unique_id if identity else 'AROA'}:{session}",
        administrator=identity.administrator if identity else True,
        session=Session(issuer_arn=role_arn, issued=cloud.clock.time()),
    )
