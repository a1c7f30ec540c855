"""Enrichment of AWS's own metrics for PromQL: switched and filtered for an account; nothing is enriched.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_StartOTelEnrichment.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .store import Enrichment, Store

_MOST_SELECTORS = 100
_FILTERS = ("IncludeFilters", "ExcludeFilters")


class OTelEnrichment:
    """Operations on the enrichment of an account and region."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def start_otel_enrichment(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Start enriching; where it runs already nothing changes, and the filters of the request are not taken.

        Raises:
            AwsError: ValidationError.
        """
        _check(request)
        if self._store.enrichment is None:
            now = self._cloud.clock.time()
            self._store.enrichment = Enrichment(now, now, _filters(request))
        return _shown(self._store.enrichment)

    def update_otel_enrichment(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Replace both kinds of filters.

        Raises:
            AwsError: ValidationError, ResourceNotFoundException: enrichment does not run.
        """
        _check(request)
        running = self._store.enrichment
        if running is None:
            raise errors.no_resource("OTel enrichment is not running for this account.")
        running.filters, running.updated = _filters(request), self._cloud.clock.time()
        return _shown(running)

    def get_otel_enrichment(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Whether enrichment runs, and with which filters."""
        running = self._store.enrichment
        return {"Status": "Stopped"} if running is None else {"Status": "Running", **_shown(running)}

    def stop_otel_enrichment(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Stop enriching; the filters are forgotten."""
        self._store.enrichment = None
        return {}


def _filters(request: Mapping[str, Any]) -> dict[str, Any]:
    return {name: request[name] for name in _FILTERS if request.get(name)}


def _check(request: Mapping[str, Any]) -> None:
    if sum(len(request.get(name, ())) for name in _FILTERS) > _MOST_SELECTORS:
        text = f"A maximum of {_MOST_SELECTORS} filters is allowed across IncludeFilters and ExcludeFilters combined."
        raise errors.validation(text)


def _shown(running: Enrichment) -> dict[str, Any]:
    return {
        **running.filters,
        "CreatedAt": datetime.fromtimestamp(running.created, timezone.utc),
        "UpdatedAt": datetime.fromtimestamp(running.updated, timezone.utc),
    }
