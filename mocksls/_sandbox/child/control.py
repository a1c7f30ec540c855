"""Requests to the zygote and its answers: length, JSON, and descriptors that ride on the first byte."""

from __future__ import annotations

import json
import os
import socket
import struct
from collections.abc import Sequence
from typing import Any

_LENGTH = struct.Struct("<I")
_MAX_BYTES = 16 << 20
_MAX_DESCRIPTORS = 8


class Gone(Exception):
    """The other side has closed the connection, or does not answer."""


def send(sock: socket.socket, message: dict[str, Any], descriptors: Sequence[int] = ()) -> None:
    """Send a message. Raises Gone."""
    text = json.dumps(message).encode()
    data = memoryview(_LENGTH.pack(len(text)) + text)
    try:
        sent = socket.send_fds(sock, [data], list(descriptors)) if descriptors else sock.send(data)
        sock.sendall(data[sent:])
    except (OSError, ValueError) as error:
        raise Gone from error


def receive(sock: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Wait for a message. Raises Gone."""
    try:
        head, descriptors, _, _ = socket.recv_fds(sock, _LENGTH.size, _MAX_DESCRIPTORS)
        head += _exactly(sock, _LENGTH.size - len(head)) if head else b""
    except OSError as error:
        raise Gone from error
    if not head or _LENGTH.unpack(head)[0] > _MAX_BYTES:
        close_all(descriptors)
        raise Gone
    message = json.loads(_exactly(sock, *_LENGTH.unpack(head)))
    return message, list(descriptors)


def close_all(descriptors: Sequence[int]) -> None:
    """Close descriptors."""
    for descriptor in descriptors:
        os.close(descriptor)


def _exactly(sock: socket.socket, count: int) -> bytes:
    parts = []
    while count:
        try:
            part = sock.recv(count)
        except OSError as error:
            raise Gone from error
        if not part:
            raise Gone
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
