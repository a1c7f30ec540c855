"""What the sandbox's tests share: a home that answers, sandboxes that are closed, environments by a handler's name."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from mocksls._sandbox import Code, Environment, EnvironmentSpec, InvocationContext, Outcome, Sandbox, callable_code
from mocksls._sandbox.zygote import shared

from . import handlers

ENVIRON = {"TZ": ":UTC", "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128"}
_numbers = itertools.count(1)


@dataclass
class Home:
    """Answers with what it was asked."""

    asked: list[tuple[str, dict[str, Any], list[bytes], Any]] = field(default_factory=list)

    def __call__(
        self, kind: str, header: dict[str, Any], blobs: list[bytes], token: Any
    ) -> tuple[dict[str, Any], list[bytes]]:
        self.asked.append((kind, header, blobs, token))
        if header.get("slow"):
            time.sleep(0.2)
        if header.get("mistake"):
            raise LookupError("the library's own mistake")
        return header, blobs


def context(request_id: str = "00000000-0000-4000-8000-000000000001", **more: Any) -> InvocationContext:
    """The context of an invocation."""
    return InvocationContext(request_id, "arn:aws:lambda:us-east-1:123456789012:function:f", **more)


def spec(code: Code, handler: str = "app.handler", **more: Any) -> EnvironmentSpec:
    """The configuration of a function."""
    arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
    more.setdefault("environ", ENVIRON)
    return EnvironmentSpec(f"f-{next(_numbers)}", arn, handler, code, **more)


@pytest.fixture
def home() -> Home:
    return Home()


@pytest.fixture
def sandbox(home: Home) -> Iterator[Sandbox]:
    made = Sandbox(home)
    yield made
    made.close()


Make = Callable[..., Environment]
Run = Callable[..., Outcome]


@pytest.fixture
def make(sandbox: Sandbox) -> Make:
    """A factory of environments of handlers in ``handlers``."""

    def of(name: str, **more: Any) -> Environment:
        return sandbox.environment(spec(callable_code(getattr(handlers, name)), **more))

    return of


@pytest.fixture
def run(make: Make) -> Run:
    """Run a handler of ``handlers`` once, in a new environment."""

    def once(name: str, event: Any = None, **more: Any) -> Outcome:
        return make(name, **more).invoke(json.dumps(event).encode(), context(), "token")

    return once


def value(outcome: Outcome) -> Any:
    """The result of an invocation that went well."""
    assert (outcome.kind, outcome.error) == ("ok", None)
    assert outcome.payload is not None
    return json.loads(outcome.payload)


def zygote_pid() -> int:
    """The process id of the zygote."""
    return shared.get(True).process.pid


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, counted, what needs namespaces where they are not allowed."""
    wanting = [item for item in items if item.get_closest_marker("namespaces") and "sandbox" in item.nodeid]
    if not wanting:
        return
    zygote = shared.get(True)
    zygote.wait_until_ready()
    if not zygote.namespaces:
        for item in wanting:
            item.add_marker(pytest.mark.skip(reason="user namespaces are not allowed here"))
