"""Execution environments of the functions: made when needed, kept warm, retired when the configuration changes."""

from __future__ import annotations

import sys
import zlib
from functools import lru_cache
from pathlib import Path

from mocksls._kernel.call import Call, Origin, Principal
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.identities import Credential
from mocksls._kernel.ids import Ids
from mocksls._kernel.principals import in_role
from mocksls._sandbox import Code, Environment, EnvironmentSpec, InvocationContext, Sandbox, missing_program, zip_code

from . import errors
from .configuration import log_group
from .packages import Packages
from .store import Function

_INITIALISED_AHEAD = 4
_PROVISIONED = "provisioned-concurrency"
_ON_DEMAND = "on-demand"


class WarmEnvironment:
    """An environment with its log stream; ``logged`` tells that the stream has been made.

    One that has served a tenant serves no other.
    """

    def __init__(
        self, environment: Environment, stream: str, principal: Principal, tenant_id: str | None = None
    ) -> None:
        self.tenant_id = tenant_id
        self.environment = environment
        self.stream = stream
        self.principal = principal
        self.logged = False


class Environments:
    """The environments of one cloud, idle ones by the version's ARN; and how many of a function are busy."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._idle: dict[str, list[WarmEnvironment]] = {}
        self._revisions: dict[str, int] = {}
        self._provisioned: dict[str, int] = {}
        self._packages = Packages()
        self.busy: dict[str, int] = {}

    def acquire(self, function: Function, tenant_id: str | None = None) -> WarmEnvironment:
        """A warm environment of a version (and tenant), or a new one; it serves one invocation at a time."""
        idle = self._idle.get(function.qualified_arn, [])
        for place in range(len(idle) - 1, -1, -1):
            if idle[place].tenant_id == tenant_id:
                warm = idle.pop(place)
                if warm.environment.alive:
                    return warm
        kind = _PROVISIONED if self._provisioned.get(function.qualified_arn) else _ON_DEMAND
        return self._made(function, kind, tenant_id)

    def release(self, function: Function, warm: WarmEnvironment, revision: int) -> None:
        """Keep an environment for the next invocation, if its function has not changed meanwhile."""
        if warm.environment.alive and revision == self.revision(function.qualified_arn):
            self._idle.setdefault(function.qualified_arn, []).append(warm)
        else:
            warm.environment.close()

    def provision(self, function: Function, count: int, call: Call) -> bool:
        """Initialise environments ahead, a few of them at once; whether that went well.

        The cloud's lock is let go of while they initialise.
        """
        arn = function.qualified_arn
        self.retire(arn)
        self._provisioned[arn] = count
        revision = self.revision(arn)
        for _ in range(min(count, _INITIALISED_AHEAD)):
            warm = self._made(function, _PROVISIONED)
            context = InvocationContext(request_id=self._cloud.ids.uuid(), function_arn=arn)
            origin = Origin(call.trace_id, call.origin.lineage, from_handler=True, acting=warm.principal)
            with call.unlocked():
                failure = warm.environment.prepare(context, origin)
            if failure is not None:
                self.retire(arn)
                warm.environment.close()
                return False
            self.release(function, warm, revision)
        return True

    def revision(self, arn: str) -> int:
        """How often a version's environments have been retired."""
        return self._revisions.get(arn, 0)

    def retire(self, arn: str) -> None:
        """Close a version's idle environments; busy ones end with their invocation."""
        self._revisions[arn] = self.revision(arn) + 1
        self._provisioned.pop(arn, None)
        for warm in self._idle.pop(arn, []):
            warm.environment.close()

    def close(self) -> None:
        """Forget everything; the sandbox itself ends the processes."""
        self._idle.clear()
        self._packages.close()

    def _made(self, function: Function, kind: str, tenant_id: str | None = None) -> WarmEnvironment:
        now = self._cloud.clock.now()
        stream = f"{now:%Y/%m/%d}/[{function.version}]{self._cloud.ids.hex(32)}"
        credential = self._credential(function)
        code, handler = self._code(function)
        spec = EnvironmentSpec(
            function_name=function.name,
            function_arn=function.arn,
            handler=handler,
            code=code,
            environ=_variables(function, stream, credential, kind),
            version=function.version,
            layers=tuple(str(self._packages.folder(layer.code)) for layer in function.layers),
            memory_mb=function.memory_mb,
            timeout_s=function.timeout_s,
            ephemeral_mb=function.ephemeral_mb,
            runtime=function.runtime or "",
        )
        missing = missing_program(spec)
        if missing is not None:
            raise errors.cannot_run(f"{function.name} ({function.runtime})", missing)
        self._remark(function, spec)
        sandbox: Sandbox = self._cloud.sandbox()
        return WarmEnvironment(sandbox.environment(spec), stream, credential.principal, tenant_id)

    def _remark(self, function: Function, spec: EnvironmentSpec) -> None:
        """Tell the trace what is otherwise than on AWS."""
        here = f"python{sys.version_info.major}.{sys.version_info.minor}"
        if spec.runtime.startswith("python") and spec.runtime != here:
            self._note(function, f"its runtime is {spec.runtime}; it runs on the test's {here}")
        if any((Path(layer) / "extensions").is_dir() for layer in spec.layers):
            self._note(function, "extensions in its layers are not started")

    def _note(self, function: Function, text: str) -> None:
        self._cloud.note("note", "lambda", function.name, text)

    def _code(self, function: Function) -> tuple[Code, str]:
        """What runs, and the handler's name in it."""
        code = function.code
        if code.registered is not None:
            registered: Code = self._cloud.code[code.registered]
            return registered, function.handler or ""
        if code.image_uri is not None:
            return self._image(function, code.image_uri)
        return zip_code(str(self._packages.folder(code)), code.sha256), function.handler or ""

    def _image(self, function: Function, uri: str) -> tuple[Code, str]:
        found: Code | None = self._cloud.code.get(f"image:{uri}")
        if found is None:
            raise errors.cannot_run(
                f"{function.name}, the image {uri}", "say what runs in its place: aws.images[uri] = handler"
            )
        command = (function.settings.get("ImageConfig") or {}).get("Command") or [""]
        return found, command[0]

    def _credential(self, function: Function) -> Credential:
        """Keys of the function's role, in a session named after the function.

        A function has the same keys in all its environments: clients made in an initialisation hold them, and an
        environment may be a copy of one that was initialised before.
        """
        key, secret, token = _keys(function.account_id, function.qualified_arn, function.role)
        principal = role_principal(function, self._cloud)
        credential = self._cloud.identities.credentials[key] = Credential(key, secret, principal, token)
        return credential


def role_principal(function: Function, cloud: Cloud) -> Principal:
    """A function as a caller: its role, in a session named after the function.

    Raises:
        AwsError: the role is gone.
    """
    if cloud.identities.role(function.role) is None:
        text = "The role defined for the function cannot be assumed by Lambda."
        raise AwsError("AccessDeniedException", text, status=403)
    return in_role(cloud, function.role, function.name)


@lru_cache(maxsize=256)
def _keys(account_id: str, *owner: str) -> tuple[str, str, str]:
    ids = Ids(zlib.crc32("|".join(owner).encode()))
    return ids.access_key(account_id, "ASIA"), ids.secret_key(), ids.session_token()


def _variables(function: Function, stream: str, credential: Credential, kind: str) -> dict[str, str]:
    """The variables that AWS's runtime defines, over the function's own.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    return {
        **(function.variables or {}),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": function.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_LOG_GROUP_NAME": log_group(function),
        "AWS_LAMBDA_LOG_STREAM_NAME": stream,
        "AWS_LAMBDA_INITIALIZATION_TYPE": kind,
        "AWS_LAMBDA_RUNTIME_API": "169.254.100.1:9001",
        "AWS_LAMBDA_LOG_FORMAT": function.logging.get("LogFormat", "Text"),
        "AWS_LAMBDA_LOG_LEVEL": function.logging.get("ApplicationLogLevel", ""),
        "AWS_REGION": function.region,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
        "AWS_ACCESS_KEY_ID": credential.access_key_id,
        "AWS_SECRET_ACCESS_KEY": credential.secret_access_key,
        "AWS_SESSION_TOKEN": credential.session_token or "",
        "_HANDLER": function.handler or "",
        "LAMBDA_TASK_ROOT": "/var/task",
        "LAMBDA_RUNTIME_DIR": "/var/runtime",
        "LANG": "en_US.UTF-8",
        "LC_CTYPE": "C.UTF-8",
        "TZ": (function.variables or {}).get("TZ", ":UTC"),
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        "AWS_XRAY_DAEMON_ADDRESS": "169.254.100.1:2000",
    }


def environments(cloud: Cloud) -> Environments:
    """The environments of a cloud."""
    found: Environments = cloud.attachment("lambda environments", lambda: Environments(cloud))
    return found
