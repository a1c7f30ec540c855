"""The policy simulator."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import ACCOUNT

ANN = f"arn:aws:iam::{ACCOUNT}:user/ann"
TEXT = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}]}'


def decisions(answer: Any) -> list[tuple[str, str]]:
    """Action and verdict of each result."""
    return [(each["EvalActionName"], each["EvalDecision"]) for each in answer["EvaluationResults"]]


def policy(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def test_a_user_with_a_policy(iam: Any) -> None:
    """The answer has the shape that AWS's has (recorded), with the statement's place in its text."""
    iam.create_user(UserName="ann")
    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=TEXT)
    answer = iam.simulate_principal_policy(
        PolicySourceArn=ANN, ActionNames=["s3:PutObject", "s3:GetObjectVersion"], ResourceArns=["arn:aws:s3:::bucket"]
    )
    assert decisions(answer) == [("s3:PutObject", "allowed"), ("s3:GetObjectVersion", "implicitDeny")]
    [matched] = answer["EvaluationResults"][0]["MatchedStatements"]
    assert matched == {
        "SourcePolicyId": "user_ann_p",
        "SourcePolicyType": "IAM Policy",
        "StartPosition": {"Line": 1, "Column": 41},
        "EndPosition": {"Line": 1, "Column": len(TEXT) - 1},
    }
    assert answer["EvaluationResults"][1]["MatchedStatements"] == []
    [on] = answer["EvaluationResults"][0]["ResourceSpecificResults"]
    assert (on["EvalResourceName"], on["EvalResourceDecision"]) == ("arn:aws:s3:::bucket", "allowed")


def test_groups_and_managed_policies_count(iam: Any) -> None:
    """A user has the policies of its groups."""
    iam.create_user(UserName="ann")
    iam.create_group(GroupName="g")
    iam.add_user_to_group(GroupName="g", UserName="ann")
    iam.attach_group_policy(GroupName="g", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    assert decisions(iam.simulate_principal_policy(PolicySourceArn=ANN, ActionNames=["x:Y"])) == [("x:Y", "allowed")]


def test_a_deny_is_told_from_silence(iam: Any) -> None:
    """explicitDeny where a statement denies."""
    text = policy(
        {"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
    )
    answer = iam.simulate_custom_policy(PolicyInputList=[text], ActionNames=["s3:GetObject", "sqs:SendMessage"])
    assert decisions(answer) == [("s3:GetObject", "explicitDeny"), ("sqs:SendMessage", "allowed")]


def test_context_values(iam: Any) -> None:
    """Conditions are judged by what is handed over; what is missing is named."""
    condition = {"StringEquals": {"aws:PrincipalTag/team": "red"}}
    text = policy({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition})
    entry = {"ContextKeyName": "aws:PrincipalTag/team", "ContextKeyType": "string", "ContextKeyValues": ["red"]}
    without = iam.simulate_custom_policy(PolicyInputList=[text], ActionNames=["s3:GetObject"])
    assert without["EvaluationResults"][0]["MissingContextValues"] == ["aws:PrincipalTag/team"]
    answer = iam.simulate_custom_policy(PolicyInputList=[text], ActionNames=["s3:GetObject"], ContextEntries=[entry])
    assert [each[0][1] for each in (decisions(without), decisions(answer))] == ["implicitDeny", "allowed"]
    assert iam.get_context_keys_for_custom_policy(PolicyInputList=[text])["ContextKeyNames"] == [
        "aws:PrincipalTag/team"
    ]


def test_a_boundary(iam: Any) -> None:
    """A boundary narrows, and its own verdict is shown."""
    boundary = policy({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"})
    answer = iam.simulate_custom_policy(
        PolicyInputList=[TEXT], PermissionsBoundaryPolicyInputList=[boundary], ActionNames=["s3:PutObject"]
    )
    [result] = answer["EvaluationResults"]
    assert result["EvalDecision"] == "implicitDeny"
    assert result["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}


def test_unknown_sources_and_bad_policies(iam: Any) -> None:
    """Who does not exist cannot be simulated, nor can what is no policy."""
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.simulate_principal_policy(PolicySourceArn=ANN, ActionNames=["s3:GetObject"])
    with pytest.raises(iam.exceptions.InvalidInputException):
        iam.simulate_custom_policy(PolicyInputList=["{}"], ActionNames=["s3:GetObject"])
