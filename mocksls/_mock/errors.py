"""Exceptions of the handle."""

from __future__ import annotations

from typing import Any

from mocksls._kernel.errors import MockslsError


class FunctionError(MockslsError):
    """A Lambda function ended with an error.

    ``payload`` is what AWS would have answered: a dict with ``errorType``, ``errorMessage`` and, for exceptions of the
    handler, ``stackTrace`` and ``requestId``.
    """

    def __init__(self, payload: dict[str, Any]) -> None:
        self.payload = payload
        trace = "".join(payload.get("stackTrace") or [])
        text = f"{payload.get('errorType', 'Error')}: {payload.get('errorMessage', '')}"
        super().__init__(f"{text}\n{trace}" if trace else text)
