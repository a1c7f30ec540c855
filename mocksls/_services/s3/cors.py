"""Requests of pages from other origins: rules checked and matched, preflights answered.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mocksls._kernel.errors import AwsError

from . import errors
from .store import Bucket

_METHODS = ("GET", "PUT", "POST", "DELETE", "HEAD")
_MOST_RULES = 100
_VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"


def check(rules: list[dict[str, Any]]) -> None:
    """Hold rules against what S3 takes.

    Raises:
        AwsError: MalformedXML, InvalidRequest.
    """
    if not rules or len(rules) > _MOST_RULES:
        raise errors.malformed_xml()
    for rule in rules:
        _check_rule(rule)


def _check_rule(rule: dict[str, Any]) -> None:
    if not rule.get("AllowedMethods") or not rule.get("AllowedOrigins"):
        raise errors.malformed_xml()
    for method in rule["AllowedMethods"]:
        if method not in _METHODS:
            raise errors.invalid_request(
                f"Found unsupported HTTP method in CORS config. Unsupported method is {method}"
            )
    for name in ("AllowedOrigins", "AllowedHeaders"):
        for text in rule.get(name) or ():
            if text.count("*") > 1:
                kind = name.removesuffix("s")
                raise errors.invalid_request(f'{kind} "{text}" can not have more than one wildcard.')
    for text in rule.get("ExposeHeaders") or ():
        if "*" in text:
            raise errors.invalid_request(
                f'ExposeHeader "{text}" contains wildcard. We currently do not support wildcard for ExposeHeader.'
            )


def _fits(pattern: str, text: str) -> bool:
    start, star, end = pattern.partition("*")
    if not star:
        return pattern == text
    return text.startswith(start) and text.endswith(end) and len(text) >= len(start) + len(end)


def _rule_for(bucket: Bucket, origin: str, method: str, wanted: Iterable[str]) -> tuple[dict[str, Any], str] | None:
    """The first rule for a request, and the origin that it names."""
    for rule in bucket.settings.get("CORS", ()):
        pattern = next((each for each in rule["AllowedOrigins"] if _fits(each, origin)), None)
        if pattern is None or method not in rule["AllowedMethods"]:
            continue
        allowed = [each.lower() for each in rule.get("AllowedHeaders") or ()]
        if all(any(_fits(each, header) for each in allowed) for header in wanted):
            return rule, pattern
    return None


def _allowing(rule: Mapping[str, Any], pattern: str, origin: str) -> dict[str, str]:
    found = {
        "access-control-allow-origin": "*" if pattern == "*" else origin,
        "access-control-allow-methods": ", ".join(rule["AllowedMethods"]),
    }
    if rule.get("ExposeHeaders"):
        found["access-control-expose-headers"] = ", ".join(rule["ExposeHeaders"])
    if "MaxAgeSeconds" in rule:
        found["access-control-max-age"] = str(rule["MaxAgeSeconds"])
    if pattern != "*":
        found["access-control-allow-credentials"] = "true"
    found["vary"] = _VARY
    return found


def headers_for(bucket: Bucket, origin: str, method: str) -> dict[str, str]:
    """What the answer to a request of another origin says of it; nothing where no rule is for it."""
    found = _rule_for(bucket, origin, method, ())
    return {} if found is None else _allowing(*found, origin)


def preflight(bucket: Bucket | None, headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that allow the request that a preflight asks for; ``headers`` have names in lower case.

    Raises:
        AwsError: BadRequest, AccessForbidden.
    """
    origin, method = headers.get("origin"), headers.get("access-control-request-method")
    if origin is None:
        text = "Insufficient information. Origin request header needed."
        raise AwsError("BadRequest", text, status=400)
    if method is None:
        text = "Invalid Access-Control-Request-Method: null"
        raise AwsError("BadRequest", text, status=400)
    asked = headers.get("access-control-request-headers", "")
    wanted = [part.strip().lower() for part in asked.split(",") if part.strip()]
    if bucket is None or "CORS" not in bucket.settings:
        text = "CORSResponse: CORS is not enabled for this bucket."
        raise AwsError("AccessForbidden", text, status=403, members={"Method": method, "ResourceType": "BUCKET"})
    found = _rule_for(bucket, origin, method, wanted)
    if found is None:
        text = (
            "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request "
            "method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the "
            "resource's CORS spec."
        )
        raise AwsError("AccessForbidden", text, status=403, members={"Method": method, "ResourceType": "OBJECT"})
    allowed = _allowing(*found, origin)
    if wanted:
        allowed["access-control-allow-headers"] = ", ".join(wanted)
    return allowed
