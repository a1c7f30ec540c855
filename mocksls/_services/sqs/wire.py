"""Wire quirks of SQS, as plain data: the codes that clients of the JSON and of the query protocol are given."""

from __future__ import annotations

from typing import Any

from .actions import ACTIONS

# query clients may name the queue by the address that they post to
_AT_QUEUES = tuple(f"{name}Request.QueueUrl:required" for name, (_, word) in ACTIONS.items() if word == "queue")

WIRE: dict[str, Any] = {
    "validation_code": "InvalidParameterValue",
    "error_codes": {
        "QueueDoesNotExist": {
            "query_code": "AWS.SimpleQueueService.NonExistentQueue",
            "query_message": "The specified queue does not exist for this wsdl version.",
        },
        "InvalidParameterValue": {"code": "InvalidParameterValueException", "query_code": "InvalidParameterValue"},
        "AccessDeniedException": {"code": "AccessDeniedException", "query_code": "AccessDenied"},
        "MissingParameter": {"code": "MissingRequiredParameterException", "query_code": "MissingParameter"},
    },
    # the operations say in AWS's words what is wrong with these
    "skip": ("*:enum", "*:min", "*:max", *_AT_QUEUES),
}
