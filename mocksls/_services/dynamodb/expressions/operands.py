"""Parsing of what conditions, updates and projections share: paths, constants, functions."""

from __future__ import annotations

from mocksls._services.dynamodb.expressions.lexer import Tokens
from mocksls._services.dynamodb.expressions.nodes import MAX_LIST_INDEX, MAX_PATH_LEVELS, Path, Remarks, Value
from mocksls._services.dynamodb.expressions.problems import ExpressionError
from mocksls._services.dynamodb.expressions.reserved_words import RESERVED_WORDS

CONDITION_FUNCTIONS = frozenset(
    {"attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains"}
)
VALUE_FUNCTIONS = frozenset({"size"})
UPDATE_FUNCTIONS = frozenset({"if_not_exists", "list_append"})
FUNCTIONS = CONDITION_FUNCTIONS | VALUE_FUNCTIONS | UPDATE_FUNCTIONS


def at_path(tokens: Tokens) -> bool:
    """Whether a document path comes next."""
    return tokens.kind in ("word", "name")


def parse_path(tokens: Tokens, remarks: Remarks) -> Path:
    """A document path: ``a.#b[0].c``."""
    parts: list[str | int] = [_parse_name(tokens, remarks)]
    while True:
        if tokens.kind == ".":
            tokens.take()
            parts.append(_parse_name(tokens, remarks))
        elif tokens.kind == "[":
            tokens.take()
            parts.append(_parse_index(tokens, remarks))
            tokens.expect("]")
        else:
            break
    if len(parts) > MAX_PATH_LEVELS:
        remarks.unknown.append(
            ExpressionError(f"The document path has too many nesting levels; nesting levels: {len(parts)}")
        )
    return Path(tuple(parts))


def _parse_name(tokens: Tokens, remarks: Remarks) -> str:
    if not at_path(tokens):
        raise tokens.unexpected()
    name = tokens.take()
    if name.upper() in RESERVED_WORDS and not remarks.reserved_words_allowed:
        remarks.unknown.append(ExpressionError(f"Attribute name is a reserved keyword; reserved keyword: {name}"))
    return name


def _parse_index(tokens: Tokens, remarks: Remarks) -> int:
    digits = tokens.expect("number")
    if len(digits) > 10 or int(digits) > MAX_LIST_INDEX:
        remarks.unknown.append(ExpressionError(f"List index is not within the allowable range; index: [{digits}]"))
        return 0
    return int(digits)


def parse_simple(tokens: Tokens, remarks: Remarks) -> Path | Value:
    """A path or a constant."""
    if tokens.kind == "value":
        return Value(tokens.take())
    return parse_path(tokens, remarks)


def at_function(tokens: Tokens) -> bool:
    """Whether a function comes next."""
    return tokens.kind == "word" and tokens.second_kind() == "("


def note_function(name: str, remarks: Remarks, allowed: frozenset[str], place: str) -> None:
    """Count a function, and note if it may not be used in this kind of expression."""
    remarks.operators += 1
    if name not in FUNCTIONS:
        remarks.unknown.append(ExpressionError(f"Invalid function name; function: {name}"))
    elif name not in allowed:
        remarks.unknown.append(ExpressionError(f"The function is not allowed in {place} expression; function: {name}"))
