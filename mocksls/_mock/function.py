"""A Lambda function as the test has it in hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .errors import FunctionError

if TYPE_CHECKING:
    from mocksls._kernel.cloud import Cloud


class Function:
    """A Lambda function of the active cloud."""

    def __init__(self, cloud: Callable[[], Cloud], name: str, arn: str) -> None:
        self._cloud = cloud  # asked for at each use: a reset, or the next test of a class, has another one
        self.name: str = name
        self.arn: str = arn

    def __repr__(self) -> str:
        return f"<Function {self.name}>"

    def invoke(self, event: Any = None) -> Any:
        """Invoke it synchronously.

        Args:
            event: anything that JSON can carry.

        Returns:
            What the handler returned, after its way through JSON.

        Raises:
            FunctionError: the handler raised, timed out, or was ended; its ``payload`` is AWS's.
            ClientError: as Invoke answers.
        """
        from mocksls._transport.errors import client_errors

        with client_errors("Invoke"):
            answer = self._cloud().caller.as_test(
                "lambda",
                "Invoke",
                {"FunctionName": self.name, "Payload": json.dumps({} if event is None else event).encode()},
                region=self.arn.split(":")[3],
            )
        payload = json.loads(answer.get("Payload") or b"null")
        if answer.get("FunctionError"):
            raise FunctionError(payload)
        return payload

    @property
    def logs(self) -> list[str]:
        """All its log lines, oldest first."""
        from .handle import log_lines

        return log_lines(self._cloud(), self.name)
