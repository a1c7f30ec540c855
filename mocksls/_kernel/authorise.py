"""The stage that authorises calls: what a call needs, the policies that bear on it, AWS's answer when it is denied.

A service declares in its ``ACTIONS`` what each operation is called in policies, and in ``needs`` how a call's
resources, their owner and their own policies are found (``ServiceSpec``). Nothing here knows a service.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from .call import Call, Principal
from .errors import AwsError
from .policy import Decision, Inquiry, Policies, evaluate
from .principals import in_role
from .request_context import RequestContext
from .templates import Context

if TYPE_CHECKING:
    from .cloud import Cloud
    from .service import Service

NO_PERMISSION = "signed"
"""In ``ACTIONS``: the caller must be known, and needs no permission (``sts:GetCallerIdentity``)."""
NO_SIGNATURE = "unsigned"
"""In ``ACTIONS``: anybody may call; the operation judges for itself (``sts:AssumeRoleWithWebIdentity``)."""

ActionEntry = tuple[str, str]
Request = Mapping[str, Any]


class Need(NamedTuple):
    """One thing that a call must be allowed to do.

    Args:
        action: ``service:Action``.
        resource: its ARN, or ``*`` where the action knows no resources.
        policy: the resource's own policy, as JSON text.
        account_id: who owns the resource; ``None``: the caller's account.
        keys: makes further condition keys (in lower case), when a policy asks for one.
        both: the resource's policy must allow even within its account (a role's trust policy).
        partial: a denial does not fail the call: the operation finds it in ``call.refusals`` under the resource.
    """

    action: str
    resource: str = "*"
    policy: str | None = None
    account_id: str | None = None
    keys: Callable[[], Context] | None = None
    partial: bool = False
    both: bool = False


NeedsOf = Callable[[ActionEntry, Request, Call, Any], Iterable[Need]]
"""From an entry of ``ACTIONS``, the request, the call and the service's store to what the call needs."""


def authorise(call: Call, request: Request) -> None:
    """The stage: every need of the call is judged; calls that AWS itself makes are trusted.

    Services that act for a resource are judged by the operation that they call, where AWS does so.

    Raises:
        AwsError: the call is denied, in the service's words.
    """
    if call.internal or call.principal.kind == "service":
        return
    _note_use(call)
    service = call.cloud.service(call.service, call.account_id, call.region)
    spec = service.spec
    enforced = call.cloud.options.iam == "enforce"
    if not enforced and call.principal.kind != "anonymous" and not _guards(service):
        return
    entries = entries_of(spec.actions.get(call.operation))
    if call.principal.kind == "anonymous" and not spec.anonymous and entries != [("", NO_SIGNATURE)]:
        raise _unsigned(spec.refusal)
    for need in _needs(service, entries, call, request):
        _judge(need, call, request, enforced)


def _note_use(call: Call) -> None:
    """Remember when a user's key was used, and for what (``GetAccessKeyLastUsed``)."""
    key = call.principal.access_key_id
    credential = call.cloud.identities.credentials.get(key) if key else None
    if credential is not None:
        credential.last_used = (call.cloud.clock.time(), call.service, call.region)


def _guards(service: Service) -> bool:
    """Whether resources of a service have policies that count even where nothing else does."""
    guards = service.spec.guards
    return guards if isinstance(guards, bool) else guards(service.store)


def entries_of(entry: Any) -> list[ActionEntry]:
    """An operation's entry in ``ACTIONS``: one pair of action and resource word, or several."""
    if entry is None:
        return []
    return [entry] if isinstance(entry, tuple) else list(entry)


def _needs(service: Service, entries: list[ActionEntry], call: Call, request: Request) -> Iterator[Need]:
    for entry in entries:
        if entry[1] in (NO_PERMISSION, NO_SIGNATURE):
            continue
        if service.spec.needs is None:
            yield Need(entry[0])
        else:
            yield from service.spec.needs(entry, request, call, service.store)


def _judge(need: Need, call: Call, request: Request, enforced: bool) -> None:
    decision = decide(need, call, request, enforced=enforced)
    if decision.allowed:
        return
    error = refusal(call, need, decision)
    _tell(call, need, decision)
    if not need.partial:
        raise error
    call.refusals[need.resource] = error


def decide(need: Need, call: Call, request: Request, *, enforced: bool) -> Decision:
    """What the policies say of a need.

    Not ``enforced``, only explicit denials of resources' policies, other accounts' callers and anonymous ones are
    judged: the caller's own side allows everything.
    """
    principal = call.principal
    owner = need.account_id
    if not enforced:
        if need.policy is None and (owner in (None, principal.account_id)):
            return Decision(True)
        principal = principal._replace(administrator=True) if principal.kind != "anonymous" else principal
    inquiry = Inquiry(principal, need.action, need.resource, RequestContext(call, request, need.keys))
    return evaluate(inquiry, _policies(need, call, principal, enforced))


def _policies(need: Need, call: Call, principal: Principal, enforced: bool) -> Policies:
    if not enforced:
        return Policies((), need.policy, None, (), need.account_id)
    session = principal.session.policies if principal.session else ()
    identity = call.cloud.identities.behind(principal)
    if identity is None:
        return Policies((), need.policy, None, session, need.account_id, need.both)
    texts = tuple(identity.policies.values())
    return Policies(texts, need.policy, identity.boundary, session, need.account_id, need.both)


def role_may(cloud: Cloud, role_arn: str, action: str, resource: str) -> bool:
    """Whether a role's own policies let a service act in its name (a poller that reads a queue).

    Without enforcement every role may.
    """
    if cloud.options.iam != "enforce":
        return True
    identity = cloud.identities.role(role_arn)
    if identity is None:
        return False
    principal = in_role(cloud, role_arn, "service")
    policies = Policies(tuple(identity.policies.values()), None, identity.boundary)
    return evaluate(Inquiry(principal, action, resource), policies).allowed


# -- what is said -----------------------------------------------------------------------------------------------------


def explanation(action: str, decision: Decision) -> str:
    """Why, as AWS puts it behind its denials."""
    if decision.explicit:
        article = "an" if decision.kind[0] in "aeiou" else "a"
        return f"with an explicit deny in {article} {decision.kind}"
    return f"because no {decision.kind} allows the {action} action"


def refusal(call: Call, need: Need, decision: Decision) -> AwsError:
    """The error that a denied caller gets, in the form of the service's protocol."""
    spec = call.cloud.service(call.service, call.account_id, call.region).spec
    who = call.principal.arn or "anonymous"
    said = f"User: {who} is not authorized to perform: {need.action}"
    why = explanation(need.action, decision)
    if spec.refusal == "s3":
        return _s3_refusal(call, need, f"{said}{_on_quoted(need.resource)} {why}")
    if need.action.startswith("sts:"):
        return AwsError("AccessDenied", f"{said} on resource: {need.resource}", status=403)
    text = f"{said} on resource: {need.resource} {why}"
    if spec.refusal == "query":
        return AwsError("AccessDenied", text, status=403)
    return AwsError("AccessDeniedException", text, status=400 if spec.refusal == "json" else 403)


def _on_quoted(resource: str) -> str:
    return "" if resource == "*" else f' on resource: "{resource}"'


def _s3_refusal(call: Call, need: Need, text: str) -> AwsError:
    """S3 tells callers of the bucket's own account why, others only that."""
    if call.operation.startswith("Head"):
        return AwsError("403", "Forbidden", status=403)
    same = need.account_id in (None, call.principal.account_id) and call.principal.kind != "anonymous"
    return AwsError("AccessDenied", text if same else "Access Denied", status=403)


def _unsigned(style: str) -> AwsError:
    if style in ("query", "s3"):
        return AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", status=403)
    status = 400 if style == "json" else 403
    return AwsError("MissingAuthenticationTokenException", "Missing Authentication Token", status=status)


def _tell(call: Call, need: Need, decision: Decision) -> None:
    """Leave the reason in the trace: the statement that is missing, ready to paste, or the one that denied."""
    if decision.explicit and decision.statement is not None:
        text = f"denied in the {decision.kind} by {json.dumps(decision.statement.document)}"
    else:
        missing = {"Effect": "Allow", "Action": need.action, "Resource": need.resource}
        text = f"missing in the {decision.kind}: {json.dumps(missing)}"
    outcome = explanation(need.action, decision)
    call.cloud.note("refusal", call.service, call.operation, text, parent=call.trace_id, outcome=outcome)
