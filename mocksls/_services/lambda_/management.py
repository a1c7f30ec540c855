"""Settings of a function beside its configuration: runtime updates, recursive loops."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .names import find_target, find_unqualified
from .store import Store


class Management:
    """Operations on runtime management and recursion."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_runtime_management_config(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Say when a version's runtime is updated.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterValueException.
        """
        target = find_target(self._store, request["FunctionName"], call, request.get("Qualifier"))
        mode, arn = request["UpdateRuntimeOn"], request.get("RuntimeVersionArn")
        if mode == "Manual" and not arn:
            raise errors.invalid("RuntimeVersionArn is required for UpdateRuntimeOn=Manual")
        if mode != "Manual" and arn:
            raise errors.invalid(f"RuntimeVersionArn cannot be set for UpdateRuntimeOn={mode}")
        config = {"UpdateRuntimeOn": mode, "RuntimeVersionArn": arn}
        target.function.runtime_management[target.version.version] = config
        return {"FunctionArn": target.version.qualified_arn, **config}

    def get_runtime_management_config(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """When a version's runtime is updated: ``Auto`` unless something else was said.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        target = find_target(self._store, request["FunctionName"], call, request.get("Qualifier"))
        config = target.function.runtime_management.get(target.version.version, {"UpdateRuntimeOn": "Auto"})
        return {"FunctionArn": target.version.qualified_arn, **config}

    def put_function_recursion_config(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Say whether a function that leads to itself again and again is stopped.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        function = find_unqualified(self._store, request["FunctionName"], call)
        function.recursive_loop = request["RecursiveLoop"]
        return {"RecursiveLoop": function.recursive_loop}

    def get_function_recursion_config(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Whether recursive loops are stopped.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        return {"RecursiveLoop": find_unqualified(self._store, request["FunctionName"], call).recursive_loop}
