"""The judge of signatures: whether a request was made by whoever knows the key's secret, for here and now.

Version 4 in headers, query strings and chunk by chunk, Version 2 in S3's headers and URLs and in queries. Signatures
are held against the secret wherever it is known; of other keys only a presigned URL's time is looked at.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl

from . import signature_errors as errors
from . import signature_v2 as version_2
from .http import HttpRequest
from .signature_v4 import ALGORITHM, STREAMING, Scope, Signed, check_chunks, digest, signature

SecretOf = Callable[[str], "str | None"]
AgeOf = Callable[[str], float]

_LONGEST_S = 604_800
_PAST_S, _FUTURE_S = 900, 300
_UNHASHED = ("UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
_FORMAT = "%Y%m%dT%H%M%SZ"


class Endpoint(NamedTuple):
    """Where a request arrived: the names that its service may be signed for, and its region (``None``: any)."""

    services: frozenset[str]
    region: str | None = None


def check(
    request: HttpRequest,
    secret_of: SecretOf,
    now: float,
    age_of: AgeOf,
    endpoint: Endpoint | None = None,
    *,
    judged_by_time: bool = True,
) -> None:
    """Hold a request against its signature, and against its time.

    Args:
        request: as it was sent.
        secret_of: the secret of an access key; ``None`` where it is not known.
        now: the cloud's time, epoch seconds.
        age_of: by how much the cloud's clock was ahead of the signer's when a date (or SigV2's ``Expires``) was
            written.
        endpoint: where it arrived, if that is known.
        judged_by_time: whether a request that is signed in a header must be of the present.

    Raises:
        AwsError: SignatureDoesNotMatch and its kin, in the service's words.
    """
    query = dict(parse_qsl(request.query, keep_blank_values=True)) if "?" in request.url else {}
    authorization = request.header("authorization") or ""
    if "AWSAccessKeyId" in query and "Signature" in query:
        if query.get("SignatureVersion") == "2":
            named = min(endpoint.services, default="") if endpoint else ""
            version_2.check_query(request, query, secret_of, named)
        else:
            version_2.check_url(request, query, secret_of, now, age_of)
        return
    if authorization.startswith("AWS "):
        version_2.check_header(request, query, secret_of)
        return
    if "X-Amz-Credential" in query:
        signed = _presigned(request, query)
        _check_lasting(query, now, age_of(signed.date))
    elif authorization.startswith(ALGORITHM):
        signed = _in_header(request, authorization, endpoint)
    else:
        return
    secret = secret_of(signed.scope.access_key_id)
    if secret is not None:
        _check(request, signed, secret, endpoint)
        if not signed.presigned and judged_by_time:
            _check_current(signed, now, age_of(signed.date))


def _check(request: HttpRequest, signed: Signed, secret: str, endpoint: Endpoint | None) -> None:
    scope = signed.scope
    if endpoint is not None:
        if scope.service not in endpoint.services:
            raise errors.wrong_service(scope.service, min(endpoint.services))
        if endpoint.region is not None and scope.region != endpoint.region:
            raise errors.wrong_region(scope.service, scope.region, endpoint.region)
    if signed.date[:8] != scope.day:
        raise errors.wrong_day(scope.service, scope.day, signed.date)
    _check_headers(request, signed)
    if not hmac.compare_digest(signature(request, signed, secret), signed.signature):
        raise errors.mismatch(scope.service)
    if signed.payload.startswith(STREAMING):
        check_chunks(request.body, signed, secret)
    elif scope.service == "s3" and signed.payload not in _UNHASHED:
        computed = digest(request.body)
        if computed != signed.payload:
            raise errors.body_differs(signed.payload, computed)


def _check_headers(request: HttpRequest, signed: Signed) -> None:
    """The host is signed, and so is every ``x-amz-`` header that S3 gets."""
    if "host" not in signed.headers:
        raise errors.not_signed(signed.scope.service, ["host"])
    if signed.scope.service == "s3":
        named = sorted({key.lower() for key, _ in request.headers if key.lower().startswith("x-amz-")})
        missing = [name for name in named if name not in signed.headers and name != "x-amz-content-sha256"]
        if missing:
            raise errors.not_signed("s3", missing)


# -- what a request shows ---------------------------------------------------------------------------------------------


def _presigned(request: HttpRequest, query: Mapping[str, str]) -> Signed:
    scope = Scope.parse(query["X-Amz-Credential"])
    needed = ("X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature")
    if scope is None or any(name not in query for name in needed):
        raise errors.bad_query(
            "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
            "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
        )
    body_hash = request.header("x-amz-content-sha256")
    payload = body_hash or ("UNSIGNED-PAYLOAD" if scope.service == "s3" else digest(request.body))
    names = query["X-Amz-SignedHeaders"].split(";")
    return Signed(scope, names, query["X-Amz-Signature"], query["X-Amz-Date"], payload, presigned=True)


def _in_header(request: HttpRequest, authorization: str, endpoint: Endpoint | None) -> Signed:
    parts = authorization[len(ALGORITHM) :].split(",")
    fields = dict(part.strip().partition("=")[::2] for part in parts)
    scope = Scope.parse(fields.get("Credential", ""))
    service = scope.service if scope else min(endpoint.services, default="") if endpoint else ""
    missing = [f"'{name}' parameter" for name in ("Credential", "Signature", "SignedHeaders") if not fields.get(name)]
    if scope is None or missing:
        raise errors.incomplete(service, missing or ["a well-formed 'Credential' parameter"], authorization)
    date = request.header("x-amz-date") or _from_http(request.header("date"))
    if moment(date) is None:
        raise errors.no_date(service)
    payload = request.header("x-amz-content-sha256")
    if payload is None:
        if service == "s3":
            raise errors.no_body_hash()
        payload = digest(request.body)
    return Signed(scope, fields["SignedHeaders"].split(";"), fields["Signature"], date, payload, presigned=False)


def _from_http(text: str | None) -> str:
    """The date of a ``Date`` header as signatures write it; an empty text if it is none."""
    if text is None:
        return ""
    if moment(text) is not None:
        return text
    try:
        return stamp(parsedate_to_datetime(text).timestamp())
    except (TypeError, ValueError):
        return ""


# -- time -------------------------------------------------------------------------------------------------------------


def _check_lasting(query: Mapping[str, str], now: float, age: float) -> None:
    made, lasts = moment(query["X-Amz-Date"]), query["X-Amz-Expires"]
    if made is None:
        raise errors.bad_query("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")
    if not lasts.lstrip("-").isdigit() or not lasts.isascii():
        raise errors.bad_query("X-Amz-Expires should be a number")
    if int(lasts) < 0:
        raise errors.bad_query("X-Amz-Expires must be non-negative")
    if int(lasts) > _LONGEST_S:
        raise errors.bad_query(
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than "
            "604800 seconds"
        )
    if made + age + int(lasts) <= now:
        raise errors.url_expired()


def _check_current(signed: Signed, now: float, age: float) -> None:
    """A request is at most fifteen minutes old, and five minutes early (S3: fifteen)."""
    made = (moment(signed.date) or 0.0) + age
    service = signed.scope.service
    if made < now - _PAST_S:
        raise errors.expired(service, signed.date, stamp(now - _PAST_S), stamp(now))
    early = _PAST_S if service == "s3" else _FUTURE_S
    if made > now + early:
        raise errors.not_yet(service, signed.date, stamp(now + early), stamp(now))


@lru_cache(maxsize=256)
def moment(text: str) -> float | None:
    """A date as signatures write it, in epoch seconds; ``None``: it is none."""
    try:
        return datetime.strptime(text, _FORMAT).replace(tzinfo=timezone.utc).timestamp()
    except ValueError:
        return None


def stamp(second: float) -> str:
    """A time (epoch seconds) as signatures write it."""
    return datetime.fromtimestamp(second, timezone.utc).strftime(_FORMAT)
