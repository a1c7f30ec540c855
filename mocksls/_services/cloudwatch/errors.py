"""CloudWatch's errors, with AWS's texts."""

from __future__ import annotations

from mocksls._kernel.errors import AwsError


def invalid(message: str) -> AwsError:
    """A parameter's value is out of order."""
    return AwsError("InvalidParameterValueException", message, status=400)


def combination(message: str) -> AwsError:
    """Parameters that do not go together."""
    return AwsError("InvalidParameterCombinationException", message, status=400)


def missing(name: str) -> AwsError:
    """A parameter is missing."""
    text = f"The parameter {name} is required."
    return AwsError("MissingRequiredParameterException", text, status=400)


def validation(message: str) -> AwsError:
    """A request that AWS refuses."""
    return AwsError("ValidationError", message, status=400)


def no_alarm() -> AwsError:
    """There is no such alarm; AWS gives no text."""
    return AwsError("ResourceNotFound", "", status=404)


def no_resource(message: str) -> AwsError:
    """Something that a request names is not there."""
    return AwsError("ResourceNotFoundException", message, status=404)


def conflict(message: str) -> AwsError:
    """Something that is there already."""
    return AwsError("ConflictException", message, status=409)


def no_key(arn: str) -> AwsError:
    """A key that is not there, or not in this region."""
    return AwsError("KmsKeyNotFoundException", f"The KMS key {arn} could not be found in this Region.", status=400)


def bad_token() -> AwsError:
    """A token of no page."""
    return AwsError("InvalidParameterValueException", "Request parameter NextToken is invalid", status=400)


def invalid_next_token() -> AwsError:
    """A token of no page, where the operation has an error of its own for it."""
    return AwsError("InvalidNextToken", "The next token specified is invalid.", status=400)


def no_dashboard(name: str) -> AwsError:
    """There is no such dashboard."""
    return AwsError("DashboardNotFoundError", f"Dashboard {name} does not exist", status=404)


def bad_format(message: str) -> AwsError:
    """Data that are not in their format."""
    return AwsError("InvalidFormatFault", message, status=400)


def in_use(name: str, composite: str) -> AwsError:
    """An alarm that a composite alarm speaks of."""
    text = f"Cannot delete {name} as there are composite alarm(s) depending on it: {composite}"
    return AwsError("ResourceConflict", text, status=409)


def bad_dashboard(message: str) -> AwsError:
    """A dashboard's body that is none."""
    return AwsError("DashboardInvalidInputError", message, status=400)
