"""Tags of what IAM has: checked, set, removed, listed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel import tags as _tags

from . import errors
from .pages import paged

_MOST = 50


def given_tags(request: Mapping[str, Any]) -> dict[str, str]:
    """The tags that a request brings.

    Raises:
        AwsError: InvalidInput for keys that differ in case only, or twice the same.
    """
    names = [tag["Key"].lower() for tag in request.get("Tags", ())]
    if len(names) != len(set(names)):
        raise errors.duplicate_tags()
    return _tags.from_list(request.get("Tags"))


def set_tags(tags: dict[str, str], request: Mapping[str, Any]) -> None:
    """Add tags, in place of those whose keys differ in case only.

    Raises:
        AwsError: InvalidInput, LimitExceeded.
    """
    new = given_tags(request)
    lowered = {name.lower() for name in new}
    kept = {name: value for name, value in tags.items() if name.lower() not in lowered}
    if len(kept) + len(new) > _MOST:
        raise errors.too_many_tags()
    tags.clear()
    tags.update({**kept, **new})


def remove_tags(tags: dict[str, str], request: Mapping[str, Any]) -> None:
    """Remove tags by their keys."""
    for key in request["TagKeys"]:
        tags.pop(key, None)


def tags_page(tags: Mapping[str, str], request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of tags, by key."""
    items = sorted(_tags.to_list(tags), key=lambda tag: tag["Key"])
    return paged(request, "Tags", items, lambda tag: tag["Key"], lambda tag: tag)
