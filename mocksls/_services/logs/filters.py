"""Filter patterns of terms: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from mocksls._kernel.errors import AwsError

Matches = Callable[[str], bool]
_TERM = re.compile(r'([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))')


@lru_cache(maxsize=256)
def terms_filter(pattern: str) -> Matches:
    """A pattern of terms, compiled: all plain terms, none of the ``-`` terms, at least one of the ``?`` terms.

    Terms are case-sensitive; quoted ones may contain blanks and punctuation.

    Raises:
        AwsError: InvalidParameterException for a pattern that cannot be read, NotImplemented for the JSON, array and
            regular-expression patterns.
    """
    text = pattern.strip()
    if text[:1] in ("{", "[", "%"):
        raise AwsError("NotImplemented", "mocksls reads filter patterns of terms only", status=501, sender=False)
    if text.count('"') % 2:
        raise AwsError("InvalidParameterException", "Invalid filter pattern")
    found = [(mark, quoted or word) for mark, quoted, word in _TERM.findall(text)]
    wanted = [term for mark, term in found if mark == ""]
    unwanted = [term for mark, term in found if mark == "-"]
    either = [term for mark, term in found if mark == "?"]

    def matches(message: str) -> bool:
        if any(term in message for term in unwanted):
            return False
        if wanted:
            return all(term in message for term in wanted)
        return not either or any(term in message for term in either)

    return matches
