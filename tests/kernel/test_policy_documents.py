"""What AWS refuses in policy documents, in its words and its order."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mocksls._kernel.policy_documents import problem_of

SYNTAX = "Syntax errors in policy."
LEGACY = "The policy failed legacy parsing"


def identity(version: str | None = "2012-10-17", **statement: Any) -> str:
    document: dict[str, Any] = {"Statement": [statement]}
    if version:
        document["Version"] = version
    return json.dumps(document)


def sound(**changes: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", **changes}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, None),
        ({"Effect": "Permit"}, SYNTAX),
        ({"Effect": "allow"}, LEGACY),
        ({"Colour": "red"}, SYNTAX),
        ({"NotAction": "s3:Get*"}, SYNTAX),
        ({"NotResource": "*"}, SYNTAX),
        ({"Action": [["s3:Get*"]]}, SYNTAX),
        ({"Action": []}, "Policy statement must contain actions."),
        ({"Action": "Get"}, "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."),
        ({"Action": "s3:Get:It"}, "Actions/Condition can contain only one colon."),
        ({"Action": "s 3:Get"}, "Vendor s 3 is not valid"),
        ({"Resource": "bucket"}, 'Resource bucket must be in ARN format or "*".'),
        ({"Resource": []}, "Policy statement must contain resources."),
        ({"Resource": "arn:oz:s3:::b"}, 'Partition "oz" is not valid for resource "arn:oz:s3:::b".'),
        ({"Resource": "arn:aws"}, "Resource vendor must be fully qualified and cannot contain regexes."),
        ({"Resource": "arn:aws:s3::b"}, LEGACY),
        (
            {"Resource": "arn:aws:s3:eu-west-1::b"},
            "Resource arn:aws:s3:eu-west-1::b can not contain region information.",
        ),
        (
            {"Resource": "arn:aws:iam:eu-west-1::user/x"},
            "IAM resource arn:aws:iam:eu-west-1::user/x cannot contain region information.",
        ),
        ({"Condition": {"StringMatches": {"a": "b"}}}, SYNTAX),
        ({"Condition": {"StringEquals": "b"}}, SYNTAX),
        ({"Condition": {"StringEquals": {"a": {}}}}, SYNTAX),
        ({"Condition": {"DateLessThan": {"aws:CurrentTime": "soon"}}}, LEGACY),
        ({"Condition": {"Bool": {"aws:SecureTransport": True}}}, None),
        ({"Principal": "*"}, "Policy document should not specify a principal."),
        (
            {"Sid": "not so"},
            "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular "
            "expression [0-9A-Za-z]*",
        ),
    ],
)
def test_identity_policies(changes: dict[str, Any], problem: str | None) -> None:
    """One thing wrong at a time."""
    assert problem_of(identity(**sound(**changes)), "identity") == problem


@pytest.mark.parametrize("text", ["no json", "[]", "{}", '{"Version":"2012-10-17","Statement":[]}', "[" * 5000])
def test_texts_that_are_no_identity_policies(text: str) -> None:
    """Whatever it is, the answer is AWS's."""
    assert problem_of(text, "identity") == SYNTAX


def test_the_version_is_asked_for_before_the_contents() -> None:
    """An old or missing version hides what is wrong further down."""
    old = "Policy document must be version 2012-10-17 or greater."
    assert problem_of(identity("2008-10-17", **sound()), "identity") == old
    assert problem_of(identity(None, **sound(Effect="denY")), "identity") == old


def test_statement_ids_are_unique() -> None:
    """Two statements of one id are refused."""
    text = json.dumps({"Version": "2012-10-17", "Statement": [sound(Sid="a"), sound(Sid="a")]})
    assert problem_of(text, "identity") == "Statement IDs (SID) in a single policy must be unique."


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, None),
        ({"Principal": {"Federated": "accounts.google.com"}, "Action": "sts:AssumeRoleWithWebIdentity"}, None),
        ({"Action": ["sts:AssumeRole", "sts:TagSession"]}, None),
        ({"Resource": "*"}, "Has prohibited field Resource."),
        ({"Principal": {"Animal": "cat"}}, SYNTAX),
        (
            {"Action": "s3:GetObject"},
            "Trust Policy statement actions can only be sts:AssumeRole, sts:AssumeRoleWithSAML,  "
            "and sts:AssumeRoleWithWebIdentity",
        ),
    ],
)
def test_trust_policies(changes: dict[str, Any], problem: str | None) -> None:
    """A trust policy names principals and actions of STS, and no resource."""
    statement = {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole", **changes}
    assert problem_of(identity(**statement), "trust") == problem


def test_a_trust_policy_that_is_no_json() -> None:
    """Recorded from CreateRole."""
    assert problem_of("no json", "trust") == "This policy contains invalid Json"
