"""Labels of results, with their dynamic parts (``${PROP('Stat')}``, ``${MAX}``).

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/graph-dynamic-labels.html
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .series import Series

_PART = re.compile(r"\$\{(?:PROP\('([^']+)'\)|([A-Z_]+))\}")
_OF_VALUES: dict[str, Callable[[list[float]], float]] = {
    "MAX": max,
    "MIN": min,
    "AVG": lambda values: sum(values) / len(values),
    "SUM": sum,
    "FIRST": lambda values: values[0],
    "LAST": lambda values: values[-1],
}


def filled(template: str, series: Series) -> str:
    """A label with its dynamic parts replaced; parts that are not known stay."""

    def part(found: re.Match[str]) -> str:
        name, word = found.groups()
        if name is not None:
            return series.fields.get(name, found.group())
        if word == "LABEL":
            return series.label
        values = [series.values[place] for place in sorted(series.values)]
        if word in _OF_VALUES:
            return f"{_OF_VALUES[word](values):g}" if values else "--"
        return found.group()

    return _PART.sub(part, template)
