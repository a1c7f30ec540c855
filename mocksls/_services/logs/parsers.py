"""Processors that make a structured event of a text: each takes a field, the whole message unless told otherwise.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Transformation-Configurable.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Transformation-BuiltIn.html
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from typing import Any

from .event_paths import MISSING, Event, get, put
from .grok import compile_grok
from .json_messages import parsed

MESSAGE = "@message"
Config = Mapping[str, Any]
_VPC = (
    *("version", "accountId", "interfaceId", "srcAddr", "dstAddr", "srcPort", "dstPort", "protocol", "packets"),
    *("bytes", "start", "end", "action", "logStatus"),
)
_ROUTE_53 = (
    *("version", "queryTimestamp", "hostZoneId", "queryName", "queryType", "responseCode", "protocol"),
    *("edgeLocation", "resolverIp", "ednsClientSubnet"),
)
_WHOLE, _DECIMAL = re.compile(r"-?[0-9]{1,19}"), re.compile(r"-?[0-9]+\.[0-9]+")
_TEXTS = ("accountId", "queryTimestamp")


class NotParsedError(Exception):
    """A text that a parser cannot take apart: the event stays as it is."""


def _source(event: Event, message: str, config: Config) -> str:
    path = config.get("source", MESSAGE)
    value = message if path == MESSAGE else get(event, path)
    if value is MISSING or not isinstance(value, str):
        raise NotParsedError(path)
    return value


def _add(event: Event, fields: Mapping[str, Any], config: Config) -> None:
    destination = config.get("destination")
    if destination is None:
        event.update(fields)
    else:
        put(event, destination, dict(fields))


def _parse_json(event: Event, message: str, config: Config) -> None:
    try:
        found = parsed(_source(event, message, config))
    except ValueError:
        raise NotParsedError("parseJSON") from None
    if not isinstance(found, dict):
        raise NotParsedError("parseJSON")
    _add(event, found, config)


def _grok(event: Event, message: str, config: Config) -> None:
    found = compile_grok(config["match"])(_source(event, message, config))
    if found is None:
        raise NotParsedError("grok")
    event.update(found)


def _csv(event: Event, message: str, config: Config) -> None:
    text = _source(event, message, config)
    delimiter = config.get("delimiter", ",").replace("\\t", "\t")
    if len(delimiter) == 1:
        values = next(csv.reader([text], delimiter=delimiter, quotechar=config.get("quoteCharacter", '"')), [])
    else:
        values = text.split(delimiter)
    columns = config.get("columns") or [f"column_{place}" for place in range(1, len(values) + 1)]
    _add(event, {name: value.strip() for name, value in zip(columns, values, strict=False)}, config)


def _parse_key_value(event: Event, message: str, config: Config) -> None:
    between, inside = config.get("fieldDelimiter", "&"), config.get("keyValueDelimiter", "=")
    prefix, unmatched = config.get("keyPrefix", ""), config.get("nonMatchValue")
    fields: dict[str, Any] = {}
    for part in _source(event, message, config).split(between):
        key, found, value = part.partition(inside)
        if key:
            fields[f"{prefix}{key}"] = value if found else unmatched
    destination = config.get("destination")
    for key, value in fields.items():
        path = key if destination is None else f"{destination}.{key}"
        put(event, path, value, overwrite=config.get("overwriteIfExists", False))


def _columns(names: tuple[str, ...]) -> Callable[[Event, str, Config], None]:
    def run(event: Event, message: str, config: Config) -> None:
        values = message.split()
        if len(values) != len(names):
            raise NotParsedError("columns")
        event.update({name: _typed(name, value) for name, value in zip(names, values, strict=True)})

    return run


def _typed(name: str, value: str) -> Any:
    """Numbers are numbers; an account's id is none."""
    if name in _TEXTS:
        return value
    return float(value) if _DECIMAL.fullmatch(value) else int(value) if _WHOLE.fullmatch(value) else value


PARSERS: Mapping[str, Callable[[Event, str, Config], None]] = {
    "parseJSON": _parse_json,
    "grok": _grok,
    "csv": _csv,
    "parseKeyValue": _parse_key_value,
    "parseVPC": _columns(_VPC),
    "parseRoute53": _columns(_ROUTE_53),
}
