"""The clock that a handler sees: real time, or moved with the cloud's."""

from __future__ import annotations

import copyreg
import datetime as _datetime
import importlib.util
import sys
import time as _time
from collections.abc import Callable
from typing import Any

from ..._kernel.realtime import monotonic

_NOTICEABLE_S = 0.02


class HandlerClock:
    """Moves the time of this process to the cloud's, as often as that has moved."""

    def __init__(self) -> None:
        self._real = _time.time() - monotonic()  # noqa: TID251
        self._shift = 0.0
        self._move: Callable[[float], None] | None = None

    def follow(self, epoch_minus_monotonic: float) -> None:
        """Show the time of a cloud whose epoch seconds are this far ahead of the machine's running clock."""
        shift = epoch_minus_monotonic - self._real
        if abs(shift) < _NOTICEABLE_S:
            shift = 0.0
        if abs(shift - self._shift) < _NOTICEABLE_S and bool(shift) == bool(self._shift):
            return
        self._shift = shift
        if self._move is None:
            self._move = _time_machine() or _Patched().move
        self._move(shift)


def _time_machine() -> Callable[[float], None] | None:
    """How to move the clock by time-machine, where that is installed."""
    if importlib.util.find_spec("time_machine") is None:
        return None
    import time_machine

    started: list[Any] = []

    def move(shift: float) -> None:
        while started:
            started.pop().stop()
        if shift:
            now = _datetime.datetime.now(_datetime.timezone.utc)  # noqa: TID251
            travel = time_machine.travel(now + _datetime.timedelta(seconds=shift), tick=True)
            travel.start()
            started.append(travel)

    return move


class _Patched:
    """Moves the clock by functions and a ``datetime`` of our own, put in place of the real ones everywhere."""

    def __init__(self) -> None:
        self.shift = 0.0
        shifting = self
        real_time, real_time_ns, real = _time.time, _time.time_ns, _datetime.datetime  # noqa: TID251

        def time() -> float:
            return real_time() + shifting.shift

        def time_ns() -> int:
            return real_time_ns() + int(shifting.shift * 1_000_000_000)

        moved = _moved_datetime(real, time)
        moved_date = _moved_date(_datetime.date, time)
        replaced = {id(real_time): time, id(real_time_ns): time_ns, id(real): moved, id(_datetime.date): moved_date}
        for genuine, shown in ((real, moved), (_datetime.date, moved_date)):
            copyreg.pickle(genuine, _reduced_to(shown))
        _datetime.datetime, _datetime.date = moved, moved_date  # type: ignore[misc]
        _time.time, _time.time_ns = time, time_ns  # noqa: TID251
        for name, function in _of_the_moment(_time, time).items():
            replaced[id(getattr(_time, name))] = function
            setattr(_time, name, function)
        _sweep(replaced)

    def move(self, shift: float) -> None:
        """Be this far ahead of the real time."""
        self.shift = shift


def _of_the_moment(module: Any, now: Callable[[], float]) -> dict[str, Any]:
    """The functions of ``time`` that take the present when they are not given a time."""

    def defaulted(real: Any) -> Any:
        return lambda seconds=None: real(now() if seconds is None else seconds)

    functions = {name: defaulted(getattr(module, name)) for name in ("gmtime", "localtime", "ctime")}
    real_strftime = module.strftime
    functions["strftime"] = lambda form, when=None: real_strftime(
        form, functions["localtime"]() if when is None else when
    )
    return functions


def _reduced_to(shown: Any) -> Callable[[Any], tuple[Any, ...]]:
    """How the real class's objects are pickled while another class goes by its name."""
    return lambda value: (shown, value.__reduce_ex__(4)[1])


def _standing_for(real: Any) -> Any:
    """The metaclass of a class that passes for the real one in ``isinstance`` and ``issubclass``."""

    class Meta(type):
        def __instancecheck__(cls, value: object) -> bool:
            stands_in = bool(cls.__base__ is real)
            return isinstance(value, real) if stands_in else super().__instancecheck__(value)

        def __subclasscheck__(cls, other: type) -> bool:
            stands_in = bool(cls.__base__ is real)
            return issubclass(other, real) if stands_in else super().__subclasscheck__(other)

    return Meta


def _moved_datetime(real: Any, now: Callable[[], float]) -> Any:
    """A ``datetime`` class whose present is ours; what it makes are real datetimes, so that they pickle."""

    class datetime(real, metaclass=_standing_for(real)):  # type: ignore[misc,metaclass]
        def __new__(cls, *args: Any, **kwargs: Any) -> Any:
            return real.__new__(real if cls is datetime else cls, *args, **kwargs)

        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return _made(cls).fromtimestamp(now(), tz)

        @classmethod
        def utcnow(cls) -> Any:
            moment = real.fromtimestamp(now(), _datetime.timezone.utc)
            return moment.replace(tzinfo=None)

        @classmethod
        def today(cls) -> Any:
            return _made(cls).fromtimestamp(now())

    def _made(cls: type) -> Any:
        return real if cls is datetime else cls

    datetime.__module__, datetime.__qualname__ = "datetime", "datetime"
    return datetime


def _moved_date(real: Any, now: Callable[[], float]) -> Any:
    class date(real, metaclass=_standing_for(real)):  # type: ignore[misc,metaclass]
        def __new__(cls, *args: Any, **kwargs: Any) -> Any:
            return real.__new__(real if cls is date else cls, *args, **kwargs)

        @classmethod
        def today(cls) -> Any:
            return real.fromtimestamp(now())

    date.__module__, date.__qualname__ = "datetime", "date"
    return date


def _sweep(replaced: dict[int, Any]) -> None:
    """Put what is replaced in place of itself in the modules that bound it by name before."""
    own = sys.modules[__name__]
    for module in list(sys.modules.values()):
        if module is own or module is _datetime or module is _time or not hasattr(module, "__dict__"):
            continue
        for name, value in list(vars(module).items()):
            if id(value) in replaced and not name.startswith("_real"):
                vars(module)[name] = replaced[id(value)]
