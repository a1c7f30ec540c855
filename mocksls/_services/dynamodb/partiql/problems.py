"""What can be wrong with a PartiQL statement, in AWS's words."""

from __future__ import annotations

from mocksls._kernel.errors import AwsError
from mocksls._services.dynamodb import errors

NO_KEY = "Where clause does not contain a mandatory equality on all key attributes"


def malformed(detail: str = "") -> AwsError:
    """A statement that cannot be read."""
    return errors.validation(f"Statement wasn't well formed, can't be processed: {detail}")


def leftover() -> AwsError:
    """Something behind a statement that is complete."""
    return malformed("Unexpected token after expression")


def at(message: str, place: str) -> AwsError:
    """A complaint with the place of the token that it is about (``line:column:length``)."""
    return errors.validation(f"{message} at {place}")


def in_statement(error: AwsError, position: int) -> AwsError:
    """A refusal of one statement of a transaction, as the refusal of the whole."""
    return AwsError(error.code, f"Validation failed in TransactStatements[{position}]: {error.message}")
