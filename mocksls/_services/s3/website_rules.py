"""What S3 takes as a website's configuration, and what its routing rules say.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-page-redirect.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from . import errors

_MOST_RULES = 50
_PROTOCOLS = ("http", "https")


def check(website: Mapping[str, Any]) -> None:
    """Hold a configuration against what S3 takes.

    Raises:
        AwsError: InvalidArgument, InvalidRequest, MalformedXML.
    """
    everywhere = website.get("RedirectAllRequestsTo")
    if everywhere is not None:
        if any(name in website for name in ("IndexDocument", "ErrorDocument", "RoutingRules")):
            raise errors.malformed_xml()
        if not everywhere.get("HostName"):
            raise errors.malformed_xml()
        _check_protocol(everywhere)
        return
    suffix = (website.get("IndexDocument") or {}).get("Suffix")
    if suffix is None:
        raise errors.invalid(
            "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty",
            ArgumentName="IndexDocument",
            ArgumentValue="null",
        )
    if not suffix or "/" in suffix:
        raise errors.invalid(
            "The IndexDocument Suffix is not well formed", ArgumentName="IndexDocument", ArgumentValue=suffix
        )
    if "ErrorDocument" in website and not website["ErrorDocument"].get("Key"):
        raise errors.invalid("The ErrorDocument Key is not well formed", ArgumentName="ErrorDocument")
    rules = website.get("RoutingRules")
    if rules is not None and not 1 <= len(rules) <= _MOST_RULES:
        raise errors.invalid_request(
            f"{len(rules)} routing rules provided, the number of routing rules in a website "
            f"configuration is limited to {_MOST_RULES}."
        )
    for rule in rules or ():
        _check_rule(rule)


def _check_rule(rule: Mapping[str, Any]) -> None:
    redirect, condition = rule.get("Redirect"), rule.get("Condition")
    if not redirect:
        raise errors.malformed_xml()
    if condition is not None and not condition:
        raise errors.invalid_request(
            "Condition cannot be empty. To redirect all requests without a condition, the condition element shouldn't "
            "be present."
        )
    code = str((condition or {}).get("HttpErrorCodeReturnedEquals", "404"))
    if not (code.isdigit() and 400 <= int(code) <= 599):
        raise errors.invalid_request(f"The provided HTTP error code ({code}) is not valid. Valid codes are 4XX or 5XX.")
    if "ReplaceKeyWith" in redirect and "ReplaceKeyPrefixWith" in redirect:
        raise errors.invalid_request("You can only define ReplaceKeyPrefix or ReplaceKey but not both.")
    code = str(redirect.get("HttpRedirectCode", "301"))
    if not (code.isdigit() and 301 <= int(code) <= 399):
        raise errors.invalid_request(
            f"The provided HTTP redirect code ({code}) is not valid. Valid codes are 3XX except 300."
        )
    _check_protocol(redirect)


def _check_protocol(redirect: Mapping[str, Any]) -> None:
    if redirect.get("Protocol", "http") not in _PROTOCOLS:
        raise errors.invalid_request(
            "Invalid protocol, protocol can be http or https. If not defined the protocol will be selected "
            "automatically."
        )


def redirect_for(website: Mapping[str, Any], key: str, status: int | None) -> Mapping[str, Any] | None:
    """The first routing rule for a key, before (``status`` None) or after it was looked up."""
    for rule in _rules(website):
        condition = rule.get("Condition") or {}
        wanted = condition.get("HttpErrorCodeReturnedEquals")
        fits = wanted is None if status is None else wanted is not None and int(wanted) == status
        if fits and key.startswith(condition.get("KeyPrefixEquals", "")):
            return rule
    return None


def _rules(website: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from website.get("RoutingRules") or ()


def location_of(rule: Mapping[str, Any], key: str, scheme: str, host: str) -> tuple[int, str]:
    """Where a routing rule sends a request: status and address."""
    redirect = rule["Redirect"]
    prefix = (rule.get("Condition") or {}).get("KeyPrefixEquals", "")
    if "ReplaceKeyWith" in redirect:
        key = redirect["ReplaceKeyWith"]
    elif "ReplaceKeyPrefixWith" in redirect:
        key = redirect["ReplaceKeyPrefixWith"] + key[len(prefix) :]
    address = f"{redirect.get('Protocol', scheme)}://{redirect.get('HostName', host)}/{quote(key, safe=SAFE)}"
    return int(redirect.get("HttpRedirectCode", 301)), address


SAFE = "/-_.~!'()*:@&=+$,"
