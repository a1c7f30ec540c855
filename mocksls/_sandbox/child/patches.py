"""What is patched in the child: libraries that reach AWS, as soon as the handler imports them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..._seams import child_install

Home = Callable[[str, dict[str, Any], Sequence[bytes]], "tuple[dict[str, Any], list[bytes]]"]


_installed: list[Home] = []


def install(home: Home) -> None:
    """Patch what is imported already, and from now on what is imported; once, in the zygote where there is one."""
    if not _installed:
        _installed.append(home)
        child_install.install(home)
