"""Pages of a list, and the opaque tokens between them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def page(
    items: Sequence[T], limit: int, token: str | None, key: Callable[[T], str], bad_token: Callable[[], Exception]
) -> tuple[list[T], str | None]:
    """The items after a token, at most ``limit``, and the token of the next page (``None`` on the last).

    ``items`` are in order; a token names the last item that was shown, so items that come and go between two pages
    shift nothing. ``bad_token`` makes the error for a token that this function did not make.
    """
    start = 0
    if token is not None:
        last = decode_token(token)
        if last is None:
            raise bad_token()
        start = next((n for n, item in enumerate(items) if key(item) > last), len(items))
    shown = list(items[start : start + limit])
    more = start + limit < len(items)
    return shown, encode_token(key(shown[-1])) if more and shown else None


def encode_token(text: str) -> str:
    """An opaque token for a text."""
    return base64.urlsafe_b64encode(text.encode()).decode()


def decode_token(token: str) -> str | None:
    """The text behind a token; ``None`` if it is not one of ours."""
    try:
        return base64.b64decode(token.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        return None
