"""Single items: put, got, updated, deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._services.dynamodb import capacity, errors, item_writes, legacy, parameters
from mocksls._services.dynamodb.expressions.projections import Projection
from mocksls._services.dynamodb.expressions.scope import Scope
from mocksls._services.dynamodb.item_writes import Write
from mocksls._services.dynamodb.keys import requested_key
from mocksls._services.dynamodb.names import data_table
from mocksls._services.dynamodb.store import Store
from mocksls._services.dynamodb.writes import Change, carry_out

_PROJECTING = frozenset({"ProjectionExpression", "AttributesToGet", "ExpressionAttributeNames"})


class Items:
    """The operations on one item."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._lenient = cloud.options.compat == "moto"

    def put_item(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Put an item in the place of the one that has its key.

        Raises: ValidationException, ResourceNotFoundException, ConditionalCheckFailedException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
        """
        parameters.check_returned(request)
        return self._write(item_writes.put(request, single=True, lenient=self._lenient), request, call)

    def delete_item(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Delete the item of a key; that there is none is no error.

        Raises: ValidationException, ResourceNotFoundException, ConditionalCheckFailedException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html
        """
        parameters.check_returned(request)
        return self._write(item_writes.delete(request, single=True, lenient=self._lenient), request, call)

    def update_item(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Change attributes of an item, or make it.

        Raises: ValidationException, ResourceNotFoundException, ConditionalCheckFailedException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
        """
        return self._write(item_writes.update(request, single=True, lenient=self._lenient), request, call)

    def _write(self, write: Write, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        table = data_table(self._store, request["TableName"])
        try:
            target = write.target(table)
        except AwsError as error:
            raise errors.listed(error) if errors.is_refused_number(error) else error from None
        write.check_condition(target.old)
        change = write.plan(target)
        capacity.usage_of(change).spend(call)
        carry_out(change, call)
        return self._answer(write, change, request)

    def _answer(self, write: Write, change: Change, request: Mapping[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = {}
        wanted = request.get("ReturnValues")
        if wanted is not None and wanted != "NONE":
            attributes = write.returned(wanted, change)
            if attributes:
                answer["Attributes"] = attributes
        if "ReturnConsumedCapacity" in request:
            answer |= capacity.told(request, capacity.usage_of(change))
        if request.get("ReturnItemCollectionMetrics") == "SIZE":
            answer |= item_writes.collection_metrics(change)
        return answer

    def get_item(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Get the item of a key; the answer has no ``Item`` if there is none.

        Raises: ValidationException, ResourceNotFoundException.
        https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html
        """
        projection = None if _PROJECTING.isdisjoint(request) else requested_projection(request, self._lenient)
        table = data_table(self._store, request["TableName"])
        row = table.rows.get(requested_key(table.shape, request["Key"])[1])
        answer: dict[str, Any] = {}
        if row is not None:
            answer["Item"] = row.item if projection is None else projection.project(row.item)
        units = capacity.read_units(row.size if row else 0, request.get("ConsistentRead", False))
        usage = capacity.Usage(table, units)
        usage.spend(call)
        return {**answer, **capacity.told(request, usage)}


def requested_projection(request: Mapping[str, Any], lenient: bool = False) -> Projection | None:
    """The projection that a read asks for, by expression or AttributesToGet.

    ``lenient`` allows reserved words, as suites written for moto expect.

    Raises: ValidationException.
    """
    parameters.check_not_mixed(request)
    scope = Scope(request, ("ProjectionExpression",), lenient=lenient)
    projection = scope.projection("ProjectionExpression") or legacy.attributes_to_get(request)
    scope.finish()
    return projection
