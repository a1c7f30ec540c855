"""Settings of buckets that are set, shown and taken away as a whole.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingBucket.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import access_logs, cors, errors, website_rules
from .buckets import find_bucket
from .store import Store


class Settings:
    """Operations on buckets' settings."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_bucket_cors(self, request: Mapping[str, Any], call: Call) -> None:
        """Say which pages of other origins may call.

        Raises:
            AwsError: NoSuchBucket, MalformedXML, InvalidRequest.
        """
        bucket = find_bucket(self._store, request)
        rules = request["CORSConfiguration"].get("CORSRules") or []
        cors.check(rules)
        bucket.settings["CORS"] = rules

    def get_bucket_cors(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Which pages of other origins may call.

        Raises:
            AwsError: NoSuchBucket, NoSuchCORSConfiguration.
        """
        text = "The CORS configuration does not exist"
        return {"CORSRules": self._kept(request, "CORS", "NoSuchCORSConfiguration", text)}

    def delete_bucket_cors(self, request: Mapping[str, Any], call: Call) -> None:
        """Let no pages of other origins call.

        Raises:
            AwsError: NoSuchBucket.
        """
        self._remove(request, call, "CORS")

    def put_bucket_website(self, request: Mapping[str, Any], call: Call) -> None:
        """Have a bucket answer as a website.

        Raises:
            AwsError: NoSuchBucket, MalformedXML, InvalidArgument, InvalidRequest.
        """
        bucket = find_bucket(self._store, request)
        website = request["WebsiteConfiguration"]
        website_rules.check(website)
        bucket.settings["Website"] = website

    def get_bucket_website(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """How a bucket answers as a website.

        Raises:
            AwsError: NoSuchBucket, NoSuchWebsiteConfiguration.
        """
        text = "The specified bucket does not have a website configuration"
        found: dict[str, Any] = self._kept(request, "Website", "NoSuchWebsiteConfiguration", text)
        return found

    def delete_bucket_website(self, request: Mapping[str, Any], call: Call) -> None:
        """Have a bucket be no website.

        Raises:
            AwsError: NoSuchBucket.
        """
        self._remove(request, call, "Website")

    def put_bucket_logging(self, request: Mapping[str, Any], call: Call) -> None:
        """Have requests logged to a bucket, or to none.

        Raises:
            AwsError: NoSuchBucket, InvalidTargetBucketForLogging, MalformedXML.
        """
        bucket = find_bucket(self._store, request)
        enabled = request["BucketLoggingStatus"].get("LoggingEnabled")
        if enabled is not None:
            access_logs.check_target(self._store, bucket, enabled, call)
        if "Logging" in bucket.settings:
            access_logs.note(self._cloud, bucket, request, call, None)  # as it was set when the request came
        if enabled is None:
            bucket.settings.pop("Logging", None)
        else:
            bucket.settings["Logging"] = enabled

    def get_bucket_logging(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Where requests are logged.

        Raises:
            AwsError: NoSuchBucket.
        """
        return {"LoggingEnabled": find_bucket(self._store, request).settings.get("Logging")}

    def put_bucket_accelerate_configuration(self, request: Mapping[str, Any], call: Call) -> None:
        """Turn transfer acceleration on, or suspend it.

        Raises:
            AwsError: NoSuchBucket, InvalidRequest, MalformedXML.
        """
        bucket = find_bucket(self._store, request)
        if "." in bucket.name:
            raise errors.invalid_request(
                "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names"
            )
        status = request["AccelerateConfiguration"].get("Status")
        if status not in ("Enabled", "Suspended"):
            raise errors.malformed_xml()
        if status == "Enabled" or "Accelerate" in bucket.settings:
            bucket.settings["Accelerate"] = status

    def get_bucket_accelerate_configuration(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Whether transfers are accelerated; of a bucket that never had it nothing is said.

        Raises:
            AwsError: NoSuchBucket.
        """
        return {"Status": find_bucket(self._store, request).settings.get("Accelerate")}

    def put_bucket_request_payment(self, request: Mapping[str, Any], call: Call) -> None:
        """Say who pays for requests.

        Raises:
            AwsError: NoSuchBucket, MalformedXML.
        """
        bucket = find_bucket(self._store, request)
        bucket.settings["RequestPayment"] = request["RequestPaymentConfiguration"]["Payer"]

    def get_bucket_request_payment(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Who pays for requests.

        Raises:
            AwsError: NoSuchBucket.
        """
        return {"Payer": find_bucket(self._store, request).settings.get("RequestPayment", "BucketOwner")}

    def put_bucket_abac(self, request: Mapping[str, Any], call: Call) -> None:
        """Have a bucket's tags count in policies.

        Raises:
            AwsError: NoSuchBucket, MalformedXML.
        """
        bucket = find_bucket(self._store, request)
        status = request["AbacStatus"].get("Status")
        if status not in ("Enabled", "Disabled"):
            raise errors.malformed_xml()
        bucket.settings["Abac"] = status

    def get_bucket_abac(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Whether a bucket's tags count in policies.

        Raises:
            AwsError: NoSuchBucket.
        """
        status = find_bucket(self._store, request).settings.get("Abac", "Disabled")
        return {"AbacStatus": {"Status": status}}

    def _kept(self, request: Mapping[str, Any], name: str, code: str, text: str) -> Any:
        bucket = find_bucket(self._store, request)
        if name not in bucket.settings:
            raise errors.none_set(code, text, bucket.name)
        return bucket.settings[name]

    def _remove(self, request: Mapping[str, Any], call: Call, name: str) -> None:
        find_bucket(self._store, request).settings.pop(name, None)
        call.response.status = 204
