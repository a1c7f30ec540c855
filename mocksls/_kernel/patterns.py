"""Event patterns: EventBridge's rules, SNS's filter policies, Lambda's filter criteria.

One engine matches all three, as AWS's does; what each allows and how it is told is its ``Dialect``.
``compile_pattern`` checks and compiles, ``Pattern.matches`` asks; services keep the compiled pattern.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .event_fields import Fields, Leaf, comparable, fields_of, leaf, rounded
from .pattern_expressions import ALL_TYPES, Dialect, field_test
from .pattern_source import Node, PatternError, Source
from .pattern_tests import FieldTest

__all__ = [
    "EVENTS",
    "LAMBDA",
    "SNS",
    "Dialect",
    "Pattern",
    "PatternError",
    "attribute_fields",
    "compile_pattern",
    "parsed_data",
]

EVENTS = Dialect("events", ALL_TYPES, frozenset(("prefix", "suffix", "equals-ignore-case", "wildcard")))
LAMBDA = Dialect("lambda", ALL_TYPES, EVENTS.anything_but)
SNS = Dialect("sns", ALL_TYPES, frozenset(("prefix", "wildcard")), ignore_case_affixes=False, decimals=5)

_RESERVED_IN_OR = frozenset(
    (
        *ALL_TYPES,
        *("exactly", "=", "<", "<=", ">", ">=", "regex", "not-wildcard", "not-equals-ignore-case"),
        *("date-after", "date-on-or-after", "date-before", "date-on-or-before", "in-date-range"),
        *("ip-address-in-range", "ip-address-not-in-range"),
    )
)
_SNS_KEYS = 5
_SNS_COMBINATIONS = 150
_MOST_ALTERNATIVES = 1000

Rule = dict[str, FieldTest]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern: one of its alternatives must hold (there are several where it says ``$or``)."""

    alternatives: tuple[tuple[tuple[str, FieldTest], ...], ...]

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Whether an event (parsed JSON) agrees."""
        return self.matches_fields(fields_of(event))

    def matches_fields(self, fields: Fields) -> bool:
        """Whether an event agrees that ``fields_of`` took apart: where many patterns are held against one event."""
        return any(_holds(rule, 0, fields, {}) for rule in self.alternatives)

    def matches_attributes(self, attributes: Mapping[str, Mapping[str, Any]]) -> bool:
        """Whether a message's attributes (SNS: ``DataType``, ``StringValue``) agree."""
        return self.matches_fields(attribute_fields(attributes))

    def strings_of(self, path: str) -> frozenset[str] | None:
        """The strings one of which a field must be if the pattern is to hold; ``None`` if it could be otherwise.

        An index over many patterns is made of it.
        """
        found: set[str] = set()
        for rule in self.alternatives:
            test = dict(rule).get(path)
            if test is None or not test.only_strings():
                return None
            found |= test.strings
        return frozenset(found)


def _holds(rule: Sequence[tuple[str, FieldTest]], place: int, fields: Fields, chosen: dict[int, int]) -> bool:
    """Whether the rest of a rule holds with array elements that do not contradict those already chosen."""
    if place == len(rule):
        return True
    path, test = rule[place]
    leaves = fields.get(path)
    if not leaves:
        return test.absent and _holds(rule, place + 1, fields, chosen)
    for found in leaves:
        if all(chosen.get(array, index) == index for array, index in found.places) and test.agrees(found):
            if not found.places:
                return _holds(rule, place + 1, fields, chosen)
            if _holds(rule, place + 1, fields, {**chosen, **dict(found.places)}):
                return True
    return False


def body_fields(event: Mapping[str, Any]) -> Fields:
    """A message's body as SNS's patterns see it: where many patterns are held against one message."""
    return {path: [_sns_leaf(each) for each in leaves] for path, leaves in fields_of(event).items()}


def _sns_leaf(found: Leaf) -> Leaf:
    if found.number is None or SNS.decimals is None:
        return found
    return found._replace(number=rounded(found.number, SNS.decimals))


@lru_cache(maxsize=1024)
def compile_pattern(text: str, dialect: Dialect, *, body: bool = True) -> Pattern:
    """Check and compile a pattern's text.

    Args:
        text: the pattern, as JSON.
        dialect: whose pattern it is.
        body: SNS: the policy's scope is MessageBody (nested keys are allowed), else MessageAttributes.

    Raises:
        PatternError: AWS refuses it; ``reason`` is what AWS says after its own introduction.
    """
    try:
        source = Source(text)
    except PatternError as error:
        if dialect.name == "sns":
            raise PatternError(f"failed to parse JSON. {error.reason}", about="json") from None
        raise PatternError("Invalid JSON", about="json") from None
    if source.root.kind != "object":
        source.refuse("Filter is not an object", source.root.begun)
    rules = _Reader(source, dialect).object(source.root, (), [{}], in_or=False)
    if dialect.name == "sns":
        if not body:
            _check_flat(source.root)
        _check_size(rules, body)
    return Pattern(tuple(tuple(rule.items()) for rule in rules))


class _Reader:
    """Turns a pattern's tree into its alternatives."""

    def __init__(self, source: Source, dialect: Dialect) -> None:
        self._source = source
        self._dialect = dialect

    def object(self, node: Node, path: tuple[str, ...], rules: list[Rule], *, in_or: bool) -> list[Rule]:
        """The alternatives so far, each with what an object asks."""
        if not node.members:
            self._source.refuse("Empty objects are not allowed", node.ended)
        for name, value in node.members:
            if name == "$or":
                rules = self._either(value, path, rules)
                continue
            if in_or and name in _RESERVED_IN_OR:
                reason = f"{name} is Ruler reserved fieldName which cannot be used inside $or."
                self._source.refuse(reason, value.begun)
            if value.kind == "object":
                rules = self.object(value, (*path, name), rules, in_or=in_or)
            elif value.kind == "array":
                test = field_test(self._source, value, self._dialect)
                rules = [{**rule, ".".join((*path, name)): test} for rule in rules]
            else:
                self._source.refuse(f'"{name}" must be an object or an array', value.begun)
        return rules

    def _either(self, node: Node, path: tuple[str, ...], rules: list[Rule]) -> list[Rule]:
        if node.kind != "array":
            self._source.refuse("It must be an Array followed with $or.", node.begun)
        found: list[Rule] = []
        for item in node.items:
            if item.kind != "object":
                self._source.refuse("Only JSON object is allowed in array of $or relationship.", item.begun)
            found += self.object(item, path, rules, in_or=True)
            if len(found) > _MOST_ALTERNATIVES:
                raise PatternError("Rule is too complex")
        if len(node.items) < 2:
            self._source.refuse("There must have at least 2 Objects in $or relationship.", node.ended)
        return found


# -- SNS --------------------------------------------------------------------------------------------------------------


def _check_flat(root: Node) -> None:
    for name, value in root.members:
        if name == "$or":
            for item in value.items:
                _check_flat(item)
        elif value.kind == "object":
            text = "Filter policy scope MessageAttributes does not support nested filter policy"
            raise PatternError(text, about="scope")


def _check_size(rules: list[Rule], body: bool) -> None:
    if len({path for rule in rules for path in rule}) > _SNS_KEYS:
        raise PatternError(f"Filter policy can not have more than {_SNS_KEYS} keys")
    total = 0
    for rule in rules:
        combinations = 1
        for path, test in rule.items():
            combinations *= test.values * (path.count(".") + 1 if body else 1)
        total += combinations
    if total > _SNS_COMBINATIONS:
        raise PatternError("Filter policy is too complex")


def attribute_fields(attributes: Mapping[str, Mapping[str, Any]]) -> Fields:
    """A message's attributes as patterns see them: where many patterns are held against one message."""
    fields: Fields = {}
    for name, attribute in attributes.items():
        kind, text = attribute.get("DataType", ""), attribute.get("StringValue")
        if text is None or kind.split(".", 1)[0] == "Binary":
            continue
        if kind == "String.Array":
            fields[name] = _array_leaves(text)
        elif kind.split(".", 1)[0] == "Number":
            fields[name] = [_number_leaf(text)]
        else:
            fields[name] = [leaf(text)]
    return {name: leaves for name, leaves in fields.items() if leaves}


def _array_leaves(text: str) -> list[Leaf]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return [leaf(text)]
    if not isinstance(found, list):
        return [leaf(text)] if isinstance(found, str) else [leaf(found)] if not isinstance(found, dict) else []
    return [_sns_leaf(leaf(each)) for each in found if not isinstance(each, (list, dict))]


def _number_leaf(text: str) -> Leaf:
    return Leaf("number", text, comparable(text, SNS.decimals), ())


# -- Lambda -----------------------------------------------------------------------------------------------------------


def parsed_data(text: str) -> Any:
    """The data of a record (an SQS body, Kinesis's decoded data) as Lambda's filters see it.

    JSON objects are taken apart (those in arrays too); anything else that is no JSON array is a plain string. So a
    filter for JSON drops plain strings, and a filter for a plain string drops JSON.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if isinstance(found, list):
        return [each for each in found if isinstance(each, dict)]
    return found if isinstance(found, dict) else text
