"""IAM's pages: Marker, MaxItems, IsTruncated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from mocksls._kernel.errors import AwsError
from mocksls._kernel.paging import page

T = TypeVar("T")


def paged(
    request: Mapping[str, Any], member: str, items: Sequence[T], key: Callable[[T], str], shown: Callable[[T], Any]
) -> dict[str, Any]:
    """The answer of a list operation; ``items`` are sorted by ``key``.

    Raises:
        AwsError: ValidationError for a marker that is not ours.
    """
    found, marker = page(
        items,
        request.get("MaxItems", 100),
        request.get("Marker"),
        key,
        lambda: AwsError("ValidationError", "Invalid Marker.", status=400),
    )
    answer: dict[str, Any] = {member: [shown(item) for item in found], "IsTruncated": marker is not None}
    if marker is not None:
        answer["Marker"] = marker
    return answer
