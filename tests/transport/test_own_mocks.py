"""HTTP mocks of the test's own win, and AWS's hosts still reach the cloud."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
import requests_mock
import responses
import respx
import vcr
from pytest_httpserver import HTTPServer
from responses import matchers, registries

from mocksls import UnmockedServiceError, mock_serverless

from .conftest import ECHO

OTHER = "https://example.com/"


# -- responses ---------------------------------------------------------------------------------------------------


def test_responses_around_and_inside(echo: Any) -> None:
    """A mock that the test starts inside ours answers its own URLs, AWS's too; the others reach the cloud."""
    with responses.RequestsMock() as mocked:
        mocked.get(OTHER, body="mine")
        mocked.get(f"{ECHO}/mine", body="mine too")
        assert requests.get(OTHER, timeout=5).text == "mine"
        assert requests.get(f"{ECHO}/mine", timeout=5).text == "mine too"
        assert requests.get(f"{ECHO}/x", timeout=5).json()["url"] == f"{ECHO}/x"
        assert len(mocked.calls) == 3


def test_responses_outside() -> None:
    """The same with a mock that was started before ours."""
    url = "https://sts.us-east-1.amazonaws.com/"
    with responses.RequestsMock() as mocked, mock_serverless():
        mocked.get(OTHER, body="mine")
        assert requests.get(OTHER, timeout=5).text == "mine"
        assert requests.get(url, timeout=5).status_code in (302, 400, 403)
        assert [call.request.url for call in mocked.calls] == [OTHER, url]


def test_responses_refuses_what_it_does_not_know(aws: Any) -> None:
    """Other hosts that the test did not mock are refused by responses, as ever."""
    with responses.RequestsMock() as mocked, pytest.raises(requests.ConnectionError, match="refused by Responses"):
        requests.get("https://other.example.com/", timeout=5)
    assert len(mocked.calls) == 0


def test_responses_ordered_registry(echo: Any) -> None:
    """Requests at AWS's hosts do not disturb the order of an ordered registry."""
    with responses.RequestsMock(registry=registries.OrderedRegistry) as mocked:
        mocked.get(OTHER, body="one")
        mocked.get(OTHER, body="two")
        texts = [requests.get(OTHER, timeout=5).text, requests.get(OTHER, timeout=5).text]
        assert requests.get(f"{ECHO}/x", timeout=5).status_code == 200
    assert texts == ["one", "two"]


def test_responses_nested(echo: Any) -> None:
    """Mocks inside mocks: the innermost answers, then the cloud."""
    with responses.RequestsMock() as outer, responses.RequestsMock() as inner:
        outer.assert_all_requests_are_fired = False
        outer.get(OTHER, body="outer")
        inner.get(OTHER, body="inner")
        assert requests.get(OTHER, timeout=5).text == "inner"
        assert requests.get(f"{ECHO}/x", timeout=5).status_code == 200


def test_responses_matchers_and_counts(echo: Any) -> None:
    """Matchers count: what they do not match reaches the cloud."""
    with responses.RequestsMock() as mocked:
        mocked.get(f"{ECHO}/x", body="matched", match=[matchers.query_param_matcher({"a": "1"})])
        assert requests.get(f"{ECHO}/x?a=1", timeout=5).text == "matched"
        assert requests.get(f"{ECHO}/x?a=2", timeout=5).json()["url"] == f"{ECHO}/x?a=2"
        assert mocked.assert_call_count(f"{ECHO}/x?a=1", 1)


@responses.activate
def test_responses_passthrough(echo: Any, httpserver: HTTPServer) -> None:
    """What the test passes through goes out."""
    httpserver.expect_request("/real").respond_with_data("real")
    responses.add_passthru(httpserver.url_for("/"))
    responses.add_passthru("https://echo.execute-api")
    assert requests.get(httpserver.url_for("/real"), timeout=5).text == "real"
    assert requests.get(f"{ECHO}/x", timeout=5).status_code == 200


def test_responses_that_outlives_the_mock() -> None:
    """A mock of responses that was active before ours is as before after it."""
    with responses.RequestsMock(assert_all_requests_are_fired=False):
        with mock_serverless():
            pass
        with pytest.raises(requests.ConnectionError, match="refused by Responses"):
            requests.get("https://sts.us-east-1.amazonaws.com/", timeout=5)


# -- others ------------------------------------------------------------------------------------------------------


def test_requests_mock(echo: Any) -> None:
    """requests_mock is strict unless it is told to let requests through: then they reach the cloud."""
    with requests_mock.Mocker() as mocked:
        mocked.get(f"{ECHO}/mine", text="mine")
        assert requests.get(f"{ECHO}/mine", timeout=5).text == "mine"
        with pytest.raises(requests_mock.NoMockAddress):
            requests.get(f"{ECHO}/x", timeout=5)
    with requests_mock.Mocker(real_http=True) as mocked:
        mocked.get(OTHER, text="mine")
        assert requests.get(OTHER, timeout=5).text == "mine"
        assert requests.get(f"{ECHO}/x", timeout=5).json()["region"] == "eu-west-1"
        assert mocked.call_count == 2


def test_respx(echo: Any) -> None:
    """respx answers what it mocks, refuses the rest, and what it passes through reaches the cloud."""
    with respx.mock(assert_all_called=False) as router:
        router.get(f"{ECHO}/mine").respond(text="mine")
        passed = router.get(f"{ECHO}/x").pass_through()
        assert httpx.get(f"{ECHO}/mine").text == "mine"
        assert httpx.get(f"{ECHO}/x").json()["region"] == "eu-west-1"
        assert passed.called
        with pytest.raises(respx.models.AllMockedAssertionError):
            httpx.get(f"{ECHO}/other")


def test_vcrpy_records_and_plays(echo: Any, tmp_path: Path) -> None:
    """vcrpy records what the cloud answered, and plays it without asking again."""
    cassette = str(tmp_path / "cassette.yaml")
    for mode in ("once", "none"):
        with vcr.use_cassette(cassette, record_mode=mode) as tape:
            assert requests.get(f"{ECHO}/x", timeout=5).json()["url"] == f"{ECHO}/x"
            assert tape.play_count == (mode == "none")
    assert len(echo.trace.filter(service="execute-api")) == 1


def test_vcrpy_is_strict(echo: Any, tmp_path: Path) -> None:
    """What is not on a tape that may not grow is refused by vcrpy."""
    with (
        vcr.use_cassette(str(tmp_path / "none.yaml"), record_mode="none"),
        pytest.raises(vcr.errors.CannotOverwriteExistingCassetteException),
    ):
        requests.get(f"{ECHO}/x", timeout=5)


def test_vcrpy_with_httpx(echo: Any, tmp_path: Path) -> None:
    """vcrpy records httpx's requests to the cloud as well."""
    for played in (0, 1):
        with vcr.use_cassette(str(tmp_path / "httpx.yaml")) as tape:
            assert httpx.get(f"{ECHO}/x").json()["url"] == f"{ECHO}/x"
        assert tape.play_count == played
    assert len(echo.trace.filter(service="execute-api")) == 1


def test_httpserver(echo: Any, httpserver: HTTPServer) -> None:
    """A local server of the test is reached by every library."""
    httpserver.expect_request("/x").respond_with_data("local")
    url = httpserver.url_for("/x")
    assert [requests.get(url, timeout=5).text, httpx.get(url).text] == ["local", "local"]
    assert requests.get(f"{ECHO}/x", timeout=5).status_code == 200


def test_pytest_socket(echo: Any, socket_disabled: Any) -> None:
    """With sockets disabled the cloud is reached: there is none."""
    import boto3

    assert requests.get(f"{ECHO}/x", timeout=5).status_code == 200
    assert boto3.client("sts").get_caller_identity()["Account"] == "123456789012"


def test_unmocked_service_inside_responses(aws: Any) -> None:
    """A service that nobody mocks is refused clearly under responses, too."""
    with responses.RequestsMock(), pytest.raises(UnmockedServiceError, match="ec2"):
        requests.get("https://ec2.us-east-1.amazonaws.com/", timeout=5)
