"""The handlers that ``benchmarks.handlers`` measures, in a module that imports what handlers do."""

import boto3


def plain(event, context):
    """Does nothing."""


def with_client(event, context):
    """Makes a client, as most handlers do at import."""
    boto3.client("s3")
