"""A small photo application: its Lambda handlers."""

import io
import os
from urllib.parse import unquote_plus

import boto3
from PIL import Image

SIZE = (64, 64)


def make_thumbnail(event, context):
    """For each uploaded picture: write a thumbnail to a second bucket, and a row to the table."""
    s3 = boto3.client("s3")
    photos = boto3.resource("dynamodb").Table(os.environ["TABLE"])
    for record in event["Records"]:
        bucket = record["s3"]["bucket"]["name"]
        key = unquote_plus(record["s3"]["object"]["key"])
        picture = Image.open(io.BytesIO(s3.get_object(Bucket=bucket, Key=key)["Body"].read()))
        width, height = picture.size
        picture.thumbnail(SIZE)
        body = io.BytesIO()
        picture.save(body, "JPEG")
        s3.put_object(Bucket=os.environ["THUMBNAILS"], Key=key, Body=body.getvalue(), ContentType="image/jpeg")
        photos.put_item(Item={"key": key, "width": width, "height": height})
        print(f"{key}: {width} x {height}")


def count_photos(event, context):
    """From the table's stream: keep a count of the photos."""
    counts = boto3.resource("dynamodb").Table(os.environ["COUNTS"])
    for record in event["Records"]:
        step = {"INSERT": 1, "REMOVE": -1}.get(record["eventName"], 0)
        counts.update_item(
            Key={"name": "photos"}, UpdateExpression="ADD amount :step", ExpressionAttributeValues={":step": step}
        )
