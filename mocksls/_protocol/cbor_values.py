"""CBOR data items <-> shapes: as JSON's, but for what CBOR has types of its own for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from botocore.model import Shape

from . import json_values, timestamps
from .json_values import Reader, Writer


class CborReader(json_values.JsonReader):
    """Makes the readers of CBOR data items."""

    def _blob(self, shape: Shape) -> Reader:
        def read(value: Any, depth: int) -> bytes:
            if type(value) is bytes:
                return value
            raise self.wrong(value, "Blob")

        return read

    def _timestamp(self, shape: Shape) -> Reader:
        def read(value: Any, depth: int) -> Any:
            if isinstance(value, datetime):
                return value
            raise self.wrong(value, "Date")

        return read


class CborWriter(json_values.JsonWriter):
    """Makes the writers of CBOR data items."""

    def _blob(self, shape: Shape) -> Writer:
        return lambda value: value.encode() if isinstance(value, str) else bytes(value)

    def _double(self, shape: Shape) -> Writer:
        return float

    _float = _double

    def _timestamp(self, shape: Shape) -> Writer:
        return timestamps.utc
