"""Event patterns: operators, arrays, dialects, and AWS's refusals."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mocksls._kernel.patterns import EVENTS, LAMBDA, SNS, PatternError, compile_pattern, parsed_data


def matches(pattern: Any, event: Any) -> bool:
    return compile_pattern(json.dumps(pattern), EVENTS).matches(event)


def refusal(pattern: str, dialect: Any = SNS, **options: Any) -> str:
    with pytest.raises(PatternError) as caught:
        compile_pattern(pattern, dialect, **options)
    return caught.value.reason


@pytest.mark.parametrize(
    ("wanted", "value", "expected"),
    [
        ("a", "a", True),
        ("a", "A", False),
        (None, None, True),
        (None, "null", False),
        ("", "", True),
        (True, True, True),
        (True, "true", False),
        (1, 1.0, True),
        (1, "1", False),
        (300, 3.0e2, True),
        (9007199254740993, 9007199254740993, True),
        (9007199254740993, 9007199254740992, False),
        ({"prefix": "ab"}, "abc", True),
        ({"prefix": ""}, "", True),
        ({"prefix": "AB"}, "abc", False),
        ({"prefix": {"equals-ignore-case": "AB"}}, "abc", True),
        ({"suffix": ".png"}, "a.png", True),
        ({"suffix": {"equals-ignore-case": ".PNG"}}, "a.png", True),
        ({"equals-ignore-case": "ALICE"}, "alice", True),
        ({"wildcard": "a*z"}, "abcz", True),
        ({"wildcard": "a*z"}, "az", True),
        ({"wildcard": "a*z"}, "abc", False),
        ({"wildcard": "a\\*z"}, "a*z", True),
        ({"wildcard": "a\\*z"}, "abz", False),
        ({"wildcard": "a\\\\z"}, "a\\z", True),
        ({"anything-but": "a"}, "b", True),
        ({"anything-but": "a"}, "a", False),
        ({"anything-but": "a"}, None, True),
        ({"anything-but": ["a", "b"]}, "b", False),
        ({"anything-but": [1, 2]}, 2.0, False),
        ({"anything-but": [1, 2]}, 3, True),
        ({"anything-but": {"prefix": "a"}}, "ab", False),
        ({"anything-but": {"prefix": ["a", "b"]}}, "ca", True),
        ({"anything-but": {"suffix": "b"}}, "ab", False),
        ({"anything-but": {"equals-ignore-case": ["AB"]}}, "ab", False),
        ({"anything-but": {"wildcard": "*/lib/*"}}, "x/lib/y", False),
        ({"numeric": ["=", 5]}, 5.0, True),
        ({"numeric": [">", 0, "<=", 5]}, 5, True),
        ({"numeric": [">", 0, "<=", 5]}, 0, False),
        ({"numeric": [">=", 0.1]}, 0.1, True),
        ({"numeric": ["<", 0.30000000000000004]}, 0.3, True),
        ({"numeric": [">", 0.3]}, 0.30000000000000004, True),
        ({"numeric": ["<", 10]}, "5", False),
        ({"cidr": "10.0.0.0/24"}, "10.0.0.255", True),
        ({"cidr": "10.0.0.0/24"}, "10.0.1.0", False),
        ({"cidr": "2001:db8::/32"}, "2001:0db8:0:0:0:0:0:1", True),
        ("2001:db8::1", "2001:0db8:0:0:0:0:0:1", True),
        ({"exists": True}, None, True),
        ({"exists": True}, {"x": 1}, False),
        ({"exists": False}, {"x": 1}, True),
        ({"exists": False}, [], True),
        ({"exists": False}, "a", False),
    ],
)
def test_a_value_is_held_against_one_expression(wanted: Any, value: Any, expected: bool) -> None:
    """Each operator takes what EventBridge's documentation says it takes."""
    assert expected == matches({"k": [wanted]}, {"k": value})


def test_all_fields_must_agree_and_one_value_of_each() -> None:
    """Fields are joined by and, the values of a list by or."""
    pattern = {"source": ["a", "b"], "detail": {"state": ["up"]}}
    assert matches(pattern, {"source": "b", "detail": {"state": "up"}})
    assert not matches(pattern, {"source": "b", "detail": {"state": "down"}})


def test_an_array_in_the_event_needs_one_agreeing_element() -> None:
    """An array agrees by any of its elements, however deep it is nested."""
    assert matches({"resources": ["x"]}, {"resources": ["w", ["x"]]})


def test_fields_of_objects_in_an_array_come_from_one_element() -> None:
    """Two fields below one array must hold for the same element."""
    pattern = {"items": {"a": [1], "b": [2]}}
    assert matches(pattern, {"items": [{"a": 9, "b": 9}, {"a": 1, "b": 2}]})
    assert not matches(pattern, {"items": [{"a": 1, "b": 9}, {"a": 9, "b": 2}]})


def test_or_takes_any_of_its_objects_besides_the_rest() -> None:
    """$or is joined by and with its neighbours."""
    pattern = {"source": ["s"], "$or": [{"a": [1]}, {"b": {"c": [{"prefix": "x"}]}}]}
    assert matches(pattern, {"source": "s", "a": 1})
    assert matches(pattern, {"source": "s", "b": {"c": "xy"}})
    assert not matches(pattern, {"source": "s"})
    assert not matches(pattern, {"source": "t", "a": 1})


def test_a_dotted_key_is_the_same_path_as_nested_keys() -> None:
    """AWS flattens both to one path (recorded for SNS message bodies)."""
    assert matches({"object": {"nested": ["v"]}}, {"object.nested": "v"})


def test_the_strings_a_field_must_be_are_told_for_an_index() -> None:
    """A field of exact strings in every alternative can be indexed, any other cannot."""
    pattern = compile_pattern('{"source":["a","b"],"$or":[{"x":[1]},{"y":[{"prefix":"p"}]}]}', EVENTS)
    assert frozenset(("a", "b")) == pattern.strings_of("source")
    assert pattern.strings_of("x") is None


_SOURCE = '{"key":%s}'


@pytest.mark.parametrize(
    ("value", "reason", "column"),
    [
        ('{"not-an-operator":"value"}', '"not-an-operator" must be an object or an array', 28),
        ('[{"numeric":[">=",1,">",2]}]', "Bad numeric range operator: >", 31),
        ('[{"numeric":[">",20,"test"]}]', "Bad numeric range operator: test", 34),
        ('[{"numeric":[">",20,30]}]', "Bad value in numeric range: 30", 30),
        ('[{"numeric":[">",3,"<",1]}]', "Bottom must be less than top", 33),
        ("[]", "Empty arrays are not allowed", 10),
        ('[{"numeric":[1,"<="]}]', "Invalid member in numeric match: 1", 22),
        ('[{"numeric":[]}]', "Invalid member in numeric match: ]", 22),
        ('[["value"]]', "Match value must be String, number, true, false, or null", 10),
        ('[{"suffix":"value","prefix":"value2"}]', "Only one key allowed in match expression", 37),
        ('[{"numeric":["<",100,">",10]}]', "Too many elements in numeric expression", 30),
        ('[{"numeric":[">",20,"<",30,"<",50]}]', "Too many terms in numeric range expression", 36),
        ('[{"wrong-operator":true}]', "Unrecognized match type wrong-operator", 31),
        ('[{"numeric":["operator"]}]', "Unrecognized numeric range operator: operator", 32),
        ('[{"anything-but":{"exists":false}}]', "Unsupported anything-but pattern: exists", 40),
        ('[{"anything-but":{"suffix":"test"}}]', "Unsupported anything-but pattern: suffix", 36),
        ('[{"anything-but":{"wrong-operator":null}}]', "Unsupported anything-but pattern: wrong-operator", 47),
        ('[{"numeric":[">",20,"<","30"]}]', "Value of < must be numeric", 33),
        ('[{"numeric":[">",20,"<="]}]', "Value of <= must be numeric", 33),
        ('[{"numeric":[">","20","<","30"]}]', "Value of > must be numeric", 26),
        ('[{"numeric":[">="]}]', "Value of >= must be numeric", 26),
        ('[{"numeric":["=","000"]}]', "Value of equals must be numeric", 26),
        ('[{"exists":"no"}]', "exists match pattern must be either true or false.", 20),
        ('[{"exists":null}]', "exists match pattern must be either true or false.", 23),
        ('[{"anything-but":{"prefix":false}}]', "prefix match pattern must be a string", 40),
        ('[{"cidr":["bad-filter"]}]', "prefix match pattern must be a string", 18),
        ('[{"suffix":100}]', "suffix match pattern must be a string", 22),
        ('[{"suffix":["test","test2"]}]', "suffix match pattern must be a string", 20),
        ('[{"suffix":null}]', "suffix match pattern must be a string", 23),
    ],
)
def test_refusals_name_reason_and_column(value: str, reason: str, column: int) -> None:
    """SNS's texts and positions, as AWS answered them."""
    text = _SOURCE % value
    assert refusal(text) == f'{reason}\n at [Source: (String)"{text}"; line: 1, column: {column}]'


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        ("bad-filter", "Malformed CIDR, one '/' required"),
        ("bad-filter/64", "Nonstandard IP address: bad-filter"),
        ("bad-filter/xx", "Malformed CIDR, mask bits must be an integer"),
        ("xx.11.xx/8", "Nonstandard IP address: xx.11.xx"),
        ("xxxx:db8:1234:1a00::/64", "Nonstandard IP address: xxxx:db8:1234:1a00::"),
    ],
)
def test_bad_address_blocks_are_told_without_position(block: str, reason: str) -> None:
    """SNS's texts for cidr, as AWS answered them."""
    assert refusal(json.dumps({"key": [{"cidr": block}]})) == reason


def test_text_that_is_no_json_is_told_in_each_services_words() -> None:
    """SNS shows its reader's words (recorded), EventBridge a short text."""
    hidden = "at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: "
    word = "Unrecognized token 'invalid': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or"
    assert refusal("invalid") == f"failed to parse JSON. {word} 'false')\n {hidden}8]"
    char = "Unexpected character ('i' (code 105)): was expecting double-quote to start field name"
    assert refusal("{invalid") == f"failed to parse JSON. {char}\n {hidden}2]"
    assert refusal("{invalid", EVENTS) == "Invalid JSON"


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("{}", "Empty objects are not allowed"),
        ("[]", "Filter is not an object"),
        ('{"$or":[{"a":[1]}]}', "There must have at least 2 Objects in $or relationship."),
        ('{"$or":{"a":[1]}}', "It must be an Array followed with $or."),
        ('{"$or":[1,2]}', "Only JSON object is allowed in array of $or relationship."),
        ('{"a":[{"wildcard":"a**b"}]}', "Consecutive wildcard characters at pos 2"),
        ('{"a":[{"wildcard":"a\\\\b"}]}', "Invalid escape character at pos 2"),
        ('{"a":[{"anything-but":["a",1]}]}', "Inside anything but list, either all values are number or string, mixed"),
        ('{"a":[{"anything-but":[null]}]}', "Inside anything but list, start|null|boolean is not supported."),
        ('{"a":[{"anything-but":{"prefix":""}}]}', "Null prefix/suffix not allowed"),
    ],
)
def test_eventbridge_refuses(pattern: str, reason: str) -> None:
    """EventBridge's texts (those of AWS's published engine)."""
    assert refusal(pattern, EVENTS).startswith(reason)


def test_a_policy_for_attributes_is_flat() -> None:
    """Nested keys need the scope MessageBody."""
    text = '{"object":{"key":[{"prefix":"auto-"}]}}'
    assert refusal(text, body=False) == "Filter policy scope MessageAttributes does not support nested filter policy"
    assert compile_pattern(text, SNS, body=True).matches({"object": {"key": "auto-1"}})


def test_a_policy_has_at_most_five_keys() -> None:
    """More than five keys are refused."""
    text = json.dumps({f"k{n}": ["v"] for n in range(6)})
    assert refusal(text, body=False) == "Filter policy can not have more than 5 keys"


def test_a_policy_has_at_most_150_combinations() -> None:
    """Values are multiplied, in bodies with their depth too (AWS's example of 216)."""
    nested = {"a": {"b": {"c": list("wxyz")}}, "d": {"e": list("xyz")}, "f": list("xyz")}
    assert refusal(json.dumps(nested)) == "Filter policy is too complex"
    flat = json.dumps({"a": [str(n) for n in range(151)]})
    assert refusal(flat, body=False) == "Filter policy is too complex"
    either = json.dumps({"x": [str(n) for n in range(76)], "$or": [{"y": ["1"]}, {"z": ["1"]}]})
    assert refusal(either, body=False) == "Filter policy is too complex"


@pytest.mark.parametrize(
    ("wanted", "attribute", "expected"),
    [
        ("red", {"DataType": "String", "StringValue": "red"}, True),
        ("7", {"DataType": "Number", "StringValue": "7"}, False),
        (7, {"DataType": "Number", "StringValue": "7.0"}, True),
        ({"numeric": [">", 0]}, {"DataType": "Number", "StringValue": "7"}, True),
        ({"numeric": [">", 0]}, {"DataType": "String", "StringValue": "7"}, False),
        ("red", {"DataType": "String.Array", "StringValue": '["blue", "red"]'}, True),
        (5, {"DataType": "String.Array", "StringValue": "[5]"}, True),
        (None, {"DataType": "String.Array", "StringValue": "[null]"}, True),
        ({"exists": True}, {"DataType": "String.Array", "StringValue": "[]"}, False),
        ({"exists": False}, {"DataType": "Binary", "BinaryValue": b"x"}, True),
    ],
)
def test_message_attributes_are_matched_by_their_type(wanted: Any, attribute: Any, expected: bool) -> None:
    """Numbers, strings and string arrays are told apart; binary attributes are not seen."""
    pattern = compile_pattern(json.dumps({"k": [wanted]}), SNS, body=False)
    assert expected == pattern.matches_attributes({"k": attribute})


def test_lambda_tells_json_data_from_plain_strings() -> None:
    """A filter for JSON drops plain strings and the other way round."""
    for_json = compile_pattern('{"body":{"a":[1]}}', LAMBDA)
    for_text = compile_pattern('{"body":["hello"]}', LAMBDA)
    assert for_json.matches({"body": parsed_data('{"a": 1}')})
    assert not for_json.matches({"body": parsed_data("hello")})
    assert for_text.matches({"body": parsed_data("hello")})
    assert not for_text.matches({"body": parsed_data('["hello"]')})


def test_a_deeply_nested_pattern_is_refused() -> None:
    """Nesting without end is a refusal, not an exception from inside."""
    assert refusal('{"a":' * 900 + "1" + "}" * 900, EVENTS) == "Invalid JSON"
