"""What Query and Scan share: the parameters, the page, the place where the next one starts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.errors import AwsError
from mocksls._services.dynamodb import capacity, errors, legacy
from mocksls._services.dynamodb.expressions.conditions import BoundCondition
from mocksls._services.dynamodb.expressions.projections import Projection
from mocksls._services.dynamodb.expressions.scope import Scope
from mocksls._services.dynamodb.keys import Attributes, KeyShape, attribute_parts
from mocksls._services.dynamodb.names import data_table
from mocksls._services.dynamodb.ordering import Ordering, Parts, Row
from mocksls._services.dynamodb.store import Index, Store, Table
from mocksls._services.dynamodb.values import AttributeValue, Item, checked

PAGE_BYTES = 1024 * 1024


@dataclass(slots=True, eq=False)
class Reading:
    """A read of many items: what it reads, and what it shows of it.

    ``fetch`` is set where a local index is asked for attributes that only the table has.
    """

    table: Table
    index: Index | None
    projection: Projection | None
    filter: BoundCondition | None
    limit: int | None
    count_only: bool
    consistent: bool
    fetch: bool = False

    @property
    def shape(self) -> KeyShape:
        """The key that is read along."""
        return self.index.shape if self.index is not None else self.table.shape

    @property
    def ordering(self) -> Ordering:
        """The rows that are read."""
        return self.index.ordering if self.index is not None else self.table.ordering

    @property
    def hash_length(self) -> int:
        """How many attributes the hash key has."""
        return len(self.shape.hash)


class Page:
    """What was read: ``last`` is the row where the page stopped early, None where nothing is left."""

    __slots__ = ("fetched", "items", "last", "matched", "scanned", "size")

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.matched = self.scanned = self.size = self.fetched = 0
        self.last: Row | None = None


def reading(
    request: Mapping[str, Any], scope: Scope, store: Store, legacy_filter: str, *, listed: bool = False
) -> Reading:
    """The read that a request describes, its parameters checked; its expressions are those of the scope.

    ``listed``: whether errors about Select are worded as Query words them.

    Raises: ValidationException, ResourceNotFoundException.
    """
    condition = scope.condition("FilterExpression")
    projection = scope.projection("ProjectionExpression")
    scope.finish()
    if condition is None:
        condition = legacy.filter_of(request, legacy_filter)
    projection = projection or legacy.attributes_to_get(request)
    try:
        _check_select(request)
    except AwsError as error:
        raise errors.listed(error) if listed else error from None
    table = data_table(store, request["TableName"])
    index = _index(table, request)
    read = Reading(
        table,
        index,
        projection,
        condition,
        request.get("Limit"),
        request.get("Select") == "COUNT",
        request.get("ConsistentRead", False),
    )
    if index is not None:
        _check_index(read, index, request)
    return read


def _index(table: Table, request: Mapping[str, Any]) -> Index | None:
    name = request.get("IndexName")
    if name is None:
        return None
    index = table.indexes.get(name)
    if index is None:
        if name in table.vectors:
            operation = "Query" if "KeyConditionExpression" in request or "KeyConditions" in request else "Scan"
            raise errors.validation(f"{operation} operation not supported on this index type")
        raise errors.index_not_found(name)
    return index


def _check_select(request: Mapping[str, Any]) -> None:
    select = request.get("Select")
    if select is None:
        return
    given = next((name for name in ("ProjectionExpression", "AttributesToGet") if name in request), None)
    if select == "SPECIFIC_ATTRIBUTES":
        if given is None:
            raise errors.validation(
                "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"
            )
        return
    if given is not None:
        what = "only the Count" if select == "COUNT" else select
        raise errors.validation(f"Cannot specify the {given} when choosing to get {what}")
    if select == "ALL_PROJECTED_ATTRIBUTES" and "IndexName" not in request:
        raise errors.validation("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")


def _check_index(read: Reading, index: Index, request: Mapping[str, Any]) -> None:
    if index.is_global and read.consistent:
        raise errors.validation("Consistent reads are not supported on global secondary indexes")
    if index.projected is None:
        return
    all_attributes = request.get("Select") == "ALL_ATTRIBUTES"
    if index.is_global and all_attributes:
        raise errors.invalid(
            f"Select type ALL_ATTRIBUTES is not supported for global secondary index {index.name} because its "
            "projection type is not ALL"
        )
    wanted: frozenset[str] = read.projection.attributes if read.projection is not None else frozenset()
    missing = sorted(wanted - index.projected)
    if missing and index.is_global:
        raise errors.invalid(f"Global secondary index {index.name} does not project [{', '.join(missing)}]")
    read.fetch = all_attributes or bool(missing)


# -- where to start ---------------------------------------------------------------------------------------------------


def start_of(read: Reading, key: Mapping[str, AttributeValue] | None) -> tuple[Parts, Parts] | None:
    """The position (hash key, sort key) that an ExclusiveStartKey names.

    Raises: ValidationException unless it has exactly the key attributes of table and index.
    """
    if key is None:
        return None
    wanted = dict((*read.table.shape.attributes, *read.shape.attributes))
    if set(key) != set(wanted):
        raise errors.bad_start_key()
    canonical: Item = {}
    for name, kind in wanted.items():
        value = checked(key[name])[0]
        if kind not in value or not value[kind]:
            raise errors.bad_start_key()
        canonical[name] = value
    base = _parts(canonical, read.table.shape.attributes)
    if read.index is None:
        return base[: read.hash_length], base[read.hash_length :]
    own = _parts(canonical, read.shape.attributes)
    return own[: read.hash_length], own[read.hash_length :] + base


def _parts(item: Item, attributes: Attributes) -> Parts:
    return attribute_parts(item, attributes) or ()


# -- a page -----------------------------------------------------------------------------------------------------------


def read_page(read: Reading, rows: Iterable[Row]) -> Page:
    """Read rows until the limit, a megabyte, or the end."""
    page = Page()
    test = read.filter.test if read.filter is not None else None
    project = read.projection.project if read.projection is not None else None
    limit = read.limit or -1
    base_rows = read.table.rows if read.fetch else None
    keep = page.items.append
    for row in rows:
        page.scanned += 1
        page.size += row.size
        item = row.item
        if base_rows is not None:
            base = base_rows[row.key]
            page.fetched += base.size
            item = base.item
        if test is None or test(item):
            page.matched += 1
            if not read.count_only:
                keep(item if project is None else project(item))
        if page.scanned == limit or page.size > PAGE_BYTES:
            page.last = row
            break
    return page


def answer_of(read: Reading, page: Page, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
    """The answer of Query or Scan that shows a page.

    Raises: ProvisionedThroughputExceededException, ThrottlingException.
    """
    answer: dict[str, Any] = {} if read.count_only else {"Items": page.items}
    answer["Count"] = page.matched
    answer["ScannedCount"] = page.scanned
    if page.last is not None:
        answer["LastEvaluatedKey"] = last_key(read, page.last)
    usage = usage_of(read, page)
    usage.spend(call)
    return answer | capacity.told(request, usage)


def last_key(read: Reading, last: Row) -> Item:
    """The key where a page stopped: that of the table, and that of the index it was read along."""
    item = read.table.rows[last.key].item
    names = (*read.table.shape.attributes, *(read.index.shape.attributes if read.index is not None else ()))
    return {name: item[name] for name, _ in names}


def usage_of(read: Reading, page: Page) -> capacity.Usage:
    """What a page consumed."""
    units = capacity.read_units(page.size, read.consistent)
    if read.index is None:
        return capacity.Usage(read.table, units)
    fetched = capacity.read_units(page.fetched, read.consistent) if page.fetched else 0.0
    return capacity.Usage(read.table, fetched, {read.index.name: units})
