"""Code signing configurations, and the functions that have one.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import configuration, errors
from .checks import check_tags
from .names import find_function
from .store import CodeSigningConfig, Store


class CodeSigning:
    """Operations on code signing.

    Differs: signatures are not checked.
    """

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_code_signing_config(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Say whose signatures are trusted.

        Raises:
            AwsError: InvalidParameterValueException.
        """
        check_tags(request.get("Tags", {}))
        config_id = f"csc-{self._cloud.ids.hex(17)}"
        arn = make_arn("lambda", call.region, call.account_id, f"code-signing-config:{config_id}")
        config = CodeSigningConfig(
            config_id=config_id,
            arn=arn,
            description=request.get("Description", ""),
            publishers=list(request["AllowedPublishers"]["SigningProfileVersionArns"]),
            policy=(request.get("CodeSigningPolicies") or {}).get("UntrustedArtifactOnDeployment", "Warn"),
            modified=configuration.stamp(call),
            tags=dict(request.get("Tags", {})),
        )
        self._store.code_signing[arn] = config
        return {"CodeSigningConfig": _shown(config)}

    def get_code_signing_config(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """One configuration.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        return {"CodeSigningConfig": _shown(self._find(request))}

    def update_code_signing_config(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Change what is given.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        config = self._find(request)
        config.description = request.get("Description", config.description)
        if request.get("AllowedPublishers"):
            config.publishers = list(request["AllowedPublishers"]["SigningProfileVersionArns"])
        if request.get("CodeSigningPolicies"):
            config.policy = request["CodeSigningPolicies"].get("UntrustedArtifactOnDeployment", config.policy)
        config.modified = configuration.stamp(call)
        return {"CodeSigningConfig": _shown(config)}

    def delete_code_signing_config(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Delete a configuration that no function has.

        Raises:
            AwsError: ResourceNotFoundException, ResourceConflictException.
        """
        config = self._find(request)
        if any(function.code_signing == config.arn for function in self._store.functions.values()):
            raise errors.conflict(f"The code signing configuration {config.arn} is used by functions.")
        del self._store.code_signing[config.arn]
        return {}

    def list_code_signing_configs(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """All configurations."""
        shown, marker = page(
            sorted(self._store.code_signing.values(), key=lambda config: config.arn),
            request.get("MaxItems", 50),
            request.get("Marker"),
            lambda config: config.arn,
            lambda: errors.invalid("Invalid Marker"),
        )
        return {"CodeSigningConfigs": [_shown(config) for config in shown], "NextMarker": marker}

    def put_function_code_signing_config(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Give a function a configuration.

        Raises:
            AwsError: CodeSigningConfigNotFoundException, ResourceNotFoundException.
        """
        arn = request["CodeSigningConfigArn"]
        if arn not in self._store.code_signing:
            raise errors.code_signing_gone(arn)
        function = find_function(self._store, request["FunctionName"], call)
        function.code_signing = arn
        return {"CodeSigningConfigArn": arn, "FunctionName": function.name}

    def get_function_code_signing_config(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A function's configuration, if it has one.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        function = find_function(self._store, request["FunctionName"], call)
        if function.code_signing is None:
            return {}
        return {"CodeSigningConfigArn": function.code_signing, "FunctionName": function.name}

    def delete_function_code_signing_config(self, request: Mapping[str, Any], call: Call) -> None:
        """Take a function's configuration away.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        find_function(self._store, request["FunctionName"], call).code_signing = None

    def list_functions_by_code_signing_config(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The functions that have a configuration.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        config = self._find(request)
        arns = sorted(each.arn for each in self._store.functions.values() if each.code_signing == config.arn)
        shown, marker = page(
            arns,
            request.get("MaxItems", 50),
            request.get("Marker"),
            lambda arn: arn,
            lambda: errors.invalid("Invalid Marker"),
        )
        return {"FunctionArns": shown, "NextMarker": marker}

    def _find(self, request: Mapping[str, Any]) -> CodeSigningConfig:
        config = self._store.code_signing.get(request["CodeSigningConfigArn"])
        if config is None:
            raise errors.no_code_signing(request["CodeSigningConfigArn"])
        return config


def _shown(config: CodeSigningConfig) -> dict[str, Any]:
    return {
        "CodeSigningConfigId": config.config_id,
        "CodeSigningConfigArn": config.arn,
        "Description": config.description,
        "AllowedPublishers": {"SigningProfileVersionArns": list(config.publishers)},
        "CodeSigningPolicies": {"UntrustedArtifactOnDeployment": config.policy},
        "LastModified": config.modified,
    }
