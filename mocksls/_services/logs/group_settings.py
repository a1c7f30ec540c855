"""Settings of groups and of the account that change nothing here: tiers of storage, bearer tokens, syslog.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutStorageTierPolicy.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .groups import find_group
from .store import Store


class GroupSettings:
    """Operations on settings."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_storage_tier_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Choose where the account's events are stored."""
        self._store.storage_tier = (request["storageTier"], int(self._cloud.clock.time() * 1000))
        return self.get_storage_tier_policy(request, call)

    def get_storage_tier_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Where the account's events are stored.

        Raises:
            AwsError: ResourceNotFoundException: nothing was chosen.
        """
        if self._store.storage_tier is None:
            raise errors.not_found("The specified resource does not exist.")
        tier, updated = self._store.storage_tier
        return {"storageTier": tier, "lastUpdatedTime": updated}

    def put_bearer_token_authentication(self, request: Mapping[str, Any], call: Call) -> None:
        """Say whether a group takes events by bearer tokens; nothing comes that way here.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        find_group(self._store, request).takes_bearer_tokens = request["bearerTokenAuthenticationEnabled"]
