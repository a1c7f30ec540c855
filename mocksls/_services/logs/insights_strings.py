"""The functions of Logs Insights on texts and on IP addresses.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html
"""

from __future__ import annotations

import base64
import ipaddress
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote_plus

from .numerals import number

_PRIVATE = [ipaddress.ip_network(each) for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
_DIGITS = re.compile(r"[+-]?(?:0[xX])?[0-9a-fA-F]+")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def text(value: Any) -> str:
    """A value as text."""
    if isinstance(value, bool):
        return "1" if value else "0"
    return "" if value is None else str(value)


def _substr(value: Any, start: Any, length: Any = None) -> str:
    begin = max(int(number(start) or 0), 0)
    end = None if length is None else begin + max(int(number(length) or 0), 0)
    return text(value)[begin:end]


def _stripped(side: Callable[[str, str | None], str]) -> Callable[..., Any]:
    return lambda value, characters=None: side(text(value), characters)


def _contains(value: Any, part: Any, any_case: Any = None) -> bool:
    if any_case in (True, 1, "true"):
        return text(part).lower() in text(value).lower()
    return text(part) in text(value)


def _regex_replace(value: Any, pattern: Any, replacement: Any) -> str | None:
    """RE2's replacements name groups as ``$1`` or ``\\1``."""
    try:
        found = re.compile(re.sub(r"\(\?<(?![=!])", "(?P<", text(pattern)))
        return found.sub(re.sub(r"\$\{?(\d)\}?", r"\\\1", text(replacement)), text(value))
    except re.error:
        return None


def _base64_decoded(value: Any) -> str:
    return base64.b64decode(text(value), validate=True).decode()


def _hex_to_ascii(value: Any) -> str:
    return bytes.fromhex(text(value).removeprefix("0x")).decode("ascii")


def _hex_to_dec(value: Any) -> int | None:
    return int(text(value), 16) if _DIGITS.fullmatch(text(value)) else None


def _dec_to_hex(value: Any) -> str | None:
    given = number(value)
    return None if given is None else hex(int(given))


def _address(value: Any) -> Address | None:
    try:
        return ipaddress.ip_address(text(value))
    except ValueError:
        return None


def _is_within(version: int | None) -> Callable[[Any, Any], bool]:
    def within(value: Any, subnet: Any) -> bool:
        address = _address(value)
        try:
            network = ipaddress.ip_network(text(subnet))
        except ValueError:
            return False
        return address is not None and _holds(network, address)

    def exact(value: Any, subnet: Any) -> bool:
        address = _address(value)
        return address is not None and address.version == version and within(value, subnet)

    return within if version is None else exact


def _holds(network: ipaddress.IPv4Network | ipaddress.IPv6Network, address: Address) -> bool:
    return network.version == address.version and address in network


def _is_private(value: Any) -> bool:
    address = _address(value)
    return address is not None and any(_holds(network, address) for network in _PRIVATE)


def _is_public(value: Any) -> bool:
    address = _address(value)
    return address is not None and address.is_global and not address.is_multicast


def _is_version(version: int) -> Callable[[Any], bool]:
    return lambda value: (address := _address(value)) is not None and address.version == version


def _ipv4_number(value: Any) -> int | None:
    address = _address(value)
    return int(address) if address is not None and address.version == 4 else None


_CHANGES: dict[str, Callable[..., Any]] = {
    "toupper": lambda value: text(value).upper(),
    "tolower": lambda value: text(value).lower(),
    "trim": _stripped(str.strip),
    "ltrim": _stripped(str.lstrip),
    "rtrim": _stripped(str.rstrip),
    "substr": _substr,
    "replace": lambda value, old, new: text(value).replace(text(old), text(new)),
    "regexreplace": _regex_replace,
    "urlencode": lambda value: quote(text(value), safe=""),
    "urldecode": lambda value: unquote_plus(text(value)),
    "base64encode": lambda value: base64.b64encode(text(value).encode()).decode(),
    "base64decode": _base64_decoded,
    "hextoascii": _hex_to_ascii,
    "hextodec": _hex_to_dec,
    "dectohex": _dec_to_hex,
}


def _where_present(work: Callable[..., Any]) -> Callable[..., Any]:
    return lambda value, *more: None if value is None else work(value, *more)


OF_TEXTS: dict[str, Callable[..., Any]] = {
    **{name: _where_present(work) for name, work in _CHANGES.items()},
    "isempty": lambda value: value is None or value == "",
    "isblank": lambda value: value is None or not text(value).strip(),
    "concat": lambda *values: "".join(map(text, values)),
    "strlen": lambda value: len(text(value)),
    "messagesize": lambda value: len(text(value).encode("utf-8", "replace")),
    "strcontains": _contains,
    "startswith": lambda value, part: text(value).startswith(text(part)),
    "endswith": lambda value, part: text(value).endswith(text(part)),
    "isvalidip": lambda value: _address(value) is not None,
    "isvalidipv4": _is_version(4),
    "isvalidipv6": _is_version(6),
    "isipinsubnet": _is_within(None),
    "isipv4insubnet": _is_within(4),
    "isipv6insubnet": _is_within(6),
    "ipv4tonumber": _ipv4_number,
    "isprivateip": _is_private,
    "ispublicip": _is_public,
    "isreservedip": lambda value: _address(value) is not None and not _is_private(value) and not _is_public(value),
}
"""By name in lower case; a text that is not there has no change."""
