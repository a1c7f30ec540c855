"""What DynamoDB's model does not say of its wire, as plain data."""

from __future__ import annotations

from typing import Any

WIRE: dict[str, Any] = {
    "validation_code": "ValidationException",
    # items are measured anyway: so long a name is found without a look at each
    "skip": [
        "PutItemInputAttributeMap.key:max",
        "MapAttributeValue.key:max",
        # the service words these itself, as newer checks do
        "QueryInput.Limit:min",
        "BatchGetItemInput.RequestItems:min",
        "KeysAndAttributes.Keys:min",
        "KeysAndAttributes.Keys:max",
    ],
    "stricter": {
        "ScalarAttributeType": {"enum": ["B", "N", "S"]},
        "Select": {"enum": ["SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"]},
        "ListTablesInput.ExclusiveStartTableName": {"min": 3, "max": 255, "pattern": "[a-zA-Z0-9_.-]+"},
    },
}
