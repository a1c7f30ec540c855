"""How S3's wire differs from its model, beyond what the protocol layer knows of it."""

from __future__ import annotations

from typing import Any

# S3 has words of its own for these values
WIRE: dict[str, Any] = {
    "skip": (
        "Event:enum",
        "FilterRuleName:enum",
        "BucketLocationConstraint:enum",
        "Tag.Key:min",
        "ObjectKey:min",
        "Permission:enum",
        "Type:enum",
    ),
}
