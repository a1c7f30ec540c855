"""The function's own copies of packages that the zygote has imported already: the function's win."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

PRELOADED = ("boto3", "botocore", "certifi", "dateutil", "jmespath", "s3transfer", "six", "urllib3")
_FILES = frozenset(f"{name}.py" for name in PRELOADED) | frozenset(PRELOADED)


def give_way(roots: Sequence[str]) -> bool:
    """Forget all pre-imported packages if the code brings one of them; returns whether it does.

    All of them: purging one alone would leave the others bound to the old copy.
    """
    if not any(_FILES.intersection(_entries(root)) for root in roots):
        return False
    for name in list(sys.modules):
        if name.partition(".")[0] in PRELOADED:
            del sys.modules[name]
    return True


def _entries(root: str) -> list[str]:
    try:
        return os.listdir(root)  # noqa: PTH208
    except OSError:
        return []
