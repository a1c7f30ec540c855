"""Execution environments of the functions: made when needed, kept warm, retired when the configuration changes."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

from mocksls._kernel.call import Call, Principal, Session
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.identities import Credential
from mocksls._sandbox import Code, Environment, EnvironmentSpec, Sandbox, zip_code

from . import errors
from .configuration import log_group
from .store import Function


class WarmEnvironment:
    """An environment with its log stream."""

    def __init__(self, environment: Environment, stream: str, principal: Principal) -> None:
        self.environment = environment
        self.stream = stream
        self.principal = principal


class Environments:
    """The environments of one cloud, idle ones by function ARN."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._idle: dict[str, list[WarmEnvironment]] = {}
        self._revisions: dict[str, int] = {}
        self._unpacked: dict[str, Path] = {}
        self._root: Path | None = None

    def acquire(self, function: Function, call: Call) -> WarmEnvironment:
        """A warm environment of a function, or a new one; it serves one invocation at a time."""
        idle = self._idle.get(function.arn, [])
        while idle:
            warm = idle.pop()
            if warm.environment.alive:
                return warm
        now = self._cloud.clock.now()
        stream = f"{now:%Y/%m/%d}/[$LATEST]{self._cloud.ids.hex(32)}"
        credential = self._credential(function, call)
        spec = EnvironmentSpec(
            function_name=function.name,
            function_arn=function.arn,
            handler=function.handler or "",
            code=self._code(function),
            environ=self._variables(function, call, stream, credential),
            memory_mb=function.memory_mb,
            timeout_s=function.timeout_s,
            ephemeral_mb=function.ephemeral_mb,
            runtime=function.runtime or "",
        )
        return WarmEnvironment(self._sandbox().environment(spec), stream, credential.principal)

    def release(self, function: Function, warm: WarmEnvironment, revision: int) -> None:
        """Keep an environment for the next invocation, if its function has not changed meanwhile."""
        if warm.environment.alive and revision == self.revision(function.arn):
            self._idle.setdefault(function.arn, []).append(warm)
        else:
            warm.environment.close()

    def revision(self, arn: str) -> int:
        """How often a function's environments have been retired."""
        return self._revisions.get(arn, 0)

    def retire(self, arn: str) -> None:
        """Close a function's idle environments; busy ones end with their invocation."""
        self._revisions[arn] = self.revision(arn) + 1
        for warm in self._idle.pop(arn, []):
            warm.environment.close()

    def close(self) -> None:
        """Forget everything; the sandbox itself ends the processes."""
        self._idle.clear()
        if self._root is not None:
            shutil.rmtree(self._root, ignore_errors=True)

    def _sandbox(self) -> Sandbox:
        sandbox: Sandbox = self._cloud.sandbox()
        return sandbox

    def _code(self, function: Function) -> Code:
        code = function.code
        if code.registered is not None:
            registered: Code = self._cloud.code[code.registered]
            return registered
        if code.zip_file is None or not (function.runtime or "").startswith("python"):
            raise errors.runs_python_only(function.runtime or "images")
        if code.sha256 not in self._unpacked:
            self._unpacked[code.sha256] = self._unpack(code.zip_file, str(len(self._unpacked)))
        return zip_code(str(self._unpacked[code.sha256]))

    def _unpack(self, content: bytes, name: str) -> Path:
        if self._root is None:
            self._root = Path(tempfile.mkdtemp(prefix="mocksls-code-"))
        target = self._root / name
        target.mkdir()
        with zipfile.ZipFile(BytesIO(content)) as archive:
            archive.extractall(target)
        return target

    def _variables(self, function: Function, call: Call, stream: str, credential: Credential) -> dict[str, str]:
        """The variables that AWS's runtime defines, under the function's own.

        https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
        """
        return {
            **(function.variables or {}),
            "AWS_LAMBDA_FUNCTION_NAME": function.name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
            "AWS_LAMBDA_LOG_GROUP_NAME": log_group(function),
            "AWS_LAMBDA_LOG_STREAM_NAME": stream,
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_RUNTIME_API": "169.254.100.1:9001",
            "AWS_LAMBDA_LOG_FORMAT": function.logging.get("LogFormat", "Text"),
            "AWS_LAMBDA_LOG_LEVEL": function.logging.get("ApplicationLogLevel", ""),
            "AWS_REGION": call.region,
            "AWS_DEFAULT_REGION": call.region,
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

    def _credential(self, function: Function, call: Call) -> Credential:
        """Keys of the function's role, in a session named after the function."""
        role = self._cloud.identities.role(function.role)
        if role is None:
            raise AwsError("KMSAccessDeniedException", "Lambda was unable to assume the function's role.", status=502)
        ids = self._cloud.ids
        name = function.role.rsplit("/", 1)[-1]
        principal = Principal(
            "assumed-role",
            f"arn:aws:sts::{call.account_id}:assumed-role/{name}/{function.name}",
            call.account_id,
            f"{role.unique_id}:{function.name}",
            administrator=role.administrator,
            session=Session(issuer_arn=function.role, issued=self._cloud.clock.time()),
        )
        key, secret, token = ids.access_key(call.account_id, "ASIA"), ids.secret_key(), ids.session_token()
        credential = self._cloud.identities.credentials[key] = Credential(key, secret, principal, token)
        return credential


def environments(cloud: Cloud) -> Environments:
    """The environments of a cloud."""
    found: Environments = cloud.attachment("lambda environments", lambda: Environments(cloud))
    return found
