"""``mock_serverless``, and what goes with it at module level."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, overload

from mocksls._kernel.options import Capacity, Compat, Delivery, Executor, Iam, Network

from .life import ServerlessMock
from .life import current as current

if TYPE_CHECKING:
    from .handle import Aws

T = TypeVar("T", bound=Callable[..., Any])
_UNSET: Any = object()


@overload
def mock_serverless(target: T, /) -> T: ...
@overload
def mock_serverless(
    target: None = None,
    /,
    *,
    region: str | None = ...,
    account_id: str = ...,
    iam: Iam = ...,
    delivery: Delivery = ...,
    capacity: Capacity = ...,
    executor: Executor = ...,
    compat: Compat = ...,
    network: Network = ...,
    passthrough: Sequence[str] = ...,
    seed: int | None = ...,
) -> ServerlessMock: ...
def mock_serverless(  # noqa: PLR0913 - each option by its name
    target: Any = None,
    /,
    *,
    region: Any = _UNSET,
    account_id: Any = _UNSET,
    iam: Any = _UNSET,
    delivery: Any = _UNSET,
    capacity: Any = _UNSET,
    executor: Any = _UNSET,
    compat: Any = _UNSET,
    network: Any = _UNSET,
    passthrough: Any = _UNSET,
    seed: Any = _UNSET,
    **unknown: Any,
) -> Any:
    """An AWS of its own for a test: as decorator, with ``with`` or ``async with``, or by ``start`` and ``stop``.

    Args:
        target: what is decorated, when it is used without parentheses.
        region: region of clients that name none; ``None``: what is configured, else us-east-1.
        account_id: the test's own account, 12 digits.
        iam: ``"enforce"``: every call is authorised by real policy evaluation.
        delivery: when events reach their targets: ``"immediate"`` (before the call that caused them returns),
            ``"manual"`` (at ``aws.settle()``) or ``"background"`` (by a worker thread).
        capacity: ``"enforce"``: DynamoDB's provisioned throughput really throttles.
        executor: ``"inline"``: handlers run in the test's own process, for debuggers.
        compat: ``"moto"``: accept what suites written for moto rely on.
        network: ``"closed"``: handlers reach AWS, hosts that the test mocked, and this machine; nothing else.
        passthrough: services or URL prefixes that are left alone.
        seed: of ids and choices; ``None``: random.
        unknown: nothing else is accepted.

    Raises:
        TypeError: an unknown option, or a value of a wrong type.
        ValueError: a value that is none of an option's choices.
    """
    given = {
        "region": region,
        "account_id": account_id,
        "iam": iam,
        "delivery": delivery,
        "capacity": capacity,
        "executor": executor,
        "compat": compat,
        "network": network,
        "passthrough": passthrough,
        "seed": seed,
    }
    mock = ServerlessMock(**{name: value for name, value in given.items() if value is not _UNSET}, **unknown)
    return mock if target is None else mock(target)


def join(address: str) -> None:
    """Have this process reach the mock of another one, from now on until it ends.

    For processes that are started anew (multiprocessing's ``spawn`` and ``forkserver``, subprocesses), as in
    ``ProcessPoolExecutor(mp_context=..., initializer=mocksls.join, initargs=(aws.address(),))``. Forked copies of the
    test's process reach its mock by themselves.

    Args:
        address: what ``aws.address()`` gave.

    Raises:
        MockslsError: no mock is reached at that address.
    """
    from mocksls._transport.joining import join as join_mock

    join_mock(address)


def fixture(scope: Any = "function", name: str | None = None, **options: Any) -> Any:
    """A pytest fixture that is the ``aws`` handle of a mock of its own.

    Args:
        scope: pytest's scope (``"module"``, ``"session"`` ...).
        name: the fixture's name; ``None``: that of the variable it is assigned to.
        options: those of ``mock_serverless``.
    """
    import pytest

    mock = ServerlessMock(**options)

    @pytest.fixture(scope=scope, name=name)
    def aws_of_scope() -> Iterator[Aws]:
        with ServerlessMock(**mock.named) as aws:
            yield aws

    return aws_of_scope
