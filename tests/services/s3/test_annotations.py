"""S3: annotations of objects."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import BUCKET
from .test_versions import failure


@pytest.fixture
def noted(s3: Any) -> Any:
    """A client with an object that has two annotations."""
    if "PutObjectAnnotation" not in s3.meta.service_model.operation_names:
        pytest.skip("this botocore knows no annotations")
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"x")
    for name in ("a", "b"):
        s3.put_object_annotation(Bucket=BUCKET, Key="k", AnnotationName=name, AnnotationPayload=name.encode())
    return s3


def names(s3: Any, key: str = "k", **more: Any) -> list[str]:
    """The names of an object's annotations."""
    listed = s3.list_object_annotations(Bucket=BUCKET, Key=key, **more).get("Annotations", [])
    return [each["AnnotationName"] for each in listed]


def test_kept_shown_deleted(noted: Any) -> None:
    """They are read by name, listed in order, page by page, and taken off."""
    found = noted.get_object_annotation(Bucket=BUCKET, Key="k", AnnotationName="b")
    assert found["AnnotationPayload"].read() == b"b"
    first = noted.list_object_annotations(Bucket=BUCKET, Key="k", MaxAnnotationResults=1)
    assert [each["AnnotationName"] for each in first["Annotations"]] == ["a"]
    assert names(noted, ContinuationToken=first["NextContinuationToken"]) == ["b"]
    noted.delete_object_annotation(Bucket=BUCKET, Key="k", AnnotationName="a")
    assert names(noted) == ["b"]
    error = failure(noted.get_object_annotation, Key="k", AnnotationName="a").response["Error"]
    assert error["Code"] == "NoSuchAnnotation"


def test_copied_or_not(noted: Any) -> None:
    """As the copy asks."""
    noted.copy_object(Bucket=BUCKET, Key="with", CopySource=f"{BUCKET}/k")
    noted.copy_object(Bucket=BUCKET, Key="without", CopySource=f"{BUCKET}/k", AnnotationDirective="EXCLUDE")
    assert (names(noted, "with"), names(noted, "without")) == (["a", "b"], [])


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"AnnotationName": "x" * 513}, "AnnotationNameTooLong"),
        ({"AnnotationName": "AWS-x"}, "InvalidAnnotationName"),
        ({"AnnotationPayload": b"\xff"}, "UnsupportedMediaType"),
        ({"ObjectIfMatch": "other"}, "PreconditionFailed"),
    ],
)
def test_what_is_refused(noted: Any, given: dict[str, Any], code: str) -> None:
    """Names, payloads and conditions are checked; nothing is added."""
    params = {"Key": "k", "AnnotationName": "c", "AnnotationPayload": b"x", **given}
    assert failure(noted.put_object_annotation, **params).response["Error"]["Code"] == code
    assert names(noted) == ["a", "b"]
