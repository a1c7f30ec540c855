"""Functions: made, described, changed, deleted, tagged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import configuration, errors
from .code import code_of
from .environments import environments
from .names import find_function, function_arn, parse_name
from .store import Function, Store

_CREATING = {
    "State": "Pending",
    "StateReason": "The function is being created.",
    "StateReasonCode": "Creating",
}
_UPDATING = {
    "State": "Active",
    "LastUpdateStatus": "InProgress",
    "LastUpdateStatusReason": "The function is being created.",
    "LastUpdateStatusReasonCode": "Creating",
}


class Functions:
    """Operations on functions."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_function(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a function; it is active as soon as this call has answered.

        Raises:
            AwsError: ResourceConflictException, InvalidParameterValueException, RequestEntityTooLargeException.
        """
        name = parse_name(request["FunctionName"], call).name
        if name in self._store.functions:
            raise errors.function_exists(name)
        package = request.get("PackageType", "Zip")
        if package == "Zip" and ("Runtime" not in request or "Handler" not in request):
            text = "Runtime and Handler are mandatory parameters for functions created with deployment packages."
            raise errors.invalid(text)
        configuration.check(request, call)
        function = Function(
            name=name,
            arn=function_arn(name, call),
            role=request["Role"],
            code=code_of(request["Code"], call),
            revision_id="",
            last_modified="",
            package_type=package,
            architectures=list(request.get("Architectures", ["x86_64"])),
            tags=dict(request.get("Tags", {})),
        )
        configuration.apply(function, request, call)
        self._store.functions[name] = function
        return configuration.shown(function, call.region, **_CREATING)

    def get_function(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A function's configuration, tags, and where its code lies.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        function = find_function(self._store, request["FunctionName"], call, request.get("Qualifier"))
        code = {
            "RepositoryType": "ECR" if function.code.image_uri else "S3",
            "ImageUri": function.code.image_uri,
            "Location": f"https://awslambda-{call.region}-tasks.s3.{call.region}.amazonaws.com/snapshots/"
            f"{call.account_id}/{function.name}",
        }
        return {
            "Configuration": configuration.shown(function, call.region),
            "Code": code,
            "Tags": dict(function.tags) or None,
        }

    def get_function_configuration(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A function's configuration.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        function = find_function(self._store, request["FunctionName"], call, request.get("Qualifier"))
        return configuration.shown(function, call.region)

    def list_functions(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The functions of the region, by name."""
        functions = [function for _, function in sorted(self._store.functions.items())]
        shown, marker = page(
            functions,
            request.get("MaxItems", 50),
            request.get("Marker"),
            lambda function: function.name,
            lambda: errors.invalid("Invalid Marker"),
        )
        return {"Functions": [_listed(function, call) for function in shown], "NextMarker": marker}

    def update_function_code(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Replace a function's code; its warm environments go.

        Raises:
            AwsError: ResourceNotFoundException, PreconditionFailedException, InvalidParameterValueException.
        """
        function = find_function(self._store, request["FunctionName"], call)
        _check_revision(function, request)
        code = code_of(request, call)
        if request.get("DryRun"):
            return configuration.shown(function, call.region)
        function.code = code
        if "Architectures" in request:
            function.architectures = list(request["Architectures"])
        configuration.touch(function, call)
        environments(self._cloud).retire(function.arn)
        return configuration.shown(function, call.region, **_UPDATING)

    def update_function_configuration(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Change a function's configuration; its warm environments go.

        Raises:
            AwsError: ResourceNotFoundException, PreconditionFailedException, InvalidParameterValueException.
        """
        function = find_function(self._store, request["FunctionName"], call)
        _check_revision(function, request)
        configuration.check(request, call)
        configuration.apply(function, request, call)
        environments(self._cloud).retire(function.arn)
        return configuration.shown(function, call.region, **_UPDATING)

    def delete_function(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a function; its event source mappings stay.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterValueException for ``$LATEST``.
        """
        if request.get("Qualifier") == "$LATEST":
            raise errors.invalid("$LATEST version cannot be deleted without deleting the function.")
        function = find_function(self._store, request["FunctionName"], call, request.get("Qualifier"))
        del self._store.functions[function.name]
        environments(self._cloud).retire(function.arn)

    def tag_resource(self, request: Mapping[str, Any], call: Call) -> None:
        """Set tags of a function or an event source mapping."""
        self._tagged(request["Resource"], call).tags.update(request["Tags"])

    def untag_resource(self, request: Mapping[str, Any], call: Call) -> None:
        """Remove tags of a function or an event source mapping."""
        tags = self._tagged(request["Resource"], call).tags
        for key in request["TagKeys"]:
            tags.pop(key, None)

    def list_tags(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tags of a function or an event source mapping."""
        return {"Tags": dict(self._tagged(request["Resource"], call).tags)}

    def _tagged(self, arn: str, call: Call) -> Any:
        if ":event-source-mapping:" in arn:
            mapping = self._store.mappings.get(arn.rsplit(":", 1)[-1])
            if mapping is None:
                raise errors.no_mapping()
            return mapping
        if parse_name(arn, call).qualifier is not None:
            raise errors.invalid(
                "Tags on function aliases and versions are not supported. Please specify a function ARN."
            )
        return find_function(self._store, arn, call)


def _check_revision(function: Function, request: Mapping[str, Any]) -> None:
    if request.get("RevisionId", function.revision_id) != function.revision_id:
        raise errors.revision_differs("GetFunction/GetAlias")


def _listed(function: Function, call: Call) -> dict[str, Any]:
    """As lists show a function: without the members that tell its state."""
    return configuration.shown(function, call.region, State="") | {"State": None}
