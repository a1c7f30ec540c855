"""Which hosts are AWS's."""

from __future__ import annotations

import re

AWS_HOST = re.compile(
    r"(^|\.)(amazonaws\.com(\.cn)?|on\.aws|api\.aws|amazoncognito\.com|sc2s\.sgov\.gov|c2s\.ic\.gov)$"
)


def is_aws(host: str) -> bool:
    """Whether a host name is one of AWS's."""
    return AWS_HOST.search(host) is not None
