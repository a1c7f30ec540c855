"""SearchVectors: the items whose vectors are closest to one. Every entry is compared, so the search is exact.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SearchVectors.html
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mocksls._kernel.call import Call
from mocksls._services.dynamodb import errors, vectors
from mocksls._services.dynamodb.comparison import Predicate
from mocksls._services.dynamodb.expressions.condition_parser import parse_condition
from mocksls._services.dynamodb.expressions.nodes import Comparison, Condition, Junction
from mocksls._services.dynamodb.expressions.projections import Projection
from mocksls._services.dynamodb.expressions.scope import Scope
from mocksls._services.dynamodb.names import data_table
from mocksls._services.dynamodb.store import Store, Table, VectorIndex
from mocksls._services.dynamodb.values import AttributeValue, Item

_MAX_RESULTS = 100
_EXPRESSIONS = ("SearchConditionExpression", "ProjectionExpression")
_Vector = Sequence[float]


class VectorSearches:
    """The operation SearchVectors."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def search_vectors(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Find the items that are most similar to a vector, the closest first.

        Raises: ValidationException, ResourceNotFoundException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SearchVectors.html
        """
        if request["TopK"] > _MAX_RESULTS:
            raise errors.validation(
                f"Provided TopK value '{request['TopK']}' is out of valid range. The value must be between 1 and 100 "
                "inclusive"
            )
        scope = Scope(request, _EXPRESSIONS)
        condition = scope.condition("SearchConditionExpression")
        projection = scope.projection("ProjectionExpression")
        scope.finish()
        table = data_table(self._store, request["TableName"])
        index = table.vectors.get(request["IndexName"])
        if index is None:
            raise errors.index_not_found(request["IndexName"])
        _check_condition(index, request.get("SearchConditionExpression"), condition.attributes if condition else ())
        _check_projection(index, projection)
        wanted = _search_vector(index, request["SearchVector"])
        found = _closest(table, index, wanted, condition.test if condition else None)[: request["TopK"]]
        answer: dict[str, Any] = {
            "SearchResults": [{"Item": _shown(index, projection, item), "Score": score} for score, item in found]
        }
        if request.get("ReturnConsumedCapacity", "NONE") != "NONE":
            searched = sum(vectors.entry_bytes(index, one) for one in vectors.entries(table, index))
            answer["ConsumedCapacity"] = {"VectorSearchRequestBytes": float(max(searched, 1024))}
        return answer


def _check_condition(index: VectorIndex, text: str | None, attributes: Sequence[str] | frozenset[str]) -> None:
    if text is None:
        if "HASH" in index.schema.values():
            raise errors.validation("SearchConditionExpression must be provided when SearchSchema has a HASH key")
        return
    if not _is_equality(parse_condition(text)):
        raise errors.validation(
            "Invalid SearchConditionExpression: Invalid comparator used in SearchConditionExpression"
        )
    for name in sorted(attributes):
        if name not in index.schema:
            raise errors.validation(
                "SearchConditionExpression must not contain any attributes that is not in SearchSchema. Invalid "
                f"attribute: {name}"
            )
    if any(kind == "HASH" and name not in attributes for name, kind in index.schema.items()):
        raise errors.validation("SearchConditionExpression must be provided when SearchSchema has a HASH key")


def _is_equality(node: Condition) -> bool:
    if isinstance(node, Junction):
        return node.operator == "AND" and all(map(_is_equality, node.conditions))
    return isinstance(node, Comparison) and node.operator == "="


def _check_projection(index: VectorIndex, projection: Projection | None) -> None:
    if projection is None or index.projected is None:
        return
    missing = sorted(projection.attributes - index.projected)
    if missing:
        raise errors.invalid(f"Vector index {index.name} does not project [{', '.join(missing)}]")


def _search_vector(index: VectorIndex, given: Sequence[AttributeValue]) -> list[float]:
    numbers = [vectors.as_float(value) for value in given]
    found = [number for number in numbers if number is not None]
    if len(found) < len(numbers):
        raise errors.validation(
            "Search vector contains invalid values. All values in the search vector must be a 32-bit floating-point "
            "number attribute"
        )
    if len(found) != index.dimensions:
        raise errors.validation(
            f"Input search vector dimension {len(found)} does not match vector index dimension {index.dimensions}"
        )
    return found


def _closest(table: Table, index: VectorIndex, wanted: _Vector, test: Predicate | None) -> list[tuple[float, Item]]:
    measure = _MEASURES[index.distance]
    found = [
        (_rounded(measure(wanted, _vector(index, held))), held)
        for held in vectors.entries(table, index)
        if test is None or test(held)
    ]
    found.sort(key=lambda one: -one[0] if index.distance == "DOT_PRODUCT" else one[0])
    return found


def _vector(index: VectorIndex, held: Item) -> list[float]:
    return [vectors.as_float(element) or 0.0 for element in held[index.attribute]["L"]]


def _dot(left: _Vector, right: _Vector) -> float:
    return math.fsum(one * other for one, other in zip(left, right, strict=True))


def _cosine(left: _Vector, right: _Vector) -> float:
    lengths = math.sqrt(_dot(left, left) * _dot(right, right))
    return 1.0 - _dot(left, right) / lengths if lengths else 1.0


_MEASURES: dict[str, Callable[[_Vector, _Vector], float]] = {
    "COSINE": _cosine,
    "EUCLIDEAN": math.dist,
    "DOT_PRODUCT": _dot,
}


def _rounded(score: float) -> float:
    rounded: float = struct.unpack("<f", struct.pack("<f", score))[0]
    return rounded


def _shown(index: VectorIndex, projection: Projection | None, held: Item) -> Item:
    """An entry without its vector, or the projection of it; vectors are shown as the index holds them."""
    if projection is None:
        return {name: value for name, value in held.items() if name != index.attribute}
    shortest = [{"N": _shortest(number)} for number in _vector(index, held)]
    return projection.project({**held, index.attribute: {"L": shortest}})


def _shortest(number: float) -> str:
    """The shortest decimal that names a 32-bit float."""
    for digits in range(1, 10):
        text = f"{number:.{digits}g}"
        if _rounded(float(text)) == number:
            return repr(float(text))
    return repr(number)  # pragma: no cover - nine digits name every 32-bit float
