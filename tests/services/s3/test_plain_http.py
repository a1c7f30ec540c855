"""S3 over plain HTTP: presigned URLs, forms, preflights, websites."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config

from mocksls import current

from .conftest import BUCKET
from .test_versions import failure

HOST = f"https://{BUCKET}.s3.amazonaws.com"
SITE = f"http://{BUCKET}.s3-website-us-east-1.amazonaws.com"
PAGE = {"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "oops.html"}}


def read(s3: Any, key: str) -> bytes:
    """An object's bytes."""
    body: bytes = s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    return body


# -- presigned URLs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["s3", "s3v4"])
def test_presigned_urls(aws: Any, version: str) -> None:
    """Put, read, looked at and deleted by URLs alone, in both versions of signatures."""
    client = boto3.client("s3", region_name="us-east-1", config=Config(signature_version=version))
    client.create_bucket(Bucket=BUCKET)

    def url(operation: str) -> str:
        return str(client.generate_presigned_url(operation, Params={"Bucket": BUCKET, "Key": "a b"}))

    assert requests.put(url("put_object"), data=b"x", timeout=5).status_code == 200
    assert requests.get(url("get_object"), timeout=5).content == b"x"
    assert requests.head(url("head_object"), timeout=5).headers["content-length"] == "1"
    assert requests.delete(url("delete_object"), timeout=5).status_code == 204
    assert requests.get(url("get_object"), timeout=5).status_code == 404


def test_presigned_urls_expire(aws: Any) -> None:
    """As the cloud's clock moves on."""
    client = boto3.client("s3", region_name="us-east-1")
    client.create_bucket(Bucket=BUCKET)
    client.put_object(Bucket=BUCKET, Key="k")
    url = client.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "k"}, ExpiresIn=60)
    assert requests.get(url, timeout=5).status_code == 200
    aws.clock.advance(minutes=2)
    answer = requests.get(url, timeout=5)
    assert (answer.status_code, "Request has expired" in answer.text) == (403, True)


# -- forms ------------------------------------------------------------------------------------------------------------


def form(s3: Any, **more: Any) -> Any:
    """A form that boto3 made."""
    return s3.generate_presigned_post(BUCKET, "in/${filename}", **more)


def post(made: Any, **fields: str) -> Any:
    """Send a form with a file."""
    data = {**made["fields"], **fields}
    return requests.post(made["url"], data=data, files={"file": ("a.txt", b"hello")}, allow_redirects=False, timeout=5)


def test_a_form_makes_an_object(s3: Any) -> None:
    """With the fields that its policy allows; the file's name comes into the key."""
    fields = {"Content-Type": "text/plain", "x-amz-meta-a": "b"}
    made = form(s3, Fields=fields, Conditions=[{name: value} for name, value in fields.items()])
    assert post(made).status_code == 204
    found = s3.head_object(Bucket=BUCKET, Key="in/a.txt")
    assert (found["ContentType"], found["Metadata"]) == ("text/plain", {"a": "b"})


@pytest.mark.parametrize("version", ["s3", "s3v4"])
def test_a_form_ends_on_the_clock(s3: Any, version: str) -> None:
    """Made now it lasts; a clock that moves on makes it old, and one made then is new again."""
    aws = current()
    assert aws is not None
    signer = boto3.client("s3", config=Config(signature_version=version))
    made = form(signer, ExpiresIn=60)
    assert post(made).status_code == 204
    aws.clock.advance(minutes=2)
    answer = post(made)
    assert (answer.status_code, "Policy expired" in answer.text) == (403, True)
    assert post(form(signer, ExpiresIn=60)).status_code == 204


@pytest.mark.parametrize(("wanted", "status"), [("200", 200), ("201", 201), ("204", 204), ("404", 204)])
def test_status_of_success(s3: Any, wanted: str, status: int) -> None:
    """One of three; 201 has a document."""
    made = form(s3, Conditions=[["starts-with", "$success_action_status", ""]])
    answer = post(made, success_action_status=wanted)
    assert answer.status_code == status
    assert ("<PostResponse>" in answer.text) == (status == 201)


def test_redirects_of_success(s3: Any) -> None:
    """The address gets bucket, key and ETag."""
    target = "https://example.com/done"
    made = form(s3, Fields={"success_action_redirect": target}, Conditions=[{"success_action_redirect": target}])
    answer = post(made)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{target}?bucket={BUCKET}&key=in%2Fa.txt&etag=")


@pytest.mark.parametrize("target", ["done", "ftp://example.com/", "http://[", "https://"])
def test_redirects_to_no_url_are_ignored(s3: Any, target: str) -> None:
    """S3 acts as if the field were not there where it cannot make anything of the address.

    https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
    """
    made = form(s3, Fields={"success_action_redirect": target}, Conditions=[{"success_action_redirect": target}])
    assert post(made).status_code == 204


@pytest.mark.parametrize(
    ("conditions", "fields", "status"),
    [
        ([["content-length-range", 0, 3]], {}, 400),
        ([["content-length-range", 9, 99]], {}, 400),
        ([{"acl": "private"}], {"acl": "public-read"}, 403),
        ([], {"x-amz-meta-extra": "1"}, 403),
        ([], {"signature": "AAAA"}, 403),
        ([], {"x-ignore-me": "1"}, 204),
    ],
)
def test_what_policies_allow(s3: Any, conditions: list[Any], fields: dict[str, str], status: int) -> None:
    """Sizes, values, fields and the signature are held against the policy."""
    assert post(form(s3, Conditions=conditions), **fields).status_code == status


def test_forms_without_policies(s3: Any) -> None:
    """They need a bucket that everybody may write to; a file and a key they always need."""
    bare = {"url": HOST, "fields": {"key": "k"}}
    assert post(bare).status_code == 403
    assert post({"url": HOST, "fields": {}}).status_code == 400
    assert requests.post(HOST, files={"key": (None, "k")}, timeout=5).status_code == 400
    assert requests.post(HOST, data={"key": "k", "file": "x"}, timeout=5).status_code == 412


def test_form_policies_expire(aws: Any) -> None:
    """As the cloud's clock moves on."""
    client = boto3.client("s3", region_name="us-east-1", config=Config(signature_version="s3v4"))
    client.create_bucket(Bucket=BUCKET)
    made = form(client, ExpiresIn=60)
    assert post(made).status_code == 204
    aws.clock.advance(minutes=2)
    assert post(made).status_code == 403
    assert post(form(client, ExpiresIn=60)).status_code == 204


# -- other origins ----------------------------------------------------------------------------------------------------


def cors(s3: Any, **more: Any) -> None:
    """Let pages of other origins call."""
    rule = {"AllowedMethods": ["GET", "PUT"], "AllowedOrigins": ["https://*.example.com"], **more}
    s3.put_bucket_cors(Bucket=BUCKET, CORSConfiguration={"CORSRules": [rule]})


def preflight(origin: str = "https://a.example.com", method: str = "PUT", headers: str = "") -> Any:
    """Ask whether a page may call."""
    asked = {"Origin": origin, "Access-Control-Request-Method": method}
    asked |= {"Access-Control-Request-Headers": headers} if headers else {}
    return requests.options(f"{HOST}/k", headers=asked, timeout=5)


def test_preflights(s3: Any) -> None:
    """Allowed by the first rule for origin, method and headers."""
    assert preflight().status_code == 403
    cors(s3, AllowedHeaders=["X-Amz-*"], MaxAgeSeconds=9)
    answer = preflight(headers="x-amz-meta-a")
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "https://a.example.com"
    assert answer.headers["access-control-allow-headers"] == "x-amz-meta-a"
    assert answer.headers["access-control-max-age"] == "9"
    refused = [preflight(origin="https://example.org"), preflight(method="DELETE"), preflight(headers="content-type")]
    assert [each.status_code for each in refused] == [403, 403, 403]
    assert requests.options(f"{HOST}/k", timeout=5).status_code == 400


def test_answers_to_other_origins(s3: Any) -> None:
    """Their headers say who may read them, those of errors, too."""
    cors(s3, ExposeHeaders=["ETag"])
    s3.put_object(Bucket=BUCKET, Key="k")
    origin = {"Origin": "https://a.example.com"}
    urls = [s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": key}) for key in ("k", "missing")]
    answers = [requests.get(url, headers=origin, timeout=5) for url in urls]
    assert [each.status_code for each in answers] == [200, 404]
    assert {each.headers["access-control-expose-headers"] for each in answers} == {"ETag"}
    other = requests.get(urls[0], headers={"Origin": "https://example.org"}, timeout=5)
    assert (other.status_code, "access-control-allow-origin" in other.headers) == (200, False)


@pytest.mark.parametrize("rule", [{"AllowedMethods": ["PATCH"]}, {"AllowedOrigins": ["*.*"]}, {"ExposeHeaders": ["*"]}])
def test_bad_rules(s3: Any, rule: dict[str, Any]) -> None:
    """Methods that S3 has not, and wildcards where there must be none."""
    made = {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"], **rule}
    error = failure(s3.put_bucket_cors, CORSConfiguration={"CORSRules": [made]}).response["Error"]
    assert error["Code"] == "InvalidRequest"


# -- websites ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def site(s3: Any) -> Any:
    """A client with a bucket that is a website."""
    s3.delete_public_access_block(Bucket=BUCKET)
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"}
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Statement": [statement]}))
    s3.put_bucket_website(Bucket=BUCKET, WebsiteConfiguration=PAGE)
    for key in ("index.html", "docs/index.html", "oops.html"):
        s3.put_object(Bucket=BUCKET, Key=key, Body=key.encode(), ContentType="text/html")
    return s3


def visit(path: str) -> Any:
    """Open a page."""
    return requests.get(f"{SITE}{path}", allow_redirects=False, timeout=5)


def test_index_documents(site: Any) -> None:
    """Of the whole site and of its folders; without its slash a folder is found by a redirect."""
    assert (visit("/").text, visit("/docs/").text) == ("index.html", "docs/index.html")
    assert visit("/").headers["content-type"] == "text/html"
    answer = visit("/docs")
    assert (answer.status_code, answer.headers["location"]) == (302, "/docs/")


def test_error_documents(site: Any) -> None:
    """With the error's status; without list permission that is 403. Without a document it is told in HTML."""
    answer = visit("/missing")
    assert (answer.status_code, answer.text) == (403, "oops.html")
    site.put_bucket_website(Bucket=BUCKET, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})
    answer = visit("/missing")
    assert (answer.status_code, "<li>Code: AccessDenied</li>" in answer.text) == (403, True)


def test_redirects(site: Any) -> None:
    """Of objects, of prefixes, of errors, of everything."""
    site.put_object(Bucket=BUCKET, Key="old", WebsiteRedirectLocation="/new")
    assert (visit("/old").status_code, visit("/old").headers["location"]) == (301, "/new")
    rules = [
        {"Condition": {"KeyPrefixEquals": "a/"}, "Redirect": {"ReplaceKeyPrefixWith": "b/"}},
        {"Condition": {"HttpErrorCodeReturnedEquals": "403"}, "Redirect": {"HostName": "example.com"}},
    ]
    site.put_bucket_website(Bucket=BUCKET, WebsiteConfiguration={**PAGE, "RoutingRules": rules})
    assert visit("/a/1").headers["location"] == f"{SITE}/b/1"
    assert visit("/missing").headers["location"] == "http://example.com/missing"
    everywhere = {"RedirectAllRequestsTo": {"HostName": "example.com", "Protocol": "https"}}
    site.put_bucket_website(Bucket=BUCKET, WebsiteConfiguration=everywhere)
    assert visit("/x?y=1").headers["location"] == "https://example.com/x?y=1"


def test_no_website(s3: Any) -> None:
    """A bucket that is none says so, and so does a bucket that is not there."""
    answer = visit("/")
    assert (answer.status_code, "NoSuchWebsiteConfiguration" in answer.text) == (404, True)
    s3.delete_bucket(Bucket=BUCKET)
    assert "NoSuchBucket" in visit("/").text


@pytest.mark.parametrize(
    ("website", "code"),
    [
        ({}, "InvalidArgument"),
        ({"IndexDocument": {"Suffix": "a/b"}}, "InvalidArgument"),
        ({**PAGE, "RedirectAllRequestsTo": {"HostName": "x"}}, "MalformedXML"),
        ({**PAGE, "RoutingRules": [{"Redirect": {"HttpRedirectCode": "404"}}]}, "InvalidRequest"),
        (
            {**PAGE, "RoutingRules": [{"Redirect": {"ReplaceKeyWith": "a", "ReplaceKeyPrefixWith": "b"}}]},
            "InvalidRequest",
        ),
    ],
)
def test_bad_websites(s3: Any, website: dict[str, Any], code: str) -> None:
    """What is no website is refused."""
    assert failure(s3.put_bucket_website, WebsiteConfiguration=website).response["Error"]["Code"] == code


@pytest.mark.parametrize("path", ["%ff%fe", "a/%C3"])
def test_paths_that_are_no_text(s3: Any, path: str) -> None:
    """Escapes that spell no UTF-8 are refused before anything else is looked at."""
    answer = requests.put(f"https://{BUCKET}.s3.amazonaws.com/{path}", data=b"x", timeout=5)
    assert (400, True) == (answer.status_code, "<Code>InvalidURI</Code>" in answer.text)


# -- requests that no client of botocore makes ------------------------------------------------------------------------


@pytest.fixture
def open_bucket(s3: Any) -> None:
    """A bucket where everybody may do everything."""
    s3.delete_public_access_block(Bucket=BUCKET)
    resources = [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"]
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": resources}
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [everybody]}))
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"x")


@pytest.mark.parametrize(
    ("method", "path", "missing"),
    [
        ("GET", "/k?attributes", "header for this request: x-amz-object-attributes"),
        ("DELETE", "?metrics", "parameter for this request: id"),
    ],
)
def test_what_a_request_lacks(open_bucket: None, method: str, path: str, missing: str) -> None:
    """Headers and parameters that an operation needs are missed by name."""
    answer = requests.request(method, HOST + path, timeout=5)
    assert (answer.status_code, f"<Message>Missing required {missing}</Message>" in answer.text) == (400, True)


def test_lists_by_nobody_in_particular(open_bucket: None) -> None:
    """An anonymous caller's list is one, too: a bucket that owns its objects takes none."""
    answer = requests.put(f"{HOST}/mine", data=b"x", headers={"x-amz-acl": "private"}, timeout=5)
    assert (answer.status_code, "AccessControlListNotSupported" in answer.text) == (400, True)
