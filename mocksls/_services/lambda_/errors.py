"""Errors of AWS Lambda, with AWS's messages (recorded from AWS unless said)."""

from __future__ import annotations

from mocksls._kernel.errors import AwsError


def _typed(code: str, message: str, *, status: int | None = None, **members: str) -> AwsError:
    return AwsError(code, message, status=status, members={"Type": "User", **members})


def invalid(message: str) -> AwsError:
    """A parameter's value is out of order."""
    return _typed("InvalidParameterValueException", message, status=400)


def conflict(message: str) -> AwsError:
    """The resource exists already, or is being changed."""
    return _typed("ResourceConflictException", message, status=409)


def not_found(message: str) -> AwsError:
    """There is no such thing; this error alone spells its message with a capital."""
    return AwsError("ResourceNotFoundException", message, status=404, members={"Type": "User", "Message": message})


def function_exists(name: str) -> AwsError:
    """The name of a new function is taken."""
    return conflict(f"Function already exist: {name}")


def no_function(arn: str) -> AwsError:
    """There is no function of that ARN."""
    return not_found(f"Function not found: {arn}")


def other_region(theirs: str, ours: str) -> AwsError:
    """A function's ARN names another region."""
    return not_found(f"Functions from '{theirs}' are not reachable in this region ('{ours}')")


def bad_zip() -> AwsError:
    """The code is no ZIP file."""
    return invalid("Could not unzip uploaded file. Please check your file, then try to upload again.")


def unzipped_too_large() -> AwsError:
    """The code is too large when unpacked."""
    return invalid("Unzipped size must be smaller than 262144000 bytes")


def zipped_too_large() -> AwsError:
    """The ZIP file is too large to be sent in a request."""
    return _typed("RequestEntityTooLargeException", "Zipped size must be smaller than 52428800 bytes", status=413)


def payload_too_large(size: int, limit: int) -> AwsError:
    """The payload is too large for its kind of invocation."""
    text = f"{size} byte payload is too large for the Event invocation type (limit {limit} bytes)"
    if limit > 5_000_000:
        text = f"Request must be smaller than {limit} bytes for the InvokeFunction operation"
    return _typed("RequestTooLargeException", text, status=413)


def bad_payload(text: str) -> AwsError:
    """The payload is no JSON."""
    message = (
        "Could not parse request body into json: Could not parse payload into json: "
        f"{text}: expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n"
        " at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 1]"
    )
    return _typed("InvalidRequestContentException", message, status=400)


def role_not_assumable() -> AwsError:
    """The function's role does not exist, or does not trust Lambda."""
    return invalid("The role defined for the function cannot be assumed by Lambda.")


def old_runtime(runtime: str) -> AwsError:
    """The runtime is no longer offered."""
    return invalid(
        f"The runtime parameter of {runtime} is no longer supported for creating or updating AWS Lambda functions. "
        "We recommend you use a supported runtime while creating or updating functions."
    )


def object_missing(code: str, message: str) -> AwsError:
    """The code's object cannot be had from S3."""
    return invalid(f"Error occurred while GetObject. S3 Error Code: {code}. S3 Error Message: {message}")


def environment_too_large(measured: str) -> AwsError:
    """The environment variables exceed 4 KB."""
    return invalid(
        "Lambda was unable to configure your environment variables because the environment variables you have "
        f"provided exceeded the 4KB limit. String measured: {measured}"
    )


def statement_exists(statement_id: str) -> AwsError:
    """A permission of that id exists."""
    return conflict(
        f"The statement id ({statement_id}) provided already exists. "
        "Please provide a new statement id, or remove the existing statement."
    )


def no_statement(statement_id: str) -> AwsError:
    """There is no permission of that id."""
    return not_found(f"Statement {statement_id} is not found in resource policy.")


def no_policy() -> AwsError:
    """The function has no resource policy."""
    return not_found("The resource you requested does not exist.")


def revision_differs(operation: str) -> AwsError:
    """The caller knows another revision."""
    message = (
        "The Revision Id provided does not match the latest Revision Id. "
        f"Call the {operation} API to retrieve the latest Revision Id"
    )
    return _typed("PreconditionFailedException", message, status=412)


def access_denied(principal: str, action: str, resource: str) -> AwsError:
    """The caller may not do it."""
    message = (
        f"User: {principal} is not authorized to perform: {action} on resource: {resource} "
        f"because no resource-based policy allows the {action} action"
    )
    return AwsError("AccessDeniedException", message, status=403)


def recursive() -> AwsError:
    """A function has led to its own invocation too often."""
    message = (
        "Lambda has detected your function being invoked in a recursive loop with other AWS resources "
        "and stopped your function's invocation."
    )
    return _typed("RecursiveInvocationException", message, status=400)


def runs_python_only(runtime: str) -> AwsError:
    """A function of another language was invoked."""
    text = f"mocksls runs Python functions only, not {runtime} (see docs/differences-from-aws.md)"
    return AwsError("NotImplemented", text, status=501, sender=False)


# -- event source mappings -----------------------------------------------------------------------------------------


def no_mapping() -> AwsError:
    """There is no event source mapping of that UUID."""
    return not_found("The resource you requested does not exist.")


def mapping_exists(source: str, function: str, uuid: str) -> AwsError:
    """The stream is mapped to that function already."""
    return conflict(
        f'The event source arn (" {source} ") and function (" {function} ") provided mapping already exists. '
        f"Please update or delete the existing mapping with UUID {uuid}"
    )


def unreadable_stream(arn: str) -> AwsError:
    """The function's role may not read the event source."""
    return invalid(
        f"Cannot access stream {arn}. Please ensure the role can perform the GetRecords, GetShardIterator, "
        "DescribeStream, and ListStreams Actions on your stream in IAM."
    )


def no_stream(arn: str) -> AwsError:
    """The event source does not exist."""
    return invalid(f"Stream not found: {arn}")
