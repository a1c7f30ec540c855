"""Application Auto Scaling's errors, with AWS's texts."""

from __future__ import annotations

from mocksls._kernel.errors import AwsError

from .store import TargetKey


def invalid(message: str) -> AwsError:
    """A request that AWS refuses."""
    return AwsError("ValidationException", message, status=400)


def _named(key: TargetKey) -> str:
    return f"service namespace: {key[0]}, resource ID: {key[1]}, scalable dimension: {key[2]}"


def no_target(key: TargetKey) -> AwsError:
    """There is no such scalable target."""
    text = f"No scalable target found for {_named(key)}"
    return AwsError("ObjectNotFoundException", text, status=400)


def no_target_registered(key: TargetKey) -> AwsError:
    """A policy or action for a target that is not registered."""
    text = f"No scalable target registered for {_named(key)}"
    return AwsError("ObjectNotFoundException", text, status=400)


def no_policy(name: str, key: TargetKey) -> AwsError:
    """There is no such policy."""
    text = f"No scaling policy found for {_named(key)}: {name}"
    return AwsError("ObjectNotFoundException", text, status=400)


def no_action(name: str, key: TargetKey) -> AwsError:
    """There is no such scheduled action."""
    text = f"No scheduled action found for {_named(key)}: {name}"
    return AwsError("ObjectNotFoundException", text, status=400)


def no_resource(arn: str) -> AwsError:
    """An ARN of nothing."""
    text = f"The specified resource doesn't exist: {arn}"
    return AwsError("ResourceNotFoundException", text, status=400, members={"ResourceName": arn})


def bad_token() -> AwsError:
    """A token of no page."""
    return AwsError("InvalidNextTokenException", "The next token supplied was invalid.", status=400)


def not_scaled(namespace: str) -> AwsError:
    """A service whose capacity this library does not scale."""
    text = f"application-autoscaling of {namespace} is not implemented by mocksls (see docs/coverage.md)"
    return AwsError("NotImplemented", text, status=501, sender=False)
