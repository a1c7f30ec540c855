"""Changes of throughput over time: how often it may be decreased or become on-demand, and what descriptions tell.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html#limits-capacity-units-provisioned-throughput
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.errors import AwsError
from mocksls._services.dynamodb import errors
from mocksls._services.dynamodb.moments import moment
from mocksls._services.dynamodb.store import ThroughputHistory

_FREE_DECREASES = 4
_FREE_SWITCHES = 4
_HOUR_S = 3600
_DAY_S = 24 * _HOUR_S
Units = Mapping[str, int]


def check_change(history: ThroughputHistory, old: Units, new: Units, now: float) -> None:
    """Check a decrease: four in a UTC day, then one in each hour without any.

    Raises: LimitExceededException.
    """
    today = decreases_today(history, now)
    if not _is_decrease(old, new) or today < _FREE_DECREASES:
        return
    last = history.decreases[-1]
    if now < last + _HOUR_S:
        raise _too_many(today, last)


def note_change(history: ThroughputHistory, old: Units, new: Units, now: float) -> None:
    """Remember a change."""
    if _is_decrease(old, new):
        history.decreases = [at for at in history.decreases if at // _DAY_S == now // _DAY_S] + [now]
    if any(new[name] > units for name, units in old.items()):
        history.increased = now


def check_switch(history: ThroughputHistory, now: float) -> None:
    """Check a switch to on-demand: four in 24 hours.

    Raises: LimitExceededException.
    """
    recent = [at for at in history.switches if now < at + _DAY_S]
    if len(recent) >= _FREE_SWITCHES:
        raise errors.limit_exceeded(
            f"Subscriber limit exceeded: Update to PayPerRequest mode are limited to {_FREE_SWITCHES} times in 1 "
            f"day(s). Last update at {_told(recent[-1])}. Next update can be made at {_told(recent[0] + _DAY_S)}"
        )


def note_switch(history: ThroughputHistory, now: float) -> None:
    """Remember a switch to on-demand."""
    history.switches = [*history.switches[-_FREE_SWITCHES + 1 :], now]


def decreases_today(history: ThroughputHistory, now: float) -> int:
    """How many decreases there were since midnight, UTC."""
    return sum(at // _DAY_S == now // _DAY_S for at in history.decreases)


def description(history: ThroughputHistory, units: Units, now: float) -> dict[str, Any]:
    """The ProvisionedThroughputDescription of a table or index."""
    return {
        "LastIncreaseDateTime": moment(history.increased) if history.increased is not None else None,
        "LastDecreaseDateTime": moment(history.decreases[-1]) if history.decreases else None,
        "NumberOfDecreasesToday": decreases_today(history, now),
        **units,
    }


def _is_decrease(old: Units, new: Units) -> bool:
    return any(new[name] < units for name, units in old.items())


def _too_many(today: int, last: float) -> AwsError:
    return errors.limit_exceeded(
        "Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day. After the "
        f"first {_FREE_DECREASES} decreases, each subsequent decrease in the same UTC day can be performed at most "
        f"once every {_HOUR_S} seconds. Number of decreases today: {today}. Last decrease at {_told(last)}. "
        f"Next decrease can be made at {_told(last + _HOUR_S)}"
    )


def _told(at: float) -> str:
    when = moment(at)
    return f"{when:%A, %B} {when.day}, {when.year} at {when.hour % 12 or 12}:{when:%M:%S %p} UTC"
