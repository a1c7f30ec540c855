"""The condition keys of a request, each worked out when a policy asks for it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from .call import Call, Principal
from .policy import source_keys
from .principal_elements import role_arn
from .templates import Context

Value = str | Sequence[str]


class RequestContext(Mapping[str, Value]):
    """Global keys, those of the service (``more``), and those of the tags that a request carries."""

    def __init__(self, call: Call, request: Mapping[str, Any], more: Callable[[], Context] | None = None) -> None:
        self._call = call
        self._request = request
        self._make_more = more
        self._more: Context | None = None
        self._known: dict[str, Value | None] = {}

    def __getitem__(self, key: str) -> Value:
        value: Value | None = self.get(key)
        if value is None:
            raise KeyError(key)
        return value

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a key in lower case."""
        if key not in self._known:
            self._known[key] = self._found(key)
        value = self._known[key]
        return default if value is None else value

    def __iter__(self) -> Iterator[str]:
        return iter([*(name for name in _GLOBAL if self.get(name) is not None), *self._others()])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def _found(self, key: str) -> Value | None:
        make = _GLOBAL.get(key)
        if make is not None:
            found = make(self._call)
            if found is not None:
                return found
        prefix, _, name = key.partition("/")
        if prefix == "aws:principaltag":
            return _principal_tags(self._call).get(name)
        if prefix == "aws:requesttag":
            return {tag.lower(): value for tag, value in _request_tags(self._request).items()}.get(name)
        if key == "aws:tagkeys":
            return tuple(_request_tags(self._request)) or None
        return self._others().get(key)

    def _others(self) -> Context:
        if self._more is None:
            self._more = self._make_more() if self._make_more else {}
        return self._more


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _principal_arn(call: Call) -> str | None:
    principal = call.principal
    return role_arn(principal) or principal.arn or None


def _user_name(call: Call) -> str | None:
    principal = call.principal
    return principal.arn.rsplit("/", 1)[-1] if principal.kind == "user" else None


def _principal_type(call: Call) -> str:
    names = {
        "user": "User",
        "root": "Account",
        "assumed-role": "AssumedRole",
        "federated-user": "FederatedUser",
        "service": "Service",
        "anonymous": "Anonymous",
    }
    return names[call.principal.kind]


def _token_issue_time(call: Call) -> str | None:
    session = call.principal.session
    return _iso(session.issued) if session and session.issued is not None else None


def _mfa(call: Call) -> str | None:
    session = call.principal.session
    return ("true" if session.mfa else "false") if session else None


def _source_identity(call: Call) -> str | None:
    return call.principal.session.source_identity if call.principal.session else None


def _federated_provider(call: Call) -> str | None:
    return call.principal.session.provider if call.principal.session else None


def _known(principal: Principal) -> str | None:
    return principal.account_id or None


_GLOBAL: dict[str, Callable[[Call], Value | None]] = {
    "aws:principalarn": _principal_arn,
    "aws:principalaccount": lambda call: _known(call.principal),
    "aws:principaltype": _principal_type,
    "aws:principalisawsservice": lambda call: "true" if call.principal.kind == "service" else "false",
    "aws:principalservicename": lambda call: call.principal.arn if call.principal.kind == "service" else None,
    "aws:userid": lambda call: call.principal.user_id or None,
    "aws:username": _user_name,
    "aws:sourceidentity": _source_identity,
    "aws:federatedprovider": _federated_provider,
    "aws:tokenissuetime": _token_issue_time,
    "aws:multifactorauthpresent": _mfa,
    "aws:currenttime": lambda call: _iso(call.cloud.clock.time()),
    "aws:epochtime": lambda call: str(int(call.cloud.clock.time())),
    "aws:requestedregion": lambda call: call.region or None,
    "aws:sourceip": lambda call: call.source_ip,
    "aws:securetransport": lambda call: "true",
    "aws:useragent": lambda call: call.headers.get("user-agent"),
    "aws:referer": lambda call: call.headers.get("referer"),
    "aws:viaawsservice": lambda call: "false",
    "aws:sourcearn": lambda call: source_keys(call.principal).get("aws:sourcearn"),
    "aws:sourceaccount": lambda call: source_keys(call.principal).get("aws:sourceaccount"),
}


def _principal_tags(call: Call) -> dict[str, str]:
    """The tags of the user or role, and over them those of the session; names in lower case."""
    identity = call.cloud.identities.behind(call.principal)
    tags = dict(identity.tags) if identity else {}
    if call.principal.session:
        tags.update(call.principal.session.tags)
    return {name.lower(): value for name, value in tags.items()}


def _request_tags(request: Mapping[str, Any]) -> dict[str, str]:
    """The tags that a request sets, in whichever of AWS's forms; for removals their keys."""
    found = request.get("Tags", request.get("tags"))
    if isinstance(found, Mapping):
        return {str(name): str(value) for name, value in found.items()}
    if isinstance(found, Sequence) and not isinstance(found, (str, bytes)):
        return {each.get("Key", each.get("key", "")): each.get("Value", each.get("value", "")) for each in found}
    keys = request.get("TagKeys", request.get("tagKeys", ()))
    return dict.fromkeys(keys, "")
