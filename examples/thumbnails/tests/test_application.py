"""The application's own tests, as its author would write them."""

import boto3
import pytest

pytest.importorskip("PIL")

from examples.thumbnails.application import COUNTS, PHOTOS, THUMBNAILS, UPLOADS, deploy
from examples.thumbnails.demo import picture
from mocksls import mock_serverless


@mock_serverless(region="us-east-1")
def test_upload_makes_a_thumbnail():
    """An uploaded picture has its thumbnail and its row when the upload returns."""
    deploy()
    boto3.client("s3").put_object(Bucket=UPLOADS, Key="a.jpg", Body=picture(100, 50))
    assert boto3.client("s3").head_object(Bucket=THUMBNAILS, Key="a.jpg")["ContentType"] == "image/jpeg"
    assert boto3.resource("dynamodb").Table(PHOTOS).get_item(Key={"key": "a.jpg"})["Item"]["width"] == 100


@mock_serverless(region="us-east-1")
def test_rows_are_counted():
    """Each new row is counted by the handler on the table's stream."""
    deploy()
    for name in ("a", "b", "c"):
        boto3.resource("dynamodb").Table(PHOTOS).put_item(Item={"key": name})
    assert boto3.resource("dynamodb").Table(COUNTS).get_item(Key={"name": "photos"})["Item"]["amount"] == 3


@mock_serverless(region="us-east-1")
def test_bad_picture_is_tried_three_times(aws):
    """What is no picture fails, is retried twice, and shows in the log."""
    deploy()
    boto3.client("s3").put_object(Bucket=UPLOADS, Key="bad.jpg", Body=b"no picture")
    assert len([line for line in aws.logs("make_thumbnail") if "UnidentifiedImageError" in line]) == 3
