"""The operation that queries an object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._services.s3 import encryption, errors
from mocksls._services.s3.buckets import find_bucket
from mocksls._services.s3.reads import is_archived
from mocksls._services.s3.store import Store
from mocksls._services.s3.versions import find

from . import formats
from .expressions import MISSING, Path, Record, Step, look_up
from .faults import fault
from .parser import Query, parse

_MOST_BYTES_A_MESSAGE = 128 * 1024


class Selects:
    """Queries on objects."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def select_object_content(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """What a query finds in a CSV or JSON object: a row of messages, then statistics, then the end.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey, InvalidObjectState, InvalidExpressionType, ParseUnexpectedToken ...

        Differs: no Parquet, no functions of time; texts that spell numbers compare with numbers as such.
        """
        bucket = find_bucket(self._store, request)
        found = find(bucket, request, "POST")
        encryption.check_read(request, found, call)
        if is_archived(found, self._cloud):
            raise errors.object_state(found.storage_class)
        if request["ExpressionType"] != "SQL":
            raise fault("InvalidExpressionType", "The ExpressionType is invalid. Only SQL expressions are supported.")
        source, target = request["InputSerialization"], request["OutputSerialization"]
        if "Parquet" in source:
            raise errors.not_here("queries on Parquet files")
        if ("CSV" in source) == ("JSON" in source) or ("CSV" in target) == ("JSON" in target):
            raise fault("InvalidRequestParameter", "The value of a parameter in SelectRequest element is invalid.")
        query = parse(request["Expression"])
        body = _ranged(found.content.whole(), request.get("ScanRange"))
        lines = [formats.written(record, target) for record in results(query, formats.read(body, source))]
        output = "".join(lines).encode("utf-8", "replace")
        return {"Payload": list(_messages(output, len(body), request))}


def _ranged(body: bytes, asked: Mapping[str, int] | None) -> bytes:
    """The records that begin in a range of bytes."""
    if not asked:
        return body
    start, end = asked.get("Start"), asked.get("End")
    if start is None:
        start, end = max(len(body) - (end or 0), 0), None
    first = 0 if start == 0 else body.find(b"\n", start - 1) + 1 or len(body)
    last = len(body) if end is None else body.find(b"\n", end) + 1 or len(body)
    return body[first:last]


def results(query: Query, records: Iterator[Any]) -> Iterator[dict[str, Any]]:
    """The records of a query's result."""
    chosen = _chosen(query, records)
    if query.aggregates:
        for record in chosen:
            for aggregate in query.aggregates:
                aggregate.take(record)
        yield _projected(query, Record({}))
        return
    for count, record in enumerate(chosen):
        if query.limit is not None and count >= query.limit:
            return
        yield _projected(query, record)


def _chosen(query: Query, records: Iterator[Any]) -> Iterator[Record]:
    for value in records:
        # the first [*] is the row of records itself
        steps = query.source[1:] if query.source and query.source[0].key == "*" else query.source
        for each in _at_source(value, steps):
            record = Record(each, query.alias)
            if query.where is None or query.where.value_of(record) is True:
                yield record


def _at_source(value: Any, steps: tuple[Step, ...]) -> Iterator[Any]:
    """What ``FROM S3Object[*].a[*]`` takes from a value."""
    if not steps:
        yield value
        return
    step, rest = steps[0], steps[1:]
    if step.key == "*":
        for each in value if isinstance(value, list) else [value]:
            yield from _at_source(each, rest)
        return
    yield from _at_source(look_up(value, step), rest)


def _projected(query: Query, record: Record) -> dict[str, Any]:
    if not query.columns:
        if record.value is MISSING:
            return {}
        return dict(record.value) if isinstance(record.value, Mapping) else {"_1": record.value}
    found: dict[str, Any] = {}
    for at, (expression, alias) in enumerate(query.columns, 1):
        if isinstance(expression, Path) and expression.steps[-1].key == "*" and isinstance(record.value, Mapping):
            found |= record.value
            continue
        name = alias
        if name is None and isinstance(expression, Path) and isinstance(expression.steps[-1].key, str):
            name = expression.steps[-1].key
        found[name or f"_{at}"] = expression.value_of(record)
    return found


def _messages(output: bytes, size: int, request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for start in range(0, len(output), _MOST_BYTES_A_MESSAGE):
        yield {"Records": {"Payload": output[start : start + _MOST_BYTES_A_MESSAGE]}}
    details = {"BytesScanned": size, "BytesProcessed": size, "BytesReturned": len(output)}
    if (request.get("RequestProgress") or {}).get("Enabled"):
        yield {"Progress": {"Details": details}}
    yield {"Stats": {"Details": details}}
    yield {"End": {}}
