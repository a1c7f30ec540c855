"""Errors of SNS, with AWS's messages (recorded from AWS where they are)."""

from __future__ import annotations

from mocksls._kernel.errors import AwsError


def invalid(what: str) -> AwsError:
    """A parameter is out of order, in the usual words."""
    return AwsError("InvalidParameterException", f"Invalid parameter: {what}")


def invalid_plain(text: str) -> AwsError:
    """A parameter is out of order, in words of its own."""
    return AwsError("InvalidParameterException", text)


def invalid_value(text: str) -> AwsError:
    """A message attribute is out of order."""
    return AwsError("InvalidParameterValueException", text)


def no_topic() -> AwsError:
    """There is no such topic."""
    return AwsError("NotFoundException", "Topic does not exist")


def no_subscription() -> AwsError:
    """There is no such subscription."""
    return AwsError("NotFoundException", "Subscription does not exist")


def no_application() -> AwsError:
    """There is no such platform application."""
    return AwsError("NotFoundException", "PlatformApplication does not exist")


def no_endpoint() -> AwsError:
    """There is no such endpoint."""
    return AwsError("NotFoundException", "Endpoint does not exist")


def no_resource() -> AwsError:
    """There is no such resource to tag."""
    return AwsError("ResourceNotFoundException", "Resource does not exist")


def bad_arn(parameter: str, elements: int) -> AwsError:
    """A text that is no ARN."""
    return invalid(f"{parameter} Reason: An ARN must have at least 6 elements, not {elements}")


def endpoint_disabled() -> AwsError:
    """A device that took no message before."""
    return AwsError("EndpointDisabledException", "Endpoint is disabled")


def application_disabled() -> AwsError:
    """A platform application that was switched off."""
    return AwsError("PlatformApplicationDisabledException", "Platform application is disabled")


def too_many_entries() -> AwsError:
    """A batch of more than ten."""
    text = "The batch request contains more entries than permissible."
    return AwsError("TooManyEntriesInBatchRequestException", text)


def empty_batch() -> AwsError:
    """A batch without entries."""
    return AwsError("EmptyBatchRequestException", "The batch request doesn't contain any entries.")


def repeated_entry_id() -> AwsError:
    """Two entries of a batch have the same id."""
    text = "Two or more batch entries in the request have the same Id."
    return AwsError("BatchEntryIdsNotDistinctException", text)


def bad_entry_id(entry_id: str, too_long: bool) -> AwsError:
    """The id of a batch's entry is out of order."""
    what = "is too long" if too_long else "contains an impermissible character"
    text = f"The Id of a batch entry in the batch request {what}: {entry_id}"
    return AwsError("InvalidBatchEntryIdException", text)


def batch_too_long() -> AwsError:
    """The messages of a batch are together too long."""
    text = "The length of all the messages put together is more than the limit."
    return AwsError("BatchRequestTooLongException", text)


def not_authorized(text: str) -> AwsError:
    """The caller may not."""
    return AwsError("AuthorizationErrorException", text)


def too_many_tags() -> AwsError:
    """A resource has at most fifty tags."""
    return AwsError("TagLimitExceededException", "Could not complete request: tag quota of per resource exceeded")


def opted_out(number: str) -> AwsError:
    """A number whose owner wants no messages."""
    return AwsError("OptedOutException", f"Phone number {number} is opted out")


def no_sandbox_number() -> AwsError:
    """A number that the sandbox does not have."""
    text = "The phone number that you specified is not in the SMS sandbox."
    return AwsError("ResourceNotFoundException", text)


def wrong_code() -> AwsError:
    """A code that is not the one that was sent."""
    return AwsError("VerificationException", "The one-time password is incorrect.", status=400)


def archived() -> AwsError:
    """A topic that keeps an archive is not deleted."""
    text = "Cannot delete a topic with an ArchivePolicy: set it to {} first"
    return AwsError("InvalidStateException", text)
