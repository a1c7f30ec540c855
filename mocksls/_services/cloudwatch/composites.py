"""Rules of composite alarms: read, evaluated; which alarms they speak of.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from datetime import datetime

from . import errors
from .store import Alarm, Store

_TOKEN = re.compile(
    r"\s*(?:(?P<least>AT_LEAST)\s*\(\s*(?P<count>\d{1,3})(?P<percent>%?)\s*,\s*(?P<not>NOT\s+)?"
    r"(?P<each>ALARM|OK|INSUFFICIENT_DATA)\s*,\s*\((?P<names>(?:\"[^\"]*\"|'[^']*'|[^\"')])+)\)\s*\)"
    r"|(?P<state>ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?P<name>\"[^\"]*\"|'[^']*'|[^\"')]+?)\s*\)"
    r"|(?P<word>TRUE|FALSE|AND|OR|NOT)\b|(?P<mark>[()]))"
)

_MOST_CHILDREN = 100
_ELEMENT = re.compile(r"\s*(\"[^\"]*\"|'[^']*'|[^,\"']+?)\s*(?:,|$)")

_Test = Callable[[Store], bool]


class _Rule:
    """Reads a rule: OR of ANDs of NOTs, parentheses, states of alarms, TRUE and FALSE."""

    def __init__(self, text: str) -> None:
        self._tokens: list[re.Match[str]] = []
        self.names: list[str] = []
        place, text = 0, text.strip()
        while place < len(text):
            found = _TOKEN.match(text, place)
            if found is None:
                raise errors.validation("Error in AlarmRule: the expression is not valid.")
            self._tokens.append(found)
            place = found.end()
        self._place = 0
        self.test = self._either()
        if self._place < len(self._tokens):
            raise errors.validation("Error in AlarmRule: the expression is not valid.")

    def _word(self) -> str | None:
        if self._place == len(self._tokens):
            return None
        found = self._tokens[self._place]
        return found["word"] or found["mark"]

    def _either(self) -> _Test:
        tests = [self._all()]
        while self._word() == "OR":
            self._place += 1
            tests.append(self._all())
        return lambda store: any(test(store) for test in tests)

    def _all(self) -> _Test:
        tests = [self._single()]
        while self._word() == "AND":
            self._place += 1
            tests.append(self._single())
        return lambda store: all(test(store) for test in tests)

    def _single(self) -> _Test:
        if self._place == len(self._tokens):
            raise errors.validation("Error in AlarmRule: the expression ends too soon.")
        found, word = self._tokens[self._place], self._word()
        self._place += 1
        if word == "NOT":
            inner = self._single()
            return lambda store: not inner(store)
        if word == "(":
            inner = self._either()
            if self._word() != ")":
                raise errors.validation("Error in AlarmRule: a parenthesis is missing.")
            self._place += 1
            return inner
        if word in ("TRUE", "FALSE"):
            return lambda store: word == "TRUE"
        if found["least"]:
            return self._at_least(found)
        if not found["state"]:
            raise errors.validation("Error in AlarmRule: the expression is not valid.")
        state, name = found["state"], named(found["name"])
        self.names.append(name)
        return lambda store: name in store.alarms and store.alarms[name].state == state

    def _at_least(self, found: re.Match[str]) -> _Test:
        """``AT_LEAST(2, ALARM, (a, b, c))``, or so many percent, or of those that are not in a state."""
        names = [named(text) for text in _ELEMENT.findall(found["names"])]
        if not names or not all(names):
            raise errors.validation("Error in AlarmRule: AT_LEAST needs alarms.")
        count, inverted, state = int(found["count"]), bool(found["not"]), found["each"]
        if not 1 <= count <= (100 if found["percent"] else len(names)):
            raise errors.validation("Error in AlarmRule: the threshold of AT_LEAST is not valid.")
        needed = math.ceil(len(names) * count / 100) if found["percent"] else count
        self.names += names

        def test(store: Store) -> bool:
            alarms = (store.alarms.get(name) for name in names)
            return sum(each is not None and (each.state == state) != inverted for each in alarms) >= needed

        return test


def named(text: str) -> str:
    """The name of an alarm that is given by name or ARN."""
    bare = text.strip("\"' ")
    return bare.split(":", 6)[6] if bare.startswith("arn:") and ":alarm:" in bare else bare


def check(store: Store, name: str, text: str) -> None:
    """Whether a rule can be: it is sound, and its alarms are there. It may lead back to its own alarm.

    Raises:
        AwsError: ValidationError.
    """
    try:
        rule = _Rule(text)
    except RecursionError:
        raise errors.validation("Error in AlarmRule: the expression is nested too deeply.") from None
    unknown = [each for each in rule.names if each not in store.alarms]
    if unknown:
        raise errors.validation(f"Error in AlarmRule: unknown alarms {', '.join(unknown)}.")
    if len(set(rule.names)) > _MOST_CHILDREN:
        raise errors.validation(f"Error in AlarmRule: more than {_MOST_CHILDREN} alarms.")


def children_of(store: Store, name: str) -> list[str]:
    """The alarms that a composite's rule speaks of."""
    alarm = store.alarms.get(name)
    if alarm is None or alarm.kind != "CompositeAlarm":
        return []
    return list(dict.fromkeys(_Rule(alarm.settings["AlarmRule"]).names))


def parents_of(store: Store, alarm: Alarm) -> Iterator[Alarm]:
    """The composites whose rule speaks of an alarm."""
    for other in list(store.alarms.values()):
        if alarm.name in children_of(store, other.name):
            yield other


def state_of(store: Store, composite: Alarm) -> str:
    """What a composite's rule says now."""
    return "ALARM" if _Rule(composite.settings["AlarmRule"]).test(store) else "OK"


def written(when: datetime) -> str:
    """A time as composites' reasons write it."""
    return f"{when:%A %d %B, %Y %H:%M:%S} UTC"
