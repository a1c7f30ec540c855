"""Names of tables and indexes, and ARNs in their stead."""

from __future__ import annotations

import re

from mocksls._kernel.arn import Arn
from mocksls._services.dynamodb import errors
from mocksls._services.dynamodb.store import Store, Table

_NAME = r"[a-zA-Z0-9_.-]+"
_ARN_RESOURCE = r"table/([a-zA-Z0-9_.-]{3,255})"


def data_table(store: Store, given: str) -> Table:
    """The table that a call on data names, by name or ARN.

    Raises: ResourceNotFoundException, ValidationException for a malformed name.
    """
    table = store.tables.get(given)
    if table is not None:
        return table
    table = store.tables.get(plain_name(given))
    if table is None or given not in (table.name, table.arn):
        raise errors.resource_not_found()
    return table


def managed_table(store: Store, given: str) -> Table:
    """The table that a call on tables names, by name or ARN.

    Raises: ResourceNotFoundException, ValidationException for a malformed name.
    """
    name = plain_name(given)
    table = store.tables.get(name)
    if table is None or given not in (name, table.arn):
        raise errors.table_not_found(name)
    return table


def check_known(store: Store, given: str, owner: str) -> None:
    """Check a table's name, before anything else of a request is read; ``owner`` is the path to what has it.

    Raises: ValidationException.
    """
    if given not in store.tables:
        plain_name(given, f"{owner}.tableName")


def plain_name(given: str, member: str = "tableName") -> str:
    """The name in what may be a name or a table's ARN.

    Raises: ValidationException for what is neither.
    """
    if given.startswith("arn:"):
        arn = Arn.parse(given)
        match = re.fullmatch(_ARN_RESOURCE, arn.resource) if arn is not None and arn.service == "dynamodb" else None
        if match is None:
            raise errors.validation(f"Invalid table/index name.  Invalid ARN: {given}")
        return match.group(1)
    check_name(given, member)
    return given


def is_name(text: str) -> bool:
    """Whether a text can be the name of a table or index."""
    return 3 <= len(text) <= 255 and re.fullmatch(_NAME, text) is not None


def check_name(name: str, member: str) -> None:
    """Check the length and characters of a table's or index's name.

    Raises: ValidationException.
    """
    if len(name) < 3:
        raise errors.constraint(name, member, "Member must have length greater than or equal to 3")
    if len(name) > 255:
        raise errors.constraint(name, member, "Member must have length less than or equal to 255")
    if not re.fullmatch(_NAME, name):
        raise errors.constraint(name, member, "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+")
