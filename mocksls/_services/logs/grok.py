"""Grok patterns: ``%{NAME:field}`` in a regular expression.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Transformation-Configurable.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from .event_paths import Event, put

_REFERENCE = re.compile(r"%\{(\w+)(?::([\w.@\-]+))?\}")
_MOST_PATTERNS = 20
_MOST_GREEDY = 5
_MONTHS = "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:tember)?"
_DAYS = "Mon(?:day)?|Tue(?:sday)?|Wed(?:nesday)?|Thu(?:rsday)?|Fri(?:day)?|Sat(?:urday)?|Sun(?:day)?"
_BYTE = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_PATTERNS = {
    "USERNAME": r"[a-zA-Z0-9._-]+",
    "USER": "%{USERNAME}",
    "INT": r"[+-]?\d+",
    "BASE10NUM": r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)",
    "NUMBER": "%{BASE10NUM}",
    "BASE16NUM": r"[+-]?(?:0x)?[0-9A-Fa-f]+",
    "POSINT": r"\b[1-9]\d*\b",
    "NONNEGINT": r"\b\d+\b",
    "BOOLEAN": r"(?:true|false|TRUE|FALSE|True|False)",
    "WORD": r"\b\w+\b",
    "NOTSPACE": r"\S+",
    "SPACE": r"\s*",
    "DATA": r".*?",
    "GREEDYDATA": r".*",
    "GREEDYDATA_MULTILINE": r"[\s\S]*",
    "QUOTEDSTRING": r"(?:\"(?:\\.|[^\\\"])*\"|'(?:\\.|[^\\'])*')",
    "UUID": r"[A-Fa-f0-9]{8}-(?:[A-Fa-f0-9]{4}-){3}[A-Fa-f0-9]{12}",
    "URN": r"urn:[0-9A-Za-z][0-9A-Za-z-]{0,31}:[^\s]+",
    "ARN": r"arn:[\w-]+:[\w-]*:[\w-]*:\d*:[^\s\"']+",
    "MAC": r"(?:[A-Fa-f0-9]{2}[:-]){5}[A-Fa-f0-9]{2}",
    "IPV4": rf"(?<!\d){_BYTE}(?:\.{_BYTE}){{3}}(?!\d)",
    "IPV6": r"(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?:%\w+)?",
    "IP": "(?:%{IPV6}|%{IPV4})",
    "HOSTNAME": r"\b(?:[0-9A-Za-z][0-9A-Za-z-]{0,62})(?:\.(?:[0-9A-Za-z][0-9A-Za-z-]{0,62}))*\.?(?:\b|$)",
    "HOST": "%{HOSTNAME}",
    "IPORHOST": "(?:%{IP}|%{HOSTNAME})",
    "HOSTPORT": "%{IPORHOST}:%{POSINT}",
    "UNIXPATH": r"(?:/[\w%!$@:.,+~-]*)+",
    "WINPATH": r"(?:[A-Za-z]:|\\)(?:\\[^\\?*\s]*)+",
    "PATH": "(?:%{UNIXPATH}|%{WINPATH})",
    "TTY": r"/dev/(?:pts|tty[pq]?)/?\d+",
    "URIPROTO": r"[A-Za-z][A-Za-z0-9+.-]+",
    "URIHOST": r"%{IPORHOST}(?::%{POSINT})?",
    "URIPATH": r"(?:/[A-Za-z0-9$.+!*'(){},~:;=@#%&_-]*)+",
    "URIPARAM": r"\?[A-Za-z0-9$.+!*'|(){},~@#%&/=:;_?\-\[\]<>]*",
    "URIPATHPARAM": "%{URIPATH}(?:%{URIPARAM})?",
    "URI": "%{URIPROTO}://(?:%{USER}(?::[^@]*)?@)?(?:%{URIHOST})?(?:%{URIPATHPARAM})?",
    "MONTH": rf"\b(?:{_MONTHS}|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b",
    "MONTHNUM": r"(?:0?[1-9]|1[0-2])",
    "MONTHNUM2": r"(?:0[1-9]|1[0-2])",
    "MONTHDAY": r"(?:0[1-9]|[12]\d|3[01]|[1-9])",
    "DAY": rf"(?:{_DAYS})",
    "YEAR": r"(?:\d\d){1,2}",
    "HOUR": r"(?:2[0123]|[01]?\d)",
    "MINUTE": r"[0-5]\d",
    "SECOND": r"(?:[0-5]?\d|60)(?:[:.,]\d+)?",
    "TIME": "%{HOUR}:%{MINUTE}(?::%{SECOND})?",
    "TZ": r"(?:[APMCE][SD]T|UTC|GMT|Z)",
    "DATE_US": "%{MONTHNUM}[/-]%{MONTHDAY}[/-]%{YEAR}",
    "DATE_EU": r"%{MONTHDAY}[./-]%{MONTHNUM}[./-]%{YEAR}",
    "DATE": "(?:%{DATE_US}|%{DATE_EU})",
    "ISO8601_TIMEZONE": r"(?:Z|[+-]%{HOUR}(?::?%{MINUTE}))",
    "ISO8601_SECOND": "%{SECOND}",
    "TIMESTAMP_ISO8601": "%{YEAR}-%{MONTHNUM}-%{MONTHDAY}[T ]%{HOUR}:?%{MINUTE}(?::?%{SECOND})?%{ISO8601_TIMEZONE}?",
    "DATESTAMP": "%{DATE}[- ]%{TIME}",
    "DATESTAMP_RFC822": "%{DAY} %{MONTH} %{MONTHDAY} %{YEAR} %{TIME} %{TZ}",
    "DATESTAMP_RFC2822": "%{DAY}, %{MONTHDAY} %{MONTH} %{YEAR} %{TIME} %{ISO8601_TIMEZONE}",
    "DATESTAMP_OTHER": "%{DAY} %{MONTH} %{MONTHDAY} %{TIME} %{TZ} %{YEAR}",
    "DATESTAMP_EVENTLOG": "%{YEAR}%{MONTHNUM2}%{MONTHDAY}%{HOUR}%{MINUTE}%{SECOND}",
    "HTTPDATE": r"%{MONTHDAY}/%{MONTH}/%{YEAR}:%{TIME} %{INT}",
    "SYSLOGTIMESTAMP": "%{MONTH} +%{MONTHDAY} %{TIME}",
    "PROG": r"[\x21-\x5a\x5c\x5e-\x7e]+",
    "SYSLOGPROG": r"%{PROG}(?:\[%{POSINT}\])?",
    "SYSLOGHOST": "%{IPORHOST}",
    "SYSLOGFACILITY": "<%{NONNEGINT}.%{NONNEGINT}>",
    "LOGLEVEL": r"(?i:alert|trace|debug|notice|info(?:rmation)?|warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal|severe)",
    "APACHE_ACCESS_LOG": (
        r'%{IPORHOST:clientip} %{USER:ident} %{USER:auth} \[%{HTTPDATE:timestamp}\] "(?:%{WORD:verb} '
        r"%{NOTSPACE:request}(?: HTTP/%{NUMBER:httpversion})?|%{DATA:rawrequest})\" %{NUMBER:response} "
        r'(?:%{NUMBER:bytes}|-)(?: "(?P<_referrer>[^"]*)" "(?P<_agent>[^"]*)")?'
    ),
    "NGINX_ACCESS_LOG": (
        r'%{IPORHOST:clientip} - %{NOTSPACE:user} \[%{HTTPDATE:timestamp}\] "%{WORD:verb} %{NOTSPACE:request} '
        r'HTTP/%{NUMBER:httpversion}" %{NUMBER:response} (?:%{NUMBER:bytes}|-)'
        r'(?: "(?P<_referrer>[^"]*)" "(?P<_agent>[^"]*)")?'
    ),
}


class GrokError(Exception):
    """A grok pattern that cannot be read."""


@lru_cache(maxsize=256)
def compile_grok(text: str) -> Callable[[str], Event | None]:
    """What takes the fields out of a text; ``None`` for a text that does not agree.

    Raises:
        GrokError: the pattern cannot be read.
    """
    used = [name for name, _ in _REFERENCE.findall(text)]
    if not used:
        raise GrokError("Grok pattern has no %{PATTERN}")
    if len(used) > _MOST_PATTERNS or sum(name in ("DATA", "GREEDYDATA") for name in used) > _MOST_GREEDY:
        raise GrokError("Grok pattern has too many patterns")
    fields: list[str] = []
    try:
        expression = re.compile(_expanded(text, fields))
    except re.error as error:
        raise GrokError(f"Grok pattern is not valid: {error}") from None

    def match(message: str) -> Event | None:
        found = expression.search(message)
        if found is None:
            return None
        event: Event = {}
        for place, name in enumerate(fields):
            value = found.group(f"f{place}")
            if value is not None:
                put(event, name, value)
        for name, value in found.groupdict().items():
            if name.startswith("_") and value is not None:
                event[name[1:]] = value
        return event

    return match


def _expanded(text: str, fields: list[str]) -> str:
    def expand(found: re.Match[str]) -> str:
        name, field = found.groups()
        if name not in _PATTERNS:
            raise GrokError(f"Grok pattern {name} is not supported")
        if field is None:
            return f"(?:{_expanded(_PATTERNS[name], fields)})"
        fields.append(field)
        place = len(fields) - 1
        return f"(?P<f{place}>{_expanded(_PATTERNS[name], fields)})"

    return _REFERENCE.sub(expand, text)
