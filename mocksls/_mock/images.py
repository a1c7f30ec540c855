"""What runs in the place of container images."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

from mocksls._kernel.cloud import Cloud

from .functions import code_of

Handler = Callable[..., Any] | str | os.PathLike[str]

_PREFIX = "image:"


class Images(MutableMapping[str, Handler]):
    """By ``ImageUri``: a callable, ``"module:qualname"``, or a directory of code.

    A directory's handler is the first word of the function's ``ImageConfig.Command`` (``["app.handler"]``). Setting
    one raises TypeError for what Lambda could not run.
    """

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def __setitem__(self, uri: str, handler: Handler) -> None:
        self._cloud.code[_PREFIX + uri] = code_of(handler)
        self._known[uri] = handler

    def __getitem__(self, uri: str) -> Handler:
        return self._known[uri]

    def __delitem__(self, uri: str) -> None:
        del self._known[uri]
        self._cloud.code.pop(_PREFIX + uri, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    @property
    def _known(self) -> dict[str, Handler]:
        known: dict[str, Handler] = self._cloud.code.setdefault("images", {})
        return known
