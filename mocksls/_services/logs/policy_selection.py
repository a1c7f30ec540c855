"""Which of an account's policies a log group falls under."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from .store import AccountPolicy, LogGroup, Store

NOT_IN = re.compile(r"\s*LogGroupName\s+NOT\s+IN\s+(\[.*\])\s*", re.DOTALL)
PREFIX = re.compile(r"\s*LogGroupNamePrefix\s*(?:=|LIKE|IN)?\s*\[?\s*\"?([\w#/.-]+)\*?\"?\s*\]?\s*", re.IGNORECASE)


def of_kind(store: Store, kind: str) -> list[AccountPolicy]:
    """The policies of a type, by name."""
    return [each for (of, _), each in sorted(store.account_policies.items()) if of == kind]


def for_group(store: Store, kind: str, group: LogGroup) -> Iterator[AccountPolicy]:
    """The policies of a type that a group falls under; those of data sources are for none."""
    for each in of_kind(store, kind):
        criteria = each.criteria
        excluded = NOT_IN.fullmatch(criteria) if criteria else None
        prefix = PREFIX.fullmatch(criteria) if criteria else None
        if (
            criteria is None
            or (excluded and group.name not in read(excluded.group(1)))
            or (prefix and group.name.startswith(prefix.group(1)))
        ):
            yield each


@lru_cache(maxsize=64)
def read(document: str) -> Any:
    """A policy's text, which was checked when it was put; nobody may change what is returned."""
    return json.loads(document)
