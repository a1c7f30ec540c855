"""A function's configuration: taken from requests, and shown in answers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import partition_of
from mocksls._kernel.call import Call

from .layers import used_layers
from .store import Function, Store

_AS_GIVEN = ("FileSystemConfigs", "KMSKeyArn", "SnapStart", "TenancyConfig")
_SIMPLE = {
    "Runtime": "runtime",
    "Handler": "handler",
    "Description": "description",
    "Timeout": "timeout_s",
    "MemorySize": "memory_mb",
    "Role": "role",
}
_RUNTIME_DIGEST = "8eeff65f6809a3ce81507fe733fe09b835899b99481ba22fd75b5a7338290ec1"
_LEVELS = ("ApplicationLogLevel", "SystemLogLevel")

CREATING = {
    "State": "Pending",
    "StateReason": "The function is being created.",
    "StateReasonCode": "Creating",
}
UPDATING = {
    "State": "Active",
    "LastUpdateStatus": "InProgress",
    "LastUpdateStatusReason": "The function is being created.",
    "LastUpdateStatusReasonCode": "Creating",
}


def apply(function: Function, request: Mapping[str, Any], store: Store, call: Call) -> None:
    """Take over the members that a request gives; the others stay."""
    layers = used_layers(request["Layers"], store, call) if "Layers" in request else function.layers
    for member, attribute in _SIMPLE.items():
        if member in request:
            setattr(function, attribute, request[member])
    function.layers = layers
    if "Environment" in request:
        function.variables = request["Environment"].get("Variables") or None
    if "EphemeralStorage" in request:
        function.ephemeral_mb = request["EphemeralStorage"]["Size"]
    if "TracingConfig" in request:
        function.tracing = request["TracingConfig"].get("Mode", "PassThrough")
    if "LoggingConfig" in request:
        function.logging = _logging(function.logging, request["LoggingConfig"])
    function.settings = {**function.settings, **_settings(request)}
    touch(function, call)


def _logging(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Levels belong to the JSON format: they come with it, as INFO unless given, and go with it."""
    merged = {**old, **new}
    if merged.get("LogFormat") == "JSON":
        return {**dict.fromkeys(_LEVELS, "INFO"), **merged}
    return {name: value for name, value in merged.items() if name not in _LEVELS}


def _settings(request: Mapping[str, Any]) -> dict[str, Any]:
    """Members as they are kept; what was given empty is kept as None, which answers leave out."""
    settings = {name: request[name] or None for name in _AS_GIVEN if name in request}
    if "DeadLetterConfig" in request:
        settings["DeadLetterConfig"] = request["DeadLetterConfig"] if _dead_letters(request) else None
    if "ImageConfig" in request:
        settings["ImageConfig"] = request["ImageConfig"] or None
    if "VpcConfig" in request:
        settings["VpcConfig"] = _vpc(request["VpcConfig"])
    return settings


def _dead_letters(request: Mapping[str, Any]) -> str | None:
    return (request.get("DeadLetterConfig") or {}).get("TargetArn") or None


def _vpc(given: Mapping[str, Any]) -> dict[str, Any]:
    """Subnets and groups as given; which VPC they lie in, EC2 would know."""
    subnets = list(given.get("SubnetIds") or [])
    digest = hashlib.sha256(",".join(sorted(subnets)).encode()).hexdigest()
    return {
        "SubnetIds": subnets,
        "SecurityGroupIds": list(given.get("SecurityGroupIds") or []),
        "VpcId": f"vpc-{digest[:17]}" if subnets else "",
        "Ipv6AllowedForDualStack": given.get("Ipv6AllowedForDualStack", False),
    }


def touch(function: Function, call: Call) -> None:
    """Note that a function has changed: a new revision, now."""
    function.revision_id = call.cloud.ids.uuid()
    function.last_modified = stamp(call)


def stamp(call: Call) -> str:
    """Now, as Lambda writes times."""
    now = call.cloud.clock.now()
    return now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03d}+0000"


def shown(function: Function, arn: str | None = None, **state: Any) -> dict[str, Any]:
    """A version's configuration as answers show it.

    Args:
        function: the version.
        arn: the ARN by which it was named; that of the version (for ``$LATEST`` without it) if none is given.
        state: the members that tell of a change under way; without any it is active.
    """
    settings = dict(function.settings)
    snap = settings.pop("SnapStart", None) or {}
    image = settings.pop("ImageConfig", None)
    applied = snap.get("ApplyOn", "None")
    optimised = applied == "PublishedVersions" and function.version != "$LATEST"
    return {
        "FunctionName": function.name,
        "FunctionArn": arn or (function.arn if function.version == "$LATEST" else function.qualified_arn),
        "Runtime": function.runtime,
        "Role": function.role,
        "Handler": function.handler,
        "CodeSize": function.code.size,
        "Description": function.description,
        "Timeout": function.timeout_s,
        "MemorySize": function.memory_mb,
        "LastModified": function.last_modified,
        "CodeSha256": function.code.sha256,
        "Version": function.version,
        "Environment": {"Variables": dict(function.variables)} if function.variables else None,
        "TracingConfig": {"Mode": function.tracing},
        "RevisionId": function.revision_id,
        "PackageType": function.package_type,
        "Architectures": list(function.architectures),
        "EphemeralStorage": {"Size": function.ephemeral_mb},
        "SnapStart": {"ApplyOn": applied, "OptimizationStatus": "On" if optimised else "Off"},
        "RuntimeVersionConfig": {"RuntimeVersionArn": runtime_version_arn(function)} if function.runtime else None,
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": log_group(function), **function.logging},
        "Layers": [{"Arn": layer.arn, "CodeSize": layer.code.size} for layer in function.layers] or None,
        "ImageConfigResponse": {"ImageConfig": image} if image else None,
        **settings,
        **(state or {"State": "Active", "LastUpdateStatus": "Successful"}),
    }


def listed(function: Function, arn: str | None = None) -> dict[str, Any]:
    """As lists show a version: without the members that tell its state."""
    return shown(function, arn, State=None)


def log_group(function: Function) -> str:
    """Where a function's log lines go."""
    group: str = function.logging.get("LogGroup") or f"/aws/lambda/{function.name}"
    return group


def runtime_version_arn(function: Function) -> str:
    """The ARN of the runtime's version; one stands for all, unless one was set."""
    managed = function.runtime_management.get("$LATEST", {}).get("RuntimeVersionArn")
    if managed:
        return str(managed)
    return f"arn:{partition_of(function.region)}:lambda:{function.region}::runtime:{_RUNTIME_DIGEST}"
