"""Platform applications and their endpoints: stored, and what is published to them recorded.

https://docs.aws.amazon.com/sns/latest/dg/sns-mobile-application-as-subscriber.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import arns, errors
from .store import Application, Endpoint, Store

_NAME = re.compile(r"[A-Za-z0-9_.-]+\Z")
_PLATFORMS = (
    *("ADM", "APNS", "APNS_SANDBOX", "APNS_VOIP", "APNS_VOIP_SANDBOX", "BAIDU", "FCM", "GCM", "MACOS"),
    *("MACOS_SANDBOX", "MPNS", "WNS"),
)
_WITHOUT_PRINCIPAL = ("GCM", "FCM")
_SECRET = ("PlatformCredential", "PlatformPrincipal")
_KNOWN = (
    *_SECRET,
    *("EventEndpointCreated", "EventEndpointDeleted", "EventEndpointUpdated", "EventDeliveryFailure", "Enabled"),
    *("SuccessFeedbackRoleArn", "FailureFeedbackRoleArn", "SuccessFeedbackSampleRate", "ApplePlatformTeamID"),
    *("ApplePlatformBundleID", "ApplePlatformCertificateExpirationDate"),
)
_OF_ENDPOINTS = ("CustomUserData", "Enabled", "Token")
_LONGEST_DATA = 2048
_PAGE = 100


class Applications:
    """Operations on platform applications and endpoints."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_platform_application(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a platform application; its credentials are kept, not tried.

        Raises:
            AwsError: InvalidParameter.
        """
        name, platform, given = request["Name"], request["Platform"], request["Attributes"]
        _check_name(name)
        if platform not in _PLATFORMS:
            raise errors.invalid(f"Platform Reason: {platform} is not supported")
        _check_attributes(given, platform)
        if self._cloud.options.compat != "moto" and "PlatformCredential" not in given:
            raise errors.invalid("Attributes Reason: PlatformCredential is required")
        arn = make_arn("sns", call.region, call.account_id, f"app/{platform}/{name}")
        self._store.applications.setdefault(arn, Application(arn, platform)).attributes.update(given)
        return {"PlatformApplicationArn": arn}

    def get_platform_application_attributes(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The attributes of a platform application, without its credentials.

        Raises:
            AwsError: InvalidParameter, NotFound.
        """
        application = arns.find_application(self._store, request["PlatformApplicationArn"])
        return {"Attributes": self._shown(application)}

    def _shown(self, application: Application) -> dict[str, str]:
        """Suites written for moto read back what they set, credentials too."""
        if self._cloud.options.compat == "moto":
            return dict(application.attributes)
        own = {name: value for name, value in application.attributes.items() if name not in _SECRET}
        return {"Enabled": "true", **own}

    def set_platform_application_attributes(self, request: Mapping[str, Any], call: Call) -> None:
        """Change attributes of a platform application.

        Raises:
            AwsError: InvalidParameter, NotFound.
        """
        application = arns.find_application(self._store, request["PlatformApplicationArn"])
        merged = {**application.attributes, **request["Attributes"]}
        _check_attributes(merged, application.platform)
        application.attributes = merged

    def delete_platform_application(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a platform application with its endpoints; one that is not there is fine.

        Raises:
            AwsError: InvalidParameter.
        """
        arns.parts(request["PlatformApplicationArn"], "PlatformApplicationArn")
        self._store.applications.pop(request["PlatformApplicationArn"], None)

    def list_platform_applications(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The platform applications, a hundred a page.

        Raises:
            AwsError: InvalidParameter.
        """
        found, token = _page(sorted(self._store.applications), request)
        shown = [
            {"PlatformApplicationArn": arn, "Attributes": self._shown(self._store.applications[arn])} for arn in found
        ]
        return {"PlatformApplications": shown, "NextToken": token}

    # -- endpoints -----------------------------------------------------------------------------------------------

    def create_platform_endpoint(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make an endpoint for a device's token; one with the same token and attributes is answered.

        Raises:
            AwsError: InvalidParameter, NotFound.
        """
        application = arns.find_application(self._store, request["PlatformApplicationArn"])
        given, token = dict(request.get("Attributes", {})), request["Token"]
        if "CustomUserData" in request:
            given.setdefault("CustomUserData", request["CustomUserData"])
        _check_endpoint_attributes(given)
        wanted = {"Enabled": "true", **given, "Token": token}
        for known in application.endpoints.values():
            if known.attributes["Token"] == token:
                if known.attributes != wanted:
                    text = f"Endpoint {known.arn} already exists with the same Token, but different attributes."
                    raise errors.invalid(f"Token Reason: {text}")
                return {"EndpointArn": known.arn}
        platform, name = application.arn.split("/")[1:3]
        arn = make_arn("sns", call.region, call.account_id, f"endpoint/{platform}/{name}/{self._cloud.ids.uuid()}")
        application.endpoints[arn] = Endpoint(arn, wanted)
        return {"EndpointArn": arn}

    def get_endpoint_attributes(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The attributes of an endpoint.

        Raises:
            AwsError: InvalidParameter, NotFound.
        """
        return {"Attributes": dict(self._endpoint(request["EndpointArn"]).attributes)}

    def set_endpoint_attributes(self, request: Mapping[str, Any], call: Call) -> None:
        """Change attributes of an endpoint.

        Raises:
            AwsError: InvalidParameter, NotFound.
        """
        endpoint = self._endpoint(request["EndpointArn"])
        _check_endpoint_attributes(request["Attributes"])
        endpoint.attributes = {**endpoint.attributes, **request["Attributes"]}

    def delete_endpoint(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete an endpoint; one that is not there is fine. Subscriptions to it stay.

        Raises:
            AwsError: InvalidParameter.
        """
        arn = request["EndpointArn"]
        _check_endpoint_arn(arn)
        for application in self._store.applications.values():
            application.endpoints.pop(arn, None)

    def list_endpoints_by_platform_application(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The endpoints of a platform application, a hundred a page.

        Raises:
            AwsError: InvalidParameter, NotFound.
        """
        endpoints = arns.find_application(self._store, request["PlatformApplicationArn"]).endpoints
        found, token = _page(sorted(endpoints), request)
        shown = [{"EndpointArn": arn, "Attributes": dict(endpoints[arn].attributes)} for arn in found]
        return {"Endpoints": shown, "NextToken": token}

    def _endpoint(self, arn: str) -> Endpoint:
        _check_endpoint_arn(arn)
        found = arns.find_endpoint(self._store, arn)
        if found is None:
            raise errors.no_endpoint()
        return found[1]


def _check_name(name: str) -> None:
    if not name:
        raise errors.invalid(f"{name} Reason: cannot be empty")
    if len(name) > 256:
        raise errors.invalid(f"{name} Reason: must be at most 256 characters long")
    if not _NAME.match(name):
        text = "must contain only characters 'a'-'z', 'A'-'Z', '0'-'9', '_', '-', and '.'"
        raise errors.invalid(f"{name} Reason: {text}")


def _check_attributes(given: Mapping[str, str], platform: str) -> None:
    for name in given:
        if name not in _KNOWN:
            raise errors.invalid(f"Attributes Reason: Invalid attribute name: {name}")
    if platform in _WITHOUT_PRINCIPAL:
        return
    for name, other in (_SECRET, _SECRET[::-1]):
        if name in given and other not in given:
            raise errors.invalid(f"Attributes Reason: {name} attribute provided without {other}")


def _check_endpoint_attributes(given: Mapping[str, str]) -> None:
    for name, value in given.items():
        if name not in _OF_ENDPOINTS:
            raise errors.invalid(f"Attributes Reason: Invalid attribute name: {name}")
        if name == "CustomUserData" and len(value.encode()) > _LONGEST_DATA:
            text = f"CustomUserData: must be at most {_LONGEST_DATA} bytes long in UTF-8 encoding"
            raise errors.invalid(f"Attributes Reason: Invalid value for attribute: {text}")


def _check_endpoint_arn(arn: str) -> None:
    if arns.parts(arn, "EndpointArn")[5].count("/") != 3:
        raise errors.invalid("EndpointArn Reason: Wrong number of slashes in relative portion of the ARN.")


def _page(ordered: list[str], request: Mapping[str, Any]) -> tuple[list[str], str | None]:
    return page(ordered, _PAGE, request.get("NextToken"), str, lambda: errors.invalid("NextToken"))
