"""Tags in AWS's two spellings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def from_list(tags: Iterable[Mapping[str, Any]] | None, key: str = "Key", value: str = "Value") -> dict[str, str]:
    """``[{"Key": k, "Value": v}]`` as a mapping; the last of equal keys wins."""
    return {tag[key]: tag.get(value, "") for tag in tags or ()}


def to_list(tags: Mapping[str, str], key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """A mapping as ``[{"Key": k, "Value": v}]``, in the order of setting."""
    return [{key: name, value: text} for name, text in tags.items()]
