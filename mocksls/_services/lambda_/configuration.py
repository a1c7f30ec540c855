"""A function's configuration: taken from requests, and shown in answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import partition_of
from mocksls._kernel.call import Call

from . import errors
from .store import Function

_AS_GIVEN = (
    "DeadLetterConfig",
    "FileSystemConfigs",
    "ImageConfig",
    "KMSKeyArn",
    "Layers",
    "SnapStart",
    "VpcConfig",
)
_VARIABLES_BYTES = 4096
_RETIRED = {
    "dotnetcore2.1",
    "dotnetcore3.1",
    "go1.x",
    "java8",
    "nodejs10.x",
    "nodejs12.x",
    "nodejs14.x",
    "provided",
    "python2.7",
    "python3.6",
    "python3.7",
    "ruby2.5",
    "ruby2.7",
}
_RUNTIME_DIGEST = "8eeff65f6809a3ce81507fe733fe09b835899b99481ba22fd75b5a7338290ec1"


def check(request: Mapping[str, Any], call: Call) -> None:
    """What holds for the members of a new configuration.

    Raises:
        AwsError: InvalidParameterValueException.
    """
    runtime = request.get("Runtime")
    if runtime in _RETIRED and call.cloud.options.compat != "moto":
        raise errors.old_runtime(runtime)
    variables = (request.get("Environment") or {}).get("Variables")
    if variables:
        measured = json.dumps(variables, separators=(",", ":"), ensure_ascii=False)
        if len(measured.encode()) > _VARIABLES_BYTES:
            raise errors.environment_too_large(measured)
    if "Role" in request:
        check_role(request["Role"], call)


def check_role(arn: str, call: Call) -> None:
    """A function's role must exist and let Lambda assume it.

    Raises:
        AwsError: InvalidParameterValueException.
    """
    role = call.cloud.identities.role(arn)
    if role is None:
        raise errors.role_not_assumable()
    if call.cloud.options.compat != "moto" and not _trusts_lambda(role.trust_policy):
        raise errors.role_not_assumable()


def _trusts_lambda(document: str | None) -> bool:
    try:
        statements = json.loads(document or "{}").get("Statement", [])
    except ValueError:
        return False
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal", {})
        services = principal.get("Service", []) if isinstance(principal, dict) else [principal]
        named = [services] if isinstance(services, str) else services
        if statement.get("Effect") == "Allow" and ("lambda.amazonaws.com" in named or "*" in named):
            return True
    return False


def apply(function: Function, request: Mapping[str, Any], call: Call) -> None:
    """Take over the members that a request gives; the others stay."""
    simple = {
        "Runtime": "runtime",
        "Handler": "handler",
        "Description": "description",
        "Timeout": "timeout_s",
        "MemorySize": "memory_mb",
        "Role": "role",
    }
    for member, attribute in simple.items():
        if member in request:
            setattr(function, attribute, request[member])
    if "Environment" in request:
        function.variables = request["Environment"].get("Variables") or None
    if "EphemeralStorage" in request:
        function.ephemeral_mb = request["EphemeralStorage"]["Size"]
    if "TracingConfig" in request:
        function.tracing = request["TracingConfig"].get("Mode", "PassThrough")
    if "LoggingConfig" in request:
        function.logging = {**function.logging, **request["LoggingConfig"]}
    function.settings.update({name: request[name] for name in _AS_GIVEN if name in request})
    touch(function, call)


def touch(function: Function, call: Call) -> None:
    """Note that a function has changed: a new revision, now."""
    function.revision_id = call.cloud.ids.uuid()
    now = call.cloud.clock.now()
    function.last_modified = now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03d}+0000"


def shown(function: Function, region: str, **state: str) -> dict[str, Any]:
    """A function's configuration as answers show it; ``state`` are the members that tell of a change under way."""
    settings = dict(function.settings)
    if "Layers" in settings:
        settings["Layers"] = [{"Arn": arn, "CodeSize": 0} for arn in settings["Layers"]]
    snap = settings.pop("SnapStart", {"ApplyOn": "None"})
    return {
        "FunctionName": function.name,
        "FunctionArn": function.arn,
        "Runtime": function.runtime,
        "Role": function.role,
        "Handler": function.handler,
        "CodeSize": function.code.size,
        "Description": function.description,
        "Timeout": function.timeout_s,
        "MemorySize": function.memory_mb,
        "LastModified": function.last_modified,
        "CodeSha256": function.code.sha256,
        "Version": "$LATEST",
        "Environment": {"Variables": dict(function.variables)} if function.variables else None,
        "TracingConfig": {"Mode": function.tracing},
        "RevisionId": function.revision_id,
        "PackageType": function.package_type,
        "Architectures": list(function.architectures),
        "EphemeralStorage": {"Size": function.ephemeral_mb},
        "SnapStart": {"ApplyOn": snap.get("ApplyOn", "None"), "OptimizationStatus": "Off"},
        "RuntimeVersionConfig": {"RuntimeVersionArn": runtime_version_arn(region)} if function.runtime else None,
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": log_group(function), **function.logging},
        **settings,
        **(state or {"State": "Active", "LastUpdateStatus": "Successful"}),
    }


def log_group(function: Function) -> str:
    """Where a function's log lines go."""
    group: str = function.logging.get("LogGroup") or f"/aws/lambda/{function.name}"
    return group


def runtime_version_arn(region: str) -> str:
    """The ARN of the runtime's version; one stands for all."""
    return f"arn:{partition_of(region)}:lambda:{region}::runtime:{_RUNTIME_DIGEST}"
