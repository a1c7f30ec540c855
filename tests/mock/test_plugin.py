"""The pytest plugin, run by a pytest inside this one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mocksls._mock import options

MAKE = "import boto3, pytest, mocksls\nfrom mocksls import mock_serverless, current\n"


@pytest.fixture(autouse=True)
def plugin(pytester: pytest.Pytester) -> Iterator[None]:
    """The inner pytest begins without defaults, and leaves none to this one."""
    before = dict(options.defaults)
    options.defaults.clear()
    yield
    options.defaults.clear()
    options.defaults.update(before)


def run(pytester: pytest.Pytester, source: str, *args: str) -> pytest.RunResult:
    """Run a test file."""
    pytester.makepyfile(MAKE + source)
    others = ["-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:asyncio"]
    return pytester.runpytest_inprocess(*others, *args)


def test_fixture(pytester: pytest.Pytester) -> None:
    """The fixture ``aws`` gives the handle of a fresh cloud."""
    source = """
@pytest.mark.parametrize("turn", [1, 2])
def test_it(aws, turn):
    iam = boto3.client("iam")
    assert iam.list_users()["Users"] == []
    iam.create_user(UserName="ann")
    assert aws.trace is current().trace

def test_nothing():
    assert current() is None
"""
    run(pytester, source).assert_outcomes(passed=3)


def test_marker(pytester: pytest.Pytester) -> None:
    """The marker alone activates the mock, with its options, which the fixture takes over."""
    source = """
def account():
    return boto3.client("sts").get_caller_identity()["Account"]

@pytest.mark.mock_serverless(account_id="111122223333")
def test_marker():
    assert account() == "111122223333"

@pytest.mark.mock_serverless(account_id="111122223333", delivery="manual")
def test_both(aws):
    assert account() == "111122223333"

@mock_serverless(account_id="444455556666")
def test_decorator(aws):
    assert account() == "444455556666"

@pytest.mark.mock_serverless
class TestClass:
    @pytest.mark.mock_serverless(account_id="777788889999")
    def test_inner(self):
        assert account() == "777788889999"
"""
    run(pytester, source, "--strict-markers").assert_outcomes(passed=4)


def test_ini_options(pytester: pytest.Pytester) -> None:
    """Ini options are the defaults of outermost mocks, and do not count as named."""
    pytester.makeini("[pytest]\nmocksls_account_id = 111122223333\nmocksls_seed = 5\nmocksls_delivery = manual\n")
    source = """
def account():
    return boto3.client("sts").get_caller_identity()["Account"]

def test_default(aws):
    assert account() == "111122223333"
    with mock_serverless():
        assert account() == "111122223333"

def test_inner_names_another(aws):
    with pytest.raises(ValueError):
        mock_serverless(delivery="immediate").start()

def test_named():
    with mock_serverless(account_id="444455556666", delivery="immediate"):
        assert account() == "444455556666"
"""
    run(pytester, source).assert_outcomes(passed=3)
    assert options.defaults == {}


def test_wrong_ini_option(pytester: pytest.Pytester) -> None:
    """A wrong ini option is an error of usage that names the choices."""
    pytester.makeini("[pytest]\nmocksls_iam = strict\n")
    result = run(pytester, "")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*mocksls: iam must be one of 'allow', 'enforce'*"])


def test_report_of_a_failure(pytester: pytest.Pytester) -> None:
    """A failed test shows the trace's tail and the seed, whichever form it used; a passed one shows nothing."""
    source = """
@pytest.mark.mock_serverless(seed=77)
def test_marked():
    boto3.client("iam").create_user(UserName="ann")
    assert False

@mock_serverless(seed=88)
def test_decorated():
    boto3.client("iam").create_user(UserName="bob")
    assert False

def test_passes(aws):
    boto3.client("iam").create_user(UserName="eve")

def test_unmocked():
    assert False
"""
    result = run(pytester, source)
    result.assert_outcomes(passed=1, failed=3)
    result.stdout.fnmatch_lines(["*mocksls trace*", "iam.CreateUser ann", "seed: 77"])
    result.stdout.fnmatch_lines(["*mocksls trace*", "iam.CreateUser bob", "seed: 88"])
    assert "eve" not in result.stdout.str()
    assert result.stdout.str().count("mocksls trace") == 2


def test_report_shows_function_logs(pytester: pytest.Pytester) -> None:
    """A failed test shows the lines that its functions logged."""
    source = """
import time
def test_it(aws):
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName="/aws/lambda/hello")
    logs.create_log_stream(logGroupName="/aws/lambda/hello", logStreamName="s")
    now = int(aws.clock.now().timestamp() * 1000)
    event = {"timestamp": now, "message": "a line of hello"}
    logs.put_log_events(logGroupName="/aws/lambda/hello", logStreamName="s", logEvents=[event])
    assert aws.logs("hello") == ["a line of hello"]
    assert aws.logs("nobody") == []
    assert False
"""
    result = run(pytester, source)
    result.stdout.fnmatch_lines(["*mocksls function logs*", "/aws/lambda/hello", "*a line of hello"])


def test_fixture_of_another_scope(pytester: pytest.Pytester) -> None:
    """``mocksls.fixture`` makes a fixture of another scope, which the mocks of tests join."""
    source = """
cloud = mocksls.fixture(scope="module", account_id="111122223333")

def test_1(cloud):
    boto3.client("iam").create_user(UserName="ann")

@mock_serverless
def test_2(cloud):
    assert [user["UserName"] for user in boto3.client("iam").list_users()["Users"]] == ["ann"]
    assert boto3.client("sts").get_caller_identity()["Account"] == "111122223333"
"""
    run(pytester, source).assert_outcomes(passed=2)


def test_decorated_fixtures(pytester: pytest.Pytester) -> None:
    """Fixtures that are decorated below ``@pytest.fixture`` last as long as pytest keeps them."""
    source = """
@pytest.fixture
@mock_serverless
def client():
    yield boto3.client("iam")

def test_it(client, aws):
    client.create_user(UserName="ann")
    assert aws.trace.filter(name="CreateUser")

def test_after():
    assert current() is None
"""
    run(pytester, source).assert_outcomes(passed=2)


def test_unittest_under_pytest(pytester: pytest.Pytester) -> None:
    """A decorated ``unittest.TestCase`` works under pytest as it does alone."""
    source = """
import unittest

@mock_serverless
class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        boto3.client("iam").create_user(UserName="of-class")

    def setUp(self):
        boto3.client("iam").create_user(UserName="of-test")

    def check(self):
        names = [user["UserName"] for user in boto3.client("iam").list_users()["Users"]]
        self.assertEqual(names, ["of-class", "of-test"])

    def test_1(self):
        self.check()

    def test_2(self):
        self.check()
"""
    run(pytester, source).assert_outcomes(passed=2)


REACHES = """
import socket

def test_swallows():
    try:
        socket.getaddrinfo("sqs.us-east-1.amazonaws.com", 443)
    except Exception:
        pass

def test_mocked(aws):
    boto3.client("iam").list_users()

def test_others():
    socket.getaddrinfo("localhost", 80)
"""


def test_guard(pytester: pytest.Pytester) -> None:
    """With the ini option a test that reaches for AWS outside of any mock fails, even if it hides that."""
    pytester.makeini("[pytest]\nmocksls_guard = true")
    result = run(pytester, REACHES)
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*reached for AWS outside of any mock: sqs.us-east-1.amazonaws.com*"])


def test_guard_of_one_test(pytester: pytest.Pytester) -> None:
    """The fixture does it for one test; without either nothing is watched."""
    source = """
import socket
from unittest import mock

@pytest.mark.parametrize("guarded", [False, True])
def test_it(guarded, request):
    with mock.patch("socket.getaddrinfo", return_value=[]):
        if guarded:
            request.getfixturevalue("no_aws")
        try:
            assert socket.getaddrinfo("169.254.169.254", 80) == []
        except mocksls.UnmockedServiceError:
            pass
"""
    run(pytester, source).assert_outcomes(passed=1, failed=1)


def test_fixtures_of_a_decorated_class(pytester: pytest.Pytester) -> None:
    """What a decorated class's fixtures make, before the test as well as after it, is in the test's cloud."""
    source = """
@pytest.fixture
def bob():
    boto3.client("iam").create_user(UserName="bob")

@mock_serverless
class TestIt:
    @pytest.fixture(autouse=True)
    def ann(self):
        boto3.client("iam").create_user(UserName="ann")
        yield
        boto3.client("iam").delete_user(UserName="ann")

    def test_one(self, bob):
        assert len(boto3.client("iam").list_users()["Users"]) == 2

    def test_other(self):
        assert len(boto3.client("iam").list_users()["Users"]) == 1

def test_nothing():
    assert current() is None
"""
    run(pytester, source).assert_outcomes(passed=3)


def test_marker_with_a_bare_value(pytester: pytest.Pytester) -> None:
    """The marker's options go by their names: a bare value is refused."""
    source = """
@pytest.mark.mock_serverless("enforce")
def test_it():
    pass
"""
    result = run(pytester, source)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*takes options by their names, not 'enforce'"])


def test_seed_that_is_no_number(pytester: pytest.Pytester) -> None:
    """An ini option of a wrong type is an error of usage."""
    result = run(pytester, "", "-o", "mocksls_seed=abc")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*mocksls: seed must be an int or None, not 'abc'"])
