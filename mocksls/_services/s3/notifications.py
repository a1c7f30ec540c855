"""Event notifications configured: who hears of what.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import delivery, errors
from .buckets import find_bucket
from .events import KINDS, rules
from .store import Bucket, Store

_SERVICES = {
    "LambdaFunctionConfigurations": ("lambda", "CloudFunction", "LAMBDA_ARN"),
    "QueueConfigurations": ("sqs", "Queue", "SQS_ARN"),
    "TopicConfigurations": ("sns", "Topic", "SNS_ARN"),
}
_EVENTS: dict[str, tuple[str, ...]] = {
    "ReducedRedundancyLostObject": (),
    "ObjectCreated": ("Put", "Post", "Copy", "CompleteMultipartUpload"),
    "ObjectRemoved": ("Delete", "DeleteMarkerCreated"),
    "ObjectRestore": ("Post", "Completed", "Delete"),
    "Replication": (
        "OperationFailedReplication",
        "OperationNotTracked",
        "OperationMissedThreshold",
        "OperationReplicatedAfterThreshold",
    ),
    "IntelligentTiering": (),
    "LifecycleTransition": (),
    "LifecycleExpiration": ("Delete", "DeleteMarkerCreated"),
    "ObjectAcl": ("Put",),
    "ObjectTagging": ("Put", "Delete"),
}
_KNOWN = {f"s3:{kind}:{name}" for kind, names in _EVENTS.items() for name in (*names, *(["*"] if names else ()))} | {
    f"s3:{kind}" for kind, names in _EVENTS.items() if not names
}
_UNREACHABLE = "Unable to validate the following destination configurations"
_OVERLAP = "Configurations overlap. Configurations on the same bucket cannot share a common event type."


class Notifications:
    """Operations on a bucket's notification configuration."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_bucket_notification_configuration(self, request: Mapping[str, Any], call: Call) -> None:
        """Say who hears of what, in place of what was said before.

        Checked in this order: form and filters, events that two configurations would share, the destinations, and
        whether they let S3 in.

        Raises:
            AwsError: NoSuchBucket, MalformedXML, InvalidArgument.
        """
        bucket = find_bucket(self._store, request)
        given = request["NotificationConfiguration"]
        made: dict[str, Any] = {kind: [self._named(each) for each in given[kind]] for kind in KINDS if given.get(kind)}
        every = [each for kind in KINDS for each in made.get(kind, ())]
        for kind in KINDS:
            for each in made.get(kind, ()):
                _check_destination(kind, each)
                _check_events(each)
                _check_filter(each)
        _check_ids(every)
        lenient = self._cloud.options.compat == "moto"
        if not lenient:
            _check_overlap(every)
        if not request.get("SkipDestinationValidation"):
            for kind in KINDS:
                for arn in dict.fromkeys(each[KINDS[kind]] for each in made.get(kind, ())):
                    self._check_reachable(kind, arn, bucket, call)
        if "EventBridgeConfiguration" in given:
            made["EventBridgeConfiguration"] = {}
        bucket.notifications = made

    def get_bucket_notification_configuration(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Who hears of what.

        Raises:
            AwsError: NoSuchBucket.
        """
        return dict(find_bucket(self._store, request).notifications)

    def put_bucket_notification(self, request: Mapping[str, Any], call: Call) -> None:
        """The same in the form of before 2014: one configuration of each kind.

        Raises:
            AwsError: as PutBucketNotificationConfiguration.
        """
        given = request["NotificationConfiguration"]
        new: dict[str, Any] = {}
        for kind, (name, member) in _OLD.items():
            old = given.get(name)
            if old:
                listed = [*(old.get("Events") or ()), *([old["Event"]] if "Event" in old else ())]
                new[kind] = [{"Id": old.get("Id"), KINDS[kind]: old.get(member), "Events": list(dict.fromkeys(listed))}]
        self.put_bucket_notification_configuration({**request, "NotificationConfiguration": new}, call)

    def get_bucket_notification(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Who hears of what, in the form of before 2014.

        Raises:
            AwsError: NoSuchBucket.
        """
        bucket = find_bucket(self._store, request)
        shown = {}
        for kind, (name, member) in _OLD.items():
            for each in bucket.notifications.get(kind, ())[:1]:
                shown[name] = {"Id": each["Id"], member: each[KINDS[kind]], "Events": each["Events"]}
                shown[name]["Event"] = each["Events"][0]
        return shown

    def _named(self, configuration: Mapping[str, Any]) -> dict[str, Any]:
        named = {**configuration, "Id": configuration.get("Id") or self._cloud.ids.uuid()}
        given = ((configuration.get("Filter") or {}).get("Key") or {}).get("FilterRules")
        if given:
            spelled = []
            for rule in given:
                if "Name" not in rule or "Value" not in rule:
                    raise errors.malformed_xml()
                name = rule["Name"].capitalize()
                spelled.append({"Name": name if name in ("Prefix", "Suffix") else rule["Name"], "Value": rule["Value"]})
            named["Filter"] = {"Key": {"FilterRules": spelled}}
        return named

    def _check_reachable(self, kind: str, arn: str, bucket: Bucket, call: Call) -> None:
        """AWS tries whether it may deliver before it takes a configuration."""
        problem = delivery.try_out(self._cloud, call, bucket, arn)
        if problem is not None and self._cloud.options.compat != "moto":
            label = _SERVICES[kind][2]
            name = f"{label}, null" if label == "LAMBDA_ARN" else arn
            raise errors.invalid(_UNREACHABLE, ArgumentName1=name, ArgumentValue1=problem)


_OLD = {
    "LambdaFunctionConfigurations": ("CloudFunctionConfiguration", "CloudFunction"),
    "QueueConfigurations": ("QueueConfiguration", "Queue"),
    "TopicConfigurations": ("TopicConfiguration", "Topic"),
}


def _check_destination(kind: str, configuration: Mapping[str, Any]) -> None:
    service, name, _ = _SERVICES[kind]
    arn = configuration.get(KINDS[kind])
    parsed = Arn.parse(arn) if arn else None
    if parsed is None or parsed.service != service:
        raise errors.invalid("The ARN could not be parsed", ArgumentName=name, ArgumentValue=str(arn))


def _check_events(configuration: Mapping[str, Any]) -> None:
    for name in configuration.get("Events") or ():
        if name not in _KNOWN:
            text = f"The event '{name}' is not supported for notifications"
            raise errors.invalid(text, ArgumentName="Event", ArgumentValue=name)
    if not configuration.get("Events"):
        raise errors.malformed_xml()


def _check_filter(configuration: Mapping[str, Any]) -> None:
    seen = set()
    for name, value in rules(configuration):
        if name not in ("Prefix", "Suffix"):
            raise errors.invalid(
                "filter rule name must be either prefix or suffix",
                ArgumentName="FilterRule.Name",
                ArgumentValue=name,
            )
        if name in seen:
            raise errors.invalid(
                f"Cannot specify more than one {name.lower()} rule in a filter.",
                ArgumentName="FilterRule.Name",
                ArgumentValue=name.lower(),
            )
        if len(value.encode()) > 1024:
            raise errors.invalid("Size of filter rule value cannot exceed 1024 bytes in UTF-8 representation")
        seen.add(name)


def _check_ids(every: list[dict[str, Any]]) -> None:
    names = [each["Id"] for each in every]
    if len(set(names)) != len(names):
        raise errors.invalid("Same ID used for multiple configurations. IDs must be unique")
    if any(len(name) > 255 for name in names):
        raise errors.invalid("Size of configuration ID cannot exceed 255 bytes")


def _check_overlap(every: list[dict[str, Any]]) -> None:
    """Two configurations may share an event only where no key can fit the filters of both."""
    for at, one in enumerate(every):
        for other in every[at + 1 :]:
            if _share_events(one["Events"], other["Events"]) and _share_keys(dict(rules(one)), dict(rules(other))):
                raise errors.invalid(_OVERLAP)


def _share_events(ones: list[str], others: list[str]) -> bool:
    return any(_covers(one, other) or _covers(other, one) for one in ones for other in others)


def _covers(pattern: str, name: str) -> bool:
    return name == pattern or (pattern.endswith("*") and name.startswith(pattern[:-1]))


def _share_keys(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    starts, ends = (_pair(one, other, name) for name in ("Prefix", "Suffix"))
    return _nested(starts[0].startswith, starts[1].startswith, starts) and _nested(
        ends[0].endswith, ends[1].endswith, ends
    )


def _pair(one: Mapping[str, str], other: Mapping[str, str], name: str) -> tuple[str, str]:
    return one.get(name, ""), other.get(name, "")


def _nested(first: Any, second: Any, texts: tuple[str, str]) -> bool:
    return bool(first(texts[1]) or second(texts[0]))
