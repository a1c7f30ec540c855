"""Tags of tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from mocksls._kernel import tags
from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call
from mocksls._services.dynamodb import errors
from mocksls._services.dynamodb.store import Store, Table

_MAX_TAGS = 50
_PAGE = 10
_ALLOWED = re.compile(r"[\w\s+\-=._:/@]*").fullmatch
_RESOURCE = re.compile(r"table/([a-zA-Z0-9_.-]+)").fullmatch


class TableTags:
    """The operations on tags."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def tag_resource(self, request: Mapping[str, Any], call: Call) -> None:
        """Set tags of a table; a key that is there gets the new value.

        Raises: ResourceNotFoundException, ValidationException, AccessDeniedException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TagResource.html
        """
        table = self._table(request["ResourceArn"], call)
        given = tags.from_list(checked_tags(request["Tags"]))
        if len({**table.tags, **given}) > _MAX_TAGS:
            raise errors.validation(f"One or more parameter values were invalid: Too many tags: limit is {_MAX_TAGS}")
        table.tags |= given

    def untag_resource(self, request: Mapping[str, Any], call: Call) -> None:
        """Remove tags of a table; unknown keys are ignored.

        Raises: ResourceNotFoundException, ValidationException, AccessDeniedException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UntagResource.html
        """
        table = self._table(request["ResourceArn"], call)
        for key in request["TagKeys"]:
            table.tags.pop(key, None)

    def list_tags_of_resource(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """List the tags of a table, ten a page.

        Raises: ResourceNotFoundException, ValidationException, AccessDeniedException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTagsOfResource.html
        """
        table = self._table(request["ResourceArn"], call)
        start = request.get("NextToken", "0")
        if not start.isdecimal():
            raise errors.validation("Invalid NextToken")
        listed = tags.to_list(table.tags)
        end = int(start) + _PAGE
        answer: dict[str, Any] = {"Tags": listed[int(start) : end]}
        if end < len(listed):
            answer["NextToken"] = str(end)
        return answer

    def _table(self, text: str, call: Call) -> Table:
        arn = Arn.parse(text)
        match = _RESOURCE(arn.resource) if arn is not None and arn.service == "dynamodb" else None
        if arn is None or match is None:
            raise errors.validation(f"Invalid TableArn: Invalid ResourceArn provided as input {text}")
        if arn.account_id != call.account_id or arn.region != call.region:
            raise errors.access_denied(call.principal.arn, f"dynamodb:{call.operation}", text)
        table = self._store.tables.get(match.group(1))
        if table is None:
            raise errors.arn_not_found(text)
        return table


def checked_tags(given: Sequence[Mapping[str, str]]) -> Sequence[Mapping[str, str]]:
    """Tags of a request, checked.

    Raises: ValidationException.
    """
    if len(given) > _MAX_TAGS:
        raise errors.validation(f"One or more parameter values were invalid: Too many tags: limit is {_MAX_TAGS}")
    keys = [tag["Key"] for tag in given]
    if len(set(keys)) < len(keys):
        raise errors.invalid("Duplicate tag keys are not allowed")
    for tag in given:
        if not _ALLOWED(tag["Key"]) or not _ALLOWED(tag["Value"]) or tag["Key"].lower().startswith("aws:"):
            raise errors.invalid(f"Tag is invalid: {tag['Key']}={tag['Value']}")
    return given
