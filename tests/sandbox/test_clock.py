"""The clock of a handler is the cloud's."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import freezegun
import pytest

from mocksls._sandbox import Sandbox, callable_code

from . import handlers
from .conftest import Home, context, spec, value

YEAR_S = 365 * 86400.0


OWN = """
import sys
sys.path.insert(0, {root!r})
from datetime import datetime as early
import datetime, pickle, time
from mocksls._sandbox.child import clock
clock._time_machine = lambda: None
moved, real = clock.HandlerClock(), time.time()
for ahead in ({year}, 2 * {year}, 0):
    moved.follow(moved._real + ahead)
    now = datetime.datetime.now(datetime.timezone.utc)
    for seconds in (time.time(), now.timestamp(), early.now().timestamp(), time.time_ns() / 1e9):
        assert abs(seconds - real - ahead) < 5, (seconds, ahead)
    assert pickle.loads(pickle.dumps([now, now.date()])) == [now, now.date()]
    assert isinstance(now, datetime.datetime) and isinstance(now, early) and isinstance(now, datetime.date)
    assert datetime.date.today().year == time.gmtime().tm_year == int(time.strftime("%Y"))
    class Mine(datetime.datetime): pass
    assert isinstance(Mine.now(), Mine) and not isinstance(now, Mine)
print("fine")
"""


def test_moved_clock(home: Home) -> None:
    """What tells the time follows the cloud's offset from call to call, and datetimes still pickle."""
    offset: list[float | None] = [None]
    sandbox = Sandbox(home, clock_offset=lambda: offset[0])
    environment = sandbox.environment(spec(callable_code(handlers.shows_time), timeout_s=20))
    for ahead in (None, YEAR_S, 2 * YEAR_S, None):
        offset[0] = ahead
        now = time.time() + (ahead or 0)
        seconds, moment, same, year, is_datetime = value(environment.invoke(b"{}", context()))
        assert [seconds, moment] == pytest.approx([now, now], abs=5)
        assert (same, year, is_datetime) == (True, time.gmtime(now).tm_year, True)
    sandbox.close()


def test_moved_clock_without_time_machine() -> None:
    """Without time-machine functions and classes are replaced, in modules that bound them before too."""
    script = OWN.format(root=str(Path(__file__).parent.parent.parent), year=YEAR_S)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("fine\n", "")


def test_frozen_test_process(home: Home) -> None:
    """A handler sees the time at which freezegun stopped the test's clock, and real timeouts still work."""
    sandbox = Sandbox(home)
    with freezegun.freeze_time("2031-05-05T00:00:00Z"):
        environment = sandbox.environment(spec(callable_code(handlers.shows_time), timeout_s=20))
        seconds = value(environment.invoke(b"{}", context()))[0]
        asleep = sandbox.environment(spec(callable_code(handlers.sleeps), timeout_s=0.1)).invoke(b"{}", context())
    sandbox.close()
    assert time.gmtime(seconds).tm_year == 2031
    assert asleep.kind == "timeout"


def test_remaining_time_is_on_the_moved_clock(home: Home) -> None:
    """get_remaining_time_in_millis agrees with the handler's own clock."""
    sandbox = Sandbox(home, clock_offset=lambda: YEAR_S)
    outcome = sandbox.environment(spec(callable_code(handlers.context_of))).invoke(b"{}", context())
    sandbox.close()
    assert value(outcome)["remaining"] is True
