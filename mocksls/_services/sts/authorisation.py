"""What a call to STS must be allowed: roles with their trust policies.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.authorise import ActionEntry, Need
from mocksls._kernel.call import Call
from mocksls._kernel.templates import Context


def needs(entry: ActionEntry, request: Mapping[str, Any], call: Call, store: Any) -> Iterator[Need]:
    """What one action of an operation needs. An ARN that is none is for the operation to refuse."""
    action, word = entry
    if word == "federated user":
        yield Need(action, f"arn:aws:sts::{call.account_id}:federated-user/{request['Name']}")
        return
    if word != "role":
        yield Need(action)
        return
    arn = Arn.parse(request["RoleArn"])
    if arn is None or arn.service != "iam" or not arn.resource.startswith("role/"):
        return
    if not _is_meant(action, request):
        return
    role = call.cloud.identities.role(request["RoleArn"])
    if role is None and call.cloud.options.iam == "allow":
        return
    trust = role.trust_policy if role else None
    yield Need(action, request["RoleArn"], trust, arn.account_id, partial(_keys, request), both=True)


def _is_meant(action: str, request: Mapping[str, Any]) -> bool:
    """Tags and a source identity need permissions of their own, in the trust policy too."""
    member = {"sts:TagSession": "Tags", "sts:SetSourceIdentity": "SourceIdentity"}.get(action)
    return member is None or bool(request.get(member))


def _keys(request: Mapping[str, Any]) -> Context:
    members = {
        "ExternalId": "sts:externalid",
        "RoleSessionName": "sts:rolesessionname",
        "SourceIdentity": "sts:sourceidentity",
    }
    keys: dict[str, Any] = {key: request[member] for member, key in members.items() if member in request}
    if request.get("TransitiveTagKeys"):
        keys["sts:transitivetagkeys"] = tuple(request["TransitiveTagKeys"])
    return keys
