"""What a function says of a batch with ``ReportBatchItemFailures``.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

ALL: frozenset[str] = frozenset(("all of them",))
"""The whole batch failed: the answer is not one that Lambda understands."""


def failed_items(payload: bytes, identifiers: Sequence[str]) -> frozenset[str]:
    """The items of a batch that a function reports as failed; none for an empty answer, ``ALL`` for a wrong one."""
    answer = json.loads(payload)
    if not answer:
        return frozenset()
    if not isinstance(answer, dict):
        return ALL
    failures: Any = answer.get("batchItemFailures", [None])
    if not failures:
        return frozenset()
    if not isinstance(failures, list):
        return ALL
    found = [each.get("itemIdentifier") if isinstance(each, dict) else None for each in failures]
    if any(each not in identifiers for each in found):
        return ALL
    return frozenset(str(each) for each in found)
