"""Policy documents as they are handed over: what AWS refuses, in IAM's words.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from .conditions import Condition
from .policy import listed

Purpose = Literal["identity", "trust"]

NOT_JSON = "This policy contains invalid Json"
SYNTAX = "Syntax errors in policy."
_LEGACY = "The policy failed legacy parsing"
_TOP = frozenset(("Version", "Id", "Statement"))
_ELEMENTS = frozenset(("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"))
_TRUSTED = frozenset(("Principal", "NotPrincipal"))
_TRUST_ACTIONS = frozenset(
    (
        *("sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity", "sts:tagsession"),
        *("sts:setsourceidentity", "sts:setcontext", "sts:*", "*"),
    )
)
_PARTITIONS = frozenset(("aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "*"))
_VENDOR = re.compile(r"[A-Za-z0-9.*-]+")
_SID = re.compile(r"[0-9A-Za-z]*")
_DATE = re.compile(
    r"-?\d{1,18}|\d{2}[tT]|\d{4}-\d\d(?:-\d\d)?(?:[tT]\d{1,2}(?::\d\d(?::\d\d(?:\.\d{1,9})?)?)?"
    r"(?:[zZ]|[+-]\d\d(?::?[0-5]\d)?)?)?"
)
_IAM_PATHS = (
    *("user/", "federated-user/", "role/", "group/", "instance-profile/", "mfa/", "server-certificate/", "policy/"),
    *("sms-mfa/", "saml-provider/", "oidc-provider/", "report/", "access-report/"),
)


def parsed(text: str) -> Any:
    """A document's JSON; ``None``: it is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def problem_of(text: str, purpose: Purpose) -> str | None:
    """What IAM says against a document; ``None``: it is sound."""
    document = parsed(text)
    if document is None:
        return NOT_JSON if purpose == "trust" else SYNTAX
    if not isinstance(document, dict) or not _is_sound(document, purpose):
        return SYNTAX
    statements = statements_of(document)
    if purpose == "trust":
        return _against_trust(statements)
    if any(_TRUSTED & each.keys() for each in statements):
        return "Policy document should not specify a principal."
    if document.get("Version") != "2012-10-17":
        return "Policy document must be version 2012-10-17 or greater."
    if not all(_parses_as_before(each) for each in statements):
        return _LEGACY
    return next(_problems(statements), None)


def is_resource_policy(text: str) -> bool:
    """Whether a document is a sound policy of a resource: every statement says whom it is about."""
    document = parsed(text)
    if not isinstance(document, dict) or not _is_sound(document, "trust"):
        return False
    return all(_TRUSTED & each.keys() for each in statements_of(document))


def statements_of(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The statements; a single one stands without a list."""
    found = document.get("Statement", [])
    return [found] if isinstance(found, Mapping) else list(found)


# -- grammar ----------------------------------------------------------------------------------------------------------


def _is_sound(document: Mapping[str, Any], purpose: Purpose) -> bool:
    statements = document.get("Statement")
    if isinstance(statements, Mapping):
        statements = [statements]
    return (
        document.keys() <= _TOP
        and document.get("Version", "2012-10-17") in ("2008-10-17", "2012-10-17")
        and isinstance(document.get("Id", ""), str)
        and isinstance(statements, list)
        and bool(statements)
        and all(isinstance(each, Mapping) and _statement_is_sound(each) for each in statements)
    )


def _statement_is_sound(statement: Mapping[str, Any]) -> bool:
    effect = statement.get("Effect")
    return (
        statement.keys() <= _ELEMENTS | _TRUSTED
        and isinstance(statement.get("Sid", ""), str)
        and isinstance(effect, str)
        and effect.lower() in ("allow", "deny")
        and not {"Action", "NotAction"} <= statement.keys()
        and not {"Resource", "NotResource"} <= statement.keys()
        and all(
            _is_texts(statement[name])
            for name in ("Action", "NotAction", "Resource", "NotResource")
            if name in statement
        )
        and all(_is_principal(statement[name]) for name in _TRUSTED & statement.keys())
        and _condition_is_sound(statement.get("Condition", {}))
    )


def _is_texts(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(each, str) for each in value))


def _is_principal(value: Any) -> bool:
    kinds = ("AWS", "Service", "Federated", "CanonicalUser")
    if isinstance(value, dict):
        return bool(value) and all(kind in kinds and _is_texts(each) for kind, each in value.items())
    return bool(value == "*")


def _condition_is_sound(condition: Any) -> bool:
    if not isinstance(condition, dict):
        return False
    for operator, keys in condition.items():
        if not isinstance(keys, dict) or (keys and not Condition.knows(operator)):
            return False
        for wanted in keys.values():
            values = wanted if isinstance(wanted, list) else [wanted]
            if not all(isinstance(each, (str, bool, int, float)) for each in values):
                return False
    return True


# -- what an older parser holds against it ----------------------------------------------------------------------------


def _parses_as_before(statement: Mapping[str, Any]) -> bool:
    resources = listed(statement.get("Resource", statement.get("NotResource")))
    return (
        statement["Effect"] in ("Allow", "Deny")
        and all(_resource_parses(text) for text in resources)
        and all(
            _DATE.fullmatch(str(value)) is not None and not _too_large(str(value))
            for operator, keys in statement.get("Condition", {}).items()
            if operator.lower().startswith("date")
            for wanted in keys.values()
            for value in (wanted if isinstance(wanted, list) else [wanted])
        )
    )


def _resource_parses(text: str) -> bool:
    parts = text.split(":")
    if len(parts) < 3 or parts[0] != "arn" or parts[1] not in _PARTITIONS:
        return True
    return bool(parts[2]) and not (parts[2] == "s3" and len(parts) in (4, 5) and not text.endswith("*"))


def _too_large(text: str) -> bool:
    return text.lstrip("-").isdigit() and abs(int(text)) >= 2**63


# -- contents ---------------------------------------------------------------------------------------------------------


def _problems(statements: list[Mapping[str, Any]]) -> Iterator[str]:
    yield from _against_sids([each["Sid"] for each in statements if each.get("Sid")])
    actions = [listed(each.get("Action", each.get("NotAction"))) for each in statements]
    resources = [listed(each.get("Resource", each.get("NotResource"))) for each in statements]
    if not all(actions):
        yield "Policy statement must contain actions."
    for resource in itertools.chain.from_iterable(resources):
        yield from _against_resource(resource)
    for action in itertools.chain.from_iterable(actions):
        yield from _against_action(action)
    if not all(resources):
        yield "Policy statement must contain resources."


def _against_sids(sids: list[str]) -> Iterator[str]:
    if len(sids) != len(set(sids)):
        yield "Statement IDs (SID) in a single policy must be unique."
    if not all(_SID.fullmatch(sid) for sid in sids):
        text = "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression"
        yield f"{text} [0-9A-Za-z]*"


def _against_action(action: str) -> Iterator[str]:
    if action == "*":
        return
    vendor, colon, name = action.partition(":")
    if not colon:
        yield "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
    elif ":" in name:
        yield "Actions/Condition can contain only one colon."
    elif not _VENDOR.fullmatch(vendor):
        yield f"Vendor {vendor} is not valid"


def _against_resource(resource: str) -> Iterator[str]:
    if resource == "*":
        return
    parts = resource.split(":")
    if len(parts) < 2:
        yield f'Resource {resource} must be in ARN format or "*".'
    elif parts[1] not in _PARTITIONS:
        full = ":".join(["arn", *parts[1:], *["*"] * (6 - len(parts))])
        yield f'Partition "{parts[1]}" is not valid for resource "{full}".'
    elif len(parts) < 3 or "*" in parts[2]:
        yield "Resource vendor must be fully qualified and cannot contain regexes."
    elif parts[2] == "iam":
        yield from _against_iam_resource(resource, parts)
    elif parts[2] == "s3" and len(parts) > 5 and parts[3] not in ("", "*") and not parts[5].startswith("accesspoint"):
        yield f"Resource {resource} can not contain region information."


def _against_iam_resource(resource: str, parts: list[str]) -> Iterator[str]:
    if len(parts) > 3 and parts[3] not in ("", "*"):
        yield f"IAM resource {resource} cannot contain region information."
    path = parts[5] if len(parts) > 5 else "*"
    if path != "*" and not path.startswith(_IAM_PATHS) and path != "root":
        yield f'IAM resource path must either be "*" or start with {", ".join(_IAM_PATHS)}.'


def _against_trust(statements: list[Mapping[str, Any]]) -> str | None:
    for statement in statements:
        for name in ("Resource", "NotResource"):
            if name in statement:
                return f"Has prohibited field {name}."
        if not _TRUSTED & statement.keys():
            return "Missing required field Principal."
        actions = listed(statement.get("Action", statement.get("NotAction")))
        if not actions:
            return "Policy statement must contain actions."
        if any(action.lower() not in _TRUST_ACTIONS and "*" not in action for action in actions):
            return (
                "Trust Policy statement actions can only be sts:AssumeRole, sts:AssumeRoleWithSAML,  "
                "and sts:AssumeRoleWithWebIdentity"
            )
    return None
