"""Preflights: what a browser asks before it lets a page of another origin call."""

from __future__ import annotations

from mocksls._kernel.call import HttpCall
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.http import HttpRequest, HttpResponse

from . import cors
from .forms import bucket_of
from .plain_http import finished, heads, store_of, xml_error


def answer(cloud: Cloud, request: HttpRequest, call: HttpCall) -> HttpResponse:
    """The answer to OPTIONS; nobody needs to sign it."""
    try:
        bucket = store_of(cloud, call).buckets.get(bucket_of(request))
        allowed = cors.preflight(bucket, call.headers)
    except AwsError as error:
        return xml_error(cloud, call, error)
    return finished(200, [*heads(cloud, call), *allowed.items()])
