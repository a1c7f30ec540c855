"""What AWS says of signatures that do not do, in each protocol's words."""

from __future__ import annotations

from typing import Literal

from .errors import AwsError

Style = Literal["s3", "query", "json", "rest-json"]

_QUERY = frozenset(("iam", "monitoring", "sns", "sts"))
_REST_JSON = frozenset(("lambda", "apigateway", "execute-api", "scheduler"))
_CALCULATED = "The request signature we calculated does not match the signature you provided. Check your"


def style_of(service: str) -> Style:
    """How a service, by the name it is signed for, words its errors."""
    if service in ("s3", "s3express"):
        return "s3"
    if service in _QUERY:
        return "query"
    return "rest-json" if service in _REST_JSON else "json"


def _refused(style: Style, text: str) -> AwsError:
    if style in ("s3", "query"):
        return AwsError("SignatureDoesNotMatch", text, status=403)
    return AwsError("InvalidSignatureException", text, status=400 if style == "json" else 403)


def mismatch(service: str) -> AwsError:
    """The signature is another one than that of the request and the secret."""
    style = style_of(service)
    if style == "s3":
        return _refused(style, f"{_CALCULATED} key and signing method.")
    rest = "AWS Secret Access Key and signing method. Consult the service documentation for details."
    return _refused(style, f"{_CALCULATED} {rest}")


def bad_query(text: str) -> AwsError:
    """The parameters of a presigned URL do not do."""
    return AwsError("AuthorizationQueryParametersError", text, status=400)


def incomplete(service: str, missing: list[str], header: str) -> AwsError:
    """The Authorization header lacks something."""
    style = style_of(service)
    if style == "s3":
        text = f"The authorization header is malformed; the authorization header requires {missing[0]}."
        return AwsError("AuthorizationHeaderMalformed", text, status=400)
    text = " ".join(f"Authorization header requires {each}." for each in missing)
    code = "IncompleteSignature" if style == "query" else "IncompleteSignatureException"
    return AwsError(code, f"{text} Authorization={header}", status=400 if style != "rest-json" else 403)


def wrong_region(service: str, region: str, expected: str) -> AwsError:
    """The credential scope names another region than the endpoint's."""
    if style_of(service) == "s3":
        text = f"The authorization header is malformed; the region '{region}' is wrong; expecting '{expected}'"
        return AwsError("AuthorizationHeaderMalformed", text, status=400, members={"Region": expected})
    return _refused(style_of(service), f"Credential should be scoped to a valid region, not '{region}'. ")


def wrong_service(named: str, expected: str) -> AwsError:
    """The credential scope names another service than the endpoint's."""
    if style_of(expected) == "s3":
        text = f'The authorization header is malformed; incorrect service "{named}". This endpoint belongs to "s3".'
        return AwsError("AuthorizationHeaderMalformed", text, status=400)
    return _refused(style_of(expected), f"Credential should be scoped to correct service: '{expected}'. ")


def wrong_day(service: str, day: str, date: str) -> AwsError:
    """The credential scope names another day than the request's date."""
    if style_of(service) == "s3":
        text = f'The authorization header is malformed; Invalid credential date "{day}". This date is not the same as '
        return AwsError("AuthorizationHeaderMalformed", f'{text}X-Amz-Date: "{date[:8]}".', status=400)
    text = "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP"
    return _refused(style_of(service), f"{text}: '{day}' != '{date[:8]}', from '{date}'.")


def expired(service: str, date: str, earliest: str, now: str) -> AwsError:
    """The request is older than fifteen minutes."""
    if style_of(service) == "s3":
        return _skewed(date, now)
    return _refused(style_of(service), f"Signature expired: {date} is now earlier than {earliest} ({now} - 15 min.)")


def not_yet(service: str, date: str, latest: str, now: str) -> AwsError:
    """The request is of the future."""
    if style_of(service) == "s3":
        return _skewed(date, now)
    return _refused(
        style_of(service), f"Signature not yet current: {date} is still later than {latest} ({now} + 5 min.)"
    )


def _skewed(date: str, now: str) -> AwsError:
    text = "The difference between the request time and the current time is too large."
    members = {"RequestTime": date, "ServerTime": now, "MaxAllowedSkewMilliseconds": "900000"}
    return AwsError("RequestTimeTooSkewed", text, status=403, members=members)


def not_signed(service: str, names: list[str]) -> AwsError:
    """Headers that must be signed are not."""
    if style_of(service) == "s3":
        text = "There were headers present in the request which were not signed"
        return AwsError("AccessDenied", text, status=403, members={"HeadersNotSigned": ", ".join(names)})
    shown = " or ".join(f"'{name.title()}'" for name in ([*names, ":authority"] if names == ["host"] else names))
    return _refused(style_of(service), f"{shown} must be a 'SignedHeader' in the AWS Authorization.")


def no_date(service: str) -> AwsError:
    """The request has no date that could be read."""
    if style_of(service) == "s3":
        text = "AWS authentication requires a valid Date or x-amz-date header"
        return AwsError("AccessDenied", text, status=403)
    text = "Date must be in ISO-8601 'basic format'. Got ''. See http://en.wikipedia.org/wiki/ISO_8601"
    return _refused(style_of(service), text)


def no_body_hash() -> AwsError:
    """S3 wants the hash of the body in a header."""
    text = "Missing required header for this request: x-amz-content-sha256"
    return AwsError("InvalidRequest", text, status=400)


def body_differs(given: str, computed: str) -> AwsError:
    """The body is another one than that whose hash was signed."""
    text = "The provided 'x-amz-content-sha256' header does not match what was computed."
    members = {"ClientComputedContentSHA256": given, "S3ComputedContentSHA256": computed}
    return AwsError("XAmzContentSHA256Mismatch", text, status=400, members=members)


def url_expired() -> AwsError:
    """A presigned URL is too old."""
    return AwsError("AccessDenied", "Request has expired", status=403)
