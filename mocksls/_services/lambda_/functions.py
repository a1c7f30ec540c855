"""Functions: made, described, changed, deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import configuration, errors
from .checks import check_configuration, check_tags
from .code import code_of
from .environments import environments
from .names import LATEST, check_length, find_function, find_target, function_arn, parse_name
from .store import Function, Store
from .versions import publish


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
        named = parse_name(request["FunctionName"], call)
        check_length(named.name)
        if named.account_id != call.account_id:
            raise errors.access_denied(call.principal.arn, "lambda:CreateFunction", request["FunctionName"])
        if named.name in self._store.functions:
            raise errors.function_exists(named.name)
        package = request.get("PackageType", "Zip")
        if package == "Zip" and ("Runtime" not in request or "Handler" not in request):
            text = "Runtime and Handler are mandatory parameters for functions created with deployment packages."
            raise errors.invalid(text)
        check_configuration(request, call)
        check_tags(request.get("Tags", {}))
        signing = request.get("CodeSigningConfigArn")
        if signing and signing not in self._store.code_signing:
            raise errors.code_signing_gone(signing)
        function = self._made(named.name, package, request, call)
        self._store.functions[function.name] = function
        answered = function.revision_id
        if request.get("Publish"):
            version = publish(function, "", call)
            return {**configuration.shown(version, function.arn, **configuration.CREATING), "RevisionId": answered}
        function.revision_id = self._cloud.ids.uuid()  # becoming active is a change
        return {**configuration.shown(function, **configuration.CREATING), "RevisionId": answered}

    def _made(self, name: str, package: str, request: Mapping[str, Any], call: Call) -> Function:
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
            code_signing=request.get("CodeSigningConfigArn"),
        )
        configuration.apply(function, request, self._store, call)
        return function

    def get_function(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A function's configuration, tags, and where its code lies.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        target = find_target(self._store, request["FunctionName"], call, request.get("Qualifier"))
        reserved = target.function.reserved
        return {
            "Configuration": configuration.shown(target.version, target.arn),
            "Code": _location(target.version),
            "Tags": dict(target.function.tags) or None,
            "Concurrency": {"ReservedConcurrentExecutions": reserved} if reserved is not None else None,
        }

    def get_function_configuration(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A function's configuration.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        target = find_target(self._store, request["FunctionName"], call, request.get("Qualifier"))
        return configuration.shown(target.version, target.arn)

    def list_functions(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The functions of the region, by name, on demand with all their versions."""
        functions = [function for _, function in sorted(self._store.functions.items())]
        shown: list[tuple[str, dict[str, Any]]] = []
        for function in functions:
            if request.get("FunctionVersion") == "ALL":
                versions = [function, *function.versions.values()]
                shown += [
                    (f"{function.name}:{place:06d}", configuration.listed(version, version.qualified_arn))
                    for place, version in enumerate(versions)
                ]
            else:
                shown.append((function.name, configuration.listed(function)))
        items, marker = page(
            shown,
            request.get("MaxItems", 50),
            request.get("Marker"),
            lambda item: item[0],
            lambda: errors.invalid("Invalid Marker"),
        )
        return {"Functions": [item for _, item in items], "NextMarker": marker}

    def update_function_code(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Replace a function's code; its warm environments go.

        Raises:
            AwsError: ResourceNotFoundException, PreconditionFailedException, InvalidParameterValueException.
        """
        function = find_function(self._store, request["FunctionName"], call)
        _check_package(function, request, call)
        _check_revision(function, request)
        code = code_of(request, call)
        if request.get("DryRun"):
            return configuration.shown(function)
        function.code = code
        function.code_updates += 1
        if "Architectures" in request:
            function.architectures = list(request["Architectures"])
        configuration.touch(function, call)
        environments(self._cloud).retire(function.qualified_arn)
        if request.get("Publish"):
            version = publish(function, "", call)
            return configuration.shown(version, **configuration.CREATING)
        return self._updating(function)

    def update_function_configuration(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Change a function's configuration; its warm environments go.

        Raises:
            AwsError: ResourceNotFoundException, PreconditionFailedException, InvalidParameterValueException.
        """
        function = find_function(self._store, request["FunctionName"], call)
        _check_revision(function, request)
        check_configuration(request, call)
        configuration.apply(function, request, self._store, call)
        environments(self._cloud).retire(function.qualified_arn)
        return self._updating(function)

    def _updating(self, function: Function) -> dict[str, Any]:
        answer = configuration.shown(function, **configuration.UPDATING)
        function.revision_id = self._cloud.ids.uuid()  # the end of the update is a change
        return answer

    def delete_function(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Delete a function, or one of its versions; its event source mappings stay.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterValueException for ``$LATEST`` and aliases,
                ResourceConflictException for a version that an alias names.
        """
        named = parse_name(request["FunctionName"], call, request.get("Qualifier"))
        if named.qualifier == LATEST:
            raise errors.invalid("$LATEST version cannot be deleted without deleting the function.")
        if named.qualifier is not None and not named.qualifier.isdigit():
            raise errors.aliases_stay()
        function = find_function(self._store, request["FunctionName"], call)
        pool = environments(self._cloud)
        if named.qualifier is None:
            self._store.functions.pop(function.name, None)
            for version in (function, *function.versions.values()):
                pool.retire(version.qualified_arn)
        elif named.qualifier in function.versions:
            _check_unused(function, named.qualifier)
            del function.versions[named.qualifier]
            function.provisioned.pop(named.qualifier, None)
            pool.retire(f"{function.arn}:{named.qualifier}")
        return {"StatusCode": 204}


def _location(function: Function) -> dict[str, Any]:
    code, region = function.code, function.region
    if code.image_uri:
        repository = code.image_uri.rpartition("@")[0] or code.image_uri.rpartition(":")[0] or code.image_uri
        return {
            "RepositoryType": "ECR",
            "ImageUri": code.image_uri,
            "ResolvedImageUri": f"{repository}@sha256:{code.sha256}",
        }
    return {
        "RepositoryType": "S3",
        "Location": f"https://awslambda-{region}-tasks.s3.{region}.amazonaws.com/snapshots/"
        f"{function.account_id}/{function.name}",
    }


def _check_package(function: Function, request: Mapping[str, Any], call: Call) -> None:
    if function.package_type == "Image" and not request.get("ImageUri"):
        raise errors.invalid("Please provide ImageUri when updating a function with packageType Image.")
    if function.package_type == "Zip" and request.get("ImageUri"):
        raise errors.invalid("Please don't provide ImageUri when updating a function with packageType Zip.")


def _check_revision(function: Function, request: Mapping[str, Any]) -> None:
    if request.get("RevisionId", function.revision_id) != function.revision_id:
        raise errors.revision_differs("GetFunction/GetAlias")


def _check_unused(function: Function, version: str) -> None:
    """A version that an alias names stays."""
    named = [alias.name for alias in function.aliases.values() if version in (alias.version, *alias.weights)]
    if named:
        raise errors.conflict(f"Version {version} of function {function.name} is used by aliases: {', '.join(named)}")
