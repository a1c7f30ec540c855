"""EventBridge's errors, with AWS's texts."""

from __future__ import annotations

from mocksls._kernel.errors import AwsError


def not_found(message: str) -> AwsError:
    """Something that a request names is not there."""
    return AwsError("ResourceNotFoundException", message, status=400)


def no_bus(name: str) -> AwsError:
    """There is no such bus."""
    return not_found(f"Event bus {name} does not exist.")


def no_rule(name: str, bus: str) -> AwsError:
    """There is no such rule on a bus."""
    return not_found(f"Rule {name} does not exist on EventBus {bus}.")


def already_there(message: str) -> AwsError:
    """A name is taken."""
    return AwsError("ResourceAlreadyExistsException", message, status=400)


def invalid(message: str) -> AwsError:
    """A request that AWS refuses."""
    return AwsError("ValidationException", message, status=400)


def invalid_parameter(name: str, reason: str = "") -> AwsError:
    """A parameter that AWS refuses, in its usual words."""
    return invalid(f"Parameter {name} is not valid." + (f" Reason: {reason}" if reason else ""))


def over_limit() -> AwsError:
    """More than there may be."""
    return AwsError("LimitExceededException", "The requested resource exceeds the maximum number allowed.", status=400)


def bad_pattern(reason: str) -> AwsError:
    """A pattern that is none."""
    text = f"Event pattern is not valid. Reason: {reason}"
    return AwsError("InvalidEventPatternException", text, status=400)


def managed(name: str) -> AwsError:
    """A rule that an AWS service made, which others may not change."""
    text = f"Rule {name} is a managed rule and can't be modified without the Force flag."
    return AwsError("ManagedRuleException", text, status=400)


def illegal_status(message: str) -> AwsError:
    """Something is not in the state for that."""
    return AwsError("IllegalStatusException", message, status=400)


def bad_token() -> AwsError:
    """A token of no page."""
    return invalid_parameter("NextToken")
