"""The state of AWS Lambda in one account and region."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class FunctionCode:
    """A function's code: a ZIP file, or the name of a callable or directory in the cloud's code registry.

    ``source`` says where a ZIP came from, as GetFunction needs it; ``unpacked`` is its size unpacked, in bytes.
    """

    sha256: str
    size: int
    zip_file: bytes | None = None
    registered: str | None = None
    image_uri: str | None = None
    unpacked: int = 0


@dataclass(slots=True)
class Policy:
    """A resource policy: statements by their ids, in the order of their making; ``head`` is what stands before them."""

    revision_id: str = ""
    statements: dict[str, dict[str, Any]] = field(default_factory=dict)
    head: dict[str, Any] = field(default_factory=lambda: {"Version": "2012-10-17", "Id": "default"})


@dataclass(slots=True)
class LayerVersion:
    """A version of a layer; functions keep those that they use, even when they are deleted."""

    arn: str
    layer_arn: str
    version: int
    code: FunctionCode
    created: str
    description: str = ""
    license_info: str | None = None
    runtimes: list[str] | None = None
    architectures: list[str] | None = None
    policy: Policy = field(default_factory=Policy)


@dataclass(slots=True)
class Layer:
    """A layer and its versions; their numbers are never used again."""

    name: str
    arn: str
    versions: dict[int, LayerVersion] = field(default_factory=dict)
    newest: int = 0


@dataclass(slots=True)
class Alias:
    """An alias of a version, perhaps with a share of the calls for a second one."""

    name: str
    arn: str
    version: str
    revision_id: str
    description: str = ""
    weights: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class EventInvokeConfig:
    """How asynchronous invocations are tried again, and who is told of their end."""

    modified: float
    settings: dict[str, int] = field(default_factory=dict)
    destinations: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class FunctionUrl:
    """A function's URL; times as AWS shows them."""

    url_id: str
    auth_type: str
    created: str
    modified: str
    invoke_mode: str = "BUFFERED"
    cors: dict[str, Any] | None = None


@dataclass(slots=True)
class Provisioned:
    """Provisioned concurrency of a version or alias."""

    requested: int
    modified: str
    status: str = "IN_PROGRESS"
    reason: str | None = None


@dataclass(slots=True)
class Function:
    """A version of a function; ``settings`` are the configuration members that AWS shows as they were given.

    ``arn`` is without version. The fields from ``versions`` on are of the function as a whole: only its ``$LATEST``
    has them. ``policies``, ``event_invoke``, ``urls``, ``provisioned`` and ``runtime_management`` are by qualifier.
    """

    name: str
    arn: str
    role: str
    code: FunctionCode
    revision_id: str
    last_modified: str
    version: str = "$LATEST"
    package_type: str = "Zip"
    runtime: str | None = None
    handler: str | None = None
    description: str = ""
    timeout_s: int = 3
    memory_mb: int = 128
    ephemeral_mb: int = 512
    architectures: list[str] = field(default_factory=lambda: ["x86_64"])
    tracing: str = "PassThrough"
    variables: dict[str, str] | None = None
    logging: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    layers: list[LayerVersion] = field(default_factory=list)
    versions: dict[str, Function] = field(default_factory=dict)
    newest: int = 0
    published: Any = None
    aliases: dict[str, Alias] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    event_invoke: dict[str, EventInvokeConfig] = field(default_factory=dict)
    urls: dict[str, FunctionUrl] = field(default_factory=dict)
    provisioned: dict[str, Provisioned] = field(default_factory=dict)
    runtime_management: dict[str, dict[str, Any]] = field(default_factory=dict)
    reserved: int | None = None
    recursive_loop: str = "Terminate"
    code_signing: str | None = None
    code_updates: int = 0

    @property
    def qualified_arn(self) -> str:
        """The ARN with the version."""
        return f"{self.arn}:{self.version}"

    @property
    def account_id(self) -> str:
        """Whose function it is."""
        return self.arn.split(":")[4]

    @property
    def region(self) -> str:
        """Where it is."""
        return self.arn.split(":")[3]

    def configured(self) -> tuple[Any, ...]:
        """What decides whether a version that is published now differs from the one before."""
        return (
            *(
                self.code_updates,
                self.code.sha256,
                self.role,
                self.runtime,
                self.handler,
                self.timeout_s,
                self.memory_mb,
            ),
            *(self.ephemeral_mb, list(self.architectures), self.tracing, dict(self.variables or {})),
            *(self.description, dict(self.logging), dict(self.settings), [layer.arn for layer in self.layers]),
        )

    def as_version(self, version: str) -> Function:
        """A copy that is a version of its own."""
        return replace(
            self,
            version=version,
            versions={},
            aliases={},
            tags={},
            policies={},
            event_invoke={},
            urls={},
            provisioned={},
            runtime_management={},
            published=None,
        )


@dataclass(slots=True)
class CodeSigningConfig:
    """Whose signatures code must have."""

    config_id: str
    arn: str
    description: str
    publishers: list[str]
    policy: str
    modified: str
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class StreamPosition:
    """How far a mapping has read a shard, and how its present batch fares.

    ``size`` is the batch size after bisecting; ``attempts`` counts the batch's failures. ``window`` is the state of
    a tumbling window: its start, its end and what the handler left in it.
    """

    sequence: int
    attempts: int = 0
    size: int | None = None
    waiting: int | None = None
    window: dict[str, Any] | None = None


@dataclass(slots=True)
class EventSourceMapping:
    """An event source mapping; ``settings`` as AWS shows them."""

    uuid: str
    arn: str
    source_arn: str
    function_arn: str
    enabled: bool
    last_modified: float
    settings: dict[str, Any]
    created: float
    kind: str = "stream"
    last_result: str = "No records processed"
    positions: dict[str, StreamPosition] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    running: int = 0
    held: list[dict[str, Any]] = field(default_factory=list)
    gathering: float | None = None


@dataclass(slots=True)
class Store:
    """Functions and layers by name, mappings by UUID, code signing configurations by ARN."""

    functions: dict[str, Function] = field(default_factory=dict)
    layers: dict[str, Layer] = field(default_factory=dict)
    mappings: dict[str, EventSourceMapping] = field(default_factory=dict)
    code_signing: dict[str, CodeSigningConfig] = field(default_factory=dict)
