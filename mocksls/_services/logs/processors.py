"""Processors that change a structured event: its keys, its texts, its types.

A key that an event does not have is passed over.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Transformation-JSONMutate.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Transformation-StringMutate.html
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from typing import Any

from mocksls._kernel.schedules import zone_of

from . import date_patterns
from .event_paths import MISSING, Event, drop, get, put

Config = Mapping[str, Any]
Metadata = Mapping[str, str]
_DEFAULT_FORMAT = "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'"


def _add_keys(event: Event, config: Config, known: Metadata) -> None:
    for entry in config["entries"]:
        put(event, entry["key"], entry["value"], overwrite=entry.get("overwriteIfExists", False))


def _delete_keys(event: Event, config: Config, known: Metadata) -> None:
    for path in config["withKeys"]:
        drop(event, path)


def _move(event: Event, source: str, target: str, overwrite: bool) -> None:
    """Where the target is there already and stays, so does the source."""
    if get(event, source) is not MISSING and (overwrite or get(event, target) is MISSING):
        put(event, target, drop(event, source))


def _move_keys(event: Event, config: Config, known: Metadata) -> None:
    for entry in config["entries"]:
        _move(event, entry["source"], entry["target"], entry.get("overwriteIfExists", False))


def _rename_keys(event: Event, config: Config, known: Metadata) -> None:
    for entry in config["entries"]:
        _move(event, entry["key"], entry["renameTo"], entry.get("overwriteIfExists", False))


def _copy_value(event: Event, config: Config, known: Metadata) -> None:
    for entry in config["entries"]:
        source = entry["source"]
        value = known[source] if source in known else get(event, source)
        if value is not MISSING:
            put(event, entry["target"], copy.deepcopy(value), overwrite=entry.get("overwriteIfExists", False))


def _list_to_map(event: Event, config: Config, known: Metadata) -> None:
    found = copy.deepcopy(get(event, config["source"]))
    if not isinstance(found, list):
        return
    made: dict[str, Any] = {}
    for item in found:
        key = get(item, config["key"]) if isinstance(item, dict) else MISSING
        value = get(item, config["valueKey"]) if "valueKey" in config and isinstance(item, dict) else item
        if key is not MISSING and value is not MISSING:
            made.setdefault(str(key), []).append(value)
    if config.get("flatten"):
        place = -1 if config.get("flattenedElement") == "last" else 0
        made = {key: values[place] for key, values in made.items()}
    if "target" in config:
        put(event, config["target"], made)
    else:
        event.update(made)


def _texts(change: Callable[[str], str]) -> Callable[[Event, Config, Metadata], None]:
    def run(event: Event, config: Config, known: Metadata) -> None:
        for path in config["withKeys"]:
            value = get(event, path)
            if isinstance(value, str):
                put(event, path, change(value))

    return run


def _split_string(event: Event, config: Config, known: Metadata) -> None:
    for entry in config["entries"]:
        value = get(event, entry["source"])
        if isinstance(value, str):
            put(event, entry["source"], value.split(entry["delimiter"]))


def _substitute_string(event: Event, config: Config, known: Metadata) -> None:
    for entry in config["entries"]:
        value = get(event, entry["source"])
        if isinstance(value, str):
            put(event, entry["source"], substitution(entry["from"]).sub(_replacement(entry["to"]), value))


def substitution(text: str) -> re.Pattern[str]:
    """The expression whose matches are replaced.

    Raises:
        ValueError: it is none.
    """
    try:
        return re.compile(text)
    except re.error as error:
        raise ValueError(str(error)) from None


def _replacement(text: str) -> Callable[[re.Match[str]], str]:
    """Java's replacements: ``$1`` and ``${name}`` are groups, a backslash takes the next character as it is."""

    def replace(found: re.Match[str]) -> str:
        def part(one: re.Match[str]) -> str:
            escaped, number, name = one.groups()
            if escaped:
                return str(escaped)
            try:
                return found.group(int(number) if number else name) or ""
            except (IndexError, KeyError):
                return one.group()

        return re.sub(r"\\(.)|\$(?:(\d)|\{(\w+)\})", part, text)

    return replace


def _type_converter(event: Event, config: Config, known: Metadata) -> None:
    for entry in config["entries"]:
        value = get(event, entry["key"])
        if value is MISSING or isinstance(value, (dict, list)):
            continue
        try:
            put(event, entry["key"], _TYPES[entry["type"]](value))
        except (ValueError, OverflowError):
            continue


def _boolean(value: Any) -> bool:
    text = str(value).lower()
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


def _string(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


_TYPES: Mapping[str, Callable[[Any], Any]] = {
    "integer": lambda value: int(float(value)),
    "double": float,
    "string": _string,
    "boolean": _boolean,
}


def _date_time_converter(event: Event, config: Config, known: Metadata) -> None:
    value = get(event, config["source"])
    if value is MISSING or isinstance(value, (dict, list)):
        return
    source, target = zone_of(config.get("sourceTimezone")), zone_of(config.get("targetTimezone"))
    for pattern in config["matchPatterns"]:
        moment = date_patterns.read(str(value), pattern, source)
        if moment is not None and 1 < moment.year < 9999:
            text = date_patterns.written(moment.astimezone(target), config.get("targetFormat", _DEFAULT_FORMAT))
            put(event, config["target"], text)
            return


PROCESSORS: Mapping[str, Callable[[Event, Config, Metadata], None]] = {
    "addKeys": _add_keys,
    "copyValue": _copy_value,
    "dateTimeConverter": _date_time_converter,
    "deleteKeys": _delete_keys,
    "listToMap": _list_to_map,
    "lowerCaseString": _texts(str.lower),
    "moveKeys": _move_keys,
    "renameKeys": _rename_keys,
    "splitString": _split_string,
    "substituteString": _substitute_string,
    "trimString": _texts(str.strip),
    "typeConverter": _type_converter,
    "upperCaseString": _texts(str.upper),
}
