"""Uploads by HTML forms.

https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit
from xml.etree import ElementTree

from mocksls._kernel.call import HttpCall, Principal
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.http import HttpRequest, HttpResponse
from mocksls._kernel.own_keys import MOTO_KEY, MOTO_SECRET, OWN_KEY, OWN_SECRET
from mocksls._kernel.post_policy import check_form
from mocksls._kernel.principals import Keys

from . import errors, tag_rules
from .buckets import find_bucket
from .objects import put
from .plain_http import as_call, finished, heads, store_of, xml_error
from .store import Store, Version
from .writing import told

_BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
_NAME = re.compile(r'\bname="((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_FILENAME = re.compile(r'\bfilename="((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_HOST = re.compile(
    r"^(?P<bucket>.+)\.s3(?:-accelerate|-fips)?(?:\.dualstack)?(?:[.-][a-z]{2}(?:-[a-z]+)+-\d)?\.amazonaws\.com"
)
_MEMBERS = {
    "acl": "ACL",
    "cache-control": "CacheControl",
    "content-type": "ContentType",
    "content-disposition": "ContentDisposition",
    "content-encoding": "ContentEncoding",
    "x-amz-storage-class": "StorageClass",
    "x-amz-website-redirect-location": "WebsiteRedirectLocation",
    "x-amz-server-side-encryption": "ServerSideEncryption",
    "x-amz-server-side-encryption-aws-kms-key-id": "SSEKMSKeyId",
    "x-amz-server-side-encryption-context": "SSEKMSEncryptionContext",
    "x-amz-server-side-encryption-customer-algorithm": "SSECustomerAlgorithm",
    "x-amz-server-side-encryption-customer-key": "SSECustomerKey",
    "x-amz-server-side-encryption-customer-key-md5": "SSECustomerKeyMD5",
    "x-amz-checksum-algorithm": "ChecksumAlgorithm",
    "x-amz-checksum-crc32": "ChecksumCRC32",
    "x-amz-checksum-crc32c": "ChecksumCRC32C",
    "x-amz-checksum-crc64nvme": "ChecksumCRC64NVME",
    "x-amz-checksum-sha1": "ChecksumSHA1",
    "x-amz-checksum-sha256": "ChecksumSHA256",
    "content-md5": "ContentMD5",
}
_META = "x-amz-meta-"
URL_ENCODED = "application/x-www-form-urlencoded"


class Form(NamedTuple):
    """The fields before the file (names in lower case), and the file with its name."""

    fields: dict[str, str]
    filename: str
    body: bytes


def bucket_of(request: HttpRequest) -> str:
    """The bucket that a request addresses, by its host or its path."""
    found = _HOST.match(request.host)
    return found.group("bucket") if found else request.path.lstrip("/").partition("/")[0]


def answer(cloud: Cloud, request: HttpRequest, call: HttpCall) -> HttpResponse:
    """Take a form's file as an object, if the form's policy, or the bucket, lets it in."""
    store: Store = store_of(cloud, call)
    try:
        form = parse(request, lenient=cloud.options.compat == "moto")
        name = bucket_of(request)
        bucket = find_bucket(store, {"Bucket": name})
        params = {"Bucket": name, **_params(form)}
        principal = _principal(cloud, form, name, call)
        as_if = as_call(call, "PutObject", principal, params)
        bucket, made = put(store, cloud, params, as_if, "ObjectCreated:Post")
    except AwsError as error:
        return xml_error(cloud, call, error)
    return _told(cloud, request, call, form, made, told(bucket, made), name)


def parse(request: HttpRequest, *, lenient: bool = False) -> Form:
    """Take a form apart; ``lenient``: the other kind of forms, too.

    Raises:
        AwsError: MalformedPOSTRequest, InvalidArgument, PreconditionFailed.
    """
    kind = request.header("content-type") or ""
    if kind.lower().startswith(URL_ENCODED):
        return _url_encoded(request, lenient=lenient)
    found = _BOUNDARY.search(kind)
    if found is None:
        raise _malformed()
    mark = b"--" + found.group(1).encode()
    fields: dict[str, str] = {}
    at = request.body.find(mark)
    while at >= 0 and request.body[at + len(mark) : at + len(mark) + 2] != b"--":
        start = request.body.find(b"\r\n", at) + 2
        cut = request.body.find(b"\r\n\r\n", start)
        end = request.body.find(b"\r\n" + mark, start)
        if start < 2 or cut < 0 or end < 0:
            raise _malformed()
        head = request.body[start:cut].decode("utf-8", "replace")
        name = _NAME.search(head)
        if name is None:
            raise _malformed()
        content = request.body[cut + 4 : end] if cut + 4 <= end else b""
        if name.group(1).lower() == "file":
            filename = _FILENAME.search(head)
            return Form(fields, filename.group(1) if filename else "", content)
        fields[name.group(1).lower()] = content.decode("utf-8", "replace")
        at = end + 2
    text = "POST requires exactly one file upload per request."
    raise errors.invalid(text, ArgumentName="file", ArgumentValue="0")


def _url_encoded(request: HttpRequest, *, lenient: bool) -> Form:
    if not lenient:
        error = errors.precondition_failed("Bucket POST must be of the enclosure-type multipart/form-data")
        raise error
    fields = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    body = fields.pop("file", "").encode()
    return Form({name.lower(): value for name, value in fields.items()}, "", body)


def _malformed() -> AwsError:
    text = "The body of your POST request is not well-formed multipart/form-data."
    return AwsError("MalformedPOSTRequest", text, status=400)


def _params(form: Form) -> dict[str, Any]:
    fields = form.fields
    if not fields.get("key"):
        raise errors.invalid(
            "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
            ArgumentName="key",
            ArgumentValue="",
        )
    filename = form.filename.replace("\\", "/").rsplit("/", 1)[-1]
    params: dict[str, Any] = {"Key": fields["key"].replace("${filename}", filename), "Body": form.body}
    params |= {member: fields[name] for name, member in _MEMBERS.items() if name in fields}
    metadata = {name.removeprefix(_META): value for name, value in fields.items() if name.startswith(_META)}
    if metadata:
        params["Metadata"] = metadata
    if "expires" in fields:
        with suppress(TypeError, ValueError):
            params["Expires"] = parsedate_to_datetime(fields["expires"])
    if "tagging" in fields:
        params["Tagging"] = urlencode(_tags(fields["tagging"]))
    return params


def _tags(text: str) -> dict[str, str]:
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        raise errors.malformed_xml() from None
    tags = [
        {child.tag.rpartition("}")[2]: child.text or "" for child in element}
        for element in root.iter()
        if element.tag.rpartition("}")[2] == "Tag"
    ]
    return tag_rules.checked(tags, tag_rules.OBJECT)


def _principal(cloud: Cloud, form: Form, bucket: str, call: HttpCall) -> Principal:
    """Who made the form; nobody, without a policy in it."""
    now = cloud.clock.time()
    key = check_form(form.fields, len(form.body), bucket, lambda key: _secret(cloud, key), now, call.age_of)
    if key is None:
        return cloud.principals.anonymous
    return cloud.principals.identify(Keys(key, None, form.fields.get("x-amz-security-token")), "s3")


def _secret(cloud: Cloud, key: str) -> str | None:
    credential = cloud.identities.credentials.get(key)
    if credential is not None:
        return credential.secret_access_key
    known = {OWN_KEY: OWN_SECRET, MOTO_KEY: MOTO_SECRET}.get(key)
    return "" if known is None and cloud.options.iam == "allow" else known


def _told(
    cloud: Cloud,
    request: HttpRequest,
    call: HttpCall,
    form: Form,
    made: Version,
    answer: Mapping[str, Any],
    bucket: str,
) -> HttpResponse:
    parts = urlsplit(request.url)
    path = quote(made.key, safe="/-_.~!'()*")
    base = "" if _HOST.match(request.host) else f"/{bucket}"
    location = f"{parts.scheme}://{parts.netloc}{base}/{path}"
    headers = [*heads(cloud, call), ("etag", made.etag), ("location", location)]
    if answer.get("VersionId"):
        headers.append(("x-amz-version-id", answer["VersionId"]))
    if "ServerSideEncryption" in answer:
        headers.append(("x-amz-server-side-encryption", answer["ServerSideEncryption"]))
    target = form.fields.get("success_action_redirect", form.fields.get("redirect"))
    if target and _is_url(target):
        query = urlencode({"bucket": bucket, "key": made.key, "etag": made.etag})
        joint = "&" if urlsplit(target).query else "?"
        headers = [each for each in headers if each[0] != "location"]
        return finished(303, [*headers, ("location", f"{target}{joint}{query}")])
    status = form.fields.get("success_action_status", "204")
    if status == "201":
        told_of = {"Location": location, "Bucket": bucket, "Key": made.key, "ETag": made.etag}
        inner = "".join(f"<{name}>{_escaped(value)}</{name}>" for name, value in told_of.items())
        body = f'<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse>{inner}</PostResponse>'
        return finished(201, [*headers, ("content-type", "application/xml")], body.encode())
    return finished(200 if status == "200" else 204, headers)


def _is_url(text: str) -> bool:
    """Whether S3 can make something of a URL to redirect to; else it acts as if there were none."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
