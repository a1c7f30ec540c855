"""Deliveries of logs that other services make: sources, destinations, and what joins them.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import Arn, make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import errors
from .store import Store

_KINDS = {"s3": "S3", "logs": "CWL", "firehose": "FH", "xray": "XRAY"}
_AGENTS = ("APPLICATION_LOGS", "USAGE_LOGS", "TRACES")
_MAILBOXES = ("AVAILABILITY_PROVIDER_LOGS", "MAILBOX_ACCESS_LOGS", "PERSONAL_ACCESS_TOKEN_LOGS")
_SOURCES = {
    "amplify": ("ACCESS_LOGS", "WAF_LOGS"),
    "bedrock": ("APPLICATION_LOGS", "EVENT_LOGS", "TRACES"),
    "bedrock-agentcore": _AGENTS,
    "cloudfront": ("ACCESS_LOGS", "CONNECTION_LOGS"),
    "codewhisperer": ("EVENT_LOGS",),
    "elasticloadbalancing": ("ALB_ACCESS_LOGS", "ALB_CONNECTION_LOGS", "ALB_HEALTH_CHECK_LOGS", "NLB_ACCESS_LOGS"),
    "entityresolution": ("WORKFLOW_LOGS",),
    "events": ("INFO_LOGS", "ERROR_LOGS", "TRACE_LOGS"),
    "mediapackagev2": ("EGRESS_ACCESS_LOGS", "INGRESS_ACCESS_LOGS"),
    "mediatailor": ("AD_DECISION_SERVER_LOGS", "MANIFEST_SERVICE_LOGS", "TRANSCODE_LOGS"),
    "qbusiness": ("EVENT_LOGS", "SYNC_JOB_LOGS"),
    "ses": ("APPLICATION_LOGS", "TRAFFIC_POLICY_DEBUG_LOGS"),
    "sso": ("ERROR_LOGS",),
    "workmail": ("ACCESS_CONTROL_LOGS", "AUTHENTICATION_LOGS", *(f"WORKMAIL_{name}" for name in _MAILBOXES)),
}
"""Services that are sources of deliveries, and what they send (PutDeliverySource's ``logType``)."""
_RECORD_FIELDS = (
    *("date", "time", "x-edge-location", "sc-bytes", "c-ip", "cs-method", "cs(Host)", "cs-uri-stem", "sc-status"),
    *("cs(Referer)", "cs(User-Agent)", "cs-uri-query", "cs(Cookie)", "x-edge-result-type", "x-edge-request-id"),
    *("x-host-header", "cs-protocol", "cs-bytes", "time-taken", "x-forwarded-for", "ssl-protocol", "ssl-cipher"),
    *("x-edge-response-result-type", "cs-protocol-version", "fle-status", "fle-encrypted-fields", "c-port"),
    *("time-to-first-byte", "x-edge-detailed-result-type", "sc-content-type", "sc-content-len", "sc-range-start"),
    "sc-range-end",
)


_CONFIGURED = ("recordFields", "fieldDelimiter", "s3DeliveryConfiguration")


class Deliveries:
    """Operations on deliveries.

    Differs: they are kept and shown; no service here delivers anything by them.
    """

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_delivery_destination(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a place that logs are delivered to, or change it.

        Raises:
            AwsError: ValidationException.
        """
        name = request["name"]
        target = (request.get("deliveryDestinationConfiguration") or {}).get("destinationResourceArn", "")
        arn = Arn.parse(target)
        kind = _KINDS.get(arn.service) if arn else request.get("deliveryDestinationType")
        if kind is None:
            raise errors.not_valid(f"Invalid destination resource ARN: {target}")
        known = self._store.delivery_destinations.get(name, {})
        form = request.get("outputFormat", known.get("outputFormat"))
        if known.get("outputFormat") not in (None, form):
            raise errors.not_valid("The output format of a delivery destination cannot be changed.")
        made = {
            "name": name,
            "arn": make_arn("logs", call.region, call.account_id, f"delivery-destination:{name}"),
            "deliveryDestinationType": kind,
            "outputFormat": form,
            "deliveryDestinationConfiguration": {"destinationResourceArn": target},
            "tags": request.get("tags", known.get("tags")),
        }
        self._store.delivery_destinations[name] = made
        if not known or "tags" in request:
            self._store.tags[str(made["arn"])] = dict(made["tags"] or {})
        return {"deliveryDestination": made}

    def get_delivery_destination(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """One destination.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        return {"deliveryDestination": self._destination(request["name"])}

    def describe_delivery_destinations(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """All destinations."""
        return _listed("deliveryDestinations", self._store.delivery_destinations, request)

    def delete_delivery_destination(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a destination that no delivery uses.

        Raises:
            AwsError: ResourceNotFoundException, ConflictException.
        """
        arn = self._destination(request["name"])["arn"]
        if any(each["deliveryDestinationArn"] == arn for each in self._store.deliveries.values()):
            raise errors.conflict("This Delivery Destination is used by a Delivery.")
        del self._store.delivery_destinations[request["name"]]
        self._store.tags.pop(arn, None)
        self._store.delivery_destination_policies.pop(request["name"], None)

    def put_delivery_destination_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Say who may deliver to a destination.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        name = request["deliveryDestinationName"]
        self._destination(name)
        self._store.delivery_destination_policies[name] = request["deliveryDestinationPolicy"]
        return self._policy(name)

    def get_delivery_destination_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Who may deliver to a destination.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        self._destination(request["deliveryDestinationName"])
        return self._policy(request["deliveryDestinationName"])

    def delete_delivery_destination_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Take a destination's policy away.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        self._destination(request["deliveryDestinationName"])
        self._store.delivery_destination_policies.pop(request["deliveryDestinationName"], None)

    def put_delivery_source(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Name a resource whose logs are to be delivered.

        Raises:
            AwsError: ResourceNotFoundException, ConflictException, ValidationException.
        """
        name, resource, kind = request["name"], request["resourceArn"], request["logType"]
        arn = Arn.parse(resource)
        if arn is None or arn.service not in _SOURCES:
            raise errors.not_found("Cannot access provided service.")
        if kind not in _SOURCES[arn.service]:
            raise errors.not_valid(f"The log type {kind} is not one that {arn.service} sends.")
        known = self._store.delivery_sources.get(name)
        if known is not None and known["resourceArns"] != [resource]:
            text = "Update failed due to having a different resource ARN than the existing Delivery Source."
            raise errors.conflict(text)
        made = {
            "name": name,
            "arn": make_arn("logs", call.region, call.account_id, f"delivery-source:{name}"),
            "resourceArns": [resource],
            "service": arn.service,
            "logType": kind,
            "tags": request.get("tags", (known or {}).get("tags")),
        }
        self._store.delivery_sources[name] = made
        if known is None or "tags" in request:
            self._store.tags[str(made["arn"])] = dict(made["tags"] or {})
        return {"deliverySource": made}

    def get_delivery_source(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """One source.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        source = self._store.delivery_sources.get(request["name"])
        if source is None:
            raise errors.no_delivery("Delivery Source")
        return {"deliverySource": source}

    def describe_delivery_sources(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """All sources."""
        return _listed("deliverySources", self._store.delivery_sources, request)

    def delete_delivery_source(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a source that no delivery uses.

        Raises:
            AwsError: ResourceNotFoundException, ConflictException.
        """
        name = request["name"]
        if name not in self._store.delivery_sources:
            raise errors.no_delivery("Delivery Source", "..")
        if any(each["deliverySourceName"] == name for each in self._store.deliveries.values()):
            raise errors.conflict("This Delivery Source is used by a Delivery.")
        self._store.tags.pop(self._store.delivery_sources.pop(name)["arn"], None)

    def create_delivery(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Join a source and a destination.

        Raises:
            AwsError: ResourceNotFoundException, ConflictException.
        """
        source, arn = request["deliverySourceName"], request["deliveryDestinationArn"]
        if source not in self._store.delivery_sources:
            raise errors.no_delivery("Delivery Source")
        destination = next((each for each in self._store.delivery_destinations.values() if each["arn"] == arn), None)
        if destination is None:
            raise errors.no_delivery("Delivery Destination")
        joined = (source, arn)
        if any(
            (e["deliverySourceName"], e["deliveryDestinationArn"]) == joined for e in self._store.deliveries.values()
        ):
            raise errors.conflict("Delivery already exists")
        delivery_id = self._cloud.ids.alnum(16)
        made = {
            "id": delivery_id,
            "arn": make_arn("logs", call.region, call.account_id, f"delivery:{delivery_id}"),
            "deliverySourceName": source,
            "deliveryDestinationArn": arn,
            "deliveryDestinationType": destination["deliveryDestinationType"],
            "recordFields": list(request.get("recordFields") or _RECORD_FIELDS),
            "fieldDelimiter": request.get("fieldDelimiter"),
            "s3DeliveryConfiguration": request.get("s3DeliveryConfiguration"),
            "tags": request.get("tags"),
        }
        self._store.deliveries[delivery_id] = made
        self._store.tags[str(made["arn"])] = dict(made["tags"] or {})
        return {"delivery": made}

    def get_delivery(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """One delivery.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        return {"delivery": self._delivery(request["id"])}

    def describe_deliveries(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """All deliveries."""
        return _listed("deliveries", self._store.deliveries, request)

    def update_delivery_configuration(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Change which fields are delivered, and where in a bucket.

        Raises:
            AwsError: ResourceNotFoundException, ValidationException.
        """
        delivery = self._delivery(request["id"])
        if "s3DeliveryConfiguration" in request and delivery["deliveryDestinationType"] != "S3":
            raise errors.not_valid("s3DeliveryConfiguration is valid only for deliveries to Amazon S3.")
        given = {name: request[name] for name in _CONFIGURED if name in request}
        self._store.deliveries[request["id"]] = {**delivery, **given}
        return {}

    def delete_delivery(self, request: Mapping[str, Any], call: Call) -> None:
        """End a delivery.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        self._store.tags.pop(self._delivery(request["id"])["arn"], None)
        del self._store.deliveries[request["id"]]

    def _destination(self, name: str) -> dict[str, Any]:
        destination = self._store.delivery_destinations.get(name)
        if destination is None:
            raise errors.no_delivery("Delivery Destination")
        return destination

    def _delivery(self, delivery_id: str) -> dict[str, Any]:
        delivery = self._store.deliveries.get(delivery_id)
        if delivery is None:
            raise errors.no_delivery("Delivery")
        return delivery

    def _policy(self, name: str) -> dict[str, Any]:
        policy = self._store.delivery_destination_policies.get(name)
        return {"policy": {"deliveryDestinationPolicy": policy} if policy is not None else {}}


def _listed(member: str, things: Mapping[str, dict[str, Any]], request: Mapping[str, Any]) -> dict[str, Any]:
    shown, token = page(
        sorted(things.items()),
        request.get("limit", 50),
        request.get("nextToken"),
        lambda item: item[0],
        errors.bad_token,
    )
    return {member: [thing for _, thing in shown], "nextToken": token}
