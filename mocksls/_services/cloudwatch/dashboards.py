"""Dashboards: put, shown, listed, deleted.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel import tags
from mocksls._kernel.arn import partition_of
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import errors
from .store import Dashboard, Store

_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}\Z")


class Dashboards:
    """Operations on dashboards."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_dashboard(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make or replace a dashboard.

        Raises:
            AwsError: InvalidParameterValue, InvalidParameterInput.

        Differs: widgets are not checked.
        """
        name, body = request["DashboardName"], request["DashboardBody"]
        if not _NAME.match(name):
            raise errors.invalid(
                "The value for field DashboardName contains invalid characters. It can only contain alphanumerics, "
                "dash (-) and underscore (_).\n"
            )
        try:
            sound = isinstance(json.loads(body), dict)
        except (ValueError, RecursionError):
            sound = False
        if not sound:
            raise errors.bad_dashboard("The field DashboardBody must be a valid JSON object")
        known = self._store.dashboards.get(name)
        arn = f"arn:{partition_of(call.region)}:cloudwatch::{call.account_id}:dashboard/{name}"
        self._store.dashboards[name] = Dashboard(
            name,
            arn,
            body,
            self._cloud.clock.time(),
            tags.from_list(request.get("Tags")) if known is None else known.tags,
        )
        return {"DashboardValidationMessages": []}

    def get_dashboard(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A dashboard.

        Raises:
            AwsError: ResourceNotFound.
        """
        name = request["DashboardName"]
        dashboard = self._store.dashboards.get(name)
        if dashboard is None:
            raise errors.no_dashboard(name)
        return {"DashboardArn": dashboard.arn, "DashboardBody": dashboard.body, "DashboardName": name}

    def list_dashboards(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The dashboards by prefix, a thousand a page.

        Raises:
            AwsError: InvalidParameterValue.
        """
        prefix = request.get("DashboardNamePrefix", "")
        found = [each for name, each in sorted(self._store.dashboards.items()) if name.startswith(prefix)]
        shown, token = page(found, 1000, request.get("NextToken"), lambda each: each.name, errors.bad_token)
        entries = [
            {
                "DashboardName": each.name,
                "DashboardArn": each.arn,
                "LastModified": datetime.fromtimestamp(each.modified, timezone.utc),
                "Size": len(each.body.encode("utf-8", "replace")),
            }
            for each in shown
        ]
        return {"DashboardEntries": entries, "NextToken": token}

    def delete_dashboards(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete dashboards: all of them, or none where one is not there.

        Raises:
            AwsError: InvalidParameterValue, ResourceNotFound.
        """
        names = request["DashboardNames"]
        if not names:
            raise errors.invalid("The parameter DashboardNames must not be empty.")
        missing = [name for name in names if name not in self._store.dashboards]
        if missing:
            raise errors.no_dashboard(missing[0])
        for name in names:
            self._store.dashboards.pop(name, None)
