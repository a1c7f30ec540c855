"""Errors of AWS Lambda, with AWS's messages (recorded from AWS unless said)."""

from __future__ import annotations

from mocksls._kernel.errors import AwsError

_SYNC_BYTES = 6_291_456


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


def tenant_expected() -> AwsError:
    """A function with tenant isolation is invoked for nobody in particular."""
    return invalid(
        "The invoked function is enabled with tenancy configuration. Add a valid tenant ID in your request and "
        "try again."
    )


def tenant_unexpected() -> AwsError:
    """A function without tenant isolation is invoked for a tenant."""
    return invalid(
        "The invoked function is not enabled with tenancy configuration. Remove the tenant ID from your request and "
        "try again."
    )


def request_too_large(limit: int, operation: str) -> AwsError:
    """The whole request is too large."""
    text = f"Request must be smaller than {limit} bytes for the {operation} operation"
    return _typed("RequestEntityTooLargeException", text, status=413)


def zipped_too_large() -> AwsError:
    """The ZIP file is too large to be sent in a request."""
    return _typed("RequestEntityTooLargeException", "Zipped size must be smaller than 52428800 bytes", status=413)


def payload_too_large(size: int, limit: int) -> AwsError:
    """The payload is too large for its kind of invocation."""
    if size > _SYNC_BYTES:
        return request_too_large(_SYNC_BYTES, "InvokeFunction")
    text = f"{size} byte payload is too large for the Event invocation type (limit {limit} bytes)"
    return _typed("RequestEntityTooLargeException", text, status=413)


def bad_payload(text: str) -> AwsError:
    """The payload is no JSON."""
    message = (
        "Could not parse request body into json: Could not parse payload into json: "
        f"{text}\n"
        " at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 1]"
    )
    return _typed("InvalidRequestContentException", message, status=400)


def role_not_assumable() -> AwsError:
    """The function's role does not exist, or does not trust Lambda."""
    return invalid("The role defined for the function cannot be assumed by Lambda.")


def cross_account_role() -> AwsError:
    """A function was to have another account's role."""
    return AwsError("AccessDeniedException", "Cross-account pass role is not allowed.", status=403)


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


def nothing_there() -> AwsError:
    """AWS's text for things of many kinds that do not exist."""
    return not_found("The resource you requested does not exist.")


def no_policy_associated() -> AwsError:
    """There is no policy to take a statement from, or to show of a layer."""
    return not_found("No policy is associated with the given resource.")


def no_policy_found(arn: str) -> AwsError:
    """A permission of a function that does not exist was to be removed."""
    return not_found(f"No policy found for: {arn}")


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


def cannot_run(what: str, why: str) -> AwsError:
    """A function was invoked that nothing here can run."""
    return AwsError("NotImplemented", f"mocksls cannot run {what}: {why}", status=501, sender=False)


def throttled(reason: str) -> AwsError:
    """There is no concurrency left."""
    error = _typed("TooManyRequestsException", "Rate Exceeded.", status=429, Reason=reason)
    error.members["message"] = "Rate Exceeded."
    return error


def aliases_stay() -> AwsError:
    """DeleteFunction was called with an alias."""
    return invalid("Deletion of aliases is not currently supported.")


# -- versions and aliases ------------------------------------------------------------------------------------------


def code_differs(given: str, current: str) -> AwsError:
    """PublishVersion expects other code than there is."""
    return invalid(
        f"CodeSHA256 ({given}) is different from current CodeSHA256 in $LATEST ({current}). "
        "Please try again with the CodeSHA256 in $LATEST."
    )


def alias_exists(arn: str) -> AwsError:
    """The name of a new alias is taken."""
    return conflict(f"Alias already exists: {arn}")


def no_alias(arn: str) -> AwsError:
    """There is no such alias, as most operations say it."""
    return not_found(f"Cannot find alias arn: {arn}")


def no_alias_to_change(arn: str) -> AwsError:
    """There is no such alias, as UpdateAlias says it."""
    return not_found(f"Alias not found: {arn}")


# -- layers --------------------------------------------------------------------------------------------------------


def no_layer_version(arn: str) -> AwsError:
    """A layer version's policy was asked for, and it does not exist."""
    return not_found(f"Layer version {arn} does not exist.")


def unusable_layer(arn: str) -> AwsError:
    """A function names a layer version that does not exist."""
    return invalid(f"Layer version {arn} does not exist.")


def layer_denied(principal: str, arn: str) -> AwsError:
    """A layer of another account may not be used, or is not there."""
    action = "lambda:GetLayerVersion"
    text = (
        f"User: {principal} is not authorized to perform: {action} on resource: {arn} "
        f"because no resource-based policy allows the {action} action"
    )
    return AwsError("AccessDeniedException", text, status=403)


def same_layer_twice(first: str, second: str) -> AwsError:
    """A function names a layer twice."""
    return invalid(
        "Two different versions of the same layer are not allowed to be referenced in the same function. "
        f"{first} and {second} are versions of the same layer."
    )


def layers_elsewhere(region: str) -> AwsError:
    """A function names a layer of another region."""
    return invalid(f"Layers are not in the same region as the function. Layers are expected to be in region {region}.")


# -- other settings of a function ----------------------------------------------------------------------------------


def no_event_invoke_config(arn: str) -> AwsError:
    """Nothing was configured for asynchronous invocations."""
    return not_found(f"The function {arn} doesn't have an EventInvokeConfig")


def function_is_missing() -> AwsError:
    """There is no such function, as the operations on asynchronous invocation say it."""
    return not_found("The function doesn't exist.")


def function_does_not_exist() -> AwsError:
    """There is no such function, as the operations on URLs say it."""
    return not_found("Function does not exist")


def url_exists(arn: str) -> AwsError:
    """The function has a URL."""
    return conflict(
        f"Failed to create function url config for [functionArn = {arn}]. "
        "Error message:  FunctionUrlConfig exists for this Lambda function"
    )


def no_provisioned() -> AwsError:
    """No provisioned concurrency was asked for."""
    text = "No Provisioned Concurrency Config found for this function"
    return _typed("ProvisionedConcurrencyConfigNotFoundException", text, status=404)


def no_code_signing(arn: str) -> AwsError:
    """There is no such code signing configuration."""
    return not_found(f"The Lambda code signing configuration {arn} can not be found.")


def code_signing_gone(arn: str) -> AwsError:
    """A function was to be given a code signing configuration that does not exist."""
    text = (
        f"The code signing configuration cannot be found. Check that the provided configuration is not deleted: {arn}."
    )
    return _typed("CodeSigningConfigNotFoundException", text, status=404)


def too_many_tags() -> AwsError:
    """More than 50 tags."""
    return invalid("Number of tags exceeds resource tag limit.")


# -- event source mappings -----------------------------------------------------------------------------------------


def no_tagged_mapping(arn: str) -> AwsError:
    """There is no event source mapping of that ARN."""
    return not_found(f"Event source mapping not found: {arn}")


def queue_mapping_exists(source: str, function: str, uuid: str) -> AwsError:
    """The queue is mapped to that function already."""
    return conflict(
        f'An event source mapping with SQS arn (" {source} ") and function (" {function} ") already exists. '
        f"Please update or delete the existing mapping with UUID {uuid}"
    )


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
