"""Errors of STS, with AWS's messages."""

from __future__ import annotations

from mocksls._kernel.call import Principal
from mocksls._kernel.errors import AwsError


def invalid_arn(arn: str) -> AwsError:
    """What should be a role's ARN is none."""
    return AwsError("ValidationError", f"{arn} is invalid", status=400)


def too_long(why: str) -> AwsError:
    """A session is to last longer than it may."""
    return AwsError("ValidationError", f"The requested DurationSeconds exceeds the {why}", status=400)


def not_for_sessions(operation: str) -> AwsError:
    """The caller has temporary keys."""
    return AwsError("AccessDenied", f"Cannot call {operation} with session credentials", status=403)


def invalid_parameter(text: str) -> AwsError:
    """A tag, or a list of them, does not do."""
    return AwsError("InvalidParameterValue", text, status=400)


def malformed(problem: str) -> AwsError:
    """A session policy is no policy."""
    return AwsError("MalformedPolicyDocument", problem, status=400)


def no_policy(arn: str) -> AwsError:
    """A managed policy that is to narrow a session does not exist."""
    return AwsError("ValidationError", f"Policy {arn} does not exist or is not attachable.", status=400)


def not_authorized(principal: Principal, action: str, arn: str) -> AwsError:
    """A role does not trust its caller."""
    text = f"User: {principal.arn} is not authorized to perform: {action} on resource: {arn}"
    return AwsError("AccessDenied", text, status=403)


def federated_denied(action: str) -> AwsError:
    """A role does not trust what an identity provider said."""
    return AwsError("AccessDenied", f"Not authorized to perform {action}", status=403)


def invalid_token(text: str) -> AwsError:
    """A web identity token or SAML assertion cannot be read."""
    return AwsError("InvalidIdentityToken", text, status=400)


def expired_token(text: str) -> AwsError:
    """A web identity token or SAML assertion is too old."""
    return AwsError("ExpiredTokenException", text, status=400)


def invalid_message() -> AwsError:
    """An encoded authorization message is none."""
    return AwsError("InvalidAuthorizationMessageException", "Message is not valid", status=400)
