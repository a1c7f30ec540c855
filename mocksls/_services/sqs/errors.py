"""Errors of SQS, with AWS's messages (recorded from AWS where they are)."""

from __future__ import annotations

from mocksls._kernel.errors import AwsError


def no_queue() -> AwsError:
    """There is no such queue."""
    return AwsError("QueueDoesNotExist", "The specified queue does not exist.", status=400)


def queue_exists(attribute: str) -> AwsError:
    """The name is taken by a queue with other attributes."""
    text = f"A queue already exists with the same name and a different value for attribute {attribute}"
    return AwsError("QueueNameExists", text, status=400)


def deleted_recently() -> AwsError:
    """A name is free again a minute after its queue was deleted."""
    text = "You must wait 60 seconds after deleting a queue before you can create another with the same name."
    return AwsError("QueueDeletedRecently", text, status=400)


def purge_in_progress(name: str) -> AwsError:
    """A queue is purged at most once a minute."""
    text = f"Only one PurgeQueue operation on {name} is allowed every 60 seconds."
    return AwsError("PurgeQueueInProgress", text, status=403)


def invalid_value(message: str) -> AwsError:
    """A parameter's value is out of order."""
    return AwsError("InvalidParameterValue", message, status=400)


def invalid(value: object, parameter: str, reason: str) -> AwsError:
    """A parameter's value is out of order, in the usual words."""
    return invalid_value(f"Value {value} for parameter {parameter} is invalid. Reason: {reason}")


def missing(parameter: str) -> AwsError:
    """A parameter is missing."""
    return AwsError("MissingParameter", f"The request must contain the parameter {parameter}.", status=400)


def unknown_attribute(name: str) -> AwsError:
    """A queue has no such attribute, or not one of this type."""
    return AwsError("InvalidAttributeName", f"Unknown Attribute {name}.", status=400)


def invalid_attribute_name(message: str) -> AwsError:
    """An attribute that does not go with the others."""
    return AwsError("InvalidAttributeName", message, status=400)


def invalid_attribute_value(name: str, reason: str = "") -> AwsError:
    """An attribute's value is out of order."""
    text = f"Invalid value for the parameter {name}."
    return AwsError("InvalidAttributeValue", f"{text} Reason: {reason}" if reason else text, status=400)


def invalid_receipt_handle(handle: str) -> AwsError:
    """A text that is no receipt handle."""
    return AwsError("ReceiptHandleIsInvalid", f'The input receipt handle "{handle}" is not a valid receipt handle.')


def not_in_flight(handle: str) -> AwsError:
    """The message of a receipt handle is not there, or was not received."""
    reason = "Message does not exist or is not available for visibility timeout change."
    return invalid(handle, "ReceiptHandle", reason)


def too_long(limit: int) -> AwsError:
    """A message is longer than its queue allows."""
    return invalid_value(f"One or more parameters are invalid. Reason: Message must be shorter than {limit} bytes.")


def bad_characters(character: str) -> AwsError:
    """A body with characters that XML does not have."""
    text = (
        f"Invalid binary character '#x{ord(character):X}' was found in the message body, the set of allowed characters "
        "is #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF"
    )
    return AwsError("InvalidMessageContents", text, status=400)


def empty_batch(entry: str) -> AwsError:
    """A batch without entries."""
    text = f"There should be at least one {entry} in the request."
    return AwsError("EmptyBatchRequest", text, status=400)


def too_many_entries(count: int) -> AwsError:
    """A batch of more than ten."""
    text = f"Maximum number of entries per request are 10. You have sent {count}."
    return AwsError("TooManyEntriesInBatchRequest", text, status=400)


def bad_entry_id() -> AwsError:
    """The id of a batch's entry is out of order."""
    text = (
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. "
        "It can be at most 80 letters long."
    )
    return AwsError("InvalidBatchEntryId", text, status=400)


def repeated_entry_id(entry_id: str) -> AwsError:
    """Two entries of a batch have the same id."""
    return AwsError("BatchEntryIdsNotDistinct", f"Id {entry_id} repeated.", status=400)


def batch_too_long(limit: int, size: int) -> AwsError:
    """The messages of a batch are together too long."""
    text = f"Batch requests cannot be longer than {limit} bytes. You have sent {size} bytes."
    return AwsError("BatchRequestTooLong", text, status=400)


def not_there(parameter: str) -> AwsError:
    """A queue that a move task names does not exist."""
    text = f"The resource that you specified for the {parameter} parameter doesn't exist."
    return AwsError("ResourceNotFoundException", text, status=404)


def no_task() -> AwsError:
    """There is no such message move task."""
    return AwsError("ResourceNotFoundException", "Task does not exist.", status=404)


def over_limit() -> AwsError:
    """Too many messages of a FIFO queue are in flight."""
    return AwsError(
        "OverLimit", "Too many messages in flight for the queue. Delete messages or wait for their timeout.", status=403
    )


def too_many_actions(count: int, most: int) -> AwsError:
    """A permission names more actions than it may."""
    return AwsError("OverLimit", f"{count} Actions were found, maximum allowed is {most}.", status=403)


def access_denied(who: str, action: str, resource: str) -> AwsError:
    """A service that the queue's policy does not let in."""
    text = f"User: {who} is not authorized to perform: {action} on resource: {resource} because no resource-based "
    return AwsError("AccessDeniedException", f"{text}policy allows the {action} action", status=400)
