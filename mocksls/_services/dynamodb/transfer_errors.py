"""What goes wrong with exports and imports: errors of calls, and failures that their descriptions tell."""

from __future__ import annotations

from mocksls._kernel.errors import AwsError


def export_not_found(arn: str) -> AwsError:
    """An export that was never made."""
    return AwsError("ExportNotFoundException", f"Export not found: {arn}")


def import_not_found(arn: str) -> AwsError:
    """An import that was never made."""
    return AwsError("ImportNotFoundException", f"Import not found: {arn}")


def export_conflict() -> AwsError:
    """A client token that was used for another export."""
    return AwsError("ExportConflictException", "The ClientToken was used before, with other parameters")


def invalid_export_time() -> AwsError:
    """A moment that point-in-time recovery does not reach."""
    return AwsError(
        "InvalidExportTimeException",
        "ExportTime must be between EarliestRestorableDateTime and LatestRestorableDateTime",
    )


def failure(error: AwsError) -> dict[str, str]:
    """How the description of a transfer tells what S3 refused."""
    code = {"NoSuchBucket": "S3NoSuchBucket", "AccessDenied": "S3AccessDenied"}.get(error.code, error.code)
    return {"FailureCode": code, "FailureMessage": f"{error.message} (Service: Amazon S3; Error Code: {error.code})"}
