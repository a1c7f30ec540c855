"""The terms of a session: its policies, tags, source identity, and how long it lasts.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from mocksls._kernel.call import Principal
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.identities import Identity
from mocksls._kernel.policy_documents import problem_of

from . import errors

_MOST_PACKED = 2048


class Terms(NamedTuple):
    """What a session is issued with; ``packed_size`` is the share in percent of what it may be (``None``: unused)."""

    policies: tuple[str, ...]
    tags: tuple[tuple[str, str], ...]
    transitive: frozenset[str]
    source_identity: str | None
    packed_size: int | None


def terms_of(request: Mapping[str, Any], cloud: Cloud, caller: Principal | None) -> Terms:
    """The terms that a request asks for, those of the caller's own session taken over where they are transitive.

    Raises:
        AwsError: MalformedPolicyDocument, InvalidParameterValue, ValidationError, AccessDenied.
    """
    policies = _policies(request, cloud)
    tags = _tags(request)
    transitive = {name.lower() for name in request.get("TransitiveTagKeys", ())}
    if not transitive <= {name.lower() for name in tags}:
        raise errors.invalid_parameter("The specified transitive tag key must be included in the requested tags.")
    before = caller.session if caller else None
    if before is not None and caller is not None and caller.kind == "assumed-role":
        if {name.lower() for name in tags} & before.transitive:
            raise errors.invalid_parameter(
                "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key "
                "from the calling session."
            )
        tags = {**{name: value for name, value in before.tags if name.lower() in before.transitive}, **tags}
        transitive |= before.transitive
    given = sum(map(len, policies)) + sum(len(name) + len(value) for name, value in tags.items())
    known = before.source_identity if before else None
    source = request.get("SourceIdentity", known)
    if caller is not None and known is not None and source != known:
        raise errors.not_authorized(caller, "sts:SetSourceIdentity", request.get("RoleArn", "*"))
    packed = max(1, given * 100 // _MOST_PACKED) if given else None
    return Terms(policies, tuple(tags.items()), frozenset(transitive), source, packed)


def _policies(request: Mapping[str, Any], cloud: Cloud) -> tuple[str, ...]:
    found: list[str] = []
    if "Policy" in request:
        problem = problem_of(request["Policy"], "identity")
        if problem is not None and cloud.options.compat != "moto":
            raise errors.malformed(problem)
        found.append(request["Policy"])
    for each in request.get("PolicyArns", ()):
        document = cloud.identities.managed.get(each.get("arn", ""))
        if document is None:
            raise errors.no_policy(each.get("arn", ""))
        found.append(document)
    return tuple(found)


def _tags(request: Mapping[str, Any]) -> dict[str, str]:
    tags = request.get("Tags", ())
    names = [tag["Key"].lower() for tag in tags]
    if len(names) != len(set(names)):
        raise errors.invalid_parameter("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
    return {tag["Key"]: tag["Value"] for tag in tags}


def check_duration(duration_s: int, role: Identity | None, caller: Principal | None) -> None:
    """A session lasts as long as its role allows, a chained one an hour.

    Raises:
        AwsError: ValidationError.
    """
    if caller is not None and caller.kind == "assumed-role" and duration_s > 3600:
        raise errors.too_long("1 hour session limit for roles assumed by role chaining")
    if role is not None and duration_s > role.max_session_s:
        raise errors.too_long("MaxSessionDuration set for this role.")
