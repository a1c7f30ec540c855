"""Runs queries of Logs Insights: one command after the other, over rows.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from .insights_events import Row, shown
from .insights_expressions import Expression
from .insights_functions import truth
from .insights_parser import Asked, QueryText, Scanner
from .insights_strings import text
from .insights_structures import field as field_of
from .insights_structures import is_structure
from .insights_times import Moment
from .numerals import number

_LIMIT = 10_000


@dataclass(slots=True)
class Table:
    """Rows on their way through a query, with the columns to show (none: the default ones)."""

    rows: list[Row]
    columns: list[str] = field(default_factory=list)
    displayed: bool = False
    grouped: bool = False
    sorted: bool = False
    limit: int | None = None


Command = Callable[[Table], None]


def compile_query(source: str, asked: Asked) -> list[Command]:
    """A query's commands.

    Raises:
        QueryText: it cannot be read.
    """
    try:
        return _compiled(Scanner(source, asked))
    except RecursionError:
        raise QueryText("the query is nested too deeply") from None


def _compiled(scanner: Scanner) -> list[Command]:
    commands: list[Command] = []
    while not scanner.at_end():
        if scanner.take("|"):
            continue
        word = scanner.take_word(*_COMMANDS)
        if word is None:
            raise scanner.wrong()
        commands.append(_COMMANDS[word](scanner))
        if not scanner.at_end() and not scanner.take("|"):
            raise scanner.wrong()
    return commands


def run_query(commands: Iterable[Command], rows: list[Row]) -> list[list[dict[str, str]]]:
    """The results of a query: a list of fields and values for each row.

    Raises:
        QueryText: an expression is nested too deeply.
    """
    table = Table(rows)
    try:
        for command in commands:
            command(table)
    except RecursionError:
        raise QueryText("the query is nested too deeply") from None
    if not table.sorted and not table.grouped:
        table.rows = sorted(table.rows, key=_when, reverse=True)
    columns = table.columns or ["@timestamp", "@message"]
    wanted = list(dict.fromkeys(columns if table.grouped else [*columns, "@ptr"]))
    return [
        [{"field": name, "value": shown(row[name])} for name in wanted if row.get(name) is not None]
        for row in table.rows[: table.limit or _LIMIT]
    ]


def _when(row: Row) -> int:
    """An event's time; a query may have put something else in its place."""
    found = row.get("@timestamp")
    return found if isinstance(found, Moment) else 0


def _fields(scanner: Scanner) -> Command:
    found = _expressions(scanner)

    def run(table: Table) -> None:
        table.rows = [{**row, **{name: each.of(row) for name, each in found}} for row in table.rows]
        if not table.displayed:
            table.columns += [name for name, _ in found]

    return run


def _display(scanner: Scanner) -> Command:
    found = _expressions(scanner)

    def run(table: Table) -> None:
        table.rows = [{**row, **{name: each.of(row) for name, each in found}} for row in table.rows]
        table.columns, table.displayed = [name for name, _ in found], True

    return run


def _expressions(scanner: Scanner) -> list[tuple[str, Expression]]:
    found = [scanner.named_expression()]
    while scanner.take(","):
        found.append(scanner.named_expression())
    return found


def _filter(scanner: Scanner) -> Command:
    condition = scanner.expression()

    def run(table: Table) -> None:
        table.rows = [row for row in table.rows if truth(condition.of(row))]

    return run


def _stats(scanner: Scanner) -> Command:
    found = _expressions(scanner)
    keys = _expressions(scanner) if scanner.take_word("by") else []

    def run(table: Table) -> None:
        groups: dict[tuple[Any, ...], list[Row]] = {}
        for row in table.rows:
            values = tuple(None if is_structure(value := key.of(row)) else value for _, key in keys)
            groups.setdefault(values, []).append(row)
        if not keys and not groups:
            groups[()] = []
        names = [name for name, _ in keys]
        table.rows = [
            {**dict(zip(names, values, strict=True)), **{name: each.of_group(rows) for name, each in found}}
            for values, rows in groups.items()
        ]
        table.columns = [*names, *(name for name, _ in found)]
        table.grouped, table.sorted = True, True

    return run


def _sort(scanner: Scanner) -> Command:
    keys: list[tuple[Expression, bool, str]] = []
    while True:
        name, expression = scanner.named_expression()
        direction = scanner.take_word("asc", "desc")
        keys.append((expression, direction == "desc", name))
        if not scanner.take(","):
            break

    def run(table: Table) -> None:
        for expression, downwards, name in reversed(keys):
            table.rows = sorted(
                table.rows,
                key=lambda row, name=name, each=expression: _order(row.get(name, each.of(row))),  # type: ignore[misc]
                reverse=downwards,
            )
        table.sorted = True

    return run


def _order(value: Any) -> tuple[int, float, str]:
    """Numbers before texts, nothing before both."""
    if value is None or is_structure(value):
        return (0, 0.0, "")
    if isinstance(value, Moment):
        return (1, float(value), "")
    given = number(value)
    return (2, 0.0, text(value)) if given is None else (1, given, "")


def _limit(scanner: Scanner) -> Command:
    count = scanner.integer()

    def run(table: Table) -> None:
        table.limit = count

    return run


def _dedup(scanner: Scanner) -> Command:
    names = scanner.names()

    def run(table: Table) -> None:
        rows = table.rows if table.sorted else sorted(table.rows, key=_when, reverse=True)
        seen: dict[tuple[str, ...], Row] = {}
        for row in rows:
            values = (field_of(row, name) for name in names)
            seen.setdefault(tuple("" if is_structure(value) else text(value) for value in values), row)
        table.rows = list(seen.values())

    return run


def _parse(scanner: Scanner) -> Command:
    scanner.skip()
    start = scanner.place
    source = "@message"
    pattern: str | re.Pattern[str] | None = scanner.regex() or scanner.quoted()
    if pattern is None:
        scanner.place = start
        source = scanner.name()
        pattern = scanner.regex() or scanner.quoted()
    if pattern is None:
        raise scanner.wrong()
    names = scanner.names() if scanner.take_word("as") else []
    expression = pattern if isinstance(pattern, re.Pattern) else _glob(pattern)
    if not names and not expression.groupindex:
        raise QueryText("parse needs names: as NAME, or named groups")

    def run(table: Table) -> None:
        table.rows = [{**row, **_captured(expression, names, field_of(row, source))} for row in table.rows]

    return run


def _glob(pattern: str) -> re.Pattern[str]:
    """A pattern whose ``*`` each take what is between two texts."""
    parts = [re.escape(part) for part in pattern.split("*")]
    last = "(.*)" if pattern.endswith("*") else "(.*?)"
    middle = ["(.*?)"] * max(len(parts) - 2, 0)
    joints = [*middle, last] if len(parts) > 1 else []
    text_of = parts[0] + "".join(joint + part for joint, part in zip(joints, parts[1:], strict=True))
    return re.compile(text_of, re.DOTALL)


def _captured(expression: re.Pattern[str], names: list[str], value: Any) -> Row:
    found = None if value is None or is_structure(value) else expression.search(text(value))
    if found is None:
        return {}
    if names:
        return {name: part for name, part in zip(names, found.groups(), strict=False) if part is not None}
    return {name: part for name, part in found.groupdict().items() if part is not None}


def _unnest(scanner: Scanner) -> Command:
    source = scanner.expression()
    if scanner.take_word("into") is None:
        raise scanner.wrong()
    name = scanner.name()

    def run(table: Table) -> None:
        rows: list[Row] = []
        for row in table.rows:
            value = source.of(row)
            rows += [{**row, name: each} for each in (value if isinstance(value, list) else [value])]
        table.rows = rows

    return run


def _lookup(scanner: Scanner) -> Command:
    name = scanner.name()
    rows = scanner.asked.rows_of(name)
    if rows is None:
        raise QueryText(f"the lookup table {name} does not exist")
    pairs = [_matched(scanner)]
    while scanner.take(","):
        pairs.append(_matched(scanner))
    if scanner.take_word("output") is None:
        raise scanner.wrong()
    outputs = scanner.names()
    if rows and not {*(theirs for theirs, _ in pairs), *outputs} <= set(rows[0]):
        raise QueryText(f"the lookup table {name} has not all of these fields")
    found: dict[tuple[str, ...], Row] = {}
    for row in rows:
        found.setdefault(tuple(row[theirs] for theirs, _ in pairs), {each: row[each] for each in outputs})

    def run(table: Table) -> None:
        table.rows = [
            {**row, **found.get(tuple(text(field_of(row, mine)) for _, mine in pairs), {})} for row in table.rows
        ]

    return run


def _matched(scanner: Scanner) -> tuple[str, str]:
    """A field of a lookup table, and the field of the events that it is compared with."""
    theirs = scanner.name()
    return theirs, scanner.name() if scanner.take_word("as") else theirs


_COMMANDS: dict[str, Callable[[Scanner], Command]] = {
    "fields": _fields,
    "display": _display,
    "filter": _filter,
    "filterindex": _filter,
    "stats": _stats,
    "sort": _sort,
    "limit": _limit,
    "dedup": _dedup,
    "parse": _parse,
    "unnest": _unnest,
    "lookup": _lookup,
}
