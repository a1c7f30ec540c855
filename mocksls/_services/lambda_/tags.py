"""Tags of functions, event source mappings and code signing configurations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .checks import check_tags
from .names import find_function, parse_name
from .store import Store


class Tags:
    """Operations on tags."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def tag_resource(self, request: Mapping[str, Any], call: Call) -> None:
        """Set tags.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterValueException.
        """
        tagged = self._tagged(request["Resource"], call)
        if not request["Tags"]:
            raise errors.invalid("An error occurred and the request cannot be processed.")
        tags = {**tagged.tags, **request["Tags"]}
        check_tags(tags)
        self._keep(tagged, tags)

    def untag_resource(self, request: Mapping[str, Any], call: Call) -> None:
        """Remove tags; those that are not there do not matter.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterValueException.
        """
        tagged = self._tagged(request["Resource"], call)
        self._keep(tagged, {key: value for key, value in tagged.tags.items() if key not in request["TagKeys"]})

    def list_tags(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tags of a resource.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterValueException.
        """
        return {"Tags": dict(self._tagged(request["Resource"], call).tags)}

    def _keep(self, tagged: Any, tags: dict[str, str]) -> None:
        tagged.tags = tags
        if hasattr(tagged, "revision_id"):
            tagged.revision_id = self._cloud.ids.uuid()

    def _tagged(self, arn: str, call: Call) -> Any:
        if ":event-source-mapping:" in arn:
            mapping = self._store.mappings.get(arn.rsplit(":", 1)[-1])
            if mapping is None:
                raise errors.no_tagged_mapping(arn)
            return mapping
        if ":code-signing-config:" in arn:
            signing = self._store.code_signing.get(arn)
            if signing is None:
                raise errors.no_code_signing(arn)
            return signing
        if ":capacity-provider:" in arn:
            raise errors.not_found(f"Capacity provider not found: {arn}")
        if parse_name(arn, call).qualifier is not None:
            raise errors.invalid(
                "Tags on function aliases and versions are not supported. Please specify a function ARN."
            )
        return find_function(self._store, arn, call)
