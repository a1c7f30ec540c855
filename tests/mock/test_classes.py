"""Decorated classes: each test method gets a fresh cloud."""

from __future__ import annotations

import unittest
from typing import Any

import boto3
import pytest

from mocksls import current, mock_serverless

from . import users


def run(case: type[unittest.TestCase]) -> list[str]:
    """Run a test case; what failed, as text."""
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(case).run(result)
    assert result.testsRun == 2
    return [text for _, text in (*result.errors, *result.failures)]


def test_unittest_set_up() -> None:
    """What ``setUp`` made is visible in the test and in ``tearDown``, and gone in the next test."""
    seen: list[list[str]] = []

    @mock_serverless
    class Case(unittest.TestCase):
        def setUp(self) -> None:
            users.make("ann")

        def tearDown(self) -> None:
            seen.append(users.names())

        def test_1(self) -> None:
            users.make("one")

        def test_2(self) -> None:
            users.make("two")

    assert run(Case) == []
    assert seen == [["ann", "one"], ["ann", "two"]]
    assert current() is None


def test_unittest_set_up_class() -> None:
    """What ``setUpClass`` made is visible in each test, as a copy of its own."""
    seen: list[list[str]] = []

    @mock_serverless(region="eu-west-1")
    class Case(unittest.TestCase):
        @classmethod
        def setUpClass(cls) -> None:
            users.make("ann")

        def test_1(self) -> None:
            users.make("one")
            seen.append(users.names())

        def test_2(self) -> None:
            users.make("two")
            seen.append(users.names())

    assert run(Case) == []
    assert seen == [["ann", "one"], ["ann", "two"]]
    assert current() is None


def test_unittest_failing_set_up_class() -> None:
    """The mock ends when ``setUpClass`` fails."""

    @mock_serverless
    class Case(unittest.TestCase):
        @classmethod
        def setUpClass(cls) -> None:
            raise KeyError("no luck")

        def test_1(self) -> None: ...

    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(Case).run(result)
    assert ["no luck" in text for _, text in result.errors] == [True]
    assert current() is None


def test_unittest_async() -> None:
    """Async test cases run inside the mock, ``asyncSetUp`` included."""

    @mock_serverless
    class Case(unittest.IsolatedAsyncioTestCase):
        async def asyncSetUp(self) -> None:
            users.make("ann")

        async def test_1(self) -> None:
            assert users.names() == ["ann"]
            users.make("one")

        async def test_2(self) -> None:
            assert users.names() == ["ann"]

    assert run(Case) == []


def test_unittest_inside_an_active_mock() -> None:
    """A decorated class inside an active mock joins it."""

    @mock_serverless
    class Case(unittest.TestCase):
        @classmethod
        def setUpClass(cls) -> None:
            users.make("of-class")

        def test_1(self) -> None:
            users.make("one")

        def test_2(self) -> None:
            users.make("two")

    with mock_serverless():
        users.make("outer")
        assert run(Case) == []
        assert users.names() == ["of-class", "one", "outer", "two"]


def test_unittest_inherited() -> None:
    """A subclass of a decorated class is inside the mock, too."""

    @mock_serverless
    class Base(unittest.TestCase):
        @classmethod
        def setUpClass(cls) -> None:
            users.make(cls.__name__.lower())

    class Case(Base):
        def test_1(self) -> None:
            assert users.names() == ["case"]
            users.make("one")

        def test_2(self) -> None:
            assert users.names() == ["case"]

    assert run(Case) == []


def test_unittest_skips_and_failures() -> None:
    """A skipped and a failing test end their mocks."""

    @mock_serverless
    class Case(unittest.TestCase):
        def test_1(self) -> None:
            self.skipTest("not today")

        def test_2(self) -> None:
            self.fail("on purpose")

    assert ["on purpose" in text for text in run(Case)] == [True]
    assert current() is None


# -- pytest classes, run by this very pytest -----------------------------------------------------------------------


@mock_serverless
class TestPlainClass:
    """A class without any setting up."""

    @pytest.mark.parametrize("turn", [1, 2])
    def test_fresh(self, turn: int) -> None:
        """Each test, and each set of parameters, has a fresh cloud."""
        assert users.names() == []
        users.make("ann")


@mock_serverless(account_id="111122223333")
class TestSetupMethod:
    """A class with ``setup_method``."""

    def setup_method(self) -> None:
        users.make("ann")
        self.names = users.names()

    def teardown_method(self, method: Any) -> None:
        assert "ann" in users.names()
        assert method.__name__.startswith("test_")

    @pytest.mark.parametrize("turn", [1, 2])
    def test_sees_it(self, turn: int) -> None:
        """What ``setup_method`` made is there, and nothing of another test."""
        assert (self.names, users.names()) == (["ann"], ["ann"])
        users.make("one")

    def test_handle(self, aws: Any) -> None:
        """The fixture ``aws`` is the handle of this very cloud."""
        assert users.names() == ["ann"]
        assert aws.trace.filter(name="CreateUser")[0].text == "ann"


@mock_serverless
class TestSetupClass:
    """A class with ``setup_class``."""

    @classmethod
    def setup_class(cls) -> None:
        users.make("ann")

    @classmethod
    def teardown_class(cls) -> None:
        assert current() is not None

    @pytest.mark.parametrize("turn", [1, 2])
    def test_copy(self, turn: int) -> None:
        """What ``setup_class`` made is there in each test, as a copy."""
        assert users.names() == ["ann"]
        users.make("one")


class TestDecoratedMethods:
    """A plain class whose methods are decorated."""

    @mock_serverless
    def test_one(self) -> None:
        """A decorated method has a cloud of its own."""
        users.make("ann")
        assert users.names() == ["ann"]

    def test_two(self) -> None:
        """The others have none."""
        assert current() is None


@mock_serverless
class TestWithNestedClasses:
    """A decorated class that only groups others: their tests are mocked too, each in a cloud of its own."""

    class TestNested:
        """A plain test class."""

        def setup_method(self) -> None:
            """What each test finds."""
            boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="nested")

        def test_one(self) -> None:
            """A test finds what was set up, and leaves something behind."""
            boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="left")
            assert current() is not None

        def test_two(self) -> None:
            """The other test finds only what was set up."""
            buckets = boto3.client("s3", region_name="us-east-1").list_buckets()["Buckets"]
            assert ["nested"] == [bucket["Name"] for bucket in buckets]

    class Unit(unittest.TestCase):
        """A test case of unittest."""

        def test_runs_in_a_mock(self) -> None:
            """It needs no Test in its name."""
            assert current() is not None

    class Settings:
        """What is no test is left alone."""

        def test_double(self) -> bool:
            """Whether a mock is active where this is called from."""
            return current() is not None


def echo(event: Any, context: Any) -> Any:
    """A handler that tells which users there are."""
    return sorted(user["UserName"] for user in boto3.client("iam").list_users()["Users"])


def test_function_of_set_up_class() -> None:
    """A function that ``setUpClass`` made runs in the cloud of the test that invokes it."""
    seen: list[Any] = []

    @mock_serverless(region="us-east-1")
    class Case(unittest.TestCase):
        function: Any

        @classmethod
        def setUpClass(cls) -> None:
            handle = current()
            assert handle is not None
            cls.function = handle.function(echo)

        def test_1(self) -> None:
            users.make("one")
            seen.append(self.function.invoke())

        def test_2(self) -> None:
            users.make("two")
            seen.append(self.function.invoke())

    assert run(Case) == []
    assert seen == [["one"], ["two"]]


def test_static_and_class_methods() -> None:
    """They are decorated in a class as well as one by one."""

    @mock_serverless
    class TestIt:
        @staticmethod
        def test_static() -> bool:
            return current() is not None

        @classmethod
        def test_class(cls) -> bool:
            return current() is not None

    class Alone:
        @mock_serverless
        @staticmethod
        def static() -> bool:
            return current() is not None

        @mock_serverless
        @classmethod
        def of_class(cls) -> tuple[type, bool]:
            return cls, current() is not None

    assert (TestIt.test_static(), TestIt.test_class(), Alone().static()) == (True, True, True)
    assert Alone().of_class() == (Alone, True)
    assert current() is None
