"""The pytest plugin: fixture ``aws``, marker ``mock_serverless``, ini options, and a report when a test fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from unittest import TestCase

import pytest

from mocksls._mock import options as _options
from mocksls._mock import report as _report
from mocksls._mock.decorate import NAMED
from mocksls._mock.life import ServerlessMock, active
from mocksls._transport.guard import Guard

_MARKER = "mock_serverless"
_GUARD = pytest.StashKey[Guard]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the ini options: the defaults of every outermost mock of the run."""
    parser.addini("mocksls_guard", "fail tests that reach for AWS outside of any mock", type="bool", default=False)
    for name in _options.NAMES:
        kind: Any = "args" if name == "passthrough" else "string"
        parser.addini(f"mocksls_{name}", f"default of mock_serverless({name}=...)", type=kind, default=None)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker and take over the ini options."""
    config.addinivalue_line("markers", f"{_MARKER}(**options): run the test inside mock_serverless")
    found: dict[str, Any] = {}
    for name in _options.NAMES:
        value = config.getini(f"mocksls_{name}")
        if value:
            whole = name == "seed" and re.fullmatch(r"-?[0-9]+", value)
            found[name] = int(value) if whole else value
    try:
        _options.defaults.update(_options.check(found))
    except (TypeError, ValueError) as error:
        raise pytest.UsageError(f"mocksls: {error}") from None


def pytest_unconfigure() -> None:
    """Forget the ini options."""
    _options.defaults.clear()


def _named(request: pytest.FixtureRequest) -> dict[str, Any]:
    named: dict[str, Any] = {}
    for holder in (request.cls, getattr(request.node, "function", None)):
        named |= getattr(holder, NAMED, {}) if holder is not None else {}
    for marker in reversed(list(request.node.iter_markers(_MARKER))):
        if marker.args:
            raise TypeError(f"pytest.mark.{_MARKER} takes options by their names, not {marker.args[0]!r}")
        named |= marker.kwargs
    return named


@pytest.fixture
def aws(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The handle of a mock around this test, with the options of its decorator or marker."""
    with ServerlessMock(**_named(request)) as handle:
        yield handle


@pytest.fixture
def no_aws(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail this test if it reaches for AWS outside of any mock, even where it swallows the refusal."""
    guard = request.node.stash[_GUARD] = Guard(lambda: active() is not None)
    guard.start()
    yield
    guard.stop()


@pytest.fixture(autouse=True)
def _mocksls_guard(request: pytest.FixtureRequest) -> None:
    if request.config.getini("mocksls_guard"):
        request.getfixturevalue("no_aws")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Fail a guarded test that has reached for AWS."""
    outcome: Any = yield
    guard = item.stash.get(_GUARD, None)
    if guard is not None and guard.reached and outcome.excinfo is None:
        hosts = ", ".join(dict.fromkeys(guard.reached))
        outcome.force_exception(pytest.fail.Exception(f"the test reached for AWS outside of any mock: {hosts}"))


@pytest.fixture(autouse=True)
def _mocksls_marker(request: pytest.FixtureRequest) -> Iterator[None]:
    """Before the fixtures of a test's class and module, so that what these make is in the test's cloud."""
    decorated = request.cls is not None and hasattr(request.cls, NAMED) and not issubclass(request.cls, TestCase)
    if not decorated and request.node.get_closest_marker(_MARKER) is None:
        yield
        return
    with ServerlessMock(**_named(request)):
        yield


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Add the functions' logs, the tail of the trace and the seed to the report of a failed test."""
    outcome: Any = yield
    result = outcome.get_result()
    if result.failed:
        result.sections.extend(_report.sections())
    if call.when == "teardown":
        _report.forget()
