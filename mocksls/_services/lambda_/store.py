"""The state of AWS Lambda in one account and region."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class FunctionCode:
    """A function's code: a ZIP file, or the name of a callable or directory in the cloud's code registry."""

    sha256: str
    size: int
    zip_file: bytes | None = None
    registered: str | None = None
    image_uri: str | None = None


@dataclass(slots=True)
class Function:
    """A function; ``settings`` are the configuration members that AWS shows as they were given."""

    name: str
    arn: str
    role: str
    code: FunctionCode
    revision_id: str
    last_modified: str
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
    tags: dict[str, str] = field(default_factory=dict)
    statements: dict[str, dict[str, Any]] = field(default_factory=dict)
    policy_revision_id: str = ""


@dataclass(slots=True)
class StreamPosition:
    """How far a mapping has read a shard, and how its present batch fares.

    ``size`` is the batch size after bisecting; ``attempts`` counts the batch's failures.
    """

    sequence: int
    attempts: int = 0
    size: int | None = None
    waiting: int | None = None


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
    last_result: str = "No records processed"
    positions: dict[str, StreamPosition] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Store:
    """Functions by name, mappings by UUID."""

    functions: dict[str, Function] = field(default_factory=dict)
    mappings: dict[str, EventSourceMapping] = field(default_factory=dict)
