"""Handlers of the tests."""

from __future__ import annotations

from typing import Any


def shows_alarm(event: Any, context: Any) -> None:
    """Write what an alarm tells to the log."""
    told = event["alarmData"]
    state = told["state"]
    print(event["source"], told["alarmName"], state["value"], state["reason"], told["previousState"]["value"])
