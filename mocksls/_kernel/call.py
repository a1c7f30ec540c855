"""A call to an operation, and who makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from .cloud import Cloud
    from .errors import AwsError

PrincipalKind = Literal["user", "root", "assumed-role", "federated-user", "service", "anonymous"]


class Session(NamedTuple):
    """What temporary credentials carry besides their principal.

    ``issuer_arn`` is the role, or the user, that the session is of. ``policies`` narrow what the session may do.
    ``provider`` is the identity provider that vouched for its user (``Federated`` in a trust policy); ``issued`` is
    the time in epoch seconds (``aws:TokenIssueTime``).
    """

    issuer_arn: str = ""
    policies: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    transitive: frozenset[str] = frozenset()
    source_identity: str | None = None
    provider: str | None = None
    issued: float | None = None
    mfa: bool = False


class Principal(NamedTuple):
    """Who calls.

    ``arn`` is AWS's ARN of the caller (for a service its name, ``s3.amazonaws.com``); ``user_id`` what
    GetCallerIdentity shows as ``UserId``. ``administrator`` callers own everything (the mock's own test user).
    ``source_arn`` and ``source_account`` are set on calls that AWS services make for a resource. ``session`` is what
    temporary credentials carry.
    """

    kind: PrincipalKind
    arn: str
    account_id: str
    user_id: str = ""
    access_key_id: str | None = None
    administrator: bool = False
    source_arn: str | None = None
    source_account: str | None = None
    session: Session | None = None

    @classmethod
    def service(cls, name: str, account_id: str, source_arn: str | None = None) -> Principal:
        """An AWS service (``name``: ``lambda.amazonaws.com``) that acts for a resource of an account."""
        return cls("service", name, account_id, source_arn=source_arn, source_account=account_id)


class Origin(NamedTuple):
    """Where a call comes from: carried explicitly, never in context variables.

    ``parent`` is the trace entry that caused the call. ``lineage`` names the functions that led here, oldest first
    (runaway loops are cut by it). ``from_handler`` calls queue their events instead of delivering them. ``acting`` is
    the role of a handler that runs in the test's own process, where botocore may still hold the test's keys.
    """

    parent: int | None = None
    lineage: tuple[str, ...] = ()
    from_handler: bool = False
    acting: Principal | None = None


ROOT = Origin()


@dataclass(slots=True, eq=False)
class ResponseMeta:
    """What an operation says of its HTTP answer beyond the modelled members; a ``lost`` one never arrives."""

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    lost: bool = False


@dataclass(slots=True, eq=False)
class Call:
    """One call on its way through the pipeline; operations get it as their second argument.

    ``service`` is botocore's service name, ``operation`` AWS's (``PutItem``). ``headers`` are those the request's
    members do not carry, names in lower case. ``read_timeout`` is how long the client waits (seconds).
    ``internal`` calls are made by a service on AWS's behalf. ``refusals`` holds, by resource, what the caller may not
    do of a call that answers for each resource by itself (``DeleteObjects``). ``host`` and ``url`` are what an HTTP
    request, or the client's endpoint, names (``url`` with the path, as sent).
    """

    cloud: Cloud
    service: str
    operation: str
    account_id: str
    region: str
    request_id: str
    principal: Principal
    origin: Origin = ROOT
    headers: Mapping[str, str] = field(default_factory=dict)
    host: str = ""
    url: str = ""
    source_ip: str = "127.0.0.1"
    internal: bool = False
    read_timeout: float | None = None
    trace_id: int | None = None
    response: ResponseMeta = field(default_factory=ResponseMeta)
    refusals: dict[str, AwsError] = field(default_factory=dict)

    def unlocked(self) -> AbstractContextManager[None]:
        """Let go of the cloud's lock while user code runs or time passes; state must be looked up again after it."""
        return self.cloud.lock.released()

    def child_origin(self) -> Origin:
        """The origin of what this call causes."""
        return Origin(self.trace_id, self.origin.lineage, self.origin.from_handler)

    def request(self, service: str, operation: str, params: Mapping[str, Any], **by: Any) -> dict[str, Any]:
        """Call another service the way a user would (see ``Caller.call``); this call is the cause."""
        return self.cloud.caller.call(service, operation, params, cause=self, **by)


@dataclass(slots=True, kw_only=True, eq=False)
class HttpCall(Call):
    """A plain HTTP request at a service's own host; ``operation`` is the host table's word for it.

    The host tells the region, not the account: that is the test's own, and whose resource is meant is the service's
    to find. ``principal`` is anonymous until the service asks for the ``signer``: the caller that the request's
    signature shows, anonymous without one. ``signer`` raises ``AwsError`` for a bad signature or unknown keys.
    ``age_of`` tells by how much the cloud's clock was ahead (seconds) when a date of a signature was written.
    """

    signer: Callable[[], Principal]
    age_of: Callable[[str], float]
