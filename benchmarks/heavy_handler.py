"""A handler whose module takes long to be imported, as those do that use large libraries."""

import time
from collections import deque

import boto3

_BEGAN = time.perf_counter()
_TABLES = deque(maxlen=50_000)  # as many, however fast the machine: memory is capped
while time.perf_counter() - _BEGAN < 0.12:
    _TABLES.append({"some": "objects"})
CLIENT = boto3.client("s3")


def handler(event, context):
    """Does nothing."""
