"""How the wires of AWS's services differ beyond their models: a layer of ``Wire`` below each service's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .faults import XML_MALFORMED

_CORAL = {
    "ValidationException": "com.amazon.coral.validate#",
    "SerializationException": "com.amazon.coral.service#",
    "UnknownOperationException": "com.amazon.coral.service#",
    "AccessDeniedException": "com.amazon.coral.service#",
    "UnrecognizedClientException": "com.amazon.coral.service#",
    "MissingAuthenticationTokenException": "com.amazon.coral.service#",
    "InvalidSignatureException": "com.amazon.coral.service#",
    "IncompleteSignatureException": "com.amazon.coral.service#",
    "ExpiredTokenException": "com.amazon.coral.service#",
    "ThrottlingException": "com.amazon.coral.availability#",
}

_S3_ROOTS = {
    "CompleteMultipartUpload": "CompleteMultipartUploadResult",
    "CreateMultipartUpload": "InitiateMultipartUploadResult",
    "DeleteObjects": "DeleteResult",
    "GetBucketAccelerateConfiguration": "AccelerateConfiguration",
    "GetBucketAcl": "AccessControlPolicy",
    "GetBucketCors": "CORSConfiguration",
    "GetBucketLifecycle": "LifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "LifecycleConfiguration",
    "GetBucketLocation": "LocationConstraint",
    "GetBucketLogging": "BucketLoggingStatus",
    "GetBucketNotification": "NotificationConfiguration",
    "GetBucketNotificationConfiguration": "NotificationConfiguration",
    "GetBucketRequestPayment": "RequestPaymentConfiguration",
    "GetBucketTagging": "Tagging",
    "GetBucketVersioning": "VersioningConfiguration",
    "GetBucketWebsite": "WebsiteConfiguration",
    "GetObjectAcl": "AccessControlPolicy",
    "GetObjectAttributes": "GetObjectAttributesResponse",
    "GetObjectTagging": "Tagging",
    "ListBuckets": "ListAllMyBucketsResult",
    "ListDirectoryBuckets": "ListAllMyDirectoryBucketsResult",
    "ListMultipartUploads": "ListMultipartUploadsResult",
    "ListObjectVersions": "ListVersionsResult",
    "ListObjects": "ListBucketResult",
    "ListObjectsV2": "ListBucketResult",
    "ListParts": "ListPartsResult",
    "CreateSession": "CreateSessionResult",
    "ListBucketAnalyticsConfigurations": "ListBucketAnalyticsConfigurationResult",
    "ListBucketInventoryConfigurations": "ListInventoryConfigurationsResult",
    "ListBucketMetricsConfigurations": "ListMetricsConfigurationsResult",
}

_NOT_ALLOWED = "The specified method is not allowed against this resource."
_MISSING_TOKEN = {
    "code": "MissingAuthenticationTokenException",
    "message": "Missing Authentication Token",
    "status": 403,
}
_NO_OPERATION = {"code": "UnknownOperationException", "message": "", "status": 404}

# Form parameters of the former query protocol, which the model no longer names.
_SQS_NAMES = {
    "CreateQueueRequest.Attributes": "Attribute",
    "CreateQueueRequest.tags": "Tag",
    "GetQueueAttributesRequest.AttributeNames": "AttributeName",
    "GetQueueAttributesResult.Attributes": "Attribute",
    "SetQueueAttributesRequest.Attributes": "Attribute",
    "ReceiveMessageRequest.AttributeNames": "AttributeName",
    "ReceiveMessageRequest.MessageSystemAttributeNames": "MessageSystemAttributeName",
    "ReceiveMessageRequest.MessageAttributeNames": "MessageAttributeName",
    "ReceiveMessageResult.Messages": "Message",
    "Message.Attributes": "Attribute",
    "Message.MessageAttributes": "MessageAttribute",
    "SendMessageRequest.MessageAttributes": "MessageAttribute",
    "SendMessageRequest.MessageSystemAttributes": "MessageSystemAttribute",
    "SendMessageBatchRequest.Entries": "SendMessageBatchRequestEntry",
    "SendMessageBatchRequestEntry.MessageAttributes": "MessageAttribute",
    "SendMessageBatchRequestEntry.MessageSystemAttributes": "MessageSystemAttribute",
    "SendMessageBatchResult.Successful": "SendMessageBatchResultEntry",
    "SendMessageBatchResult.Failed": "BatchResultErrorEntry",
    "DeleteMessageBatchRequest.Entries": "DeleteMessageBatchRequestEntry",
    "DeleteMessageBatchResult.Successful": "DeleteMessageBatchResultEntry",
    "DeleteMessageBatchResult.Failed": "BatchResultErrorEntry",
    "ChangeMessageVisibilityBatchRequest.Entries": "ChangeMessageVisibilityBatchRequestEntry",
    "ChangeMessageVisibilityBatchResult.Successful": "ChangeMessageVisibilityBatchResultEntry",
    "ChangeMessageVisibilityBatchResult.Failed": "BatchResultErrorEntry",
    "ListQueuesResult.QueueUrls": "QueueUrl",
    "ListQueueTagsResult.Tags": "Tag",
    "ListDeadLetterSourceQueuesResult.queueUrls": "QueueUrl",
    "AddPermissionRequest.AWSAccountIds": "AWSAccountId",
    "AddPermissionRequest.Actions": "ActionName",
    "TagQueueRequest.Tags": "Tag",
    "UntagQueueRequest.TagKeys": "TagKey",
    "QueueAttributeMap.key": "Name",
    "QueueAttributeMap.value": "Value",
    "MessageSystemAttributeMap.key": "Name",
    "MessageSystemAttributeMap.value": "Value",
    "MessageBodyAttributeMap.key": "Name",
    "MessageBodyAttributeMap.value": "Value",
    "MessageBodySystemAttributeMap.key": "Name",
    "MessageBodySystemAttributeMap.value": "Value",
    "TagMap.key": "Key",
    "TagMap.value": "Value",
    "MessageAttributeValue.StringListValues": "StringListValue",
    "MessageAttributeValue.BinaryListValues": "BinaryListValue",
}

_SQS_QUERY_CODES = {
    "QueueDoesNotExist": "AWS.SimpleQueueService.NonExistentQueue",
    "QueueNameExists": "QueueAlreadyExists",
    "QueueDeletedRecently": "AWS.SimpleQueueService.QueueDeletedRecently",
    "PurgeQueueInProgress": "AWS.SimpleQueueService.PurgeQueueInProgress",
    "BatchEntryIdsNotDistinct": "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
    "BatchRequestTooLong": "AWS.SimpleQueueService.BatchRequestTooLong",
    "EmptyBatchRequest": "AWS.SimpleQueueService.EmptyBatchRequest",
    "InvalidBatchEntryId": "AWS.SimpleQueueService.InvalidBatchEntryId",
    "MessageNotInflight": "AWS.SimpleQueueService.MessageNotInflight",
    "TooManyEntriesInBatchRequest": "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
    "UnsupportedOperation": "AWS.SimpleQueueService.UnsupportedOperation",
}

DIALECTS: Mapping[str, Mapping[str, Any]] = {
    "dynamodb": {
        "server": "Server",
        "crc32": True,
        "error_prefix": "com.amazonaws.dynamodb.v20120810#",
        "error_prefixes": _CORAL,
    },
    "dynamodbstreams": {
        "server": "Server",
        "crc32": True,
        "error_prefix": "com.amazonaws.dynamodb.v20120810#",
        "error_prefixes": _CORAL,
    },
    "s3": {
        "server": "AmazonS3",
        "request_id_header": "x-amz-request-id",
        "host_id": True,
        "bare_errors": True,
        "strict_routes": True,
        "headers_in_query": True,
        "timestamp_fraction": True,
        "xml_namespace": "http://s3.amazonaws.com/doc/2006-03-01/",
        "xml_roots": _S3_ROOTS,
        "unwrapped": ("GetBucketLocation",),
        "validation_code": "MalformedXML",
        "validation_message": XML_MALFORMED,
        "validation_locations": "body",
        "content_types": {"GetObject": "binary/octet-stream"},
        "unknown_operation": {"code": "MethodNotAllowed", "message": _NOT_ALLOWED, "status": 405},
    },
    "lambda": {
        "error_fault_member": ("Type", "User", "Service"),
        "unknown_operation": _NO_OPERATION,
        "content_types": {"Invoke": "application/json"},
    },
    "apigateway": {
        "path_prefix": "{operation}Input.",
        "type_words": "class",
        "unknown_operation": _MISSING_TOKEN,
    },
    "apigatewayv2": {"unknown_operation": _MISSING_TOKEN},
    "apigatewaymanagementapi": {"unknown_operation": _NO_OPERATION},
    "scheduler": {"unknown_operation": _NO_OPERATION},
    "logs": {"validation_code": "InvalidParameterException"},
    "cloudwatch": {"validation_code": "ValidationError"},
    "cognito-idp": {"validation_code": "InvalidParameterException"},
    "cognito-identity": {},
    "sqs": {
        "xml_namespace": "http://queue.amazonaws.com/doc/2012-11-05/",
        "error_prefix": "com.amazonaws.sqs#",
        "error_prefixes": _CORAL,
        "error_codes": {shape: {"query_code": code} for shape, code in _SQS_QUERY_CODES.items()},
        "query_names": _SQS_NAMES,
    },
}
