"""Actions and resources of the operations, for authorisation.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
"""

from __future__ import annotations

ACTIONS: dict[str, tuple[str, str]] = {
    "AddPermission": ("sqs:AddPermission", "queue"),
    "CancelMessageMoveTask": ("sqs:CancelMessageMoveTask", "task"),
    "ChangeMessageVisibility": ("sqs:ChangeMessageVisibility", "queue"),
    "ChangeMessageVisibilityBatch": ("sqs:ChangeMessageVisibility", "queue"),
    "CreateQueue": ("sqs:CreateQueue", "new queue"),
    "DeleteMessage": ("sqs:DeleteMessage", "queue"),
    "DeleteMessageBatch": ("sqs:DeleteMessage", "queue"),
    "DeleteQueue": ("sqs:DeleteQueue", "queue"),
    "GetQueueAttributes": ("sqs:GetQueueAttributes", "queue"),
    "GetQueueUrl": ("sqs:GetQueueUrl", "named queue"),
    "ListDeadLetterSourceQueues": ("sqs:ListDeadLetterSourceQueues", "queue"),
    "ListMessageMoveTasks": ("sqs:ListMessageMoveTasks", "source"),
    "ListQueueTags": ("sqs:ListQueueTags", "queue"),
    "ListQueues": ("sqs:ListQueues", "*"),
    "PurgeQueue": ("sqs:PurgeQueue", "queue"),
    "ReceiveMessage": ("sqs:ReceiveMessage", "queue"),
    "RemovePermission": ("sqs:RemovePermission", "queue"),
    "SendMessage": ("sqs:SendMessage", "queue"),
    "SendMessageBatch": ("sqs:SendMessage", "queue"),
    "SetQueueAttributes": ("sqs:SetQueueAttributes", "queue"),
    "StartMessageMoveTask": ("sqs:StartMessageMoveTask", "source"),
    "TagQueue": ("sqs:TagQueue", "queue"),
    "UntagQueue": ("sqs:UntagQueue", "queue"),
}
