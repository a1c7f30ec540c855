"""Run the photo application: every step is checked; the exit status is 0 only if all is as it should be."""

import io
import sys
import time

import boto3
from PIL import Image

from examples.thumbnails.application import COUNTS, PHOTOS, THUMBNAILS, UPLOADS, deploy
from mocksls import mock_serverless


def picture(width, height):
    """A JPEG of one colour."""
    content = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(content, "JPEG")
    return content.getvalue()


class Checks:
    """What was expected, and whether it came."""

    def __init__(self):
        self.failed = 0

    def equal(self, what, expected, actual):
        """Say whether two values are equal."""
        good = expected == actual
        self.failed += not good
        print(f"  {'ok ' if good else 'NOT'} {what}: {actual!r}" + ("" if good else f", expected {expected!r}"))


def main():
    """Deploy, upload, look."""
    checks = Checks()
    began = time.perf_counter()
    with mock_serverless(region="us-east-1") as aws:
        deploy()
        s3, dynamodb = boto3.client("s3"), boto3.client("dynamodb")

        print("Two good uploads:")
        s3.put_object(Bucket=UPLOADS, Key="holiday/beach one.jpg", Body=picture(640, 480))
        s3.upload_fileobj(io.BytesIO(picture(200, 300)), UPLOADS, "cat.jpg")
        thumbnail = s3.get_object(Bucket=THUMBNAILS, Key="holiday/beach one.jpg")["Body"].read()
        checks.equal("size of the thumbnail", (64, 48), Image.open(io.BytesIO(thumbnail)).size)
        row = dynamodb.get_item(TableName=PHOTOS, Key={"key": {"S": "cat.jpg"}})["Item"]
        checks.equal("row of the second photo", {"N": "200"}, row["width"])
        count = dynamodb.get_item(TableName=COUNTS, Key={"name": {"S": "photos"}})["Item"]["amount"]
        checks.equal("count kept by the stream's handler", {"N": "2"}, count)

        print("One bad upload:")
        s3.put_object(Bucket=UPLOADS, Key="broken.jpg", Body=b"this is no picture")
        errors = [line for line in aws.logs("make_thumbnail") if "UnidentifiedImageError" in line]
        checks.equal("attempts that failed (one and two retries)", 3, len(errors))
        missing = dynamodb.get_item(TableName=PHOTOS, Key={"key": {"S": "broken.jpg"}}).get("Item")
        checks.equal("row of the bad upload", None, missing)
        s3.put_object(Bucket=UPLOADS, Key="notes.txt", Body=b"no trigger for this one")
        listed = s3.list_objects_v2(Bucket=THUMBNAILS)["KeyCount"]
        checks.equal("thumbnails in all", 2, listed)

        print("\nWhat happened:")
        print(aws.trace)
        print("\nThe last lines of the function's log:")
        print("\n".join(aws.logs("make_thumbnail")[-4:]))
    print(f"\n{time.perf_counter() - began:.2f} s, {checks.failed} checks failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
