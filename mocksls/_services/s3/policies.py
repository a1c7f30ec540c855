"""Bucket policies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.conditions import Condition
from mocksls._kernel.policy import listed
from mocksls._kernel.policy_documents import parsed, statements_of

from . import errors, public
from .authorisation import bucket_arn
from .buckets import find_bucket
from .store import Bucket, Store

_FIELDS = ("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition")
_MOST_BYTES = 20 * 1024


class BucketPolicies:
    """Operations on the policy of a bucket."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store

    def put_bucket_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Give a bucket a policy, in place of the one it had.

        Raises:
            AwsError: NoSuchBucket, MalformedPolicy, AccessDenied (a public one, where these are blocked).
        https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
        """
        bucket = find_bucket(self._store, request)
        problem = _problem(request["Policy"], bucket)
        if problem is not None:
            raise errors.malformed_policy(problem)
        blocked = bucket.public_access and bucket.public_access["BlockPublicPolicy"]
        if blocked and public.is_public(request["Policy"]):
            raise errors.access_denied()
        bucket.policy = request["Policy"]
        call.response.status = 204

    def get_bucket_policy(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The policy of a bucket.

        Raises:
            AwsError: NoSuchBucket, NoSuchBucketPolicy.
        """
        bucket = find_bucket(self._store, request)
        if bucket.policy is None:
            raise errors.no_bucket_policy(bucket.name)
        return {"Policy": bucket.policy}

    def delete_bucket_policy(self, request: Mapping[str, Any], call: Call) -> None:
        """Take a bucket's policy away, if it has one.

        Raises:
            AwsError: NoSuchBucket.
        """
        find_bucket(self._store, request).policy = None
        call.response.status = 204


def _problem(text: str, bucket: Bucket) -> str | None:
    document = parsed(text)
    if not isinstance(document, dict) or not text.lstrip().startswith("{"):
        return "Policies must be valid JSON and the first byte must be '{'"
    if len(text.encode()) > _MOST_BYTES:
        return "Policy exceeds the maximum allowed document size"
    if "Statement" not in document:
        return "Missing required field Statement"
    for name in document:
        if name not in ("Version", "Id", "Statement"):
            return f"Unknown field {name}"
    if document.get("Version", "2012-10-17") not in ("2012-10-17", "2008-10-17"):
        return f"The policy must contain a valid version string: {json.dumps(document['Version'])}"
    statements = statements_of(document) if isinstance(document["Statement"], (list, dict)) else []
    if not statements:
        return "Could not parse the policy: Statement is empty!"
    return next((found for found in (_of_statement(each, bucket) for each in statements) if found), None)


def _of_statement(statement: Any, bucket: Bucket) -> str | None:
    if not isinstance(statement, Mapping):
        return "Statement is not valid"
    for name in statement:
        if name not in _FIELDS:
            return f"Unknown field {name}"
    for names in (("Effect",), ("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource")):
        if not any(name in statement for name in names):
            return f"Missing required field {names[0]}"
    if statement["Effect"] not in ("Allow", "Deny"):
        return f"Invalid effect: {statement['Effect']}"
    if statement["Effect"] == "Allow" and "NotPrincipal" in statement:
        return "Allow with NotPrincipal is not allowed."
    return _of_elements(statement, bucket)


def _of_elements(statement: Mapping[str, Any], bucket: Bucket) -> str | None:
    principal = statement.get("Principal", statement.get("NotPrincipal"))
    if principal != "*" and not (isinstance(principal, Mapping) and all(map(_is_texts, principal.values()))):
        return "Invalid principal in policy"
    action, resource = (statement.get(name, statement.get(f"Not{name}")) for name in ("Action", "Resource"))
    if not _is_texts(action) or any(text != "*" and not text.lower().startswith("s3:") for text in listed(action)):
        return "Policy has invalid action"
    own = bucket_arn(bucket.name, bucket.region)
    if not _is_texts(resource) or any(text != own and not text.startswith(f"{own}/") for text in listed(resource)):
        return "Policy has invalid resource"
    condition = statement.get("Condition", {})
    if not isinstance(condition, Mapping) or not all(isinstance(keys, Mapping) for keys in condition.values()):
        return "Conditions do not apply to combination of actions and resources in statement"
    unknown = next((operator for operator in condition if not Condition.knows(operator)), None)
    return f"Invalid Condition type : {unknown}" if unknown else None


def _is_texts(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(each, str) for each in value))
