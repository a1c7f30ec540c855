"""What a call to IAM must be allowed: users, roles, groups, policies and what else has a name.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from mocksls._kernel.authorise import ActionEntry, Need
from mocksls._kernel.call import Call
from mocksls._kernel.templates import Context

from .arns import iam_arn
from .store import Store

_MEMBERS = {
    "role": "RoleName",
    "user": "UserName",
    "group": "GroupName",
    "policy": "PolicyName",
    "instance-profile": "InstanceProfileName",
}


def needs(entry: ActionEntry, request: Mapping[str, Any], call: Call, store: Store) -> Iterator[Need]:
    """What one action of an operation needs."""
    action, word = entry
    if word in _MEMBERS:
        yield Need(action, _arn(word, request, call, store), keys=partial(_keys, word, request, store))
    elif word == "passed role":
        role = store.roles.get(request["RoleName"])
        arn = role.arn if role else iam_arn(call, f"role/{request['RoleName']}")
        yield Need(action, arn, keys=lambda: {"iam:passedtoservice": "ec2.amazonaws.com"})
    elif word.startswith("arn of "):
        yield Need(action, request[word.removeprefix("arn of ")])
    elif word == "new mfa":
        yield Need(action, iam_arn(call, f"mfa{request.get('Path', '/')}{request['VirtualMFADeviceName']}"))
    elif word == "mfa":
        serial = request["SerialNumber"]
        yield Need(action, serial if serial.startswith("arn:") else iam_arn(call, f"mfa/{serial}"))
    elif word == "new oidc-provider":
        yield Need(action, iam_arn(call, f"oidc-provider/{request['Url'].partition('://')[2]}"))
    elif word == "new saml-provider":
        yield Need(action, iam_arn(call, f"saml-provider/{request['Name']}"))
    elif word.endswith("/"):
        yield Need(action, iam_arn(call, word))
    else:
        yield Need(action)


def _arn(word: str, request: Mapping[str, Any], call: Call, store: Store) -> str:
    if word == "policy" and "PolicyArn" in request:
        return str(request["PolicyArn"])
    name = request.get(_MEMBERS[word])
    if name is None:
        # without a name the caller itself is meant
        return call.principal.arn if call.principal.kind == "user" else iam_arn(call, f"{word}/")
    known = store.entity(word, name)
    return known.arn if known else iam_arn(call, f"{word}{request.get('Path', '/')}{name}")


def _keys(word: str, request: Mapping[str, Any], store: Store) -> Context:
    keys: dict[str, str] = {}
    if "PolicyArn" in request:
        keys["iam:policyarn"] = request["PolicyArn"]
    known = store.entity(word, request.get(_MEMBERS[word], ""))
    boundary = request.get("PermissionsBoundary") or (known.boundary_arn if known else None)
    if boundary:
        keys["iam:permissionsboundary"] = boundary
    if known is not None:
        keys |= {f"aws:resourcetag/{name.lower()}": value for name, value in known.tags.items()}
        keys |= {f"iam:resourcetag/{name.lower()}": value for name, value in known.tags.items()}
    return keys
