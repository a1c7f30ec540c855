"""The state of STS: none of its own; sessions lie in the port of identities."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Store:
    """Nothing."""
