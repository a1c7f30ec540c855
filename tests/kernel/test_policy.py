"""The policy evaluator."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocksls._kernel.call import Principal, Session
from mocksls._kernel.policy import Inquiry, Policies, Policy, evaluate, may_by_resource_policy, policy_of

ACCOUNT = "123456789012"
ANN = Principal("user", f"arn:aws:iam::{ACCOUNT}:user/ann", ACCOUNT)
ROOT = Principal("root", f"arn:aws:iam::{ACCOUNT}:root", ACCOUNT)
SESSION = Principal("assumed-role", f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/s1", ACCOUNT)
STRANGER = Principal("user", "arn:aws:iam::999999999999:user/bob", "999999999999")
BOBS_ROOT = Principal("root", "arn:aws:iam::999999999999:root", "999999999999")
NOBODY = Principal("anonymous", "", "")
S3 = Principal.service("s3.amazonaws.com", ACCOUNT, "arn:aws:s3:::bucket")
WITH_PATH = Session(issuer_arn=f"arn:aws:iam::{ACCOUNT}:role/a/reader")
COGNITO = Session(provider="cognito-identity.amazonaws.com")
THING = "arn:aws:s3:::bucket/key"


def text(*statements: dict[str, Any]) -> str:
    """A policy's text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    """A statement that allows."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    """A statement that denies."""
    return {**allow(action, resource, **more), "Effect": "Deny"}


def says(statement: dict[str, Any], **context: str) -> bool:
    """Whether one statement, in an identity's policy, allows reading the thing."""
    return Policy({"Statement": statement}).verdict(Inquiry(ANN, "s3:GetObject", THING, context)).allowed


STATEMENTS = [
    (allow(), True),
    (allow("s3:GetObject"), True),
    (allow("S3:getobject"), True),
    (allow("s3:Get*"), True),
    (allow(["sqs:*", "s3:G?tObject"]), True),
    (allow("s3:PutObject"), False),
    (allow("*", "arn:aws:s3:::bucket/*"), True),
    (allow("*", "arn:aws:s3:::bucket"), False),
    (allow("*", "arn:aws:s3:::BUCKET/*"), False),
    (allow("*", ["arn:aws:sqs:*", THING]), True),
    ({"Effect": "Allow", "NotAction": "s3:Put*", "Resource": "*"}, True),
    ({"Effect": "Allow", "NotAction": ["s3:Get*"], "Resource": "*"}, False),
    ({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::other/*"}, True),
    ({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::bucket/*"}, False),
    (deny(), False),
]


@pytest.mark.parametrize(("statement", "expected"), STATEMENTS)
def test_actions_and_resources(statement: dict[str, Any], expected: bool) -> None:
    """Actions ignore case, resources do not; both take wildcards, lists and their negations."""
    assert says(statement) is expected


def test_all_conditions_must_hold() -> None:
    """Operators and keys of a condition are joined by AND."""
    both = {"StringEquals": {"a:x": "1", "a:y": "2"}, "Bool": {"a:z": "true"}}
    statement = allow(Condition=both)
    assert says(statement, **{"a:x": "1", "a:y": "2", "a:z": "true"})
    assert not says(statement, **{"a:x": "1", "a:y": "2", "a:z": "false"})
    assert not says(statement, **{"a:x": "1", "a:y": "3", "a:z": "true"})


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("arn:aws:s3:::${a:bucket}/*", True),
        ("arn:aws:s3:::${a:missing}/*", False),
        ("arn:aws:s3:::${a:missing, 'bucket'}/*", True),
        ("arn:aws:s3:::bucket/k${?}y", False),
    ],
)
def test_policy_variables(resource: str, expected: bool) -> None:
    """Variables take their values from the context, or their default; without either they agree with nothing."""
    assert says(allow("*", resource), **{"a:bucket": "bucket"}) is expected


PRINCIPALS = [
    ("*", ANN, True),
    ("*", NOBODY, True),
    ({"AWS": "*"}, STRANGER, True),
    ({"AWS": ANN.arn}, ANN, True),
    ({"AWS": ANN.arn}, SESSION, False),
    ({"AWS": ACCOUNT}, ANN, True),
    ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, SESSION, True),
    ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, STRANGER, False),
    ({"AWS": f"arn:aws:iam::{ACCOUNT}:role/reader"}, SESSION, True),
    ({"AWS": ["999999999999", f"arn:aws:iam::{ACCOUNT}:role/other"]}, SESSION, False),
    ({"Service": "s3.amazonaws.com"}, S3, True),
    ({"Service": "sns.amazonaws.com"}, S3, False),
    ({"AWS": ACCOUNT}, S3, False),
    ({"AWS": "AROAREADER"}, SESSION._replace(user_id="AROAREADER:s1"), True),
    ({"AWS": "AIDAANN"}, ANN._replace(user_id="AIDAANN"), True),
    ({"AWS": "AIDAOLD"}, ANN._replace(user_id="AIDAANN"), False),
    ({"AWS": f"arn:aws:iam::{ACCOUNT}:role/a/reader"}, SESSION._replace(session=WITH_PATH), True),
    ({"CanonicalUser": f"{int(ACCOUNT):064x}"}, ANN, True),
    ({"Federated": "cognito-identity.amazonaws.com"}, SESSION._replace(session=COGNITO), True),
    ({"Federated": "accounts.google.com"}, SESSION._replace(session=COGNITO), False),
    ({"Service": "s3.amazonaws.com"}, ANN, False),
]


@pytest.mark.parametrize(("named", "principal", "expected"), PRINCIPALS)
def test_principals(named: Any, principal: Principal, expected: bool) -> None:
    """A resource's policy names users, roles, accounts, services or everybody."""
    document = {"Statement": allow(Principal=named)}
    assert may_by_resource_policy(document, principal, "s3:GetObject", THING) is expected


def test_not_principal() -> None:
    """A Deny with NotPrincipal spares those that it names."""
    document = text(allow(Principal="*"), {"Effect": "Deny", "NotPrincipal": {"AWS": ANN.arn}, "Action": "*"})
    assert evaluate(Inquiry(ANN, "s3:GetObject", THING), Policies((), document)).allowed
    assert evaluate(Inquiry(SESSION, "s3:GetObject", THING), Policies((), document)).explicit


def test_a_statement_with_an_unresolved_variable_does_not_apply() -> None:
    """Not even where its operator is negated."""
    statement = allow(Condition={"StringNotEquals": {"a:x": "${a:missing}"}})
    assert not says(statement, **{"a:x": "1"})


def test_source_arn_of_a_service() -> None:
    """A service's call carries the ARN and the account it acts for."""
    condition = {"ArnLike": {"AWS:SourceArn": "arn:aws:s3:::bucket"}, "StringEquals": {"aws:SourceAccount": ACCOUNT}}
    document = {"Statement": allow("lambda:*", Principal={"Service": "s3.amazonaws.com"}, Condition=condition)}
    other = Principal.service("s3.amazonaws.com", ACCOUNT, "arn:aws:s3:::other")
    assert may_by_resource_policy(document, S3, "lambda:InvokeFunction", "arn")
    assert not may_by_resource_policy(document, other, "lambda:InvokeFunction", "arn")


ALLOWED, DENIED = text(allow()), text(deny())
FOR_ANN = text(allow(Principal={"AWS": ANN.arn}))
FOR_BOB = text(allow(Principal={"AWS": STRANGER.arn}))
FOR_ACCOUNT = text(allow(Principal={"AWS": ACCOUNT}))
FOR_READER = text(allow(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/reader"}))
FOR_BOBS = text(allow(Principal={"AWS": "arn:aws:iam::999999999999:root"}))
OTHERS = text(allow("sqs:*"))
CASES: list[tuple[str, Principal, Policies, bool]] = [
    ("nothing allows", ANN, Policies(), False),
    ("the identity allows", ANN, Policies((ALLOWED,)), True),
    ("the resource allows", ANN, Policies((), FOR_ANN), True),
    ("the resource denies", ANN, Policies((ALLOWED,), text(deny(Principal="*"))), False),
    ("the boundary does not allow", ANN, Policies((ALLOWED,), boundary=text(allow("sqs:*"))), False),
    ("the boundary alone allows nothing", ANN, Policies((), boundary=ALLOWED), False),
    ("the boundary denies", ANN, Policies((ALLOWED,), FOR_ANN, boundary=DENIED), False),
    ("the session does not allow", SESSION, Policies((ALLOWED,), session=(text(allow("sqs:*")),)), False),
    ("the session allows", SESSION, Policies((ALLOWED,), session=(ALLOWED,)), True),
    ("another account: the identity alone", STRANGER, Policies((ALLOWED,), resource_account=ACCOUNT), False),
    ("another account: the resource alone", STRANGER, Policies((), FOR_BOB, resource_account=ACCOUNT), False),
    ("another account: both", STRANGER, Policies((ALLOWED,), FOR_BOB, resource_account=ACCOUNT), True),
    ("the resource allows the account", ANN, Policies((), FOR_ACCOUNT), False),
    ("the resource allows the account, the identity too", ANN, Policies((ALLOWED,), FOR_ACCOUNT), True),
    ("the resource allows everybody", ANN, Policies((), text(allow(Principal="*"))), True),
    ("a user, past its boundary", ANN, Policies((), FOR_ANN, boundary=OTHERS), True),
    ("a session, past its policy", SESSION, Policies((), text(allow(Principal={"AWS": SESSION.arn})), OTHERS), True),
    ("a role", SESSION, Policies((), FOR_READER), True),
    ("a role, not past its boundary", SESSION, Policies((), FOR_READER, OTHERS), False),
    ("a role, not past the session's policy", SESSION, Policies((), FOR_READER, None, (OTHERS,)), False),
    (
        "another account: the account and the identity",
        STRANGER,
        Policies((ALLOWED,), FOR_BOBS, None, (), ACCOUNT),
        True,
    ),
    ("another account: the boundary", STRANGER, Policies((ALLOWED,), FOR_BOB, OTHERS, (), ACCOUNT), False),
    ("another account's root", BOBS_ROOT, Policies((), FOR_BOBS, resource_account=ACCOUNT), True),
    ("another account's root, not named", BOBS_ROOT, Policies(resource_account=ACCOUNT), False),
    ("a service", S3, Policies((), text(allow(Principal={"Service": "s3.amazonaws.com"}))), True),
    ("a text that is no policy", ANN, Policies(("some policy",)), False),
    ("root", ROOT, Policies(), True),
    ("root, denied by the resource", ROOT, Policies((), text(deny(Principal="*"))), False),
    ("anonymous", NOBODY, Policies((), text(allow(Principal="*"))), True),
    ("anonymous, not named", NOBODY, Policies((), FOR_ANN), False),
]


@pytest.mark.parametrize(("principal", "policies", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_evaluation(principal: Principal, policies: Policies, expected: bool) -> None:
    """Identity, resource, boundary and session policies come together as AWS's evaluation logic says."""
    assert evaluate(Inquiry(principal, "s3:GetObject", THING), policies).allowed is expected


def test_the_verdict_names_its_statement() -> None:
    """An explicit denial is told from a missing permission, with the statement that decided."""
    inquiry = Inquiry(ANN, "s3:GetObject", THING)
    by_boundary = evaluate(inquiry, Policies((ALLOWED,), boundary=text(allow("sqs:*"))))
    assert (by_boundary.explicit, by_boundary.kind) == (False, "permissions boundary")
    denied = evaluate(inquiry, Policies((text(allow(), deny(Sid="NoWay")),)))
    assert denied.statement is not None
    assert (denied.allowed, denied.explicit, denied.statement.sid) == (False, True, "NoWay")
    silent = evaluate(inquiry, Policies())
    assert (silent.allowed, silent.explicit, silent.statement) == (False, False, None)


@pytest.mark.parametrize("wrong", ["some policy", "[]", "3"])
def test_texts_that_are_no_policies(wrong: str) -> None:
    """What is no JSON object is no policy."""
    with pytest.raises(ValueError, match=r"JSON|Expecting"):
        policy_of(wrong)


# -- properties ----------------------------------------------------------------------------------------------------

actions = st.sampled_from(["*", "s3:*", "s3:Get*", "s3:GetObject", "s3:PutObject", "sqs:*"])
resources = st.sampled_from(["*", "arn:aws:s3:::bucket/*", "arn:aws:s3:::other/*", THING])
statements = st.builds(
    lambda make, action, resource: make(action, resource), st.sampled_from([allow, deny]), actions, resources
)
lists = st.lists(statements, max_size=6)
INQUIRY = Inquiry(ANN, "s3:GetObject", THING)


@given(before=lists, after=lists)
def test_an_explicit_deny_always_wins(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    """Wherever a matching Deny stands, the verdict is an explicit denial."""
    verdict = Policy({"Statement": [*before, deny("s3:GetObject", THING), *after]}).verdict(INQUIRY)
    assert (verdict.allowed, verdict.explicit) == (False, True)


@given(given_=lists, action=actions, resource=resources)
def test_an_added_allow_never_denies(given_: list[dict[str, Any]], action: str, resource: str) -> None:
    """What was allowed stays allowed when an Allow is added."""
    before = Policy({"Statement": given_}).verdict(INQUIRY)
    after = Policy({"Statement": [*given_, allow(action, resource)]}).verdict(INQUIRY)
    assert after.allowed >= before.allowed
    assert after.explicit == before.explicit


@given(given_=lists, order=st.randoms(use_true_random=False))
def test_the_order_of_statements_is_irrelevant(given_: list[dict[str, Any]], order: Any) -> None:
    """A policy says the same however its statements are shuffled."""
    shuffled = list(given_)
    order.shuffle(shuffled)
    one, two = (Policy({"Statement": each}).verdict(INQUIRY) for each in (given_, shuffled))
    assert (one.allowed, one.explicit) == (two.allowed, two.explicit)


@given(given_=lists, cut=st.integers(0, 6))
def test_policies_join_as_their_statements(given_: list[dict[str, Any]], cut: int) -> None:
    """Statements say the same in one policy or spread over two."""
    joined = evaluate(INQUIRY, Policies((text(*given_),)))
    apart = evaluate(INQUIRY, Policies((text(*given_[:cut]), text(*given_[cut:]))))
    assert (joined.allowed, joined.explicit) == (apart.allowed, apart.explicit)


named = st.sampled_from(["*", {"AWS": ACCOUNT}, {"AWS": f"arn:aws:iam::{ACCOUNT}:role/reader"}, {"AWS": SESSION.arn}])
resource_lists = st.lists(
    st.builds(lambda statement, who: {**statement, "Principal": who}, statements, named), max_size=4
)
callers = st.sampled_from([ANN, SESSION, STRANGER])


@given(lists, resource_lists, lists, lists, callers)
def test_boundary_and_session_only_narrow(
    identity: list[dict[str, Any]],
    resource: list[dict[str, Any]],
    boundary: list[dict[str, Any]],
    session: list[dict[str, Any]],
    caller: Principal,
) -> None:
    """Whoever calls, and whatever the resource says, a boundary and a session policy allow nothing more."""
    inquiry = Inquiry(caller, "s3:GetObject", THING)
    texts = (text(*identity),), text(*resource)
    free = evaluate(inquiry, Policies(*texts, resource_account=ACCOUNT))
    bound = evaluate(inquiry, Policies(*texts, text(*boundary), (text(*session),), ACCOUNT))
    assert free.allowed >= bound.allowed


@given(lists, resource_lists, lists, callers, st.sampled_from(["identity", "resource", "boundary"]))
def test_a_deny_anywhere_wins(
    identity: list[dict[str, Any]],
    resource: list[dict[str, Any]],
    boundary: list[dict[str, Any]],
    caller: Principal,
    where: str,
) -> None:
    """An explicit Deny in any policy that bears on the call is the answer."""
    {"identity": identity, "resource": resource, "boundary": boundary}[where].append(deny(Principal="*"))
    policies = Policies((text(*identity),), text(*resource), text(*boundary), (), ACCOUNT)
    verdict = evaluate(Inquiry(caller, "s3:GetObject", THING), policies)
    assert (verdict.allowed, verdict.explicit) == (False, True)


@given(lists, resource_lists, lists, callers, actions, st.sampled_from(["identity", "resource"]))
def test_an_allow_anywhere_never_denies(
    identity: list[dict[str, Any]],
    resource: list[dict[str, Any]],
    boundary: list[dict[str, Any]],
    caller: Principal,
    action: str,
    where: str,
) -> None:
    """What was allowed stays allowed when an Allow is added to the identity's or the resource's policy."""
    before = Policies((text(*identity),), text(*resource), text(*boundary), (), ACCOUNT)
    {"identity": identity, "resource": resource}[where].append(allow(action, Principal="*"))
    after = Policies((text(*identity),), text(*resource), text(*boundary), (), ACCOUNT)
    inquiry = Inquiry(caller, "s3:GetObject", THING)
    assert evaluate(inquiry, after).allowed >= evaluate(inquiry, before).allowed
