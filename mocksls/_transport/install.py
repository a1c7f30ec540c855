"""Everything that is patched in the test process while a mock is active, and put back at its end."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import partial
from typing import Any

from mocksls._seams.child_install import HomeSend
from mocksls._seams.fronts import Fronts
from mocksls._seams.imports import PostImport
from mocksls._seams.keys import Keys, install_keys
from mocksls._seams.loaders import Shared, install_shared_loader
from mocksls._seams.moto_beside import install_moto
from mocksls._seams.patching import Patches
from mocksls._seams.retries import install_instant_backoff
from mocksls._seams.typed import TypedSeam
from mocksls._seams.wire import WireSeam, under_way
from mocksls._services import unmocked

from .copies import Copies
from .home import HomeCalls
from .transport import Transport

_MODEL_CACHES: dict[tuple[str, ...], dict[Any, Any]] = {}  # botocore's models are read-only data: they may be kept
_SHARED = Shared()


class Installed:
    """The patches of one mock."""

    def __init__(self, transport: Transport, keys: Keys) -> None:
        self._transport = transport
        self._tell_waited: Callable[[float], None] = self._wait_here
        self._patches = Patches()
        self._typed = TypedSeam(transport)
        self._wire = WireSeam(transport)
        self._fronts = Fronts(transport, unmocked)
        self._imports = PostImport()
        self._copies = Copies(HomeCalls(transport), self._become_copy)
        self._sessions: list[weakref.ref[Any]] = []
        try:
            self._typed.install(self._patches)
            self._wire.install(self._patches)
            install_keys(self._patches, lambda: keys, transport.signing)
            install_instant_backoff(self._patches, self._waited)
            install_shared_loader(self._patches, _MODEL_CACHES)
            _SHARED.install(self._patches)
            self._fronts.install(self._patches)
            self._imports.install()
            self._install_aio(keys)
            self._imports.when_imported(
                "moto.core.botocore_stubber", lambda module: install_moto(self._patches, module, under_way)
            )
            self._watch_sessions()
            self._copies.watch(self._patches)
        except BaseException:
            self.remove()
            raise

    def _install_aio(self, keys: Keys) -> None:
        """Patch aiobotocore where it is imported, now or later."""
        patches = self._patches
        for name, function, *args in (
            ("client", "install_aio", patches, self._typed, self._wire),
            ("signers", "install_aio_keys", patches, lambda: keys, self._transport.signing),
            ("endpoint", "install_aio_backoff", patches, self._waited),
            ("waiter", "install_aio_waiters", patches),
            ("retries.bucket", "install_aio_buckets", patches),
            ("session", "install_aio_sessions", patches, self._saw),
        ):
            self._imports.when_imported(f"aiobotocore.{name}", partial(_aio, function, *args))

    @property
    def is_copy(self) -> bool:
        """Whether this process is a forked copy of the one whose mock this is."""
        return self._copies.is_copy

    def address(self) -> str:
        """Where processes that were not forked from this one may join."""
        return self._copies.address()

    def _become_copy(self, send: HomeSend) -> None:
        self._typed.serve(send)
        self._wire.serve(send)
        self._fronts.serve(send)
        self._tell_waited = send.waited

    def _waited(self, seconds: float) -> None:
        self._tell_waited(seconds)

    def _wait_here(self, seconds: float) -> None:
        self._transport.cloud.clock.waited(seconds)

    def _saw(self, session: Any) -> None:
        self._sessions.append(weakref.ref(session))

    def _watch_sessions(self) -> None:
        """Remember the sessions that first look up their credentials now: what they find must not stay with them."""
        from botocore.session import Session

        original = Session.get_credentials

        def get_credentials(session: Any) -> Any:
            if session._credentials is None:
                self._saw(session)
            return original(session)

        self._patches.set(Session, "get_credentials", get_credentials)

    def remove(self) -> None:
        """Put everything back."""
        self._typed.active = self._wire.active = False
        self._copies.close()
        self._fronts.remove()
        self._imports.remove()
        self._patches.undo()
        for reference in self._sessions:
            session = reference()
            if session is not None:
                session._credentials = None
        self._sessions.clear()


def _aio(function: str, *args: Any) -> None:
    """Run one of ``_seams.aio``'s functions; where there is no aiobotocore, its module is not needed."""
    from mocksls._seams import aio

    getattr(aio, function)(*args)
