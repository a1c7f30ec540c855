"""Port: open WebSocket connections, written by API Gateway and read by its management API."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Connection:
    """One connection: which API and stage it belongs to, and the messages that wait for its client."""

    connection_id: str
    api_id: str
    stage: str
    connected_at: float
    last_active_at: float
    source_ip: str
    user_agent: str
    inbox: list[str | bytes] = field(default_factory=list)
    closed: bool = False


@dataclass(slots=True, eq=False)
class Connections:
    """All open connections of a cloud, by id."""

    open: dict[str, Connection] = field(default_factory=dict)
