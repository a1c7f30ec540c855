"""Signatures of messages, and the certificate to verify them by.

One RSA key serves the process: it is made when something that shows a signature is first delivered.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime, timezone
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any

from mocksls._kernel.arn import partition_of
from mocksls._kernel.call import HttpCall
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.http import HttpRequest, HttpResponse
from mocksls._kernel.service import HttpHandler

_FIRST, _LAST = datetime(2010, 1, 1, tzinfo=timezone.utc), datetime(2109, 12, 31, tzinfo=timezone.utc)
_NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_OTHERS = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")


@cache
def _key() -> Any:
    from cryptography.hazmat.primitives.asymmetric import rsa

    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def certificate() -> bytes:
    """The certificate of the key, as PEM."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.x509.oid import NameOID

    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(_key().public_key())
        .serial_number(1)
        .not_valid_before(_FIRST)
        .not_valid_after(_LAST)
        .sign(_key(), hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


@cache
def _file() -> str:
    return f"SimpleNotificationService-{sha256(certificate()).hexdigest()[:32]}.pem"


def home(region: str) -> str:
    """The address of SNS in a region."""
    domain = "amazonaws.com.cn" if partition_of(region) == "aws-cn" else "amazonaws.com"
    return f"https://sns.{region}.{domain}"


def signed(message: Mapping[str, str], version: str, region: str) -> dict[str, str]:
    """The members that tell of a message's signature."""
    names = _NOTIFICATION if message["Type"] == "Notification" else _OTHERS
    text = "".join(f"{name}\n{message[name]}\n" for name in names if name in message)
    return {
        "SignatureVersion": version,
        "Signature": _signature(text, version),
        "SigningCertURL": f"{home(region)}/{_file()}",
    }


@lru_cache(maxsize=256)
def _signature(text: str, version: str) -> str:
    """A message has one signature, however many hear of it."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    hashed: hashes.HashAlgorithm = hashes.SHA256() if version == "2" else hashes.SHA1()
    return base64.b64encode(_key().sign(text.encode(), padding.PKCS1v15(), hashed)).decode()


def serve_certificate(cloud: Cloud) -> HttpHandler:
    """What answers at the address that ``SigningCertURL`` names."""

    def handle(request: HttpRequest, call: HttpCall) -> HttpResponse | None:
        if request.path != f"/{_file()}":
            return HttpResponse(404, [("content-type", "text/plain")], b"Not Found")
        return HttpResponse(200, [("content-type", "application/x-pem-file")], certificate())

    return handle
