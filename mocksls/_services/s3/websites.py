"""Static websites: index and error documents, redirects, routing rules.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from mocksls._kernel.call import HttpCall
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.http import HttpRequest, HttpResponse

from . import cors, errors
from .plain_http import Headers, as_call, finished, heads, html_error, store_of
from .reads import Reads
from .store import Bucket, Store
from .website_rules import SAFE, location_of, redirect_for

_HOST = re.compile(r"^(?P<bucket>.+)\.s3-website[.-]")
_SHOWN = {
    "ContentType": "content-type",
    "ETag": "etag",
    "CacheControl": "cache-control",
    "ContentDisposition": "content-disposition",
    "ContentEncoding": "content-encoding",
    "ContentLanguage": "content-language",
    "ContentRange": "content-range",
    "VersionId": "x-amz-version-id",
}


def answer(cloud: Cloud, request: HttpRequest, call: HttpCall) -> HttpResponse:
    """The answer of a website, or of the host where a bucket has none."""
    return _Visit(cloud, request, call).answer()


class _Visit:
    """One request of a page."""

    def __init__(self, cloud: Cloud, request: HttpRequest, call: HttpCall) -> None:
        self._cloud = cloud
        self._request = request
        self._call = call
        self._store: Store = store_of(cloud, call)
        found = _HOST.match(request.host)
        self._name = found.group("bucket") if found else ""
        self._key = unquote(request.path[1:])
        self._more: Headers = []

    def answer(self) -> HttpResponse:
        bucket = self._store.buckets.get(self._name)
        try:
            if bucket is None:
                raise errors.no_bucket(self._name)
            website = bucket.settings.get("Website")
            if website is None:
                text = "The specified bucket does not have a website configuration"
                raise errors.none_set("NoSuchWebsiteConfiguration", text, self._name)
            origin = self._call.headers.get("origin")
            if origin:
                self._more += cors.headers_for(bucket, origin, self._request.method).items()
            if self._request.method not in ("GET", "HEAD"):
                text = "The specified method is not allowed against this resource."
                members = {"Method": self._request.method, "ResourceType": "OBJECT"}
                raise AwsError("MethodNotAllowed", text, status=405, members=members)
            return self._visit(bucket, website)
        except AwsError as error:
            return self._error(error)

    def _visit(self, bucket: Bucket, website: Mapping[str, Any]) -> HttpResponse:
        scheme, host = urlsplit(self._request.url).scheme or "http", self._request.host
        everywhere = website.get("RedirectAllRequestsTo")
        if everywhere is not None:
            path = self._request.path + (f"?{self._request.query}" if self._request.query else "")
            return self._moved(301, f"{everywhere.get('Protocol', scheme)}://{everywhere['HostName']}{path}")
        rule = redirect_for(website, self._key, None)
        if rule is not None:
            return self._moved(*location_of(rule, self._key, scheme, host))
        suffix = website["IndexDocument"]["Suffix"]
        key = self._key + suffix if not self._key or self._key.endswith("/") else self._key
        try:
            return self._object(bucket, key, 200)
        except AwsError as error:
            if error.status == 304:
                return finished(304, [*heads(self._cloud, self._call), *error.headers.items(), *self._more])
            if key == self._key and bucket.newest(f"{key}/{suffix}") is not None:
                return self._moved(302, f"/{quote(key, safe=SAFE)}/")
            rule = redirect_for(website, self._key, error.status or 400)
            if rule is not None:
                return self._moved(*location_of(rule, self._key, scheme, host))
            return self._error_document(bucket, website, error)

    def _object(self, bucket: Bucket, key: str, status: int) -> HttpResponse:
        """An object as a page, if everybody may read it.

        Raises:
            AwsError: AccessDenied, NoSuchKey, 304 ...
        """
        params: dict[str, Any] = {"Bucket": bucket.name, "Key": key}
        if status == 200:
            for member, header in (("IfNoneMatch", "if-none-match"), ("IfMatch", "if-match"), ("Range", "range")):
                if header in self._call.headers:
                    params[member] = self._call.headers[header]
        call = as_call(self._call, "GetObject", self._cloud.principals.anonymous, params)
        found = Reads(self._store, self._cloud).get_object(params, call)
        if found.get("WebsiteRedirectLocation"):
            return self._moved(301, found["WebsiteRedirectLocation"])
        headers = [*heads(self._cloud, self._call), ("last-modified", format_datetime(found["LastModified"], True))]
        headers += [(header, str(found[name])) for name, header in _SHOWN.items() if found.get(name) is not None]
        headers += [(f"x-amz-meta-{name}", value) for name, value in found["Metadata"].items()]
        status = call.response.status or status
        return finished(status, [*headers, *self._more], found["Body"], method=self._request.method)

    def _error_document(self, bucket: Bucket, website: Mapping[str, Any], error: AwsError) -> HttpResponse:
        key = (website.get("ErrorDocument") or {}).get("Key")
        if key is None:
            raise error
        status = error.status or 400
        try:
            return self._object(bucket, key, status)
        except AwsError as second:
            error.members["An Error Occurred While Attempting to Retrieve a Custom Error Document"] = second.code
            raise error from None

    def _moved(self, status: int, location: str) -> HttpResponse:
        headers = [*heads(self._cloud, self._call), ("location", location), *self._more]
        return finished(status, headers, method=self._request.method)

    def _error(self, error: AwsError) -> HttpResponse:
        words = HTTPStatus(error.status or 400).phrase
        return html_error(self._cloud, self._call, error, words, self._more, self._request.method)
