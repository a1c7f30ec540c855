"""Numbers as log events write them."""

from __future__ import annotations

import math
import re
from typing import Any

_NUMERAL = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*", re.ASCII)


def number(value: Any) -> float | None:
    """A value as a number, if it is a finite one, or a text that writes one."""
    if not isinstance(value, (int, float)) and not (isinstance(value, str) and _NUMERAL.fullmatch(value)):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None
