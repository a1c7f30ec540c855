"""What can be wrong with an expression, before it is known which parameter it came in."""

from __future__ import annotations

from collections.abc import Iterable


class ExpressionError(Exception):
    """An expression that breaks a rule; ``Scope`` turns it into AWS's error, with the parameter's name.

    ``listed`` ones are among those that single writes word as a list of validation errors.
    """

    def __init__(self, message: str, *, listed: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.listed = listed


def operand_type(operator: str, kind: str) -> ExpressionError:
    """A constant that an operator or function cannot work with."""
    return ExpressionError(
        f"Incorrect operand type for operator or function; operator or function: {operator}, operand type: {kind}"
    )


def operand_count(function: str, count: int) -> ExpressionError:
    """A function with too few or too many operands."""
    return ExpressionError(
        "Incorrect number of operands for operator or function; "
        f"operator or function: {function}, number of operands: {count}"
    )


def path_needed(function: str) -> ExpressionError:
    """A function whose operand must be a document path."""
    return ExpressionError(f"Operator or function requires a document path; operator or function: {function}")


def misplaced(function: str) -> ExpressionError:
    """A function where its result cannot be used."""
    return ExpressionError(f"The function is not allowed to be used this way in an expression; function: {function}")


def not_distinct(operator: str, operand: str) -> ExpressionError:
    """An operator with one path on both sides."""
    return ExpressionError(
        "The first operand must be distinct from the remaining operands for this operator or function; "
        f"operator: {operator}, first operand: {operand}"
    )


def paths(relation: str, one: Iterable[str | int], two: Iterable[str | int]) -> ExpressionError:
    """Two paths that cannot stand beside each other; ``relation`` is overlap or conflict."""
    return ExpressionError(
        f"Two document paths {relation} with each other; must remove or rewrite one of these paths; "
        f"path one: {spelled(one)}, path two: {spelled(two)}",
        listed=True,
    )


def spelled(path: Iterable[str | int]) -> str:
    """A path as AWS's messages print it: ``[a, [0], b]``."""
    return f"[{', '.join(part if isinstance(part, str) else f'[{part}]' for part in path)}]"
