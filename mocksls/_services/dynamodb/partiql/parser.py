"""PartiQL statements into trees."""

from __future__ import annotations

from functools import lru_cache

from mocksls._kernel.errors import AwsError
from mocksls._services.dynamodb import errors
from mocksls._services.dynamodb.expressions.nodes import Action, Arithmetic, Condition, Function, Operand, Path, Value
from mocksls._services.dynamodb.partiql import problems
from mocksls._services.dynamodb.partiql.lexer import END, Reader, Token
from mocksls._services.dynamodb.partiql.nodes import Delete, Exists, Insert, Order, Parsed, Select, Statement, Update
from mocksls._services.dynamodb.partiql.where import Conditions

_RETURNING = {
    ("ALL", "OLD"): "ALL_OLD",
    ("ALL", "NEW"): "ALL_NEW",
    ("MODIFIED", "OLD"): "UPDATED_OLD",
    ("MODIFIED", "NEW"): "UPDATED_NEW",
}
_SETS = {"set_add": "ADD", "set_delete": "DELETE"}
_CLAUSES = ("GROUP", "HAVING", "LIMIT", "OFFSET")


@lru_cache(maxsize=1024)
def parse_statement(text: str) -> Parsed:
    """The tree of a statement.

    Raises: ValidationException.
    """
    return _StatementParser(text).parse()


class _StatementParser:
    def __init__(self, text: str) -> None:
        self._reader = Reader(text)
        self._conditions = Conditions(self._reader)

    def parse(self) -> Parsed:
        statement = self._statement()
        self._reader.takes(";")
        self._check_end()
        conditions = self._conditions
        return Parsed(statement, conditions.names, conditions.literals, conditions.values.parameters)

    def _check_end(self) -> None:
        token = self._reader.token
        if token.kind in _CLAUSES:
            raise problems.at(f"Unsupported clause: {token.text.upper()}", self._reader.place(token))
        if token.kind != END:
            raise problems.leftover()

    def _statement(self) -> Statement:
        reader = self._reader
        if reader.kind == "SELECT":
            return self._select()
        if reader.kind == "INSERT":
            return self._insert()
        if reader.kind == "UPDATE":
            return self._update()
        if reader.kind == "DELETE":
            return self._delete()
        if reader.kind == "FROM":
            return self._update_from_first()
        if reader.is_word("EXISTS") and reader.kind_ahead() == "(":
            return self._exists()
        raise problems.malformed("Expected data manipulation")

    # -- where the data is -------------------------------------------------------------------------------------------

    def _source(self) -> tuple[str, str | None]:
        names = [self._source_name()]
        while self._reader.takes("."):
            names.append(self._source_name())
        if len(names) > 2:
            raise errors.validation("A path may contain at most 2 components in the FROM clause")
        return names[0], names[1] if len(names) == 2 else None

    def _source_name(self) -> str:
        token = self._reader.take()
        if token.kind not in ("name", "quoted"):
            raise problems.malformed("Expected identifier for table name")
        if not token.text:
            raise errors.validation("Path component cannot be an empty string")
        return token.text

    def _check_no_alias(self) -> None:
        if self._reader.kind in ("name", "quoted", "AS", "AT"):
            raise errors.validation("Aliasing is not supported")
        if self._reader.kind == ",":
            raise errors.validation("Only select from a single table or index is supported.")

    def _table(self) -> str:
        table, index = self._source()
        if index is not None:
            raise errors.validation("This operation is not supported on an index")
        return table

    # -- SELECT and EXISTS -------------------------------------------------------------------------------------------

    def _select(self) -> Select:
        self._reader.take()
        paths = None if self._reader.takes("*") else self._projection()
        self._reader.expect("FROM", "Expected FROM after SELECT list")
        table, index = self._source()
        self._check_no_alias()
        where = self._conditions.condition() if self._reader.takes("WHERE") else None
        return Select(table, index, paths, where, self._order())

    def _projection(self) -> tuple[Path, ...]:
        if self._reader.kind == "VALUE":
            raise errors.validation("Select projection doesn't support value or pivot keywords")
        paths = [self._projected()]
        while self._reader.takes(","):
            if self._reader.kind == "*":
                raise errors.validation("Other attributes should not be present in the projection when '*' is used.")
            paths.append(self._projected())
        shown = [path.parts[-1] for path in paths]
        repeated = next((str(name) for name in shown if shown.count(name) > 1), None)
        if repeated is not None:
            raise errors.validation(f"Duplicate identifiers in select clause: {repeated}")
        return tuple(paths)

    def _projected(self) -> Path:
        token = self._reader.token
        if self._conditions.values.at_value() or self._reader.kind_ahead() == "(":
            raise problems.at("Unexpected path component", self._reader.place(token))
        return self._conditions.path()

    def _order(self) -> tuple[Order, ...]:
        if not self._reader.takes("ORDER"):
            return ()
        self._reader.expect("BY", "Expected BY")
        keys = [self._order_key()]
        while self._reader.takes(","):
            keys.append(self._order_key())
        return tuple(keys)

    def _order_key(self) -> Order:
        path = self._conditions.path()
        descending = self._reader.is_word("DESC")
        if descending or self._reader.is_word("ASC"):
            self._reader.take()
        return Order(str(path.parts[0]), descending)

    def _exists(self) -> Exists:
        self._reader.take()
        self._reader.take()
        if self._reader.kind != "SELECT":
            raise problems.malformed("Expected data manipulation")
        select = self._select()
        self._reader.expect(")", "Expected RIGHT_PAREN")
        return Exists(select)

    # -- INSERT and DELETE -------------------------------------------------------------------------------------------

    def _insert(self) -> Insert:
        self._reader.take()
        self._reader.expect("INTO", "Expected INTO after INSERT")
        table = self._table()
        if self._reader.kind not in ("VALUE", "VALUES"):
            if self._reader.kind in ("<<", "["):
                raise _several_items()
            raise problems.leftover()
        self._reader.take()
        if self._reader.kind in ("<<", "["):
            raise _several_items()
        item = self._conditions.values.item()
        if self._reader.kind == "RETURNING":
            raise errors.validation("RETURNING is not supported in INSERT")
        return Insert(table, {"M": item})

    def _delete(self) -> Delete:
        self._reader.take()
        self._reader.expect("FROM", "Expected FROM after DELETE")
        table = self._table()
        self._check_no_alias()
        where = self._needed_where()
        words, returning = self._returning()
        if returning not in ("NONE", "ALL_OLD"):
            raise errors.validation(
                f"Invalid returning clause: RETURNING {words} *. Only RETURNING ALL OLD * is allowed in DELETE "
                "statements."
            )
        return Delete(table, where, returning)

    def _needed_where(self) -> Condition:
        if not self._reader.takes("WHERE"):
            self._check_end()
            raise errors.validation(problems.NO_KEY)
        return self._conditions.condition()

    def _returning(self) -> tuple[str, str]:
        if not self._reader.takes("RETURNING"):
            return "", "NONE"
        first, second = self._reader.take().text.upper(), self._reader.take().text.upper()
        returning = _RETURNING.get((first, second))
        if returning is None or not self._reader.takes("*"):
            raise errors.validation("Expected '*' after ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause")
        if self._reader.kind == ",":
            raise errors.validation("Invalid syntax with multiple returning elements in RETURNING clause")
        return f"{first} {second}", returning

    # -- UPDATE ------------------------------------------------------------------------------------------------------

    def _update(self) -> Update:
        self._reader.take()
        table = self._table()
        if self._reader.kind not in ("SET", "REMOVE"):
            self._check_no_alias()
        actions = self._actions()
        where = self._needed_where()
        return Update(table, actions, where, self._returning()[1])

    def _update_from_first(self) -> Update:
        """``FROM table WHERE key SET ...``: the clauses of UPDATE in PartiQL's other order."""
        self._reader.take()
        table = self._table()
        self._check_no_alias()
        where = self._needed_where()
        actions = self._actions()
        return Update(table, actions, where, self._returning()[1])

    def _actions(self) -> tuple[Action, ...]:
        actions: list[Action] = []
        while True:
            if self._reader.takes("SET"):
                actions.append(self._set())
                while self._reader.takes(","):
                    actions.append(self._set())
            elif self._reader.takes("REMOVE"):
                actions.append(Action("REMOVE", self._conditions.path()))
                while self._reader.takes(","):
                    actions.append(Action("REMOVE", self._conditions.path()))
            else:
                break
        if not actions:
            raise problems.malformed("Expected data manipulation")
        return tuple(actions)

    def _set(self) -> Action:
        path = self._conditions.path()
        self._reader.expect("=", "Expected '=' for assignment")
        token = self._reader.token
        if token.kind == "name" and self._reader.kind_ahead() == "(" and token.text.lower() in _SETS:
            return self._set_operation(path, self._reader.take())
        left = self._set_operand()
        if self._reader.kind in ("+", "-"):
            operator = self._reader.take().kind
            return Action("SET", path, Arithmetic(operator, left, self._set_operand()))
        return Action("SET", path, left)

    def _set_operation(self, path: Path, token: Token) -> Action:
        """``set_add`` and ``set_delete``: what ADD and DELETE are in update expressions."""
        name, place = token.text.upper(), self._reader.place(token)
        first = self._reader.kind_ahead()
        argument = self._reader.place(self._token_ahead()) if first else place
        operands = self._conditions.arguments()
        if len(operands) != 2:
            raise problems.at(f"{name} must have exactly two arguments", place)
        if operands[0] != path:
            raise problems.at(f"The first argument to {name} must equal the assignment value", place)
        second = operands[1]
        if not isinstance(second, Value) or not self._may_be_set(second):
            raise problems.at(f"The second argument to {name} must be a value with type SET", argument)
        return Action(_SETS[token.text.lower()], path, second)

    def _token_ahead(self) -> Token:
        self._reader.at += 1
        token = self._reader.token
        self._reader.at -= 1
        return token

    def _may_be_set(self, value: Value) -> bool:
        literal = self._conditions.literals[value.name]
        return not isinstance(literal, dict) or next(iter(literal)) in ("SS", "NS", "BS")

    def _set_operand(self) -> Operand:
        token = self._reader.token
        if token.kind == "name" and self._reader.kind_ahead() == "(":
            if token.text.lower() != "list_append":
                raise problems.at(f"Unrecognized function: {token.text.lower()}", self._reader.place(token))
            self._reader.take()
            return Function("list_append", tuple(self._conditions.arguments()))
        return self._conditions.operand()


def _several_items() -> AwsError:
    return errors.validation(
        "Unsupported operation: Inserting multiple items in a single statement is not supported, use "
        '"INSERT INTO tableName VALUE item" instead'
    )
