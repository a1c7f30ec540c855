"""Queries read: ``SELECT ... FROM S3Object ... WHERE ... LIMIT ...``."""

from __future__ import annotations

from dataclasses import dataclass, field

from .expressions import (
    AGGREGATES,
    Aggregate,
    Between,
    Binary,
    Case,
    Cast,
    Expression,
    Function,
    In,
    Is,
    Like,
    Literal,
    Not,
    Path,
    Step,
    check_function,
    check_type,
)
from .faults import fault, unexpected
from .lexer import Token, tokens_of

_COMPARING = ("=", "!=", "<>", "<", "<=", ">", ">=")
_ENDING = ("FROM", "WHERE", "LIMIT", "AS", "AND", "OR", "NOT", "THEN", "ELSE", "END", "WHEN", "FOR")


@dataclass(slots=True, eq=False)
class Query:
    """A query: ``columns`` are expressions with their names, none for ``*``."""

    columns: list[tuple[Expression, str | None]] = field(default_factory=list)
    source: tuple[Step, ...] = ()
    alias: str | None = None
    where: Expression | None = None
    limit: int | None = None
    aggregates: list[Aggregate] = field(default_factory=list)


def parse(text: str) -> Query:
    """Read a query.

    Raises:
        AwsError: ParseUnexpectedToken and its kin.
    """
    return _Parser(tokens_of(text)).query()


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._query = Query()

    # -- tokens ------------------------------------------------------------------------------------------------------

    def _peek(self) -> Token:
        return self._tokens[self._at]

    def _next(self) -> Token:
        token = self._tokens[self._at]
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def _takes(self, *words: str) -> str | None:
        """Take the next token if it is one of some keywords or symbols."""
        token = self._peek()
        said = token.text if token.kind == "symbol" else token.word
        if said in words:
            self._next()
            return said
        return None

    def _needs(self, word: str) -> None:
        if self._takes(word) is None:
            raise unexpected(self._peek().text)

    def _name(self) -> str:
        token = self._next()
        if token.kind not in ("name", "quoted"):
            raise unexpected(token.text)
        return token.text

    # -- the query ---------------------------------------------------------------------------------------------------

    def query(self) -> Query:
        self._needs("SELECT")
        if self._takes("*") is None:
            self._query.columns.append(self._column())
            while self._takes(","):
                self._query.columns.append(self._column())
        if self._takes("FROM") is None:
            raise fault("ParseSelectMissingFrom", "FROM is missing in the SQL expression.")
        self._source()
        if self._takes("WHERE"):
            self._query.where = self._or()
        if self._takes("LIMIT"):
            self._query.limit = self._limit()
        self._takes(";")
        if self._peek().kind != "end":
            raise unexpected(self._peek().text)
        return self._query

    def _column(self) -> tuple[Expression, str | None]:
        expression = self._or()
        if self._takes("AS"):
            return expression, self._name()
        token = self._peek()
        if token.kind == "quoted" or (token.kind == "name" and token.word not in _ENDING):
            return expression, self._name()
        return expression, None

    def _source(self) -> None:
        if self._name().upper() != "S3OBJECT":
            raise fault("InvalidDataSource", "Invalid data source type. Only CSV, JSON, and Parquet are supported.")
        self._query.source = self._steps()
        if self._takes("AS") or (self._peek().kind in ("name", "quoted") and self._peek().word not in _ENDING):
            self._query.alias = self._name()

    def _limit(self) -> int:
        token = self._next()
        if token.kind != "number" or not token.text.isdigit():
            raise unexpected(token.text)
        return int(token.text)

    def _steps(self) -> tuple[Step, ...]:
        """What follows a name: ``.name``, ``[0]``, ``[*]``."""
        steps: list[Step] = []
        while (symbol := self._takes(".", "[")) is not None:
            if symbol == ".":
                token = self._next()
                if token.kind not in ("name", "quoted") and token.text != "*":
                    raise unexpected(token.text)
                steps.append(Step(token.text, token.kind == "quoted"))
                continue
            token = self._next()
            if token.kind == "number":
                steps.append(Step(int(token.text)))
            elif token.kind == "text":
                steps.append(Step(token.text, True))
            elif token.text == "*":
                steps.append(Step("*"))
            else:
                raise unexpected(token.text)
            self._needs("]")
        return tuple(steps)

    # -- expressions, the loosest first --------------------------------------------------------------------------------

    def _or(self) -> Expression:
        left = self._and()
        while self._takes("OR"):
            left = Binary("OR", left, self._and())
        return left

    def _and(self) -> Expression:
        left = self._not()
        while self._takes("AND"):
            left = Binary("AND", left, self._not())
        return left

    def _not(self) -> Expression:
        return Not(self._not()) if self._takes("NOT") else self._comparison()

    def _comparison(self) -> Expression:
        left = self._sum()
        operator = self._takes(*_COMPARING)
        if operator is not None:
            return Binary("!=" if operator == "<>" else operator, left, self._sum())
        if self._takes("IS"):
            negated = bool(self._takes("NOT"))
            word = self._takes("NULL", "MISSING")
            if word is None:
                raise unexpected(self._peek().text)
            return _negated(Is(left, word), negated)
        negated = bool(self._takes("NOT"))
        found = self._membership(left)
        if found is not None:
            return _negated(found, negated)
        if negated:
            raise unexpected(self._peek().text)
        return left

    def _membership(self, left: Expression) -> Expression | None:
        if self._takes("LIKE"):
            pattern = self._sum()
            return Like(left, pattern, self._sum() if self._takes("ESCAPE") else None)
        if self._takes("BETWEEN"):
            low = self._sum()
            self._needs("AND")
            return Between(left, low, self._sum())
        if self._takes("IN"):
            self._needs("(")
            return In(left, self._arguments())
        return None

    def _arguments(self) -> list[Expression]:
        """Expressions up to the closing bracket."""
        found: list[Expression] = []
        if self._takes(")"):
            return found
        found.append(self._or())
        while self._takes(","):
            found.append(self._or())
        self._needs(")")
        return found

    def _sum(self) -> Expression:
        left = self._product()
        while (operator := self._takes("+", "-", "||")) is not None:
            left = Binary(operator, left, self._product())
        return left

    def _product(self) -> Expression:
        left = self._factor()
        while (operator := self._takes("*", "/", "%")) is not None:
            left = Binary(operator, left, self._factor())
        return left

    def _factor(self) -> Expression:
        if self._takes("-"):
            return Binary("-", Literal(0), self._factor())
        if self._takes("+"):
            return self._factor()
        if self._takes("("):
            inner = self._or()
            self._needs(")")
            return inner
        token = self._next()
        if token.kind == "number":
            return Literal(int(token.text) if token.text.isdigit() else float(token.text))
        if token.kind == "text":
            return Literal(token.text)
        if token.kind == "name":
            return self._named(token)
        if token.kind == "quoted":
            return Path((Step(token.text, True), *self._steps()))
        raise unexpected(token.text)

    def _named(self, token: Token) -> Expression:
        word = token.word
        if word in ("TRUE", "FALSE", "NULL"):
            return Literal({"TRUE": True, "FALSE": False, "NULL": None}[word])
        if word == "CASE":
            return self._case()
        if self._peek() == Token("symbol", "("):
            self._next()
            return self._call(word)
        return Path((Step(token.text), *self._steps()))

    def _case(self) -> Expression:
        subject = None if self._peek().word == "WHEN" else self._or()
        branches = []
        while self._takes("WHEN"):
            condition = self._or()
            self._needs("THEN")
            branches.append((condition if subject is None else Binary("=", subject, condition), self._or()))
        otherwise = self._or() if self._takes("ELSE") else Literal(None)
        self._needs("END")
        return Case(branches, otherwise)

    def _call(self, word: str) -> Expression:
        if word in AGGREGATES:
            subject = None if self._takes("*") else self._or()
            self._needs(")")
            aggregate = Aggregate(word, subject)
            self._query.aggregates.append(aggregate)
            return aggregate
        if word == "CAST":
            value = self._or()
            self._needs("AS")
            kind = check_type(self._name())
            if self._takes("("):
                self._arguments()
            self._needs(")")
            return Cast(value, kind)
        if word in ("SUBSTRING", "TRIM"):
            return self._special(word)
        check_function(word)
        return Function(word, self._arguments())

    def _special(self, word: str) -> Expression:
        """``SUBSTRING(text FROM 1 FOR 2)``, ``TRIM(BOTH 'x' FROM text)``, and both with commas."""
        if word == "SUBSTRING":
            arguments = [self._or()]
            while self._takes(",", "FROM", "FOR"):
                arguments.append(self._or())
            self._needs(")")
            return Function(word, arguments)
        side = self._takes("LEADING", "TRAILING", "BOTH") or "BOTH"
        text: Expression
        letters: Expression = Literal(" ")
        if self._takes("FROM"):
            text = self._or()
        else:
            text = self._or()
            if self._takes("FROM"):
                letters, text = text, self._or()
        self._needs(")")
        return Function(f"TRIM {side}", [text, letters])


def _negated(expression: Expression, negated: bool) -> Expression:
    return Not(expression) if negated else expression
