"""The expression engine by itself: grammar, AWS's error texts, limits."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mocksls._kernel.errors import AwsError
from mocksls._services.dynamodb.expressions.scope import Scope

ITEM: dict[str, Any] = {
    "a": {"N": "5"},
    "s": {"S": "hello"},
    "l": {"L": [{"N": "1"}, {"S": "z"}]},
    "m": {"M": {"x": {"N": "1"}}},
    "ss": {"SS": ["a", "b"]},
}
VALUES: dict[str, Any] = {
    ":n": {"N": "5.0"},
    ":one": {"N": "1"},
    ":s": {"S": "he"},
    ":l": {"L": []},
    ":z": {"NULL": True},
    ":ss": {"SS": ["b", "a"]},
}
TOKENS = ["a", "s", "l[0]", "m.x", ":n", ":s", "=", "<", "<>", "(", ")", ",", "AND", "OR", "NOT", "IN", "BETWEEN"]
TOKENS += ["size", "contains", "begins_with", "attribute_exists", "#", "!", "name", "[", "]", ".", "SET", "REMOVE", "+"]


def scope_of(parameter: str, text: str) -> Scope:
    values = {name: value for name, value in VALUES.items() if name in text}
    request = {parameter: text, **({"ExpressionAttributeValues": values} if values else {})}
    return Scope(request, (parameter,))


def holds(text: str) -> bool:
    bound = scope_of("ConditionExpression", text).condition("ConditionExpression")
    assert bound is not None
    return bound.test(ITEM)


def problem(text: str, parameter: str = "ConditionExpression") -> str:
    scope = scope_of(parameter, text)
    read = {"UpdateExpression": scope.update, "ProjectionExpression": scope.projection}.get(parameter, scope.condition)
    with pytest.raises(AwsError) as caught:
        read(parameter)
    return caught.value.message.removeprefix(f"Invalid {parameter}: ")


@pytest.mark.parametrize(
    "text",
    [
        "a = :n",
        "NOT a = :s",
        "a <> :s AND nope <> :s",
        "a BETWEEN :one AND :n",
        "a IN (:s, :n)",
        "begins_with(s, :s)",
        "contains(s, :s) and size(s) = :n",
        "ss = :ss",
        "attribute_exists(m.x) AND attribute_not_exists(m.y)",
        "l[0] = :one or (a < :one AND a > :one)",
        "a = :one AND a = :one OR a = :n",
        "NOT NOT a = :n",
        ":one < a",
        "(a) = (:n)",
    ],
)
def test_true_conditions(text: str) -> None:
    """Operators, functions, precedence and paths do what AWS's do."""
    assert holds(text)


@pytest.mark.parametrize("text", ["nope = :n", "s < :n", "nope < :n", "size(a) = :n", "contains(a, :n)", "l[9] = :n"])
def test_false_without_error(text: str) -> None:
    """Missing attributes and types that do not compare make conditions false."""
    assert not holds(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The expression can not be empty;"),
        ("a", 'Syntax error; token: "<EOF>", near: "a"'),
        ("a b c d", 'Syntax error; token: "b", near: "a b c"'),
        ("a != :n", 'Syntax error; token: "!", near: "a !="'),
        ("a-b = :n", 'Syntax error; token: "-", near: "a-b"'),
        ("a IN ()", 'Syntax error; token: ")", near: "()"'),
        ("((a = :n))", "The expression has redundant parentheses;"),
        ("name = :n", "Attribute name is a reserved keyword; reserved keyword: name"),
        ("foo(a)", "Invalid function name; function: foo"),
        ("a = a", "The first operand must be distinct from the remaining operands for this operator or function; "
                  "operator: =, first operand: [a]"),
        ("a < :l", "Incorrect operand type for operator or function; operator or function: <, "
                   "operand type: L"),
        ("begins_with(a, :n)", "Incorrect operand type for operator or function; operator or function: begins_with, "
                               "operand type: N"),
        ("attribute_exists(:n)", "Operator or function requires a document path; "
                                 "operator or function: attribute_exists"),
        ("size(a)", "The function is not allowed to be used this way in an expression; function: size"),
        ("#x = :n", "An expression attribute name used in the document path is not defined; attribute name: #x"),
        ("a = :undefined", "An expression attribute value used in expression is not defined; "
                           "attribute value: :undefined"),
    ],
)  # fmt: skip
def test_condition_errors(text: str, message: str) -> None:
    """Errors have the texts of AWS's own engine (DynamoDB Local), tokens and neighbours included."""
    assert problem(text) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SET a = :n SET s = :n", 'The "SET" section can only be used once in an update expression;'),
        ("SET a = :n + :n + :n", 'Syntax error; token: "+", near: ":n + :n"'),
        ("SET a = :s + :n", "Incorrect operand type for operator or function; operator or function: +, operand "
                          "type: S"),
        ("SET a = :n, a.b = :n", "Two document paths overlap with each other; must remove or rewrite one of these "
                                 "paths; path one: [a], path two: [a, b]"),
        ("SET a.b = :n REMOVE a[0]", "Two document paths conflict with each other; must remove or rewrite one of "
                                     "these paths; path one: [a, b], path two: [a, [0]]"),
        ("SET a = size(s)", "The function is not allowed in an update expression; function: size"),
        ("FOO a", 'Syntax error; token: "FOO", near: "FOO a"'),
    ],
)  # fmt: skip
def test_update_errors(text: str, message: str) -> None:
    """Errors of updates have the texts of AWS's own engine."""
    assert problem(text, "UpdateExpression") == message


def test_operator_limit_before_python_breaks() -> None:
    """Deep nesting ends in AWS's limit of 300 operators, never in a RecursionError."""
    assert problem("NOT " * 900 + "a = :n") == "The expression contains too many operators; operator count: 301"


def test_deepest_legal_nesting() -> None:
    """Nested groups up to the limits are judged."""
    assert holds("a = :n AND (" * 140 + "a = :n" + ")" * 140)


def test_size_limit() -> None:
    """An expression may have 4096 bytes."""
    text = "a = :n" + " " * 4091
    assert problem(text) == "Expression size has exceeded the maximum allowed size; expression size: 4097"


def test_path_depth_limit() -> None:
    """A path may have 32 levels."""
    message = "The document path has too many nesting levels; nesting levels: 33"
    assert problem(".".join("a" * 33) + " = :n") == message


@settings(max_examples=200)
@given(st.lists(st.sampled_from(TOKENS), max_size=14), st.sampled_from(["ConditionExpression", "UpdateExpression"]))
def test_any_text_is_parsed_or_refused(tokens: list[str], parameter: str) -> None:
    """Whatever the text, the answer is a bound expression or AWS's ValidationException."""
    text = " ".join(tokens)
    scope = scope_of(parameter, text)
    codes = set()
    try:
        scope.update(parameter) if parameter == "UpdateExpression" else scope.condition(parameter)
    except AwsError as error:
        codes.add(error.code)
    assert codes <= {"ValidationException"}
