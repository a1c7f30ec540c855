"""The forms of ``mock_serverless``."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
from collections.abc import AsyncIterator, Generator, Iterator
from typing import Any
from unittest.mock import Mock

import boto3
import pytest

import mocksls
from mocksls import current, mock_serverless

from . import users


def test_with() -> None:
    """``with`` gives the handle, and a cloud for the block."""
    with mock_serverless() as aws:
        users.make("ann")
        assert users.names() == ["ann"]
        handle = current()
        assert handle is not None
        assert handle.trace is aws.trace
    assert current() is None


def test_with_and_an_exception() -> None:
    """The mock ends when the block fails, and lets the exception through."""
    with pytest.raises(KeyError), mock_serverless():
        raise KeyError
    assert current() is None


def test_async_with() -> None:
    """``async with`` does as ``with``."""

    async def run() -> list[str]:
        async with mock_serverless() as aws:
            users.make("ann")
            assert aws.clock.now() is not None
            return users.names()

    assert asyncio.run(run()) == ["ann"]
    assert current() is None


def test_start_and_stop() -> None:
    """A mock can be started and stopped, again and again, each time afresh."""
    mock = mock_serverless()
    for _ in range(2):
        mock.start()
        assert users.names() == []
        users.make("ann")
        mock.stop()
    assert current() is None


def test_start_twice() -> None:
    """A started mock cannot be started again."""
    mock = mock_serverless()
    mock.start()
    try:
        with pytest.raises(RuntimeError, match="started already"):
            mock.start()
    finally:
        mock.stop()


def test_stop_unstarted() -> None:
    """A mock that is not started, or stopped already, cannot be stopped."""
    mock = mock_serverless()
    with pytest.raises(RuntimeError, match="not started"):
        mock.stop()
    mock.start()
    mock.stop()
    with pytest.raises(RuntimeError, match="not started"):
        mock.stop()


@mock_serverless
def bare(a: int, *, b: int = 2) -> tuple[int, int, list[str]]:
    """Documented."""
    users.make("ann")
    return a, b, users.names()


@mock_serverless(region="eu-west-1")
def with_options() -> str:
    """Named options."""
    return str(boto3.client("logs").meta.region_name)


def test_function() -> None:
    """A decorated function runs in a cloud of its own at each call, and keeps its name and signature."""
    assert bare(1, b=3) == (1, 3, ["ann"])
    assert bare(1) == (1, 2, ["ann"])
    assert (bare.__name__, bare.__doc__) == ("bare", "Documented.")
    assert list(inspect.signature(bare).parameters) == ["a", "b"]
    assert current() is None


def test_function_with_options() -> None:
    """Options go with the decorator."""
    assert with_options() == "eu-west-1"


def test_coroutine_function() -> None:
    """A decorated coroutine function stays one, and the mock lasts until it ends."""

    @mock_serverless
    async def work() -> list[str]:
        users.make("ann")
        await asyncio.sleep(0)
        return users.names()

    assert inspect.iscoroutinefunction(work)
    assert asyncio.run(work()) == ["ann"]
    assert current() is None


def test_generator_function() -> None:
    """A decorated generator function's mock lasts from its first step to its end."""

    @mock_serverless
    def fixture() -> Iterator[list[str]]:
        users.make("ann")
        yield users.names()

    assert inspect.isgeneratorfunction(fixture)
    steps = fixture()
    assert current() is None
    assert next(steps) == ["ann"]
    assert current() is not None
    assert list(steps) == []
    assert current() is None


def test_closed_generator() -> None:
    """A generator that is closed early ends its mock."""

    @mock_serverless()
    def fixture() -> Generator[int, None, None]:
        yield 1
        yield 2

    with contextlib.closing(fixture()) as steps:
        next(steps)
        assert current() is not None
    assert current() is None


def test_async_generator_function() -> None:
    """A decorated async generator function's mock lasts from its first step to its end."""

    @mock_serverless
    async def fixture() -> AsyncIterator[list[str]]:
        users.make("ann")
        yield users.names()

    async def run() -> None:
        steps = fixture()
        assert await anext(steps) == ["ann"]
        assert current() is not None
        assert [each async for each in steps] == []

    assert inspect.isasyncgenfunction(fixture)
    asyncio.run(run())
    assert current() is None


def test_above_an_object_of_any_attributes() -> None:
    """A callable object is a function, though it answers to the names that mark fixtures."""
    assert mock_serverless(Mock(return_value="called"))() == "called"


def test_above_a_fixture_object() -> None:
    """Put above a pytest fixture it says to swap the lines."""

    @pytest.fixture
    def thing() -> int:
        return 1

    with pytest.raises(TypeError, match="swap the two lines"):
        mock_serverless(thing)


@pytest.mark.parametrize("target", [3, "text"])
def test_not_decoratable(target: Any) -> None:
    """What cannot be called cannot be decorated."""
    with pytest.raises(TypeError, match="cannot decorate"):
        mock_serverless(target)


# -- nesting -------------------------------------------------------------------------------------------------------


def test_nested_mocks_join() -> None:
    """An inner mock is the outer one's cloud, and its end is not the outer one's."""
    with mock_serverless(region="eu-west-1", seed=3):
        users.make("outer")
        with mock_serverless(seed=3):
            users.make("inner")
        assert bare(1)[2:] == (["ann", "inner", "outer"],)
        assert users.names() == ["ann", "inner", "outer"]


def test_nested_conflict() -> None:
    """An inner mock may not name an option differently; the outer one goes on."""
    with mock_serverless(delivery="manual"):
        with pytest.raises(ValueError, match=r"delivery='manual' is active.*delivery='immediate'"):
            mock_serverless(delivery="immediate").start()
        assert users.names() == []
    assert current() is None


def test_outer_stopped_first() -> None:
    """The cloud lasts until the last of the nested mocks stops."""
    outer, inner = mock_serverless(), mock_serverless()
    outer.start()
    inner.start()
    outer.stop()
    assert current() is not None
    inner.stop()
    assert current() is None


def test_handle_after_the_end() -> None:
    """A handle of a mock that has stopped says so."""
    with mock_serverless() as aws:
        pass
    with pytest.raises(RuntimeError, match="has stopped"):
        aws.clock.now()


def test_nothing_is_active_outside() -> None:
    """Outside of a mock there is no current cloud."""
    assert mocksls.current() is None


def test_type_checkers_see_through_the_decorator() -> None:
    """What is decorated keeps its type, and a misspelt option is seen by a type checker (that of this project)."""

    @mock_serverless(region="us-east-1")
    def double(text: str) -> str:
        return text * 2

    assert double("ab") == "abab"
    assert double(2) == 4  # type: ignore[arg-type, comparison-overlap]
    with pytest.raises(TypeError, match="no option 'regoin'"):
        mock_serverless(regoin="us-east-1")  # type: ignore[call-overload]
