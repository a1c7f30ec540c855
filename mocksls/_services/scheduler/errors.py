"""EventBridge Scheduler's errors, with AWS's texts."""

from __future__ import annotations

from mocksls._kernel.errors import AwsError


def no_schedule(name: str) -> AwsError:
    """There is no such schedule."""
    return AwsError("ResourceNotFoundException", f"Schedule {name} does not exist.", status=404)


def no_group(name: str) -> AwsError:
    """There is no such group."""
    return AwsError("ResourceNotFoundException", f"Schedule group {name} does not exist.", status=404)


def already_there(what: str) -> AwsError:
    """A name is taken."""
    return AwsError("ConflictException", f"{what} already exists.", status=409)


def invalid(message: str) -> AwsError:
    """A request that AWS refuses."""
    return AwsError("ValidationException", message, status=400)


def bad_token() -> AwsError:
    """A token of no page."""
    return invalid("Invalid NextToken.")


def no_trust() -> AwsError:
    """The role of a target is not there, or does not trust the service."""
    return invalid("The execution role you provide must allow AWS EventBridge Scheduler to assume the role.")
