"""DynamoDB's errors, one small function each, with AWS's messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mocksls._kernel.errors import AwsError

_INVALID = "One or more parameter values were invalid: "
_NOT_VALID = "One or more parameter values are not valid. "


def validation(message: str) -> AwsError:
    """A request that breaks a rule, in AWS's words."""
    return AwsError("ValidationException", message)


def invalid(message: str) -> AwsError:
    """A value that breaks a rule: AWS's usual beginning goes before the message."""
    return AwsError("ValidationException", _INVALID + message)


_LISTED = "1 validation error detected: "
_NO_NUMBER = ("Number ", "The parameter cannot be converted to a numeric value", "Attempting to store more than 38 ")
_TOO_DEEP = "Nesting Levels have exceeded supported limits"


class DuplicateMembers(AwsError):
    """A set with a member twice: batches, transactions and scans word it otherwise than single items and Query do."""

    def __init__(self, message: str, current: str) -> None:
        super().__init__("ValidationException", message)
        self.current = current


def current(error: AwsError) -> AwsError:
    """The same error as the newer checks of single items and Query word it."""
    return AwsError(error.code, error.current) if isinstance(error, DuplicateMembers) else error


def listed(error: AwsError) -> AwsError:
    """The same error as the newer checks of single writes and Query word it: as a list of one."""
    if error.message.startswith(_LISTED):
        return error
    return AwsError(error.code, _LISTED + current(error).message)


def is_refused_value(error: AwsError) -> bool:
    """Whether an error is about an attribute value: a number, a set, NULL, or one that is nested too deeply."""
    return error.message.startswith((_INVALID, _TOO_DEEP, *_NO_NUMBER)) or isinstance(error, DuplicateMembers)


def is_refused_number(error: AwsError) -> bool:
    """Whether an error is about a text that is no number that DynamoDB can hold."""
    return error.message.startswith(_NO_NUMBER)


def is_too_deep(error: AwsError) -> bool:
    """Whether an error is about lists and maps nested too deeply."""
    return error.message.startswith(_TOO_DEEP)


def is_empty_key(error: AwsError) -> bool:
    """Whether an error is about a key without content, which even transactions refuse as malformed."""
    return error.message.startswith(_NOT_VALID)


def constraint(value: str, member: str, text: str) -> AwsError:
    """A member that breaks a constraint which the service puts on top of its model."""
    return validation(
        f"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {text}"
    )


def constraints(found: Sequence[str]) -> AwsError:
    """Members that break constraints, together."""
    plural = "s" if len(found) > 1 else ""
    return validation(f"{len(found)} validation error{plural} detected: {'; '.join(found)}")


def length_at(member: str, limit: str) -> AwsError:
    """A list or map that is too long or too short, as the newer checks word it: without repeating it."""
    return validation(f"{_LISTED}Value at '{member}' failed to satisfy constraint: Member must have length {limit}")


def at_least_one(member: str) -> AwsError:
    """A number below 1, as Query words it: without repeating it."""
    return validation(
        f"{_LISTED}Value at '{member}' failed to satisfy constraint: Member must have value greater than or equal to 1"
    )


def null_at(member: str) -> str:
    """The constraint that a missing member breaks."""
    return f"Value null at '{member}' failed to satisfy constraint: Member must not be null"


# -- what is not there ------------------------------------------------------------------------------------------------


def resource_not_found() -> AwsError:
    """A table that a call on data names."""
    return AwsError("ResourceNotFoundException", "Requested resource not found")


def table_not_found(name: str) -> AwsError:
    """A table that a call on tables names."""
    return AwsError("ResourceNotFoundException", f"Requested resource not found: Table: {name} not found")


def arn_not_found(arn: str) -> AwsError:
    """A resource that a call on tags names."""
    return AwsError("ResourceNotFoundException", f"Requested resource not found: ResourcArn: {arn} not found")


def access_denied(caller: str, action: str, resource: str) -> AwsError:
    """A resource of another account or region."""
    return AwsError(
        "AccessDeniedException",
        f"User: {caller} is not authorized to perform: {action} on resource: {resource}",
    )


def index_not_found(name: str) -> AwsError:
    """An index that a read names."""
    return validation(f"The table does not have the specified index: {name}")


def table_exists(name: str) -> AwsError:
    """A table of that name is there already."""
    return AwsError("ResourceInUseException", f"Table already exists: {name}")


def limit_exceeded(message: str) -> AwsError:
    """More at once than AWS allows."""
    return AwsError("LimitExceededException", message)


def source_table_not_found(given: str) -> AwsError:
    """A table that a call on backups, exports or global tables names."""
    return AwsError("TableNotFoundException", f"Table not found: {given}")


def target_table_exists(name: str) -> AwsError:
    """A table that is to be restored, and is there."""
    return AwsError("TableAlreadyExistsException", f"Table already exists: {name}")


def backup_not_found(arn: str) -> AwsError:
    """A backup that was never made, or is deleted."""
    return AwsError("BackupNotFoundException", f"Backup not found: {arn}")


def recovery_unavailable(name: str) -> AwsError:
    """A table without point-in-time recovery."""
    return AwsError(
        "PointInTimeRecoveryUnavailableException", f"Point in time recovery is not enabled for table '{name}'"
    )


def invalid_restore_time() -> AwsError:
    """A moment that point-in-time recovery does not reach."""
    return AwsError(
        "InvalidRestoreTimeException",
        "RestoreDateTime must be between EarliestRestorableDateTime and LatestRestorableDateTime",
    )


def global_table_exists(name: str) -> AwsError:
    """A global table of that name is there already."""
    return AwsError("GlobalTableAlreadyExistsException", f"Global table with name: '{name}' already exists.")


def global_table_not_found(name: str) -> AwsError:
    """A global table that is none."""
    return AwsError("GlobalTableNotFoundException", f"Global table with name: '{name}' does not exist.")


def global_index_not_found(name: str) -> AwsError:
    """An index that the settings of a global table name."""
    return AwsError("IndexNotFoundException", f"Index not found: {name}")


def replica_exists(region: str) -> AwsError:
    """A region that is in the global table already."""
    return AwsError("ReplicaAlreadyExistsException", f"The replica for region {region} already exists.")


def replica_not_found(region: str) -> AwsError:
    """A region that is not in the global table."""
    return AwsError("ReplicaNotFoundException", f"The replica for region {region} was not found.")


# -- numbers and attribute values -------------------------------------------------------------------------------------


def not_a_number(text: str) -> AwsError:
    """A number that is none."""
    return validation(f"The parameter cannot be converted to a numeric value: {text}")


def number_overflow() -> AwsError:
    """A number above 9.99E+125."""
    return validation("Number overflow. Attempting to store a number with magnitude larger than supported range")


def number_underflow() -> AwsError:
    """A number below 1E-130."""
    return validation("Number underflow. Attempting to store a number with magnitude smaller than supported range")


def number_too_precise() -> AwsError:
    """A number that needs more than 38 digits."""
    return validation("Attempting to store more than 38 significant digits in a Number")


def value_empty() -> AwsError:
    """An attribute value without a type."""
    return validation("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")


def value_ambiguous() -> AwsError:
    """An attribute value with several types."""
    return validation(
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
    )


def value_too_deep() -> AwsError:
    """Lists and maps nested more than 32 levels."""
    return validation(
        "Nesting Levels have exceeded supported limits: "
        "Attributes in the item have nested levels beyond supported limit"
    )


def duplicate_members(message: str, current: str) -> AwsError:
    """A set of texts or binaries that has a member twice: how the members are shown, in older and newer checks."""
    return DuplicateMembers(
        f"{_INVALID}Input collection {message} duplicates.", f"{_INVALID}Input collection {current} duplicates."
    )


def duplicate_numbers() -> AwsError:
    """A set of numbers that has one twice."""
    text = "Input collection contains duplicates"
    return DuplicateMembers(text, f"{_INVALID}{text}.")


def empty_attribute_name() -> AwsError:
    """An attribute name of no characters."""
    return validation("Empty attribute name")


def attribute_name_too_long() -> AwsError:
    """An attribute name of more than 65535 bytes."""
    return validation("Attribute name is too large, must be less than 65536 bytes")


def item_too_large() -> AwsError:
    """An item of more than 400 KB."""
    return validation("Item size has exceeded the maximum allowed size")


def update_too_large() -> AwsError:
    """An item that an update makes larger than 400 KB."""
    return validation("Item size to update has exceeded the maximum allowed size")


# -- keys -------------------------------------------------------------------------------------------------------------


def key_mismatch() -> AwsError:
    """A key that has not exactly the table's key attributes with their types."""
    return validation("The provided key element does not match the schema")


def missing_key(name: str) -> AwsError:
    """An item without a key attribute."""
    return invalid(f"Missing the key {name} in the item")


def key_type_mismatch(name: str, expected: str, actual: str) -> AwsError:
    """An item whose key attribute has another type than the table's."""
    return invalid(f"Type mismatch for key {name} expected: {expected} actual: {actual}")


def empty_key(name: str, kind: str) -> AwsError:
    """A key attribute of no length; ``kind`` is S or B."""
    return validation(
        f"{_NOT_VALID}The AttributeValue for a key attribute cannot contain an empty "
        f"{'string' if kind == 'S' else 'binary'} value. Key: {name}"
    )


def hash_key_too_large() -> AwsError:
    """A hash key of more than 2048 bytes."""
    return invalid("Size of hashkey has exceeded the maximum size limit of2048 bytes")


def range_key_too_large() -> AwsError:
    """A range key of more than 1024 bytes."""
    return invalid("Aggregated size of all range keys has exceeded the size limit of 1024 bytes")


def index_key_mismatch(name: str, expected: str, actual: str, index: str) -> AwsError:
    """An item whose attribute has another type than the index key it is."""
    return invalid(f"Type mismatch for Index Key {name} Expected: {expected} Actual: {actual} IndexName: {index}")


def empty_index_key(name: str, kind: str, index: str) -> AwsError:
    """An index key attribute of no length."""
    return validation(
        f"{_NOT_VALID}A value specified for a secondary index key is not supported. "
        f"The AttributeValue for a key attribute cannot contain an empty {'string' if kind == 'S' else 'binary'} "
        f"value. IndexName: {index}, IndexKey: {name}"
    )


def type_mismatch() -> AwsError:
    """A legacy update of a value of another type."""
    return validation("Type mismatch for attribute to update")


def incorrect_operand() -> AwsError:
    """An update of a value of another type."""
    return validation("An operand in the update expression has an incorrect data type")


def invalid_path() -> AwsError:
    """An update of something inside what is no map or list."""
    return validation("The document path provided in the update expression is invalid for update")


def key_update(name: str) -> AwsError:
    """An update of a key attribute."""
    return invalid(f"Cannot update attribute {name}. This attribute is part of the key")


def updated_index_key_empty(kind: str) -> AwsError:
    """An update that leaves an index key attribute without content."""
    return validation(
        f"{_NOT_VALID}The update expression attempted to update a secondary index key to a value that is not "
        "supported. The AttributeValue for a key attribute cannot contain an empty "
        f"{'string' if kind == 'S' else 'binary'} value."
    )


# -- conditions and transactions --------------------------------------------------------------------------------------


def condition_failed(item: Mapping[str, Any] | None = None) -> AwsError:
    """A condition that is false; ``item`` is shown where the request asked for it."""
    members = {"Item": item} if item is not None else None
    return AwsError("ConditionalCheckFailedException", "The conditional request failed", members=members)


def duplicate_item(item: Mapping[str, Any] | None = None) -> AwsError:
    """An INSERT of a key that is there; ``item`` is shown where the request asked for it."""
    members = {"Item": item} if item is not None else None
    return AwsError("DuplicateItemException", "Duplicate primary key exists in table", members=members)


def transaction_cancelled(reasons: Sequence[Mapping[str, Any]]) -> AwsError:
    """A transaction that did not happen, with a reason for each of its actions."""
    codes = ", ".join(reason["Code"] for reason in reasons)
    return AwsError(
        "TransactionCanceledException",
        f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
        members={"CancellationReasons": list(reasons)},
    )


def idempotent_parameter_mismatch() -> AwsError:
    """A token that was used for another request."""
    return AwsError(
        "IdempotentParameterMismatchException",
        "An error occurred (IdempotentParameterMismatchException): "
        "The request uses the same client token as a previous, but non-identical request",
    )


def throughput_exceeded(of_index: bool, reason: Mapping[str, str]) -> AwsError:
    """Provisioned throughput of a table or a global index that ran out."""
    message = (
        "The level of configured provisioned throughput for one or more global secondary indexes of the table was "
        "exceeded. Consider increasing your provisioning level for the under-provisioned global secondary indexes "
        "with the UpdateTable API"
        if of_index
        else "The level of configured provisioned throughput for the table was exceeded. Consider increasing your "
        "provisioning level with the UpdateTable API."
    )
    return AwsError("ProvisionedThroughputExceededException", message, members={"ThrottlingReasons": [dict(reason)]})


def throttled(of_index: bool, reason: Mapping[str, str]) -> AwsError:
    """An on-demand table or global index at its limit."""
    message = (
        "Throughput exceeds the current capacity for one or more global secondary indexes. DynamoDB is automatically "
        "scaling your index so please try again shortly."
        if of_index
        else "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your "
        "table or index so please try again shortly. If exceptions persist, check if you have a hot key: "
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html."
    )
    return AwsError("ThrottlingException", message, members={"throttlingReasons": [dict(reason)]})


# -- parameters -------------------------------------------------------------------------------------------------------


def mixed_parameters(legacy: Iterable[str], expressions: Iterable[str]) -> AwsError:
    """Expressions and the parameters that they replace in one request."""
    return validation(
        "Can not use both expression and non-expression parameters in the same request: "
        f"Non-expression parameters: {{{', '.join(legacy)}}} Expression parameters: {{{', '.join(expressions)}}}"
    )


def unused_placeholders(parameter: str, keys: Iterable[str]) -> AwsError:
    """Names or values that no expression mentions."""
    return validation(f"Value provided in {parameter} unused in expressions: keys: {{{', '.join(keys)}}}")


def bad_start_key() -> AwsError:
    """An ExclusiveStartKey that is no key of the table and index."""
    return validation("The provided starting key is invalid")


def left_out(operation: str, what: str) -> AwsError:
    """Part of an operation that this library leaves out."""
    text = f"dynamodb.{operation} with {what} is not implemented by mocksls (see docs/differences-from-aws.md)"
    return AwsError("NotImplemented", text, status=501, sender=False)
