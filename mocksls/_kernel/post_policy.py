"""The judge of S3's form uploads: the policy that a form carries, its signature, and the fields it allows.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any

from . import signature_errors
from .errors import AwsError
from .signature_v4 import Scope, signing_key

SecretOf = Callable[[str], "str | None"]
AgeOf = Callable[[str], float]

_UNCHECKED = frozenset(("policy", "signature", "x-amz-signature", "awsaccesskeyid", "file"))


def check_form(
    fields: Mapping[str, str], size_bytes: int, bucket: str, secret_of: SecretOf, now: float, age_of: AgeOf
) -> str | None:
    """Hold a form against the policy in it; the key it was signed with, or ``None`` for a form without policy.

    Args:
        fields: the form's fields before ``file``, names in lower case.
        size_bytes: of the file.
        bucket: the one that the form was sent to.
        secret_of: the secret of an access key; ``None`` where there is no such key, an empty text where there may be
            one that is not known, so that its signatures cannot be checked.
        now: the cloud's time, epoch seconds.
        age_of: by how much the cloud's clock was ahead of the signer's when the form's date, or its policy's end in
            epoch seconds, was written.

    Raises:
        AwsError: InvalidArgument, InvalidPolicyDocument, AccessDenied, InvalidAccessKeyId, SignatureDoesNotMatch,
            EntityTooLarge, EntityTooSmall.
    """
    if "policy" not in fields:
        if "signature" in fields or "x-amz-signature" in fields:
            raise _argument(
                "Bucket POST must contain a field named 'policy'.  If it is specified, please check the order "
                "of the fields.",
                "policy",
            )
        return None
    key = _check_signature(fields, secret_of)
    document = _document(fields["policy"])
    ends = _end(document)
    if ends <= now - age_of(fields.get("x-amz-date") or str(int(ends))):
        raise _denied("Policy expired.")
    _check_conditions(document["conditions"], {**fields, "bucket": bucket}, size_bytes)
    return key


def _check_signature(fields: Mapping[str, str], secret_of: SecretOf) -> str:
    policy = fields["policy"].encode()
    if "x-amz-signature" in fields:
        scope = Scope.parse(fields.get("x-amz-credential", ""))
        if scope is None:
            raise _argument("Bucket POST must contain a field named 'X-Amz-Credential'.", "x-amz-credential")
        secret = _known(scope.access_key_id, secret_of)
        right = hmac.new(signing_key(scope, secret), policy, hashlib.sha256).hexdigest()
        given, key = fields["x-amz-signature"], scope.access_key_id
    else:
        for name, shown in (("awsaccesskeyid", "AWSAccessKeyId"), ("signature", "signature")):
            if name not in fields:
                raise _argument(f"Bucket POST must contain a field named '{shown}'.", shown)
        key, given = fields["awsaccesskeyid"], fields["signature"]
        secret = _known(key, secret_of)
        right = base64.b64encode(hmac.new(secret.encode(), policy, hashlib.sha1).digest()).decode()
    if secret and not hmac.compare_digest(right.encode(), given.encode()):
        raise signature_errors.mismatch("s3")
    return key


def _known(key: str, secret_of: SecretOf) -> str:
    secret = secret_of(key)
    if secret is None:
        text = "The AWS Access Key Id you provided does not exist in our records."
        raise AwsError("InvalidAccessKeyId", text, status=403, members={"AWSAccessKeyId": key})
    return secret


def _argument(text: str, name: str) -> AwsError:
    return AwsError("InvalidArgument", text, status=400, members={"ArgumentName": name})


def _invalid(text: str) -> AwsError:
    return AwsError("InvalidPolicyDocument", f"Invalid Policy: {text}", status=400)


def _denied(text: str) -> AwsError:
    return AwsError("AccessDenied", f"Invalid according to Policy: {text}", status=403)


def _document(text: str) -> dict[str, Any]:
    try:
        document = json.loads(base64.b64decode(text, validate=True))
    except (ValueError, RecursionError):
        raise _invalid("Invalid JSON.") from None
    if not isinstance(document, dict):
        raise _invalid("Invalid JSON.")
    for name in ("expiration", "conditions"):
        if name not in document:
            raise _invalid(f"Policy missing {name}.")
    if not isinstance(document["conditions"], list):
        raise _invalid("Invalid conditions.")
    return document


def _end(document: Mapping[str, Any]) -> float:
    given = document["expiration"]
    try:
        ends = datetime.fromisoformat(given.replace("Z", "+00:00"))
    except (ValueError, AttributeError):
        raise _invalid(f"Invalid 'expiration' value: '{given}'") from None
    return (ends if ends.tzinfo else ends.replace(tzinfo=timezone.utc)).timestamp()


def _check_conditions(conditions: list[Any], fields: Mapping[str, str], size_bytes: int) -> None:
    covered = {"bucket"}
    for condition in conditions:
        for operator, name, wanted in _pairs(condition):
            if operator == "content-length-range":
                _check_size(name, wanted, size_bytes)
                continue
            covered.add(name)
            value = fields.get(name, "")
            if not (value == wanted if operator == "eq" else value.startswith(wanted)):
                raise _denied(f'Policy Condition failed: ["{operator}", "${name}", "{wanted}"]')
    extra = [
        name for name in fields if name not in covered and name not in _UNCHECKED and not name.startswith("x-ignore-")
    ]
    if extra:
        raise _denied(f"Extra input fields: {', '.join(sorted(extra))}")


def _pairs(condition: Any) -> list[tuple[str, Any, Any]]:
    """A condition as operator, field (lower case) and value; for a range its two bounds."""
    if isinstance(condition, dict) and condition:
        return [("eq", str(name).lower(), str(value)) for name, value in condition.items()]
    if isinstance(condition, list) and len(condition) == 3 and isinstance(condition[0], str):
        operator, first, second = condition[0].lower(), condition[1], condition[2]
        if operator == "content-length-range":
            return [(operator, first, second)]
        if operator in ("eq", "starts-with") and isinstance(first, str) and first.startswith("$"):
            return [(operator, first[1:].lower(), str(second))]
    raise _invalid(f"Invalid Condition: {json.dumps(condition)}")


def _check_size(low: Any, high: Any, size_bytes: int) -> None:
    try:
        least, most = int(low), int(high)
    except (TypeError, ValueError):
        raise _invalid("Invalid content-length-range") from None
    sizes = {"ProposedSize": str(size_bytes)}
    if size_bytes > most:
        text = "Your proposed upload exceeds the maximum allowed size"
        raise AwsError("EntityTooLarge", text, status=400, members={**sizes, "MaxSizeAllowed": str(most)})
    if size_bytes < least:
        text = "Your proposed upload is smaller than the minimum allowed size"
        raise AwsError("EntityTooSmall", text, status=400, members={**sizes, "MinSizeAllowed": str(least)})
