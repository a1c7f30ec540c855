"""Transformers: what makes structured events of the events that come into a group.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Transformation.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.schedules import zone_of

from . import date_patterns, errors
from .event_paths import Event
from .grok import GrokError, compile_grok
from .groups import find_group
from .parsers import PARSERS, NotParsedError
from .processors import PROCESSORS, substitution
from .store import Store, Transformer

Processors = Sequence[Mapping[str, Any]]
_ONCE = ("grok", "addKeys", "copyValue")
_MOST_PARSERS = 5
_MOST = 20


class Transformers:
    """Operations on transformers of groups."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_transformer(self, request: Mapping[str, Any], call: Call) -> None:
        """Make a group's transformer, or replace it.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterException, InvalidOperationException; and
                NotImplemented for the processors that mocksls lacks.
        """
        group = find_group(self._store, request)
        if group.log_class != "STANDARD":
            raise AwsError("InvalidOperationException", "Only log groups in the Standard class support transformers.")
        check_processors(request["transformerConfig"])
        now_ms = int(self._cloud.clock.time() * 1000)
        created = group.transformer.created if group.transformer else now_ms
        group.transformer = Transformer(request["transformerConfig"], created, now_ms)

    def get_transformer(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A group's own transformer; nothing but the group where it has none.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        group = find_group(self._store, request)
        found = group.transformer
        if found is None:
            return {"logGroupIdentifier": group.arn}
        return {
            "logGroupIdentifier": group.arn,
            "creationTime": found.created,
            "lastModifiedTime": found.modified,
            "transformerConfig": found.processors,
        }

    def delete_transformer(self, request: Mapping[str, Any], call: Call) -> None:
        """Take a group's transformer away.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        group = find_group(self._store, request)
        if group.transformer is None:
            raise errors.not_found("The specified log group does not have a transformer.")
        group.transformer = None

    def test_transformer(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """What a transformer would make of some messages; those that it cannot take apart stay as they are.

        Raises:
            AwsError: InvalidParameterException, NotImplemented.
        """
        processors = request["transformerConfig"]
        check_processors(processors)
        known = metadata("", "", call)
        return {
            "transformedLogs": [
                {
                    "eventNumber": number,
                    "eventMessage": message,
                    "transformedEventMessage": transformed(processors, message, known) or message,
                }
                for number, message in enumerate(request["logEventMessages"], 1)
            ]
        }


def metadata(group: str, stream: str, call: Call) -> dict[str, str]:
    """What a transformer may copy into events beside their own fields."""
    return {
        "@logGroupName": group,
        "@logGroupStream": stream,
        "@accountId": call.account_id,
        "@regionName": call.region,
    }


def transformed(processors: Processors, message: str, known: Mapping[str, str]) -> str | None:
    """A message's structured form as JSON; ``None`` where a parser cannot take it apart."""
    event: Event = {}
    try:
        for processor in processors:
            ((name, config),) = processor.items()
            if name in PARSERS:
                PARSERS[name](event, message, config)
            else:
                PROCESSORS[name](event, config, known)
    except NotParsedError:
        return None
    try:
        return json.dumps(event, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    except (ValueError, RecursionError):
        return None  # numbers beyond all bounds are no JSON


def check_processors(processors: Processors) -> None:
    """Whether a transformer can be.

    Raises:
        AwsError: InvalidParameterException, NotImplemented.
    """
    if not 1 <= len(processors) <= _MOST:
        raise errors.invalid(f"A transformer must have between 1 and {_MOST} processors.")
    names = []
    for processor in processors:
        if len(processor) != 1:
            raise errors.invalid("Each processor of a transformer must have exactly one type.")
        ((name, config),) = processor.items()
        names.append(name)
        _check(name, config)
    if names[0] not in PARSERS:
        raise errors.invalid("The first processor of a transformer must be a parser.")
    if sum(name in PARSERS for name in names) > _MOST_PARSERS:
        raise errors.invalid(f"A transformer can have at most {_MOST_PARSERS} parsers.")
    for name in _ONCE:
        if names.count(name) > 1:
            raise errors.invalid(f"A transformer can have at most one {name} processor.")


def _check(name: str, config: Mapping[str, Any]) -> None:
    if name not in PARSERS and name not in PROCESSORS:
        text = f"mocksls has no processor {name} for transformers"
        raise AwsError("NotImplemented", text, status=501, sender=False)
    try:
        _check_texts(name, config)
    except (GrokError, ValueError, date_patterns.DatePatternError, AwsError) as error:
        raise errors.invalid(f"The processor {name} is not valid: {error}") from None


def _check_texts(name: str, config: Mapping[str, Any]) -> None:
    if name == "grok":
        compile_grok(config["match"])
    elif name == "substituteString":
        for entry in config["entries"]:
            substitution(entry["from"])
    elif name == "dateTimeConverter":
        for pattern in (*config["matchPatterns"], *([config["targetFormat"]] if "targetFormat" in config else [])):
            if pattern != "epoch":
                date_patterns.check(pattern)
        for zone in ("sourceTimezone", "targetTimezone"):
            zone_of(config.get(zone))
    elif name == "listToMap" and config.get("flatten") and "flattenedElement" not in config:
        raise ValueError("flattenedElement must be specified if flatten is true")
