"""Versions: published from ``$LATEST``, and never changed.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import configuration, errors
from .names import find_function
from .store import Function, Store


class Versions:
    """Operations on versions."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def publish_version(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Publish ``$LATEST``; where it has not changed since the last version, that one is answered.

        Raises:
            AwsError: ResourceNotFoundException, PreconditionFailedException, InvalidParameterValueException.
        """
        function = find_function(self._store, request["FunctionName"], call)
        if request.get("RevisionId", function.revision_id) != function.revision_id:
            raise errors.revision_differs("GetFunction/GetAlias")
        expected = request.get("CodeSha256") or function.code.sha256
        if expected != function.code.sha256:
            raise errors.code_differs(expected, function.code.sha256)
        return configuration.shown(publish(function, request.get("Description", ""), call))

    def list_versions_by_function(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """``$LATEST`` and the published versions, in order.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        function = find_function(self._store, request["FunctionName"], call)
        versions = [function, *function.versions.values()]
        shown, marker = page(
            versions,
            request.get("MaxItems", 50),
            request.get("Marker"),
            lambda version: "" if version is function else f"{int(version.version):012d}",
            lambda: errors.invalid("Invalid Marker"),
        )
        return {
            "Versions": [configuration.listed(version, version.qualified_arn) for version in shown],
            "NextMarker": marker,
        }


def publish(function: Function, description: str, call: Call) -> Function:
    """The version that shows what ``$LATEST`` is now: a new one, unless the last one does."""
    newest = function.versions.get(str(function.newest))
    configured = function.configured()
    if newest is not None and function.published == configured:
        return newest
    function.newest += 1
    version = function.as_version(str(function.newest))
    version.description = description or function.description
    version.revision_id = call.cloud.ids.uuid()
    version.last_modified = configuration.stamp(call)
    function.versions[version.version] = version
    function.published = configured
    function.revision_id = call.cloud.ids.uuid()
    return version
