"""The form of transformers that come as a policy's text, which no model has checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import errors

_ENTRIES: Mapping[str, tuple[str, ...]] = {
    "addKeys": ("key", "value"),
    "copyValue": ("source", "target"),
    "moveKeys": ("source", "target"),
    "renameKeys": ("key", "renameTo"),
    "splitString": ("source", "delimiter"),
    "substituteString": ("source", "from", "to"),
    "typeConverter": ("key", "type"),
}
_WITH_KEYS = ("deleteKeys", "lowerCaseString", "trimString", "upperCaseString")
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "dateTimeConverter": ("source", "target", "matchPatterns"),
    "grok": ("match",),
    "listToMap": ("source", "key"),
}
_SWITCHES = ("overwriteIfExists", "flatten")
_LISTS = ("columns", "matchPatterns", "withKeys")
_TYPES = ("boolean", "integer", "double", "string")


def check_shapes(found: Any) -> None:
    """Whether a JSON value is a list of processors whose settings are there and of their type.

    Raises:
        AwsError: InvalidParameterException.
    """
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise errors.invalid("A transformer policy document must be a list of processors.")
    for processor in found:
        for name, config in processor.items():
            if not _is_sound(name, config):
                raise errors.invalid(f"The settings of the processor {name} are not valid.")


def _is_sound(name: str, config: Any) -> bool:
    if not isinstance(config, dict):
        return False
    if name in _ENTRIES:
        entries = config.get("entries")
        return (
            isinstance(entries, list)
            and bool(entries)
            and all(isinstance(entry, dict) and _has(entry, _ENTRIES[name]) for entry in entries)
            and all(entry.get("type", "string") in _TYPES for entry in entries)
        )
    if name in _WITH_KEYS:
        return _has(config, ("withKeys",))
    return _has(config, _REQUIRED.get(name, ()))


def _has(config: Mapping[str, Any], required: tuple[str, ...]) -> bool:
    return all(name in config for name in required) and all(_typed(name, value) for name, value in config.items())


def _typed(name: str, value: Any) -> bool:
    if name in _SWITCHES:
        return isinstance(value, bool)
    if name in _LISTS:
        return isinstance(value, list) and bool(value) and all(isinstance(each, str) for each in value)
    return isinstance(value, str) and bool(value)
