"""What holds for the account: limits, endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call

_ACCOUNT_UNITS = 80000
_TABLE_UNITS = 40000
_CACHE_MINUTES = 1440


class Account:
    """The operations that are about no table."""

    def describe_limits(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Tell the default quotas of an account.

        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeLimits.html
        """
        return {
            "AccountMaxReadCapacityUnits": _ACCOUNT_UNITS,
            "AccountMaxWriteCapacityUnits": _ACCOUNT_UNITS,
            "TableMaxReadCapacityUnits": _TABLE_UNITS,
            "TableMaxWriteCapacityUnits": _TABLE_UNITS,
        }

    def describe_endpoints(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Tell the regional endpoint.

        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeEndpoints.html
        """
        address = f"dynamodb.{call.region}.amazonaws.com"
        return {"Endpoints": [{"Address": address, "CachePeriodInMinutes": _CACHE_MINUTES}]}
