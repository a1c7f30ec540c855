"""PartiQL statements: one, a batch of them, or a transaction."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

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
_T = TypeVar("_T")
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
    parameters = plans.checked_parameters(request)
    parsed = _parsed(request, lenient)
    return _Given(request, parsed, plans.placeholders_of(parsed, parameters))


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
        if any(reads) and not all(reads):
            raise errors.validation(
                "ExecuteTransaction API does not support both read and write operations in the same request."
            )
        if all(reads):
            return self._read_all(given, request, call)

        def writes() -> tuple[list[Write], list[Table]]:
            tables = self._tables(given)
            return _without_refusals([_write_or_refusal(at, one, tables[at]) for at, one in enumerate(given)]), tables

        answer = write_all(self._store, request, request["TransactStatements"], writes, call)
        return {"Responses": [], **answer}

    def _tables(self, given: Sequence[_Given]) -> list[Table]:
        """The statements' tables, with what transactions refuse of statements on tables that are there.

        Raises: ValidationException, TransactionCanceledException.
        """
        return _without_refusals([self._table_or_refusal(position, one) for position, one in enumerate(given)])

    def _table_or_refusal(self, position: int, one: _Given) -> Table | AwsError:
        try:
            table = data_table(self._store, one.table_name)
        except AwsError as error:
            return error
        _check_allowed(position, one)
        return table

    def _read_all(self, given: Sequence[_Given], request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        tables = self._tables(given)
        keys = _without_refusals([_key_or_refusal(at, one, tables[at]) for at, one in enumerate(given)])
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
    parameters = plans.checked_parameters(one)
    try:
        parsed = _parsed(one, lenient)
    except AwsError as error:
        raise problems.in_statement(error, position) from None
    return _Given(one, parsed, plans.placeholders_of(parsed, parameters))


def _check_allowed(position: int, one: _Given) -> None:
    statement = one.parsed.statement
    if isinstance(statement, Update | Delete) and statement.returning != "NONE":
        error = errors.validation("RETURNING clause is not supported in ExecuteTransaction.")
        raise problems.in_statement(error, position)
    if isinstance(statement, Select) and statement.index is not None:
        raise problems.in_statement(
            errors.validation("Reads on indices are not supported within transactions."), position
        )


def _without_refusals(found: Sequence[_T | AwsError]) -> list[_T]:
    """What was found for each statement of a transaction.

    Raises: TransactionCanceledException with a reason for each statement that was refused.
    """
    reasons = [
        {"Code": _BATCH_CODES.get(one.code, "ValidationError"), "Message": one.message}
        if isinstance(one, AwsError)
        else {"Code": "None"}
        for one in found
    ]
    fitting = [one for one in found if not isinstance(one, AwsError)]
    if len(fitting) < len(found):
        raise errors.transaction_cancelled(reasons)
    return fitting


def _write_or_refusal(position: int, one: _Given, table: Table) -> Write | AwsError:
    """The write of a statement, or why its key does not fit its table: that cancels the transaction.

    Raises: ValidationException for anything else.
    """
    statement = one.parsed.statement
    if isinstance(statement, Update | Delete) and not plans.names_one_item(
        statement.where, table.shape, one.placeholders
    ):
        return errors.key_mismatch()
    try:
        write = one.write(table)
    except AwsError as error:
        raise problems.in_statement(error, position) from None
    try:
        write.target(table)
    except AwsError as error:
        if errors.is_empty_key(error):
            raise
        return error
    return write


def _key_or_refusal(position: int, one: _Given, table: Table) -> Parts | AwsError:
    """What the item of a SELECT is found by, or why that is not of the key's types: that cancels the transaction.

    Raises: ValidationException for a WHERE that is no key.
    """
    try:
        key = _exact_key(one, table, "ExecuteTransaction")
    except AwsError as error:
        raise problems.in_statement(error, position) from None
    try:
        return requested_key(table.shape, plans.canonical_key(key, table.shape))[1]
    except AwsError as error:
        if errors.is_empty_key(error):
            raise
        return error


def _single_key(given: _Given, table: Table, operation: str) -> Mapping[str, Any]:
    return plans.canonical_key(_exact_key(given, table, operation), table.shape)


def _exact_key(given: _Given, table: Table, operation: str) -> Mapping[str, Any]:
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
    return key


def _shown(given: _Given, item: Item) -> Item:
    statement = given.parsed.statement
    assert isinstance(statement, Select)
    projection, _ = selects.projection_of(statement, given.placeholders, None)
    return item if projection is None else projection.project(item)
