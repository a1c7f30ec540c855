"""The context object that Lambda's Python runtime hands to a handler."""

from __future__ import annotations

import os
import time
from typing import Any


class _Fields:
    """An object with fixed attributes, each of them None unless given."""

    names: tuple[str, ...] = ()

    def __init__(self, given: dict[str, Any]) -> None:
        for name in self.names:
            setattr(self, name, given.get(name))

    def __repr__(self) -> str:
        inner = ",".join(f"{name}={getattr(self, name)}" for name in self.names)
        return f"{type(self).__name__}([{inner}])"


class CognitoIdentity(_Fields):
    """Who signed in at the caller's side."""

    names = ("cognito_identity_id", "cognito_identity_pool_id")


class Client(_Fields):
    """The calling application, as it says."""

    names = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")


class ClientContext(_Fields):
    """What the caller passed in the ``ClientContext`` parameter."""

    names = ("custom", "env", "client")


class LambdaContext:
    """Information about the invocation, the function and the environment."""

    def __init__(self, call: dict[str, Any], client_context: Any, identity: Any) -> None:
        self.aws_request_id = call["request_id"]
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = call["invoked_function_arn"]
        self.tenant_id = call.get("tenant_id")
        self.client_context = None if client_context is None else ClientContext(client_context)
        if self.client_context is not None and self.client_context.client is not None:  # type: ignore[attr-defined]
            self.client_context.client = Client(client_context["client"])  # type: ignore[attr-defined]
        named = identity or {}
        self.identity = CognitoIdentity({})
        self.identity.cognito_identity_id = named.get("cognitoIdentityId")  # type: ignore[attr-defined]
        self.identity.cognito_identity_pool_id = named.get("cognitoIdentityPoolId")  # type: ignore[attr-defined]
        self._epoch_deadline_time_in_ms = call["deadline_ms"]

    def get_remaining_time_in_millis(self) -> int:
        """How long the invocation may still take, by the clock that the handler sees."""
        return max(int(self._epoch_deadline_time_in_ms - int(time.time() * 1000)), 0)  # noqa: TID251

    def log(self, message: object) -> None:
        """Write to the function's log, as it stands."""
        print(message, end="")  # noqa: T201

    def __repr__(self) -> str:
        shown = (
            "aws_request_id", "log_group_name", "log_stream_name", "function_name", "memory_limit_in_mb",
            "function_version", "invoked_function_arn", "client_context", "identity", "tenant_id",
        )  # fmt: skip
        inner = ",".join(f"{name}={getattr(self, name)}" for name in shown)
        return f"LambdaContext([{inner}])"
