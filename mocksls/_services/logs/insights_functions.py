"""The functions of Logs Insights: on single values, and those of ``stats`` on groups.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from .insights_events import Moment, Row

_SPANS_MS = {
    "ms": 1,
    "s": 1000,
    "sec": 1000,
    "m": 60_000,
    "min": 60_000,
    "h": 3_600_000,
    "hr": 3_600_000,
    "d": 86_400_000,
    "w": 604_800_000,
    "mo": 2_592_000_000,
    "q": 7_776_000_000,
    "y": 31_536_000_000,
}
_SPAN = re.compile(r"^(\d+)(ms|s|sec|m|min|h|hr|d|w|mo|q|y)s?$")


def number(value: Any) -> float | None:
    """A value as a number, if it is one."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def text(value: Any) -> str:
    """A value as text."""
    return "" if value is None else str(value)


def span_ms(given: str) -> int | None:
    """A span of time (``5m``) in milliseconds."""
    found = _SPAN.match(given)
    return int(found.group(1)) * _SPANS_MS[found.group(2)] if found else None


def _numeric(work: Callable[[float], float]) -> Callable[..., Any]:
    return lambda value: None if (given := number(value)) is None else work(given)


def _best(choose: Callable[[list[float]], float]) -> Callable[..., Any]:
    def chosen(*values: Any) -> float | None:
        known = [given for each in values if (given := number(each)) is not None]
        return choose(known) if known else None

    return chosen


def _substr(value: Any, start: Any, length: Any = None) -> str:
    begin = int(number(start) or 0)
    end = None if length is None else begin + int(number(length) or 0)
    return text(value)[begin:end]


def _stripped(side: Callable[[str, str | None], str]) -> Callable[..., Any]:
    return lambda value, characters=None: side(text(value), characters)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": _numeric(abs),
    "ceil": _numeric(math.ceil),
    "floor": _numeric(math.floor),
    "log": _numeric(lambda value: math.log(value) if value > 0 else math.nan),
    "sqrt": _numeric(lambda value: math.sqrt(value) if value >= 0 else math.nan),
    "greatest": _best(max),
    "least": _best(min),
    "ispresent": lambda value: value is not None,
    "isempty": lambda value: value is None or value == "",
    "isblank": lambda value: value is None or not text(value).strip(),
    "isvalidip": lambda value: bool(re.fullmatch(r"(\d{1,3}\.){3}\d{1,3}|[0-9a-fA-F:]*:[0-9a-fA-F:]+", text(value))),
    "coalesce": lambda *values: next((value for value in values if value is not None), None),
    "concat": lambda *values: "".join(map(text, values)),
    "strlen": lambda value: len(text(value)),
    "toupper": lambda value: text(value).upper(),
    "tolower": lambda value: text(value).lower(),
    "trim": _stripped(str.strip),
    "ltrim": _stripped(str.lstrip),
    "rtrim": _stripped(str.rstrip),
    "substr": _substr,
    "replace": lambda value, old, new: text(value).replace(text(old), text(new)),
    "strcontains": lambda value, part: text(part) in text(value),
    "frommillis": lambda value: None if (given := number(value)) is None else Moment(int(given)),
    "tomillis": lambda value: None if (given := number(value)) is None else int(given),
}
"""By name in lower case; ``bin``, ``datefloor``, ``dateceil`` and ``now`` are the parser's."""

Values = Sequence[Any]


def _known(values: Values) -> list[float]:
    return [given for value in values if (given := number(value)) is not None]


def _average(values: Values) -> float | None:
    known = _known(values)
    return sum(known) / len(known) if known else None


def _deviation(values: Values) -> float | None:
    known = _known(values)
    if not known:
        return None
    mean = sum(known) / len(known)
    return math.sqrt(sum((each - mean) ** 2 for each in known) / len(known))


def _percentile(values: Values, share: float) -> float | None:
    known = sorted(_known(values))
    if not known:
        return None
    return known[min(len(known) - 1, max(0, math.ceil(share / 100 * len(known)) - 1))]


def _extreme(choose: Callable[..., Any]) -> Callable[[Values], Any]:
    def chosen(values: Values) -> Any:
        present = [value for value in values if value is not None]
        numbers = _known(present)
        if len(numbers) == len(present):
            return choose(present, key=float) if present else None
        return choose(present, key=text)

    return chosen


AGGREGATES: dict[str, Callable[..., Any]] = {
    "count": lambda values: sum(value is not None for value in values),
    "count_distinct": lambda values: len({text(value) for value in values if value is not None}),
    "sum": lambda values: sum(_known(values)),
    "avg": _average,
    "min": _extreme(min),
    "max": _extreme(max),
    "stddev": _deviation,
    "median": lambda values: _percentile(values, 50),
    "pct": _percentile,
    "percentile": _percentile,
}
"""By name in lower case, on the values of a group; those that look at times are ``at_end``'s."""


def at_end(name: str, rows: Sequence[Row], values: Values) -> Any:
    """``earliest``, ``latest``, ``sortsfirst``, ``sortslast`` of a group."""
    pairs = [(row, value) for row, value in zip(rows, values, strict=True) if value is not None]
    if not pairs:
        return None
    if name in ("earliest", "latest"):
        pairs.sort(key=lambda pair: pair[0].get("@timestamp", 0))
    else:
        pairs.sort(key=lambda pair: text(pair[1]))
    return pairs[0 if name in ("earliest", "sortsfirst") else -1][1]


TIMED = ("earliest", "latest", "sortsfirst", "sortslast")
