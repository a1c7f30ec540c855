"""Encryption at rest: what a table's SSEDescription says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call


def sse_description(given: Mapping[str, Any] | None, call: Call) -> dict[str, Any] | None:
    """The SSEDescription for an SSESpecification; None where AWS's own key is used silently."""
    if given is None or not given.get("Enabled", False):
        return None
    key = given.get("KMSMasterKeyId")
    if key is None:
        key = make_arn("kms", call.region, call.account_id, f"key/{call.cloud.ids.uuid()}")
    elif not key.startswith("arn:"):
        resource = key if key.startswith("alias/") else f"key/{key}"
        key = make_arn("kms", call.region, call.account_id, resource)
    return {"Status": "ENABLED", "SSEType": given.get("SSEType", "KMS"), "KMSMasterKeyArn": key}
