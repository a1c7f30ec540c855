"""The application's resources, as a deployment would make them."""

import io
import json
import zipfile
from pathlib import Path

import boto3

UPLOADS, THUMBNAILS = "example-uploads", "example-thumbnails"
PHOTOS, COUNTS = "photos", "counts"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}


def deploy():
    """Make buckets, tables, functions and the triggers between them."""
    s3, functions = boto3.client("s3"), boto3.client("lambda")
    for bucket in (UPLOADS, THUMBNAILS):
        s3.create_bucket(Bucket=bucket)
    stream = _table(PHOTOS, "key", stream=True)
    _table(COUNTS, "name")
    role = boto3.client("iam").create_role(RoleName="app", AssumeRolePolicyDocument=json.dumps(_TRUST))["Role"]["Arn"]
    thumbnail = _function("make_thumbnail", role, {"THUMBNAILS": THUMBNAILS, "TABLE": PHOTOS})
    _function("count_photos", role, {"COUNTS": COUNTS})
    functions.add_permission(
        FunctionName="make_thumbnail",
        StatementId="uploads",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
        SourceArn=f"arn:aws:s3:::{UPLOADS}",
    )
    rules = [{"Name": "suffix", "Value": ".jpg"}]
    trigger = {
        "LambdaFunctionArn": thumbnail,
        "Events": ["s3:ObjectCreated:*"],
        "Filter": {"Key": {"FilterRules": rules}},
    }
    s3.put_bucket_notification_configuration(
        Bucket=UPLOADS, NotificationConfiguration={"LambdaFunctionConfigurations": [trigger]}
    )
    functions.create_event_source_mapping(
        EventSourceArn=stream, FunctionName="count_photos", StartingPosition="TRIM_HORIZON"
    )


def _table(name, key, stream=False):
    settings = {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}} if stream else {}
    table = boto3.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        **settings,
    )["TableDescription"]
    return table.get("LatestStreamArn")


def _function(name, role, variables):
    return boto3.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.12",
        Role=role,
        Handler=f"handlers.{name}",
        Code={"ZipFile": _package()},
        Timeout=30,
        MemorySize=256,
        Environment={"Variables": variables},
    )["FunctionArn"]


def _package():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.write(Path(__file__).with_name("handlers.py"), "handlers.py")
    return content.getvalue()
