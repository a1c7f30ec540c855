"""Layers: versions published, listed, shared and used by functions.

https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from mocksls._kernel.arn import Arn, make_arn, partition_of
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page
from mocksls._kernel.policy import may_by_resource_policy

from . import errors
from .code import code_of
from .store import Layer, LayerVersion, Policy, Store

_MOST_LAYERS = 5
_VERSION_ARN = re.compile(
    r"^(?P<layer>arn:[^:]+:lambda:(?P<region>[^:]+):(?P<account>\d{12}):layer:(?P<name>[^:]+)):(?P<number>\d+)$"
)


class Layers:
    """Operations on layers."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def publish_layer_version(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Publish a layer's next version.

        Raises:
            AwsError: InvalidParameterValueException, RequestEntityTooLargeException.
        """
        name = request["LayerName"].rsplit(":", 1)[-1]
        code = code_of(request["Content"], call)
        arn = make_arn("lambda", call.region, call.account_id, f"layer:{name}")
        layer = self._store.layers.setdefault(name, Layer(name, arn))
        layer.newest += 1
        now = self._cloud.clock.now()
        version = layer.versions[layer.newest] = LayerVersion(
            arn=f"{arn}:{layer.newest}",
            layer_arn=arn,
            version=layer.newest,
            code=code,
            created=now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03d}+0000",
            description=request.get("Description", ""),
            license_info=request.get("LicenseInfo"),
            runtimes=_given(request, "CompatibleRuntimes"),
            architectures=_given(request, "CompatibleArchitectures"),
        )
        return _with_content(version)

    def get_layer_version(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A version of a layer.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterValueException.
        """
        _check_number(request["VersionNumber"])
        version = self._find(request["LayerName"], request["VersionNumber"])
        if version is None:
            raise errors.nothing_there()
        return _with_content(version)

    def get_layer_version_by_arn(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A version of a layer, by its ARN; another account's must be shared.

        Raises:
            AwsError: ResourceNotFoundException, AccessDeniedException.
        """
        version = layer_version(request["Arn"], self._store, call)
        if version is None:
            raise errors.nothing_there()
        return _with_content(version)

    def list_layer_versions(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The versions of a layer, the newest first."""
        layer = self._layer(request["LayerName"])
        versions = [each for each in sorted(_versions(layer), key=lambda each: -each.version) if _fits(each, request)]
        shown, marker = page(
            versions,
            request.get("MaxItems", 50),
            request.get("Marker"),
            lambda version: f"{10**12 - version.version:012d}",
            lambda: errors.invalid("Invalid Marker"),
        )
        return {"LayerVersions": [_listed(version) for version in shown], "NextMarker": marker}

    def list_layers(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The layers with their newest versions that fit."""
        found = []
        for name, layer in sorted(self._store.layers.items()):
            fitting = [version for version in _versions(layer) if _fits(version, request)]
            if fitting:
                found.append((name, layer, max(fitting, key=lambda version: version.version)))
        shown, marker = page(
            found,
            request.get("MaxItems", 50),
            request.get("Marker"),
            lambda item: item[0],
            lambda: errors.invalid("Invalid Marker"),
        )
        layers = [
            {"LayerName": name, "LayerArn": layer.arn, "LatestMatchingVersion": _listed(version)}
            for name, layer, version in shown
        ]
        return {"Layers": layers, "NextMarker": marker}

    def delete_layer_version(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a version; functions that use it keep it, and one that is not there is no error.

        Raises:
            AwsError: InvalidParameterValueException.
        """
        _check_number(request["VersionNumber"])
        layer = self._layer(request["LayerName"])
        if layer is not None:
            layer.versions.pop(request["VersionNumber"], None)

    def add_layer_version_permission(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Let an account, an organisation or everybody use a version.

        Raises:
            AwsError: ResourceNotFoundException, ResourceConflictException, PreconditionFailedException.
        """
        version = self._existing(request, call)
        _check_revision(version.policy, request)
        name = request["StatementId"]
        if name in version.policy.statements:
            raise errors.statement_exists(name)
        statement = _statement(request, version)
        version.policy.statements[name] = statement
        version.policy.revision_id = self._cloud.ids.uuid()
        return {"Statement": json.dumps(statement, separators=(",", ":")), "RevisionId": version.policy.revision_id}

    def remove_layer_version_permission(self, request: Mapping[str, Any], call: Call) -> None:
        """Take a permission back.

        Raises:
            AwsError: ResourceNotFoundException, PreconditionFailedException.
        """
        policy = self._existing(request, call).policy
        _check_revision(policy, request)
        if request["StatementId"] not in policy.statements:
            raise errors.no_statement(request["StatementId"])
        del policy.statements[request["StatementId"]]
        policy.revision_id = self._cloud.ids.uuid()

    def get_layer_version_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Who may use a version.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        policy = self._existing(request, call).policy
        if not policy.statements:
            raise errors.no_policy_associated()
        return {
            "Policy": json.dumps(_document(policy), separators=(",", ":")),
            "RevisionId": policy.revision_id,
        }

    def _layer(self, name: str) -> Layer | None:
        return self._store.layers.get(name.rsplit(":", 1)[-1] if name.startswith("arn:") else name)

    def _find(self, name: str, number: int) -> LayerVersion | None:
        layer = self._layer(name)
        return layer.versions.get(number) if layer else None

    def _existing(self, request: Mapping[str, Any], call: Call) -> LayerVersion:
        version = self._find(request["LayerName"], request["VersionNumber"])
        if version is None:
            name = request["LayerName"].rsplit(":", 1)[-1]
            arn = make_arn("lambda", call.region, call.account_id, f"layer:{name}:{request['VersionNumber']}")
            raise errors.no_layer_version(arn)
        return version


def used_layers(arns: Sequence[str], store: Store, call: Call) -> list[LayerVersion]:
    """The layer versions that a function names, in its order.

    Raises:
        AwsError: InvalidParameterValueException, AccessDeniedException.
    """
    if len(arns) > _MOST_LAYERS:
        raise errors.invalid(f"Cannot reference more than {_MOST_LAYERS} layers.")
    used: dict[str, LayerVersion] = {}
    for arn in arns:
        found = _VERSION_ARN.match(arn)
        if found and found.group("region") != call.region:
            raise errors.layers_elsewhere(call.region)
        version = layer_version(arn, store, call)
        if version is None:
            raise errors.unusable_layer(arn)
        if version.layer_arn in used:
            raise errors.same_layer_twice(used[version.layer_arn].arn, arn)
        used[version.layer_arn] = version
    return list(used.values())


def layer_version(arn: str, store: Store, call: Call) -> LayerVersion | None:
    """A version by its ARN.

    Raises:
        AwsError: AccessDeniedException for another account's that is not shared, or not there.
    """
    found = _VERSION_ARN.match(arn)
    if found is None:
        return None
    if found.group("account") != call.account_id:
        return _shared(arn, found, call)
    layer = store.layers.get(found.group("name"))
    return layer.versions.get(int(found.group("number"))) if layer else None


def _shared(arn: str, found: re.Match[str], call: Call) -> LayerVersion:
    theirs: Store | None = call.cloud.stores("lambda").get((found.group("account"), found.group("region")))
    layer = theirs.layers.get(found.group("name")) if theirs else None
    version = layer.versions.get(int(found.group("number"))) if layer else None
    action = "lambda:GetLayerVersion"
    if version is None or not may_by_resource_policy(_document(version.policy), call.principal, action, arn):
        raise errors.layer_denied(call.principal.arn, arn)
    return version


def _check_number(number: int) -> None:
    if number < 1:
        raise errors.invalid("Layer Version Cannot be less than 1")


def _check_revision(policy: Policy, request: Mapping[str, Any]) -> None:
    if request.get("RevisionId", policy.revision_id) != policy.revision_id:
        raise errors.revision_differs("GetLayerPolicy")


def _versions(layer: Layer | None) -> list[LayerVersion]:
    return list(layer.versions.values()) if layer else []


def _fits(version: LayerVersion, request: Mapping[str, Any]) -> bool:
    runtime, architecture = request.get("CompatibleRuntime"), request.get("CompatibleArchitecture")
    return (runtime is None or runtime in (version.runtimes or ())) and (
        architecture is None or architecture in (version.architectures or ())
    )


def _statement(request: Mapping[str, Any], version: LayerVersion) -> dict[str, Any]:
    principal: Any = request["Principal"]
    if principal != "*":
        parsed = Arn.parse(principal)
        if parsed is None and not principal.isdigit():
            raise errors.invalid("The provided principal was invalid. Please check the principal and try again.")
        region = version.arn.split(":")[3]
        principal = {"AWS": principal if parsed else f"arn:{partition_of(region)}:iam::{principal}:root"}
    statement: dict[str, Any] = {
        "Sid": request["StatementId"],
        "Effect": "Allow",
        "Principal": principal,
        "Action": request["Action"],
        "Resource": version.arn,
    }
    if request.get("OrganizationId"):
        statement["Condition"] = {"StringEquals": {"aws:PrincipalOrgID": request["OrganizationId"]}}
    return statement


def _given(request: Mapping[str, Any], member: str) -> list[str] | None:
    return list(request[member]) if member in request else None


def _document(policy: Policy) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Id": "default", "Statement": list(policy.statements.values())}


def _listed(version: LayerVersion) -> dict[str, Any]:
    return {
        "LayerVersionArn": version.arn,
        "Version": version.version,
        "Description": version.description or None,
        "CreatedDate": version.created,
        "CompatibleRuntimes": version.runtimes or None,
        "LicenseInfo": version.license_info,
        "CompatibleArchitectures": version.architectures or None,
    }


def _with_content(version: LayerVersion) -> dict[str, Any]:
    region, account = version.arn.split(":")[3:5]
    name = version.layer_arn.rsplit(":", 1)[-1]
    return {
        **_listed(version),
        "LayerArn": version.layer_arn,
        "Description": version.description,
        "CompatibleRuntimes": version.runtimes,
        "CompatibleArchitectures": version.architectures,
        "Content": {
            "Location": f"https://awslambda-{region}-layers.s3.{region}.amazonaws.com/snapshots/{account}/"
            f"{name}-{version.version}",
            "CodeSha256": version.code.sha256,
            "CodeSize": version.code.size,
        },
    }
