"""The capacity of DynamoDB's tables and global indexes: read and changed by DynamoDB's own operations.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.errors import AwsError

from . import errors
from .store import TargetKey

DIMENSIONS = (
    "dynamodb:table:ReadCapacityUnits",
    "dynamodb:table:WriteCapacityUnits",
    "dynamodb:index:ReadCapacityUnits",
    "dynamodb:index:WriteCapacityUnits",
)


@dataclass(frozen=True, slots=True)
class Subject:
    """A table or one of its indexes, and which of its capacities is meant."""

    table: str
    index: str | None
    member: str

    @property
    def metric(self) -> str:
        """The metric that counts what is consumed."""
        return f"Consumed{self.member}"

    @property
    def dimensions(self) -> list[dict[str, str]]:
        """The dimensions of its metrics."""
        found = [{"Name": "TableName", "Value": self.table}]
        return [*found, {"Name": "GlobalSecondaryIndexName", "Value": self.index}] if self.index else found


def subject_of(key: TargetKey) -> Subject:
    """What a scalable target names.

    Raises:
        AwsError: ValidationException; NotImplemented for other services.
    """
    namespace, resource, dimension = key
    if namespace != "dynamodb":
        raise errors.not_scaled(namespace)
    if dimension not in DIMENSIONS:
        text = f"Unsupported service namespace, resource type or scalable dimension: {namespace}, {dimension}"
        raise errors.invalid(text)
    parts = resource.split("/")
    on_index = dimension.startswith("dynamodb:index:")
    if parts[0] != "table" or len(parts) != (4 if on_index else 2) or (on_index and parts[2] != "index"):
        raise errors.invalid(f"Unsupported resource ID: {resource}")
    return Subject(parts[1], parts[3] if on_index else None, dimension.rpartition(":")[2])


def capacity(subject: Subject, call: Call) -> int:
    """The capacity that is provisioned now.

    Raises:
        AwsError: ValidationException: there is no such table or index.
    """
    throughput = _throughput(subject, call)
    return int(throughput[subject.member])


def _throughput(subject: Subject, call: Call) -> dict[str, Any]:
    name = f"table/{subject.table}" + (f"/index/{subject.index}" if subject.index else "")
    try:
        table = call.request("dynamodb", "DescribeTable", {"TableName": subject.table}, internal=True)["Table"]
    except AwsError:
        raise errors.invalid(f"DynamoDB table does not exist: {name}") from None
    found = table
    if subject.index:
        indexes = {index["IndexName"]: index for index in table.get("GlobalSecondaryIndexes", ())}
        if subject.index not in indexes:
            raise errors.invalid(f"DynamoDB index does not exist: {name}")
        found = indexes[subject.index]
    throughput: dict[str, Any] = found.get("ProvisionedThroughput", {})
    return {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0, **throughput}


def set_capacity(subject: Subject, units: int, call: Call) -> None:
    """Provision another capacity; the other kind stays.

    Raises:
        AwsError: as UpdateTable answers it.
    """
    now = _throughput(subject, call)
    wanted = {name: int(now[name]) for name in ("ReadCapacityUnits", "WriteCapacityUnits")} | {subject.member: units}
    params: dict[str, Any] = {"TableName": subject.table}
    if subject.index:
        update = {"IndexName": subject.index, "ProvisionedThroughput": wanted}
        params["GlobalSecondaryIndexUpdates"] = [{"Update": update}]
    else:
        params["ProvisionedThroughput"] = wanted
    call.request("dynamodb", "UpdateTable", params, internal=True)
