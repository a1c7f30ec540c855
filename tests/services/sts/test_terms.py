"""Session tags, chained roles, federation, and roles for users of identity providers."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from mocksls import mock_serverless

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/work"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/id.example.com"


@pytest.fixture(params=["allow", "enforce"])
def aws(request: Any) -> Iterator[Any]:
    """A cloud, with and without enforcement."""
    with mock_serverless(region="us-east-1", iam=request.param) as handle:
        yield handle


@pytest.fixture
def sts(aws: Any) -> Any:
    """A client of STS."""
    return boto3.client("sts")


def make_role(principal: Any, actions: Any, **condition: Any) -> None:
    """The role, trusting a principal."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": actions, **condition}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    boto3.client("iam").create_role(RoleName="work", AssumeRolePolicyDocument=document)


def client_of(credentials: Any) -> Any:
    """A client of STS with temporary keys."""
    return boto3.client(
        "sts",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


def refused(call: Any, **params: Any) -> tuple[str, str]:
    """Code and message of a refused call."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def tags(**values: str) -> list[dict[str, str]]:
    """Tags in AWS's form."""
    return [{"Key": name, "Value": value} for name, value in values.items()]


def test_tags_that_do_not_do(sts: Any) -> None:
    """Recorded: transitive keys must be among the tags, keys differ in more than their case."""
    make_role({"AWS": "*"}, ["sts:AssumeRole", "sts:TagSession"])
    params = {"RoleArn": ROLE, "RoleSessionName": "s1"}
    text = "The specified transitive tag key must be included in the requested tags."
    assert refused(sts.assume_role, **params, TransitiveTagKeys=["a"]) == ("InvalidParameterValue", text)
    text = "Duplicate tag keys found. Please note that Tag keys are case insensitive."
    assert refused(sts.assume_role, **params, Tags=tags(a="1", A="2")) == ("InvalidParameterValue", text)


def test_transitive_tags_cannot_be_set_anew(sts: Any) -> None:
    """Recorded: a chained session keeps what is transitive."""
    make_role({"AWS": "*"}, ["sts:AssumeRole", "sts:TagSession"])
    first = sts.assume_role(RoleArn=ROLE, RoleSessionName="s1", Tags=tags(team="red"), TransitiveTagKeys=["team"])
    chained = client_of(first["Credentials"])
    text = (
        "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the "
        "calling session."
    )
    found = refused(chained.assume_role, RoleArn=ROLE, RoleSessionName="s2", Tags=tags(TEAM="blue"))
    assert found == ("InvalidParameterValue", text)


def test_a_chained_session_lasts_an_hour_at_most(sts: Any) -> None:
    """Role chaining limits the duration."""
    make_role({"AWS": "*"}, "sts:AssumeRole")
    chained = client_of(sts.assume_role(RoleArn=ROLE, RoleSessionName="s1")["Credentials"])
    code, text = refused(chained.assume_role, RoleArn=ROLE, RoleSessionName="s2", DurationSeconds=3601)
    assert (code, text.endswith("1 hour session limit for roles assumed by role chaining")) == ("ValidationError", True)


def test_a_federated_user(sts: Any) -> None:
    """GetFederationToken's shape is as recorded; its session is its own principal."""
    boto3.client("iam").create_user(UserName="ann")
    key = boto3.client("iam").create_access_key(UserName="ann")["AccessKey"]
    document = json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:*", "Resource": "*"}]}
    )
    boto3.client("iam").put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=document)
    ann = boto3.client("sts", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    made = ann.get_federation_token(Name="guest")
    arn = f"arn:aws:sts::{ACCOUNT}:federated-user/guest"
    assert made["FederatedUser"] == {"FederatedUserId": f"{ACCOUNT}:guest", "Arn": arn}
    assert made["PackedPolicySize"] == 0
    guest = client_of(made["Credentials"])
    assert guest.get_caller_identity()["Arn"] == arn
    assert refused(guest.get_session_token)[0] == "AccessDenied"


def token(**claims: Any) -> str:
    """An identity token that nobody signed."""
    parts = [{"alg": "none"}, {"iss": "https://id.example.com", "sub": "42", "aud": "app", **claims}]
    return ".".join([*(base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts), "x"])


def test_a_role_for_a_web_identity(sts: Any) -> None:
    """The provider must be trusted, under its conditions; the answer tells subject and audience."""
    condition = {"StringEquals": {"id.example.com:aud": "app"}}
    make_role({"Federated": PROVIDER}, "sts:AssumeRoleWithWebIdentity", Condition=condition)
    params = {"RoleArn": ROLE, "RoleSessionName": "s1"}
    made = sts.assume_role_with_web_identity(**params, WebIdentityToken=token())
    assert (made["SubjectFromWebIdentityToken"], made["Audience"]) == ("42", "app")
    assert client_of(made["Credentials"]).get_caller_identity()["Arn"].endswith(":assumed-role/work/s1")


def test_a_web_identity_that_the_role_does_not_trust() -> None:
    """With enforcement the trust policy's conditions on the token are judged."""
    with mock_serverless(region="us-east-1", iam="enforce"):
        condition = {"StringEquals": {"id.example.com:aud": "app"}}
        make_role({"Federated": PROVIDER}, "sts:AssumeRoleWithWebIdentity", Condition=condition)
        params = {"RoleArn": ROLE, "RoleSessionName": "s1", "WebIdentityToken": token(aud="other")}
        denied = refused(boto3.client("sts").assume_role_with_web_identity, **params)
        assert denied == ("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")


def test_an_old_web_identity(sts: Any) -> None:
    """An expired token is told with both times."""
    make_role({"Federated": PROVIDER}, "sts:AssumeRoleWithWebIdentity")
    code, text = refused(
        sts.assume_role_with_web_identity, RoleArn=ROLE, RoleSessionName="s1", WebIdentityToken=token(exp=1_000_000_000)
    )
    assert code == "ExpiredTokenException"
    assert text.endswith("must be before the expiration date/time 2001-09-09T01:46:40Z")


ASSERTION = """<Response xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"><saml:Assertion>
<saml:Issuer>https://corp.example.com</saml:Issuer>
<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">ann</saml:NameID>
</saml:Subject>
<saml:AttributeStatement><saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/RoleSessionName">
<saml:AttributeValue>ann@corp</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>
</saml:Assertion></Response>"""


def test_a_role_for_a_saml_user(sts: Any) -> None:
    """Session name, subject and issuer come of the assertion."""
    provider = f"arn:aws:iam::{ACCOUNT}:saml-provider/corp"
    make_role({"Federated": provider}, "sts:AssumeRoleWithSAML")
    made = sts.assume_role_with_saml(
        RoleArn=ROLE, PrincipalArn=provider, SAMLAssertion=base64.b64encode(ASSERTION.encode()).decode()
    )
    assert made["AssumedRoleUser"]["Arn"].endswith(":assumed-role/work/ann@corp")
    assert (made["Subject"], made["SubjectType"], made["Issuer"]) == ("ann", "persistent", "https://corp.example.com")


@pytest.mark.parametrize("assertion", ["%%%%", base64.b64encode(b"<a>").decode(), base64.b64encode(b"no").decode()])
def test_assertions_that_are_none(sts: Any, assertion: str) -> None:
    """Whatever is sent, the answer is AWS's."""
    provider = f"arn:aws:iam::{ACCOUNT}:saml-provider/corp"
    make_role({"Federated": provider}, "sts:AssumeRoleWithSAML")
    found = refused(sts.assume_role_with_saml, RoleArn=ROLE, PrincipalArn=provider, SAMLAssertion=assertion)
    assert found[0] == "InvalidIdentityToken"


def test_no_message_can_be_decoded(sts: Any) -> None:
    """No service here encodes its denials."""
    found = refused(sts.decode_authorization_message, EncodedMessage="abc")
    assert found[0] == "InvalidAuthorizationMessageException"


def test_session_policies_are_checked(sts: Any) -> None:
    """A session policy must be a policy, and a managed one must exist."""
    make_role({"AWS": "*"}, "sts:AssumeRole")
    params = {"RoleArn": ROLE, "RoleSessionName": "s1"}
    assert refused(sts.assume_role, **params, Policy="{}")[0] == "MalformedPolicyDocument"
    none = [{"arn": f"arn:aws:iam::{ACCOUNT}:policy/none"}]
    assert refused(sts.assume_role, **params, PolicyArns=none)[0] == "ValidationError"
