"""Encryption at rest: S3's own keys, KMS keys, and keys that the customer keeps; buckets' defaults.

Nothing is really encrypted: what was asked for is checked, kept and shown.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError

from . import errors
from .buckets import find_bucket
from .store import Bucket, Store, Version
from .versions import find, replaced

_SSE_S3 = {"ServerSideEncryption": "AES256"}  # held once by all versions, never changed
_USUAL = {"SSEAlgorithm": "AES256"}
_KMS = ("aws:kms", "aws:kms:dsse")
_KEY_WITHOUT_KMS = (
    "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms"
)
_CUSTOMER = "Requests specifying Server Side Encryption with Customer provided keys must"


class Encryption:
    """Operations on buckets' default encryption, and on that of objects."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_bucket_encryption(self, request: Mapping[str, Any], call: Call) -> None:
        """Set what new objects are encrypted with where their writers do not say.

        Raises:
            AwsError: NoSuchBucket, MalformedXML, InvalidArgument.
        """
        bucket = find_bucket(self._store, request)
        rules = request["ServerSideEncryptionConfiguration"].get("Rules") or []
        if len(rules) != 1:
            raise errors.malformed_xml()
        default = rules[0].get("ApplyServerSideEncryptionByDefault")
        if default and default.get("KMSMasterKeyID") and default["SSEAlgorithm"] not in _KMS:
            raise errors.invalid(
                "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
                ArgumentName="ApplyServerSideEncryptionByDefault",
            )
        bucket.encryption = {
            "ApplyServerSideEncryptionByDefault": default or _USUAL,
            "BucketKeyEnabled": bool(rules[0].get("BucketKeyEnabled")),
            **{name: rules[0][name] for name in ("BlockedEncryptionTypes",) if name in rules[0]},
        }

    def get_bucket_encryption(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """What new objects are encrypted with; S3's own keys where nothing was set.

        Raises:
            AwsError: NoSuchBucket.
        """
        bucket = find_bucket(self._store, request)
        if bucket.encryption is None and self._cloud.options.compat == "moto":
            code = "ServerSideEncryptionConfigurationNotFoundError"
            raise errors.none_set(code, "The server side encryption configuration was not found", bucket.name)
        rule = bucket.encryption or {"ApplyServerSideEncryptionByDefault": _USUAL, "BucketKeyEnabled": False}
        return {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}

    def delete_bucket_encryption(self, request: Mapping[str, Any], call: Call) -> None:
        """Go back to S3's own keys.

        Raises:
            AwsError: NoSuchBucket.
        """
        find_bucket(self._store, request).encryption = None
        call.response.status = 204

    def update_object_encryption(self, request: Mapping[str, Any], call: Call) -> None:
        """Have an object encrypted with another KMS key.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey, NoSuchVersion, InvalidRequest.
        """
        bucket = find_bucket(self._store, request)
        found = find(bucket, request, "PUT")
        if "SSECustomerAlgorithm" in found.encryption:
            raise errors.invalid_request(
                "The encryption type of objects with customer provided keys cannot be changed."
            )
        wanted = request["ObjectEncryption"].get("SSEKMS")
        if wanted is None:
            raise errors.malformed_xml()
        made: dict[str, Any] = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": _key_arn(wanted["KMSKeyArn"], bucket)}
        if wanted.get("BucketKeyEnabled"):
            made["BucketKeyEnabled"] = True
        replaced(bucket, found, replace(found, encryption=made))


def of_write(request: Mapping[str, Any], bucket: Bucket, call: Call, *, lenient: bool) -> dict[str, Any]:
    """The members about encryption that a write's version keeps.

    Raises:
        AwsError: InvalidArgument, InvalidEncryptionAlgorithmError, InvalidRequest.
    """
    algorithm, key_id = request.get("ServerSideEncryption"), request.get("SSEKMSKeyId")
    digest = customer_key(request, call)
    if digest is not None:
        if algorithm is not None or key_id is not None:
            text = (
                "Server Side Encryption with Customer provided key is incompatible with the encryption method specified"
            )
            raise _argument(text, str(algorithm))
        return {"SSECustomerAlgorithm": "AES256", "SSECustomerKeyMD5": request["SSECustomerKeyMD5"], "digest": digest}
    if algorithm not in (None, "AES256", *_KMS):
        raise _argument("The encryption method specified is not supported", str(algorithm))
    if key_id is not None and algorithm not in _KMS:
        raise _argument(_KEY_WITHOUT_KMS, str(algorithm or "null"))
    if algorithm is None:
        return _default(request, bucket)
    if algorithm == "AES256":
        return _SSE_S3
    has_bucket_key = request.get("BucketKeyEnabled", bool(bucket.encryption and bucket.encryption["BucketKeyEnabled"]))
    arn = key_id if key_id and lenient else _key_arn(key_id, bucket)
    return _kms(algorithm, arn, bool(has_bucket_key), request)


def _default(request: Mapping[str, Any], bucket: Bucket) -> dict[str, Any]:
    rule = bucket.encryption
    default = rule["ApplyServerSideEncryptionByDefault"] if rule else _USUAL
    if default["SSEAlgorithm"] == "AES256":
        return _SSE_S3
    has_bucket_key = request.get("BucketKeyEnabled", bool(rule and rule["BucketKeyEnabled"]))
    return _kms(default["SSEAlgorithm"], _key_arn(default.get("KMSMasterKeyID"), bucket), bool(has_bucket_key), request)


def _kms(algorithm: str, arn: str, has_bucket_key: bool, request: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"ServerSideEncryption": algorithm, "SSEKMSKeyId": arn}
    if has_bucket_key and algorithm == "aws:kms":
        made["BucketKeyEnabled"] = True
    if "SSEKMSEncryptionContext" in request:
        made["SSEKMSEncryptionContext"] = request["SSEKMSEncryptionContext"]
    return made


def _key_arn(key_id: str | None, bucket: Bucket) -> str:
    """A key's ARN; the one that AWS manages for S3 has an id of its own in each account and region."""
    if key_id is None or key_id in ("alias/aws/s3", ""):
        text = hashlib.md5(f"{bucket.account_id} {bucket.region}".encode(), usedforsecurity=False).hexdigest()
        key_id = f"{text[:8]}-{text[8:12]}-4{text[13:16]}-8{text[17:20]}-{text[20:]}"
    if key_id.startswith("arn:"):
        return key_id
    kind = key_id if key_id.startswith("alias/") else f"key/{key_id}"
    return make_arn("kms", bucket.region, bucket.account_id, kind)


def customer_key(request: Mapping[str, Any], call: Call, prefix: str = "") -> str | None:
    """The digest of the key that a request brings along; ``None``: it brings none.

    ``prefix`` is that of the members (``CopySource``).

    Raises:
        AwsError: InvalidArgument, InvalidEncryptionAlgorithmError, InvalidRequest.
    """
    algorithm, key, digest = (request.get(f"{prefix}SSECustomer{name}") for name in ("Algorithm", "Key", "KeyMD5"))
    if algorithm is None and key is None and digest is None:
        return None
    if call.url.startswith("http://") and ".amazonaws.com" in call.url:
        raise errors.invalid_request(f"{_CUSTOMER} be made over a secure connection.")
    if algorithm is None:
        raise _argument(f"{_CUSTOMER} provide a valid encryption algorithm.", "null")
    if algorithm != "AES256":
        text = "The encryption request you specified is not valid. Supported value: AES256."
        raise AwsError("InvalidEncryptionAlgorithmError", text, status=400)
    if key is None:
        raise _argument(f"{_CUSTOMER} provide an appropriate secret key.", "null")
    if digest is None:
        raise _argument(f"{_CUSTOMER} provide the client calculated MD5 of the secret key.", "null")
    try:
        raw = base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != 32:
        raise _argument("The secret key was invalid for the specified algorithm.", "null")
    if base64.b64encode(hashlib.md5(raw, usedforsecurity=False).digest()).decode() != digest:
        raise _argument("The calculated MD5 hash of the key did not match the hash that was provided.", "null")
    return hashlib.sha256(raw).hexdigest()


def _argument(text: str, value: str) -> AwsError:
    return errors.invalid(text, ArgumentName="x-amz-server-side-encryption", ArgumentValue=value)


def check_read(request: Mapping[str, Any], found: Version, call: Call, prefix: str = "") -> None:
    """Hold a read against the key that the object was written with.

    Raises:
        AwsError: InvalidRequest, InvalidArgument, AccessDenied.
    """
    if not prefix and call.headers and "x-amz-server-side-encryption" in call.headers:
        text = "x-amz-server-side-encryption header is not supported for this operation."
        raise _argument(text, call.headers["x-amz-server-side-encryption"])
    given = customer_key(request, call, prefix)
    kept = found.encryption.get("digest")
    if kept is None and given is not None:
        raise errors.invalid_request("The encryption parameters are not applicable to this object.")
    if kept is not None and given is None:
        raise errors.invalid_request(
            "The object was stored using a form of Server Side Encryption. The correct parameters must be provided "
            "to retrieve the object."
        )
    if kept != given:
        raise errors.access_denied()


def shown(encryption: Mapping[str, Any]) -> dict[str, Any]:
    """The members about encryption that answers have; the key itself never."""
    return {name: value for name, value in encryption.items() if name not in ("digest", "SSEKMSEncryptionContext")}
