"""DynamoDB's numbers: 38 decimal digits, written in one canonical way.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
"""

from __future__ import annotations

import re
from decimal import Context, Decimal

from mocksls._services.dynamodb import errors

_PLAIN_INTEGER = re.compile(r"-?[1-9][0-9]{0,36}[1-9]|-?[1-9]|0").fullmatch
_NUMBER = r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?)([0-9]+))?"
_MAX_DIGITS = 38
_INT64 = 2**63
_MAX_EXPONENT = 125
_MIN_EXPONENT = -130
_EXACT = Context(prec=400)

SortableNumber = int | Decimal


def canonical(text: str) -> str:
    """The one spelling of a number: plain digits without leading or trailing zeros, ``-0`` as ``0``.

    Raises: ValidationException (no number, out of range, more than 38 significant digits).
    """
    if _PLAIN_INTEGER(text):
        return text
    match = re.fullmatch(_NUMBER, text)
    if match is None:
        raise errors.not_a_number(text)
    sign, whole, fraction, exponent_sign, exponent_digits = match.groups(default="")
    if not whole and not fraction:
        raise errors.not_a_number(text)
    if len(exponent_digits) > 18 and int(exponent_digits) >= _INT64:
        raise errors.not_a_number(text)
    exponent = _exponent(exponent_sign, exponent_digits)
    digits = (whole + fraction).lstrip("0")
    if not digits:
        # AWS holds even zero against the range of exponents
        _check_range("0", exponent)
        return "0"
    scale = exponent - len(fraction)
    significant = digits.rstrip("0")
    scale += len(digits) - len(significant)
    _check_range(significant, scale)
    return ("-" if sign == "-" else "") + _spelled(significant, scale)


def _exponent(sign: str, digits: str) -> int:
    digits = digits.lstrip("0")
    if len(digits) > 9:
        digits = "999999999"
    return int(f"{sign}{digits}") if digits else 0


def _check_range(significant: str, scale: int) -> None:
    magnitude = len(significant) - 1 + scale
    if magnitude > _MAX_EXPONENT:
        raise errors.number_overflow()
    if magnitude < _MIN_EXPONENT:
        raise errors.number_underflow()
    if len(significant) > _MAX_DIGITS:
        raise errors.number_too_precise()


def _spelled(significant: str, scale: int) -> str:
    if scale >= 0:
        return significant + "0" * scale
    if -scale < len(significant):
        return f"{significant[:scale]}.{significant[scale:]}"
    return "0." + "0" * (-scale - len(significant)) + significant


def sortable(text: str) -> SortableNumber:
    """What orders canonical numbers by value, and is equal exactly where they are."""
    return Decimal(text) if "." in text else int(text)


def add(left: str, right: str) -> str:
    """The exact sum.

    Raises: ValidationException where it cannot be held exactly.
    """
    return _written(_EXACT.add(Decimal(left), Decimal(right)))


def subtract(left: str, right: str) -> str:
    """The exact difference.

    Raises: ValidationException where it cannot be held exactly.
    """
    return _written(_EXACT.subtract(Decimal(left), Decimal(right)))


def _written(value: Decimal) -> str:
    return canonical(f"{value:f}")


def size_bytes(text: str) -> int:
    """What a canonical number counts towards an item's size: its significant digits, two a byte.

    Digits before and behind the point are paired apart, so ``3.14159`` counts five bytes (measured on AWS).
    """
    whole, _, fraction = text.lstrip("-").partition(".")
    if fraction:
        whole = "" if whole == "0" else whole
        pairs = (len(whole) + 1) // 2 + (len(fraction.lstrip("0") if not whole else fraction) + 1) // 2
    else:
        pairs = (len(whole.rstrip("0")) + 1) // 2
    return pairs + (2 if text[0] == "-" else 1)
