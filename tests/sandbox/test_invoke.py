"""Invocations of callables: results, context, globals, calls home."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from mocksls._kernel.errors import MockslsError
from mocksls._sandbox import Sandbox

from .conftest import Home, Make, Run, context, value


def test_result_is_what_the_handler_returned(run: Run) -> None:
    """The payload is the handler's result as JSON."""
    assert run("echo", {"a": [1, "é"]}).payload == '{"a": [1, "é"]}'.encode()


def test_globals_live_on_between_invocations(make: Make) -> None:
    """A warm environment finds the globals of the last invocation."""
    environment = make("counts")
    assert [value(environment.invoke(b"{}", context())) for _ in range(3)] == [1, 2, 3]


def test_init_duration_is_told_once(make: Make) -> None:
    """Only the cold start has an init duration."""
    environment = make("echo")
    told = [environment.invoke(b"{}", context()).init_duration_ms is not None for _ in range(2)]
    assert told == [True, False]


def test_context_says_what_the_invocation_is(run: Run, make: Make) -> None:
    """The context object carries the invocation's identifiers, client context and identity."""
    told = context(
        client_context=json.dumps({"custom": {"k": "v"}, "env": {"e": 1}, "client": {"app_title": "app"}}),
        identity=json.dumps({"cognitoIdentityId": "id", "cognitoIdentityPoolId": "pool"}),
        trace_id="Root=1-5759e988",
    )
    assert value(make("context_of").invoke(b"{}", told)) == {
        "aws_request_id": told.request_id,
        "invoked_function_arn": told.function_arn,
        "memory_limit_in_mb": "128",
        "remaining": True,
        "client": [{"k": "v"}, {"e": 1}, "app"],
        "identity": ["id", "pool"],
        "trace": "Root=1-5759e988",
    }


def test_context_without_client_context(run: Run) -> None:
    """Without the headers there is no client context, and an identity without values."""
    told = value(run("context_of"))
    assert (told["client"], told["identity"], told["trace"]) == (None, [None, None], None)


def test_bad_client_context_is_the_runtimes_error(make: Make) -> None:
    """A client context that is no JSON fails the invocation before the handler runs."""
    outcome = make("echo").invoke(b"{}", context(client_context="{"))
    assert outcome.error is not None
    assert outcome.error["errorType"] == "Runtime.LambdaContextUnmarshalError"
    assert outcome.error["errorMessage"].startswith("Unable to parse Client Context JSON: ")


def test_event_that_is_no_json(make: Make) -> None:
    """An event that cannot be parsed is the runtime's error."""
    outcome = make("echo").invoke(b"{", context())
    assert outcome.error is not None
    assert outcome.error["errorType"] == "Runtime.UnmarshalError"


def test_calls_home_carry_header_blobs_and_token(run: Run, home: Home) -> None:
    """What a handler asks comes to the home with its blobs and the owner's token, and the answer goes back."""
    assert value(run("calls_home", {"q": 1})) == [{"q": 1}, ["blob", ""]]
    assert home.asked == [("call", {"q": 1}, [b"blob", b""], "token")]


def test_calls_home_from_threads_do_not_mix(run: Run) -> None:
    """Eight threads get their own answers."""
    assert value(run("calls_from_threads")) is True


def test_both_sides_may_send_megabytes(run: Run) -> None:
    """Six megabytes each way at once do not block each other."""
    outcome = run("sends_megabytes", "z" * 6_000_000, memory_mb=512)
    assert len(value(outcome)) == 6_000_000


def test_mistake_of_the_home_surfaces(make: Make) -> None:
    """What the home raises is raised by invoke."""
    with pytest.raises(LookupError, match="own mistake"):
        make("calls_home").invoke(b'{"mistake": true}', context())


def test_nested_invocations_need_no_bounded_pool(home: Home) -> None:
    """Handlers that invoke handlers, twelve deep, get their answers."""
    sandbox = Sandbox(home)
    made = [_calling(sandbox) for _ in range(12)]

    def answer(kind: str, header: dict[str, Any], blobs: list[bytes], token: Any) -> Any:
        if header["left"] == 0:
            return {"bottom": True}, []
        event = json.dumps({"left": header["left"] - 1}).encode()
        return {"answer": value(made[header["left"] - 1].invoke(event, context()))}, []

    sandbox._around.home = answer
    outcome = made[11].invoke(b'{"left": 11}', context())
    sandbox.close()
    assert outcome.payload is not None
    assert (outcome.payload.count(b"answer"), outcome.payload.count(b"bottom")) == (11, 1)


def _calling(sandbox: Sandbox) -> Any:
    from mocksls._sandbox import callable_code

    from . import handlers
    from .conftest import spec

    return sandbox.environment(spec(callable_code(handlers.calls_home), timeout_s=20))


def test_alarm_in_the_middle_of_a_call(run: Run) -> None:
    """An exception of the handler's own signal handler leaves the channel usable."""
    assert value(run("alarm_during_call")) == {"after": "alarm"}


def test_forked_copy_of_a_handler(run: Run) -> None:
    """A process that the handler forks reaches home too, and does not disturb the original's channel."""
    assert value(run("forks_and_calls")) == [{"from": "copy"}, {"from": "original"}]


def test_closed_environment_takes_nothing(make: Make) -> None:
    """An environment that is closed says so."""
    environment = make("echo")
    environment.close()
    assert not environment.alive
    with pytest.raises(MockslsError, match="closed"):
        environment.invoke(b"{}", context())


def test_one_invocation_at_a_time(make: Make, sandbox: Sandbox) -> None:
    """An environment in use takes no second invocation."""
    environment = make("calls_home")
    seen: list[str] = []

    def answer(kind: str, header: dict[str, Any], blobs: list[bytes], token: Any) -> Any:
        with pytest.raises(MockslsError, match="busy"):
            environment.invoke(b"{}", context())
        seen.append(str(environment.busy))
        return {}, []

    sandbox._around.home = answer
    environment.invoke(b"{}", context())
    assert seen == ["True"]


def comes_to_be(pid: int, state: str) -> bool:
    """Whether a process is in a state within some seconds."""
    until = time.monotonic() + 5
    while state not in Path(f"/proc/{pid}/status").read_text() and time.monotonic() < until:
        time.sleep(0.005)
    return state in Path(f"/proc/{pid}/status").read_text()


def test_background_threads_are_frozen_between_invocations(make: Make) -> None:
    """A thread that a handler left running stands still until the next invocation: its process is stopped."""
    environment = make("ticks_in_the_background")
    value(environment.invoke(b"{}", context()))
    assert comes_to_be(environment._running.process.pid, "T (stopped)")  # type: ignore[attr-defined]
    assert value(environment.invoke(b"{}", context())) > 0


def test_processes_left_running_are_frozen_between_invocations(make: Make) -> None:
    """What a handler has started stands still until the next invocation, children of children included."""
    environment = make("leaves_processes")
    left = value(environment.invoke(b"{}", context()))
    assert all(comes_to_be(pid, "T (stopped)") for pid in left)
    assert environment.prepare(context()) is None
    environment._running.process.thaw()  # type: ignore[attr-defined]
    assert all(comes_to_be(pid, "S (sleeping)") for pid in left)


def test_child_sees_nothing_of_the_test(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child has the function's variables only, no mocksls imported by itself, and no descriptors of the test."""
    monkeypatch.setenv("MOCKSLS_TEST_SECRET", "1")
    told = value(run("shows_process"))
    assert told["secret"] is False
    assert told["main"] is None
    assert set(told["variables"]) <= {"TZ", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "LAMBDA_TASK_ROOT",
                                      "PWD", "TMPDIR"}  # fmt: skip
    assert told["descriptors"] == 5
    assert told["zone"] == "UTC"


def test_default_session_reads_each_environments_variables(make: Make) -> None:
    """Region and keys come from the environment's own variables, not from the zygote's session."""
    told = []
    for region in ("eu-west-1", "ap-south-1"):
        keys = {"AWS_ACCESS_KEY_ID": f"AKIA-{region}", "AWS_SECRET_ACCESS_KEY": "s", "AWS_DEFAULT_REGION": region}
        environment = make("client_region", environ=keys, timeout_s=20)
        told.append(value(environment.invoke(b"{}", context())))
    assert told == [["eu-west-1", "AKIA-eu-west-1"], ["ap-south-1", "AKIA-ap-south-1"]]
