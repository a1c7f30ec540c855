"""The functions of Logs Insights: on single values, and those of ``stats`` on groups.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .insights_events import Row
from .insights_strings import OF_TEXTS, text
from .insights_structures import OF_STRUCTURES, is_structure
from .insights_times import OF_TIMES
from .numerals import number

_EARTH_KM = 6371.0
_MOST_DECIMALS = 15


def truth(value: Any) -> bool:
    """Whether a value counts as true."""
    return bool(value) and value not in ("0", "false")


def _numeric(work: Callable[[float], float]) -> Callable[..., Any]:
    return lambda value: None if (given := number(value)) is None else work(given)


def _best(choose: Callable[[list[float]], float]) -> Callable[..., Any]:
    def chosen(*values: Any) -> float | None:
        known = [given for each in values if (given := number(each)) is not None]
        return choose(known) if known else None

    return chosen


def _rounded(value: Any, decimals: Any = 0) -> float | None:
    given, places = number(value), number(decimals)
    if given is None or places is None or abs(places) > _MOST_DECIMALS:
        return None
    return float(Decimal(repr(given)).quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP))


def _haversine(*places: Any) -> float | None:
    given = [number(each) for each in places]
    known = [math.radians(each) for each in given if each is not None]
    if len(known) != 4:
        return None
    latitude, longitude, other_latitude, other_longitude = known
    north = math.sin((other_latitude - latitude) / 2) ** 2
    east = math.sin((other_longitude - longitude) / 2) ** 2
    share = north + math.cos(latitude) * math.cos(other_latitude) * east
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(share)))


def _whole(bits: int) -> Callable[..., Any]:
    limit = 2 ** (bits - 1)

    def whole(value: Any) -> int | None:
        given = number(value)
        return int(given) if given is not None and -limit <= int(given) < limit else None

    return whole


def _case(*given: Any) -> Any:
    for place in range(0, len(given) - 1, 2):
        if truth(given[place]):
            return given[place + 1]
    return given[-1] if len(given) % 2 else None


def _plain(work: Callable[..., Any]) -> Callable[..., Any]:
    """Structures are nothing to functions of texts, numbers and times."""
    return lambda *values: work(*(None if is_structure(value) else value for value in values))


_OF_NUMBERS: dict[str, Callable[..., Any]] = {
    "abs": _numeric(abs),
    "ceil": _numeric(math.ceil),
    "floor": _numeric(math.floor),
    "log": _numeric(lambda value: math.log(value) if value > 0 else math.nan),
    "sqrt": _numeric(lambda value: math.sqrt(value) if value >= 0 else math.nan),
    "round": _rounded,
    "greatest": _best(max),
    "least": _best(min),
    "haversine": _haversine,
    "tonumber": number,
    "todouble": number,
    "toint": _whole(32),
    "tolong": _whole(64),
    "isnumeric": lambda value: number(value) is not None,
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{name: _plain(work) for name, work in {**_OF_NUMBERS, **OF_TEXTS, **OF_TIMES}.items()},
    **OF_STRUCTURES,
    "if": lambda condition, yes, no: yes if truth(condition) else no,
    "case": _case,
}
"""By name in lower case; those that look at the query itself are the parser's."""

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


def _order(moment: Any) -> float:
    return number(moment) or 0.0


def at_end(name: str, rows: Sequence[Row], values: Values) -> Any:
    """``earliest``, ``latest``, ``sortsfirst``, ``sortslast`` of a group."""
    pairs = [(row, value) for row, value in zip(rows, values, strict=True) if value is not None]
    if not pairs:
        return None
    if name in ("earliest", "latest"):
        pairs.sort(key=lambda pair: _order(pair[0].get("@timestamp")))
    else:
        pairs.sort(key=lambda pair: text(pair[1]))
    return pairs[0 if name in ("earliest", "sortsfirst") else -1][1]


TIMED = ("earliest", "latest", "sortsfirst", "sortslast")
