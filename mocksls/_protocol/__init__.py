"""Bytes <-> shapes, driven by botocore's service models; no service knowledge beyond plain data."""

from .event_streams import encode_event_stream
from .framing import decode_body
from .overlay import Wire
from .routes import to_path_style
from .service import Match, ServiceProtocol, service_protocol

__all__ = [
    "Match",
    "ServiceProtocol",
    "Wire",
    "decode_body",
    "encode_event_stream",
    "service_protocol",
    "to_path_style",
]
