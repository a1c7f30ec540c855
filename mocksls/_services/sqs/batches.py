"""What the batch operations share: the rules of their entries, and an answer entry by entry."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mocksls._kernel.errors import AwsError

from . import errors

_ID = re.compile(r"[A-Za-z0-9_-]{1,80}\Z")
_MOST = 10


def check_entries(entries: Sequence[Mapping[str, Any]], element: str) -> None:
    """Whether there are one to ten entries with ids of their own.

    Raises:
        AwsError: EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId, BatchEntryIdsNotDistinct.
    """
    if not entries:
        raise errors.empty_batch(element)
    if len(entries) > _MOST:
        raise errors.too_many_entries(len(entries))
    seen: set[str] = set()
    for entry in entries:
        if not _ID.match(entry["Id"]):
            raise errors.bad_entry_id()
        if entry["Id"] in seen:
            raise errors.repeated_entry_id(entry["Id"])
        seen.add(entry["Id"])


def each(entries: Sequence[Mapping[str, Any]], run: Callable[[Mapping[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """Run every entry; those that fail are told beside those that do not."""
    done: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    for entry in entries:
        try:
            done.append({"Id": entry["Id"], **run(entry)})
        except AwsError as error:  # noqa: PERF203  # an entry that fails leaves the others alone
            failed.append({"Id": entry["Id"], "SenderFault": True, "Code": error.code, "Message": error.message})
    return {"Successful": done, "Failed": failed or None}
