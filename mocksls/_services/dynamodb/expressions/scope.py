"""The expressions of one request, with its placeholders."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from mocksls._kernel.errors import AwsError
from mocksls._services.dynamodb import errors
from mocksls._services.dynamodb.expressions.condition_parser import parse_condition
from mocksls._services.dynamodb.expressions.conditions import BoundCondition, bind_condition
from mocksls._services.dynamodb.expressions.key_conditions import KeyCondition, bind_key_conditions
from mocksls._services.dynamodb.expressions.placeholders import Placeholders
from mocksls._services.dynamodb.expressions.problems import ExpressionError
from mocksls._services.dynamodb.expressions.projections import Projection, bind_projection, parse_projection
from mocksls._services.dynamodb.expressions.update_parser import parse_update
from mocksls._services.dynamodb.expressions.updates import BoundUpdate, bind_update
from mocksls._services.dynamodb.values import MAX_LISTED_DEPTH, AttributeValue, checked, depth_of

_T = TypeVar("_T")


class Scope:
    """Binds the expressions of a request; ``finish`` tells of placeholders that none of them used.

    Args:
        request: the part of a request that has the expressions and their placeholders.
        parameters: the expression parameters that this operation knows.
        listed: whether errors are worded as those of single writes.
        bare: whether values are refused as Query refuses them, without their placeholders.
        lenient: whether unused values beside conditions, and reserved words in projections, are let pass.

    Raises: ValidationException for placeholders that are malformed, or given without an expression.
    """

    def __init__(
        self,
        request: Mapping[str, Any],
        parameters: Iterable[str],
        *,
        listed: bool = False,
        bare: bool = False,
        lenient: bool = False,
    ) -> None:
        self._request = request
        self._listed = listed
        self._bare = bare
        self._lenient = lenient
        names = request.get("ExpressionAttributeNames")
        values = request.get("ExpressionAttributeValues")
        if names is not None or values is not None:
            _check_wanted(request, tuple(parameters), names, values)
        self.placeholders = Placeholders(_checked_names(names), self._checked_values(values))

    def condition(self, parameter: str) -> BoundCondition | None:
        """The condition in a parameter, if it was given."""
        return self._bound(parameter, lambda text: bind_condition(parse_condition(text), self.placeholders))

    def key_conditions(self, parameter: str) -> list[KeyCondition] | None:
        """The key conditions in a parameter, if they were given."""
        return self._bound(parameter, lambda text: bind_key_conditions(parse_condition(text), self.placeholders))

    def update(self, parameter: str) -> BoundUpdate | None:
        """The update in a parameter, if it was given."""
        return self._bound(parameter, lambda text: bind_update(parse_update(text), self.placeholders))

    def projection(self, parameter: str) -> Projection | None:
        """The projection in a parameter, if it was given."""
        return self._bound(
            parameter, lambda text: bind_projection(parse_projection(text, self._lenient), self.placeholders)
        )

    def _bound(self, parameter: str, bind: Callable[[str], _T]) -> _T | None:
        text = self._request.get(parameter)
        if text is None:
            return None
        try:
            return bind(text)
        except ExpressionError as problem:
            error = errors.validation(f"Invalid {parameter}: {problem.message}")
            raise errors.listed(error) if self._listed and problem.listed else error from None

    def finish(self) -> None:
        """Refuse placeholders that were given in vain.

        Raises: ValidationException.
        """
        unused_names, unused_values = self.placeholders.unused()
        for parameter, unused in (
            ("ExpressionAttributeNames", unused_names),
            ("ExpressionAttributeValues", [] if self._lenient else unused_values),
        ):
            if unused:
                error = errors.unused_placeholders(parameter, unused)
                raise errors.listed(error) if self._listed else error

    def _checked_values(self, values: Mapping[str, AttributeValue] | None) -> Mapping[str, AttributeValue]:
        if values is None:
            return {}
        if not values:
            empty = errors.validation("ExpressionAttributeValues must not be empty")
            raise errors.listed(empty) if self._listed else empty
        canonical = {}
        for key, value in values.items():
            if not _is_placeholder(key, ":"):
                raise errors.validation(f'ExpressionAttributeValues contains invalid key: Syntax error; key: "{key}"')
            try:
                canonical[key] = checked(value)[0]
            except AwsError as error:
                raise self._invalid_value(key, error) from None
        return canonical

    def _invalid_value(self, key: str, error: AwsError) -> AwsError:
        if self._bare:
            return errors.current(error)
        deep = (
            errors.is_too_deep(error) and depth_of(self._request["ExpressionAttributeValues"][key]) > MAX_LISTED_DEPTH
        )
        if self._listed and errors.is_refused_value(error) and not deep:
            return errors.listed(error)
        return errors.validation(f"ExpressionAttributeValues contains invalid value: {error.message} for key {key}")


def _check_wanted(request: Mapping[str, Any], parameters: tuple[str, ...], names: Any, values: Any) -> None:
    if names is not None and not any(parameter in request for parameter in parameters):
        raise errors.validation("ExpressionAttributeNames can only be specified when using expressions")
    using = [parameter for parameter in parameters if parameter != "ProjectionExpression"]
    if values is not None and not any(parameter in request for parameter in using):
        nulls = f"{using[0]} is null" if len(using) == 1 else f"{' and '.join(using)} are null"
        raise errors.validation(f"ExpressionAttributeValues can only be specified when using expressions: {nulls}")


def _is_placeholder(key: str, mark: str) -> bool:
    """Whether a key is its mark and letters, digits and underscores."""
    return key[:1] == mark and key.isascii() and key[1:].replace("_", "0").isalnum()


def _checked_names(names: Mapping[str, str] | None) -> Mapping[str, str]:
    if names is None:
        return {}
    if not names:
        raise errors.validation("ExpressionAttributeNames must not be empty")
    for key, name in names.items():
        if not _is_placeholder(key, "#"):
            raise errors.validation(f'ExpressionAttributeNames contains invalid key: Syntax error; key: "{key}"')
        if not name:
            text = f"ExpressionAttributeNames contains invalid value: Empty attribute name for key {key}"
            raise errors.validation(text)
    return names
