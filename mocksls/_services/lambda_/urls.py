"""Function URLs: configured here, answered in ``url_requests``.

https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import errors
from .names import FunctionName, function_named, parse_name
from .store import Function, FunctionUrl, Store

_ID_LENGTH = 32


class FunctionUrls:
    """Operations on function URLs."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_function_url_config(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Give a function, or one of its aliases, a URL.

        Raises:
            AwsError: ResourceNotFoundException, ResourceConflictException, InvalidParameterValueException.
        """
        named, function = self._existing(request, call)
        key = named.qualifier or ""
        if key in function.urls:
            raise errors.url_exists(_arn(function, key))
        now = self._stamp()
        url = FunctionUrl(
            url_id=self._cloud.ids.alnum(_ID_LENGTH),
            auth_type=request["AuthType"],
            created=now,
            modified=now,
            invoke_mode=request.get("InvokeMode", "BUFFERED"),
            cors=request.get("Cors"),
        )
        function.urls[key] = url
        shown = _shown(function, key, url)
        del shown["LastModifiedTime"]
        return shown if "InvokeMode" in request else {**shown, "InvokeMode": None}

    def get_function_url_config(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A function's URL.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        function, key, url = self._find(request, call)
        return _shown(function, key, url)

    def update_function_url_config(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Change a function's URL.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        self._existing(request, call)
        function, key, url = self._find(request, call)
        url.auth_type = request.get("AuthType", url.auth_type)
        url.invoke_mode = request.get("InvokeMode", url.invoke_mode)
        url.cors = request.get("Cors", url.cors)
        url.modified = self._stamp()
        shown = _shown(function, key, url)
        return shown if "InvokeMode" in request else {**shown, "InvokeMode": None}

    def delete_function_url_config(self, request: Mapping[str, Any], call: Call) -> None:
        """Take a function's URL away.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        function, key, _ = self._find(request, call)
        del function.urls[key]

    def list_function_url_configs(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The URLs of a function and its aliases.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        function = function_named(self._store, parse_name(request["FunctionName"], call), call)
        if function is None:
            raise errors.function_does_not_exist()
        shown, marker = page(
            sorted(function.urls.items()),
            request.get("MaxItems", 50),
            request.get("Marker"),
            lambda item: f"-{item[0]}",
            lambda: errors.invalid("Invalid Marker"),
        )
        configs = [_shown(function, key, url) for key, url in shown]
        return {"FunctionUrlConfigs": configs, "NextMarker": marker}

    def _existing(self, request: Mapping[str, Any], call: Call) -> tuple[FunctionName, Function]:
        named = parse_name(request["FunctionName"], call, request.get("Qualifier"))
        function = function_named(self._store, named, call)
        if function is None or (named.qualifier is not None and named.qualifier not in function.aliases):
            raise errors.function_does_not_exist()
        return named, function

    def _find(self, request: Mapping[str, Any], call: Call) -> tuple[Function, str, FunctionUrl]:
        named = parse_name(request["FunctionName"], call, request.get("Qualifier"))
        function = function_named(self._store, named, call)
        url = function.urls.get(named.qualifier or "") if function else None
        if function is None or url is None:
            raise errors.nothing_there()
        return function, named.qualifier or "", url

    def _stamp(self) -> str:
        now = self._cloud.clock.now()
        return now.strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"


def url_of(url: FunctionUrl, region: str) -> str:
    """The URL itself."""
    return f"https://{url.url_id}.lambda-url.{region}.on.aws/"


def _arn(function: Function, key: str) -> str:
    return f"{function.arn}:{key}" if key else function.arn


def _shown(function: Function, key: str, url: FunctionUrl) -> dict[str, Any]:
    return {
        "FunctionUrl": url_of(url, function.region),
        "FunctionArn": _arn(function, key),
        "AuthType": url.auth_type,
        "Cors": url.cors or None,
        "CreationTime": url.created,
        "LastModifiedTime": url.modified,
        "InvokeMode": url.invoke_mode,
    }
