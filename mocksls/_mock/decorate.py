"""The decorator's forms: functions, generators, their async kinds, and classes."""

from __future__ import annotations

import functools
import inspect
import unittest
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any

from .life import ServerlessMock, active

NAMED = "__mocksls_options__"


def decorated(target: Any, named: Mapping[str, Any]) -> Any:
    """The target, run inside a mock of its own whenever it is called.

    Raises:
        TypeError: the target cannot be decorated.
    """
    if _is_fixture(target):
        raise TypeError(
            "mock_serverless is above an already made pytest fixture: swap the two lines, "
            "@pytest.fixture first and @mock_serverless below it"
        )
    if inspect.isclass(target):
        return _class(target, named)
    if isinstance(target, (staticmethod, classmethod)):
        return type(target)(decorated(target.__func__, named))
    if not callable(target):
        raise TypeError(f"mock_serverless cannot decorate {target!r}")
    wrapper = _function(target, named)
    setattr(wrapper, NAMED, dict(named))
    return wrapper


def _is_fixture(target: Any) -> bool:
    """Looked up in its own attributes: mocks and stand-ins answer to any name."""
    return type(target).__name__ == "FixtureFunctionDefinition" or "_pytestfixturefunction" in getattr(
        target, "__dict__", {}
    )


def _function(target: Callable[..., Any], named: Mapping[str, Any]) -> Callable[..., Any]:
    if inspect.isasyncgenfunction(target):
        return _async_generator(target, named)
    if inspect.iscoroutinefunction(target):
        return _coroutine(target, named)
    if inspect.isgeneratorfunction(target):
        return _generator(target, named)

    @functools.wraps(target)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        with ServerlessMock(**named):
            return target(*args, **kwargs)

    return wrapper


def _coroutine(target: Callable[..., Any], named: Mapping[str, Any]) -> Callable[..., Any]:
    @functools.wraps(target)
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        with ServerlessMock(**named):
            return await target(*args, **kwargs)

    return wrapper


def _generator(target: Callable[..., Any], named: Mapping[str, Any]) -> Callable[..., Any]:
    @functools.wraps(target)
    def wrapper(*args: Any, **kwargs: Any) -> Iterator[Any]:
        with ServerlessMock(**named):
            yield from target(*args, **kwargs)

    return wrapper


def _async_generator(target: Callable[..., Any], named: Mapping[str, Any]) -> Callable[..., Any]:
    @functools.wraps(target)
    async def wrapper(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        with ServerlessMock(**named):
            inner = target(*args, **kwargs)
            try:
                async for value in inner:
                    yield value
            finally:
                await inner.aclose()

    return wrapper


# -- classes -----------------------------------------------------------------------------------------------------


def _class(target: type, named: Mapping[str, Any]) -> type:
    """Each test method gets a fresh cloud, in which what the class and the method set up is visible."""
    setattr(target, NAMED, dict(named))
    for name, member in list(vars(target).items()):
        if inspect.isclass(member) and (name.startswith("Test") or issubclass(member, unittest.TestCase)):
            _class(member, named)
    if issubclass(target, unittest.TestCase):
        life = _ClassLife(target, named, "setUpClass", "tearDownClass")
        life.wrap_run()
        return target
    life = _ClassLife(target, named, "setup_class", "teardown_class")
    life.wrap_methods()
    for name, member in list(vars(target).items()):
        if name.startswith("test") and (inspect.isfunction(member) or isinstance(member, (staticmethod, classmethod))):
            setattr(target, name, decorated(member, named))
    return target


class _ClassLife:
    """The mocks of one decorated class: one around what the class sets up, a fresh copy of it for each test."""

    def __init__(self, target: type, named: Mapping[str, Any], set_up: str, tear_down: str) -> None:
        self._target = target
        self._named = named
        self._class_mock: ServerlessMock | None = None
        self._owned = False
        self._prototype: Any = None
        self._wraps_class = hasattr(target, set_up) and not _is_unittests(target, set_up)
        if self._wraps_class:
            self._wrap_class(set_up, tear_down)

    def _wrap_class(self, set_up: str, tear_down: str) -> None:
        original_up = getattr(self._target, set_up).__func__
        original_down = getattr(getattr(self._target, tear_down, None), "__func__", None)

        @functools.wraps(original_up)
        def up(cls: type, *args: Any) -> None:
            self._begin_class()
            try:
                original_up(cls, *args)
            except BaseException:
                self._end_class()
                raise

        def down(cls: type, *args: Any) -> None:
            try:
                if original_down is not None:
                    original_down(cls, *args)
            finally:
                self._end_class()

        setattr(self._target, set_up, classmethod(up))
        setattr(self._target, tear_down, classmethod(functools.wraps(original_down)(down) if original_down else down))

    def _begin_class(self) -> None:
        self._owned = active() is None
        self._class_mock = ServerlessMock(**self._named)
        self._class_mock.start()

    def _end_class(self) -> None:
        mock, self._class_mock, self._prototype = self._class_mock, None, None
        if mock is not None:
            mock.stop()

    def _fresh(self) -> ServerlessMock:
        """The mock of one test: a copy of what the class has set up, where it has."""
        mock = ServerlessMock(**self._named)
        mock.start()
        running = active()
        if self._class_mock is not None and self._owned and running is not None:
            if self._prototype is None:
                self._prototype = running.cloud.copied()
            running.replace(self._prototype.copied())
        return mock

    def wrap_run(self) -> None:
        """Have each run of a ``unittest.TestCase`` inside a mock."""
        original = self._target.run  # type: ignore[attr-defined]

        @functools.wraps(original)
        def run(case: Any, result: Any = None) -> Any:
            mock = self._fresh()
            try:
                return original(case, result)
            finally:
                mock.stop()

        self._target.run = run  # type: ignore[attr-defined]

    def wrap_methods(self) -> None:
        """Have ``setup_method``, the test and ``teardown_method`` of a plain class inside one mock."""
        original_up = getattr(self._target, "setup_method", None)
        original_down = getattr(self._target, "teardown_method", None)
        if original_up is None and original_down is None and not self._wraps_class:
            return  # pytest would look for a setup_method of ours in nested classes, too
        mocks: list[ServerlessMock] = []

        def setup_method(case: Any, method: Any) -> None:
            mock = self._fresh()
            try:
                _call(original_up, case, method)
            except BaseException:
                mock.stop()
                raise
            mocks.append(mock)

        def teardown_method(case: Any, method: Any) -> None:
            try:
                _call(original_down, case, method)
            finally:
                mocks.pop().stop()

        self._target.setup_method = setup_method  # type: ignore[attr-defined]
        self._target.teardown_method = teardown_method  # type: ignore[attr-defined]


def _is_unittests(target: type, name: str) -> bool:
    """Whether a class method is only the empty one that ``unittest.TestCase`` brings."""
    inherited = getattr(unittest.TestCase, name, None)
    found = getattr(target, name)
    return inherited is not None and getattr(found, "__func__", found) is getattr(inherited, "__func__", inherited)


def _call(function: Any, case: Any, method: Any) -> None:
    if function is None:
        return
    takes = len(inspect.signature(function).parameters)
    function(*(case, method)[:takes])
