"""What an environment writes: a file in memory, read by position, so that nothing blocks and nothing is lost."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_FLOOD_BYTES = 16 << 20
_KEPT_BYTES = 4 << 20
_NOTE = b"\n[mocksls: the rest of the output was cut off]\n"


class Output:
    """The file behind an environment's standard output and error."""

    def __init__(self, mark: str) -> None:
        self.descriptor = _appended_file()
        self._mark = mark.encode()
        self._position = 0
        self._cut = False

    def check_flood(self) -> None:
        """Cut off what floods."""
        if os.fstat(self.descriptor).st_size - self._position > _FLOOD_BYTES:
            os.ftruncate(self.descriptor, self._position + _KEPT_BYTES)
            self._cut = True

    def events(self) -> list[str]:
        """The events written since the last time, each with its newline."""
        size = os.fstat(self.descriptor).st_size
        if size <= self._position:
            self._position = min(size, self._position)
            return []
        data = os.pread(self.descriptor, min(size - self._position, _FLOOD_BYTES), self._position)
        self._position = size
        if self._cut:
            data, self._cut = data[:_KEPT_BYTES] + _NOTE, False
        if size > _KEPT_BYTES:
            os.ftruncate(self.descriptor, 0)
            self._position = 0
        return _events(data, self._mark)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self.descriptor)


def _events(data: bytes, mark: bytes) -> list[str]:
    """Marked events whole, everything else line by line."""
    events: list[str] = []
    for index, part in enumerate(data.split(mark)):
        text = part.decode("utf-8", "replace")
        if index % 2:
            events.append(text if text.endswith("\n") else f"{text}\n")
            continue
        if index and text.startswith("\n"):
            text = text[1:]
        events.extend(_lines(text))
    return [event if event.endswith("\n") else f"{event}\n" for event in events]


def _lines(text: str) -> list[str]:
    """Split at newlines only, not at the other characters that Unicode counts as line ends."""
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _appended_file() -> int:
    if hasattr(os, "memfd_create"):
        import fcntl

        descriptor = os.memfd_create("mocksls-output", os.MFD_CLOEXEC)
        fcntl.fcntl(descriptor, fcntl.F_SETFL, os.O_APPEND)
        return descriptor
    handle, name = tempfile.mkstemp(prefix="mocksls-")
    os.close(handle)
    descriptor = os.open(name, os.O_RDWR | os.O_APPEND)
    Path(name).unlink()
    return descriptor
