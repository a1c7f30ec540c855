"""Errors of IAM, with AWS's messages."""

from __future__ import annotations

from mocksls._kernel.errors import AwsError


def no_such(kind: str, name: str) -> AwsError:
    """There is no user, role or access key of that name."""
    return AwsError("NoSuchEntityException", f"The {kind} with name {name} cannot be found.")


def no_access_key(key: str) -> AwsError:
    """There is no such access key."""
    return AwsError("NoSuchEntityException", f"The Access Key with id {key} cannot be found.")


def no_inline_policy(kind: str, name: str) -> AwsError:
    """The user or role has no inline policy of that name."""
    return AwsError("NoSuchEntityException", f"The {kind} policy with name {name} cannot be found.")


def no_policy(arn: str) -> AwsError:
    """There is no managed policy of that ARN."""
    return AwsError("NoSuchEntityException", f"Policy {arn} was not found.")


def not_attachable(arn: str) -> AwsError:
    """A policy that is to be attached does not exist."""
    return AwsError("NoSuchEntityException", f"Policy {arn} does not exist or is not attachable.")


def not_attached(arn: str) -> AwsError:
    """A policy that is to be detached is not attached."""
    return AwsError("NoSuchEntityException", f"Policy {arn} was not found.")


def exists(kind: str, name: str) -> AwsError:
    """The name is taken."""
    return AwsError("EntityAlreadyExistsException", f"{kind} with name {name} already exists.")


def policy_exists(name: str) -> AwsError:
    """The name of a managed policy is taken."""
    text = f"A policy called {name} already exists. Duplicate names are not allowed."
    return AwsError("EntityAlreadyExistsException", text)


def delete_conflict(what: str) -> AwsError:
    """Something still hangs on what is to be deleted."""
    return AwsError("DeleteConflictException", f"Cannot delete entity, must {what} first.")


def policy_in_use() -> AwsError:
    """A managed policy is still attached."""
    return AwsError("DeleteConflictException", "Cannot delete a policy attached to entities.")


def no_boundary(kind: str, name: str) -> AwsError:
    """The user or role has no boundary."""
    return AwsError("NoSuchEntityException", f"The {kind} {name} does not have a permissions boundary.")


def no_boundary_policy(arn: str) -> AwsError:
    """A policy that is to be a boundary does not exist."""
    return AwsError("NoSuchEntityException", f"Scope ARN: {arn} does not exist or is not attachable.")


def malformed(problem: str) -> AwsError:
    """A policy document is no policy."""
    return AwsError("MalformedPolicyDocumentException", problem)


def too_many_keys() -> AwsError:
    """A user has two access keys already."""
    return AwsError("LimitExceededException", "Cannot exceed quota for AccessKeysPerUser: 2")
