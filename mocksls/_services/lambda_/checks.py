"""What holds for a function's configuration beyond its shape: runtimes, variables, roles, targets.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call
from mocksls._kernel.errors import AwsError

from . import errors

_VARIABLES_BYTES = 4096
_OFFERED = (
    *("nodejs20.x", "python3.14", "provided.al2023", "python3.12", "python3.13", "nodejs24.x", "nodejs22.x", "java25"),
    *("python3.10", "python3.11", "java21", "ruby3.3", "ruby3.4", "ruby3.2", "python3.8", "python3.9", "java17"),
    *("nodejs16.x", "dotnet10", "dotnet8", "java11", "dotnet6", "nodejs18.x", "provided.al2", "java8.al2"),
)
_RETIRED = frozenset(
    (
        *("dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1", "dotnetcore3.1", "go1.x", "java8", "nodejs"),
        *("nodejs4.3", "nodejs4.3-edge", "nodejs6.10", "nodejs8.10", "nodejs10.x", "nodejs12.x", "nodejs14.x"),
        *("provided", "python2.7", "python3.6", "python3.7", "ruby2.5", "ruby2.7"),
    )
)
_RESERVED = (
    *("_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV", "AWS_ACCESS_KEY"),
    *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_FUNCTION_NAME"),
    *("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE"),
    *("AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT"),
    "LAMBDA_RUNTIME_DIR",
)
_MOST_TAGS = 50
_NOT_HERE = ("DurableConfig", "CapacityProviderConfig")


def check_configuration(request: Mapping[str, Any], call: Call) -> None:
    """What holds for the members of a new configuration.

    Raises:
        AwsError: InvalidParameterValueException.
    """
    if "Runtime" in request:
        _check_runtime(request["Runtime"], call)
    _check_variables((request.get("Environment") or {}).get("Variables") or {}, call)
    if "Role" in request:
        check_role(request["Role"], call)
    for member in _NOT_HERE:
        if request.get(member):
            text = f"mocksls has no {member} (see docs/differences-from-aws.md)"
            raise AwsError("NotImplemented", text, status=501, sender=False)
    _check_dead_letters((request.get("DeadLetterConfig") or {}).get("TargetArn"))


def check_tags(tags: Mapping[str, str]) -> None:
    """A resource has 50 tags at most.

    Raises:
        AwsError: InvalidParameterValueException.
    """
    if len(tags) > _MOST_TAGS:
        raise errors.too_many_tags()


def _check_runtime(runtime: str, call: Call) -> None:
    if runtime in _OFFERED or call.cloud.options.compat == "moto":
        return
    if runtime in _RETIRED:
        raise errors.old_runtime(runtime)
    raise errors.invalid(
        f"Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: "
        f"[{', '.join(_OFFERED)}] or be a valid ARN"
    )


def _check_variables(variables: Mapping[str, str], call: Call) -> None:
    measured = json.dumps(dict(variables), separators=(",", ":"), ensure_ascii=False)
    if variables and len(measured.encode()) > _VARIABLES_BYTES:
        raise errors.environment_too_large(measured)
    reserved = [name for name in variables if name in _RESERVED]
    if reserved and call.cloud.options.compat != "moto":
        raise errors.invalid(
            "Lambda was unable to configure your environment variables because the environment variables you have "
            "provided contains reserved keys that are currently not supported for modification. "
            f"Reserved keys used in this request: {', '.join(reserved)}"
        )


def check_role(arn: str, call: Call) -> None:
    """A function's role must exist, be of its account, and let Lambda assume it.

    Raises:
        AwsError: InvalidParameterValueException, AccessDeniedException.
    """
    parsed = Arn.parse(arn)
    if parsed is not None and parsed.account_id != call.account_id:
        raise errors.cross_account_role()
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


def _check_dead_letters(target: str | None) -> None:
    if target and target.split(":")[2] not in ("sqs", "sns"):
        raise errors.invalid(f"The provided target arn {target} is invalid. Only SQS and SNS ARNs are supported.")
