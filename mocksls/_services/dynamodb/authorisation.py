"""What a call to DynamoDB must be allowed: tables and indexes, and the condition keys of fine-grained access.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from mocksls._kernel.arn import make_arn, partition_of
from mocksls._kernel.authorise import ActionEntry, Need
from mocksls._kernel.call import Call
from mocksls._kernel.templates import Context

from .store import Store

_ACTIONS = {
    "Get": "dynamodb:GetItem",
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
    "Delete": "dynamodb:DeleteItem",
    "ConditionCheck": "dynamodb:ConditionCheckItem",
}
_STATEMENT = (
    r"\s*(?:(?P<select>SELECT)\b.*?\bFROM|(?P<insert>INSERT)\s+INTO|(?P<update>UPDATE)|(?P<delete>DELETE)\s+FROM)\s+"
    r"\"?(?P<table>[\w.-]+?)\"?(?:\s*\.\s*\"?(?P<index>[\w-]+)\"?)?(?=\s|\Z|<<)"
)
_NAME = r"(?<![\w.#:])#?[A-Za-z_]\w*"
_WORDS = frozenset(
    (
        *("SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "BETWEEN", "IN"),
        *("ATTRIBUTE_EXISTS", "ATTRIBUTE_NOT_EXISTS", "ATTRIBUTE_TYPE", "BEGINS_WITH", "CONTAINS", "SIZE"),
        *("IF_NOT_EXISTS", "LIST_APPEND"),
    )
)
_EXPRESSIONS = ("ProjectionExpression", "ConditionExpression", "FilterExpression", "UpdateExpression")


def needs(entry: ActionEntry, request: Mapping[str, Any], call: Call, store: Store) -> Iterator[Need]:
    """What one action of an operation needs."""
    action, word = entry
    if word == "tables":
        for name, wanted in request.get("RequestItems", {}).items():
            yield _on_table(action, name, _requests(wanted), call, store)
    elif word == "tables of actions":
        yield from _of_transaction(request, call, store)
    elif word == "tables of statements":
        yield from _of_statements(request, call, store)
    elif word in ("table", "table or index", "index"):
        yield _on_table(action, request["TableName"], [request], call, store, request.get("IndexName"))
        if call.operation == "CreateTable" and request.get("Tags"):
            yield Need("dynamodb:TagResource", _arn(request["TableName"], call))
    else:
        for arn in _others(word, request, call):
            yield Need(action, arn, _policy(arn, store))


def _others(word: str, request: Mapping[str, Any], call: Call) -> list[str]:
    """The ARNs of what is not a table that the request names as such."""
    if word == "*":
        return [
            make_arn("dynamodb", call.region, call.account_id, "table/*") if call.operation == "ListTables" else "*"
        ]
    if word == "table to create":
        return [_arn(request["TableCreationParameters"]["TableName"], call)]
    if word == "global table":
        partition = partition_of(call.region)
        return [f"arn:{partition}:dynamodb::{call.account_id}:global-table/{request['GlobalTableName']}"]
    members = {
        "arn": ("ResourceArn", "TableArn"),
        "backup": ("BackupArn",),
        "export": ("ExportArn",),
        "import": ("ImportArn",),
        "backup and target table": ("BackupArn", "TargetTableName"),
        "source and target table": ("SourceTableArn", "SourceTableName", "TargetTableName"),
    }[word]
    named = [(member, request[member]) for member in members if member in request]
    return [_arn(text, call) if member.endswith("TableName") else text for member, text in named]


def _requests(wanted: Any) -> list[Mapping[str, Any]]:
    """The single requests that a batch makes of one table."""
    if isinstance(wanted, Mapping):
        return [{**wanted, "Key": key} for key in wanted.get("Keys", ())]
    return [each.get("PutRequest") or each.get("DeleteRequest") or {} for each in wanted]


def _of_transaction(request: Mapping[str, Any], call: Call, store: Store) -> Iterator[Need]:
    enclosing = {"dynamodb:enclosingoperation": call.operation}
    for each in request.get("TransactItems", ()):
        for kind, inner in each.items():
            if kind in _ACTIONS and isinstance(inner, Mapping):
                yield _on_table(_ACTIONS[kind], inner.get("TableName", ""), [inner], call, store, more=enclosing)


def _of_statements(request: Mapping[str, Any], call: Call, store: Store) -> Iterator[Need]:
    texts = [request] if "Statement" in request else request.get("Statements", request.get("TransactStatements", ()))
    for each in texts:
        found = re.match(_STATEMENT, each.get("Statement", ""), re.IGNORECASE | re.DOTALL)
        if found is not None:
            kind = next(name for name in ("select", "insert", "update", "delete") if found.group(name))
            arn = _arn(found.group("table"), call, found.group("index"))
            yield Need(f"dynamodb:PartiQL{kind.title()}", arn, _policy(arn, store))


def _on_table(
    action: str,
    name: str,
    requests: Iterable[Mapping[str, Any]],
    call: Call,
    store: Store,
    index: str | None = None,
    more: Context | None = None,
) -> Need:
    arn = _arn(name, call, index)
    return Need(action, arn, _policy(arn, store), keys=partial(_keys, name, list(requests), store, more or {}))


def _policy(arn: str, store: Store) -> str | None:
    """The policy of a table, which is its indexes' as well, or of a stream."""
    parts = arn.rpartition(":")[2].split("/")
    table = store.tables.get(parts[1]) if len(parts) > 1 and parts[0] == "table" else None
    if table is None or not table.policies:
        return None
    known = table.policies.get(arn) or (table.policies.get(table.arn) if parts[2:3] == ["index"] else None)
    return known.text if known else None


def guarded(store: Store) -> bool:
    """Whether any table has a policy."""
    return any(table.policies for table in store.tables.values())


def _arn(name: str, call: Call, index: str | None = None) -> str:
    table = name if name.startswith("arn:") else make_arn("dynamodb", call.region, call.account_id, f"table/{name}")
    return f"{table}/index/{index}" if index else table


# -- condition keys ---------------------------------------------------------------------------------------------------


def _keys(name: str, requests: list[Mapping[str, Any]], store: Store, more: Context) -> Context:
    table = store.tables.get(name.rsplit("/", 1)[-1])
    keys: dict[str, Any] = dict(more)
    attributes: list[str] = []
    leading: list[str] = []
    for request in requests:
        attributes += _attributes(request)
        for option in ("Select", "ReturnValues", "ReturnConsumedCapacity"):
            if option in request:
                keys[f"dynamodb:{option.lower()}"] = request[option]
        if table is not None:
            schema = table.key_schema
            if "IndexName" in request:
                index = table.indexes.get(request["IndexName"])
                schema = index.key_schema if index else schema
            hash_name = next(each["AttributeName"] for each in schema if each["KeyType"] == "HASH")
            leading += _leading(request, hash_name)
    if attributes:
        keys["dynamodb:attributes"] = tuple(dict.fromkeys(attributes))
    if leading:
        keys["dynamodb:leadingkeys"] = tuple(dict.fromkeys(leading))
    if table is not None:
        keys |= {f"aws:resourcetag/{tag.lower()}": value for tag, value in table.tags.items()}
    return keys


def _leading(request: Mapping[str, Any], hash_name: str) -> list[str]:
    """The partition keys that a request speaks of, as text."""
    for member in ("Key", "Item"):
        found = request.get(member, {}).get(hash_name)
        if found is not None:
            return [_text(found)]
    condition = request.get("KeyConditions", {}).get(hash_name)
    if condition is not None:
        return [_text(value) for value in condition.get("AttributeValueList", ())]
    names = request.get("ExpressionAttributeNames", {})
    for name, value in re.findall(r"(#?\w+)\s*=\s*(:\w+)", request.get("KeyConditionExpression", "")):
        if names.get(name, name) == hash_name:
            return [_text(request.get("ExpressionAttributeValues", {}).get(value, {}))]
    return []


def _text(value: Mapping[str, Any]) -> str:
    return next((str(inner) for inner in value.values()), "")


def _attributes(request: Mapping[str, Any]) -> list[str]:
    """The top-level attributes that a request names."""
    found: list[str] = [*request.get("Key", {}), *request.get("Item", {}), *request.get("AttributesToGet", ())]
    for member in ("Expected", "KeyConditions", "QueryFilter", "ScanFilter", "AttributeUpdates"):
        found += request.get(member, {})
    names = request.get("ExpressionAttributeNames", {})
    for member in (*_EXPRESSIONS, "KeyConditionExpression"):
        for name in re.findall(_NAME, request.get(member, "")):
            if name.upper() not in _WORDS:
                found.append(names.get(name, name))
    return found
