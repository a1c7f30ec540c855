"""PartiQL statements: one, a batch of them, or a transaction."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mocksls._kernel.call import Call
from mocksls._kernel.errors import AwsError
from mocksls._services.dynamodb import capacity, errors
from mocksls._services.dynamodb.all_or_nothing import check_distinct, write_all
from mocksls._services.dynamodb.expressions.placeholders import Placeholders
from mocksls._services.dynamodb.item_writes import Write
from mocksls._services.dynamodb.keys import requested_key
from mocksls._services.dynamodb.names import data_table
from mocksls._services.dynamodb.ordering import Parts
from mocksls._services.dynamodb.partiql import plans, problems, selects
from mocksls._services.dynamodb.partiql.literals import filled
from mocksls._services.dynamodb.partiql.nodes import Delete, Exists, Insert, Parsed, Select, Update
from mocksls._services.dynamodb.partiql.parser import parse_statement
from mocksls._services.dynamodb.partiql.writes import write_of
from mocksls._services.dynamodb.store import Store, Table
from mocksls._services.dynamodb.values import Item
from mocksls._services.dynamodb.writes import Change, carry_out

_BATCH_CODES = {
    "ConditionalCheckFailedException": "ConditionalCheckFailed",
    "DuplicateItemException": "DuplicateItem",
    "ResourceNotFoundException": "ResourceNotFound",
    "ProvisionedThroughputExceededException": "ProvisionedThroughputExceeded",
    "ThrottlingException": "ThrottlingError",
    "AccessDeniedException": "AccessDenied",
}
_SINGLE_ITEM = "Select statements within {operation} must specify the primary key in the where clause."


class _Given(NamedTuple):
    """A statement of a request: parsed, with its placeholders."""

    request: Mapping[str, Any]
    parsed: Parsed
    placeholders: Placeholders

    @property
    def table_name(self) -> str:
        statement = self.parsed.statement
        return statement.select.table if isinstance(statement, Exists) else statement.table

    def write(self, table: Table) -> Write:
        statement = self.parsed.statement
        assert not isinstance(statement, Select)
        item = None
        if isinstance(statement, Insert):
            item = filled(statement.item, self.request.get("Parameters", ()))["M"]
        shown = self.request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
        return write_of(statement, item, table, self.placeholders, shown)


_UNQUOTED = re.compile(r"\b(FROM|INTO|UPDATE)(\s+)([A-Za-z0-9_.]*-[A-Za-z0-9_.-]*)", re.IGNORECASE)


def _lenient(call: Call) -> bool:
    return call.cloud.options.compat == "moto"


def _parsed(request: Mapping[str, Any], lenient: bool) -> Parsed:
    """The statement of a request; ``lenient`` lets table names with hyphens go without quotes, as moto does."""
    text = request["Statement"]
    return parse_statement(_UNQUOTED.sub(r'\1\2"\3"', text) if lenient else text)


def _given(request: Mapping[str, Any], lenient: bool) -> _Given:
    parsed = _parsed(request, lenient)
    return _Given(request, parsed, plans.placeholders_of(parsed, request.get("Parameters", ())))


class Statements:
    """The operations that take PartiQL."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def execute_statement(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Run one statement; SELECT a page at a time, writes on one item.

        Raises: ValidationException, ResourceNotFoundException, ConditionalCheckFailedException,
            DuplicateItemException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html
        """
        given = _given(request, _lenient(call))
        statement = given.parsed.statement
        if isinstance(statement, Exists):
            raise errors.validation("EXISTS can only be used in ExecuteTransaction write requests.")
        if isinstance(statement, Select):
            answer, usage = selects.execute(self._store, statement, given.placeholders, request, request["Statement"])
        else:
            shown, change = self._write(given, call)
            usage = capacity.usage_of(change)
            answer = {"Items": [shown] if shown else []}
        if isinstance(statement, Select):
            usage.spend(call)
        return {**answer, **capacity.told(request, usage)}

    def _write(self, given: _Given, call: Call) -> tuple[Item | None, Change]:
        table = data_table(self._store, given.table_name)
        write = given.write(table)
        target = write.target(table)
        write.check_condition(target.old)
        change = write.plan(target)
        capacity.usage_of(change).spend(call)
        carry_out(change, call)
        statement = given.parsed.statement
        returning = statement.returning if isinstance(statement, Update | Delete) else "NONE"
        return (None if returning == "NONE" else write.returned(returning, change)), change

    def batch_execute_statement(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Run up to 25 statements, each for itself: what fails is told beside the others' answers.

        Raises: ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html
        """
        usages = capacity.Usages()
        responses = [self._one_of_batch(one, usages, call) for one in request["Statements"]]
        return {"Responses": responses, **usages.told(request)}

    def _one_of_batch(self, one: Mapping[str, Any], usages: capacity.Usages, call: Call) -> dict[str, Any]:
        answer: dict[str, Any] = {}
        try:
            given = _given(one, _lenient(call))
            table = data_table(self._store, given.table_name)
            answer["TableName"] = table.name
            statement = given.parsed.statement
            if isinstance(statement, Exists):
                raise errors.validation("EXISTS can only be used in ExecuteTransaction write requests.")
            if isinstance(statement, Select):
                item = self._read_one(given, table, one.get("ConsistentRead", False), usages, call)
            else:
                item, change = self._write(given, call)
                usages.of(table).add_write(change)
        except AwsError as error:
            code = _BATCH_CODES.get(error.code, "ValidationError")
            return {"Error": {"Code": code, "Message": error.message, **_item_of(error)}, **answer}
        return {**answer, "Item": item} if item else answer

    def _read_one(
        self, given: _Given, table: Table, consistent: bool, usages: capacity.Usages, call: Call
    ) -> Item | None:
        key = _single_key(given, table, "BatchExecuteStatement")
        row = table.rows.get(requested_key(table.shape, key)[1])
        usage = capacity.Usage(table, capacity.read_units(row.size if row else 0, consistent))
        usage.spend(call)
        usages.of(table).units += usage.units
        return None if row is None else _shown(given, row.item)

    def execute_transaction(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Run up to 100 statements, all reads or all writes, all or none of them.

        Raises: TransactionCanceledException, IdempotentParameterMismatchException, ResourceNotFoundException,
            ValidationException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteTransaction.html
        """
        given = [_numbered(position, one, _lenient(call)) for position, one in enumerate(request["TransactStatements"])]
        reads = [isinstance(one.parsed.statement, Select) for one in given]
        if all(reads):
            return self._read_all(given, request, call)
        if any(reads):
            raise errors.validation("Unsupported operation in transaction.")

        def writes() -> tuple[list[Write], list[Table]]:
            tables = [data_table(self._store, one.table_name) for one in given]
            return [_numbered_write(at, one, tables[at]) for at, one in enumerate(given)], tables

        answer = write_all(self._store, request, request["TransactStatements"], writes, call)
        return {"Responses": [], **answer}

    def _read_all(self, given: Sequence[_Given], request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        tables = [data_table(self._store, one.table_name) for one in given]
        keys = [_numbered_key(position, one, tables[position]) for position, one in enumerate(given)]
        check_distinct([(table.name, key) for table, key in zip(tables, keys, strict=True)])
        usages = capacity.Usages("ReadCapacityUnits")
        responses: list[dict[str, Any]] = []
        for one, table, key in zip(given, tables, keys, strict=True):
            row = table.rows.get(key)
            usages.of(table).units += 2 * capacity.read_units(row.size if row else 0, True)
            responses.append({} if row is None else {"Item": _shown(one, row.item)})
        usages.spend(call)
        return {"Responses": responses, **usages.told(request)}


def _item_of(error: AwsError) -> dict[str, Any]:
    return {"Item": error.members["Item"]} if "Item" in error.members else {}


def _numbered(position: int, one: Mapping[str, Any], lenient: bool) -> _Given:
    """A statement of a transaction; what is wrong with its text names its position, not so with its parameters.

    Raises: ValidationException.
    """
    try:
        parsed = _parsed(one, lenient)
        if isinstance(parsed.statement, Update | Delete) and parsed.statement.returning != "NONE":
            raise errors.validation("RETURNING clause is not supported in ExecuteTransaction.")
        if isinstance(parsed.statement, Select) and parsed.statement.index is not None:
            raise errors.validation("Reads on indices are not supported within transactions.")
    except AwsError as error:
        raise problems.in_statement(error, position) from None
    return _Given(one, parsed, plans.placeholders_of(parsed, one.get("Parameters", ())))


def _numbered_write(position: int, one: _Given, table: Table) -> Write:
    try:
        return one.write(table)
    except AwsError as error:
        raise problems.in_statement(error, position) from None


def _numbered_key(position: int, one: _Given, table: Table) -> Parts:
    try:
        return requested_key(table.shape, _single_key(one, table, "ExecuteTransaction"))[1]
    except AwsError as error:
        raise problems.in_statement(error, position) from None


def _single_key(given: _Given, table: Table, operation: str) -> Mapping[str, Any]:
    """The key of a SELECT on one item.

    Raises: ValidationException unless WHERE is that key and nothing else.
    """
    statement = given.parsed.statement
    assert isinstance(statement, Select)
    key = None
    if statement.index is None:
        key = plans.exact_key(statement.where, table.shape, given.placeholders)
    if key is None:
        raise errors.validation(_SINGLE_ITEM.format(operation=operation))
    return plans.canonical_key(key, table.shape)


def _shown(given: _Given, item: Item) -> Item:
    statement = given.parsed.statement
    assert isinstance(statement, Select)
    projection, _ = selects.projection_of(statement, given.placeholders, None)
    return item if projection is None else projection.project(item)
