"""Epoch seconds, as the stores keep them, and datetimes, as answers show them."""

from __future__ import annotations

from datetime import datetime, timezone


def moment(epoch_s: float) -> datetime:
    """Epoch seconds as an aware UTC datetime."""
    return datetime.fromtimestamp(epoch_s, timezone.utc)
