"""What clients share while a mock is active: loaded models, and endpoint rules with their verdicts.

Clients are made five times faster, and the first call of each need not run through the rules again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._kernel.collector import paused_collector
from .patching import Patches

_KEPT = 128
_pristine: dict[str, dict[str, Any]] = {}


def pristine(path: str) -> dict[str, Any] | None:
    """The description of a service as it was loaded from a path, if a client has loaded it through a shared cache.

    Clients rewrite the URIs of operations that they call; those of this copy are its own.
    """
    return _pristine.get(path)


def _keep_pristine(path: str, description: dict[str, Any]) -> None:
    operations = description["operations"].items()
    copies = {name: {**operation, "http": dict(operation.get("http", {}))} for name, operation in operations}
    _pristine[path] = {**description, "operations": copies}


def install_shared_loader(patches: Patches, caches: dict[tuple[str, ...], dict[Any, Any]]) -> None:
    """Let every loader made from now on share its loaded JSON with those of equal search paths.

    ``caches`` belongs to the caller and may outlive the patch. Sessions that exist keep their own.
    """
    from botocore.loaders import Loader

    original = Loader.__init__

    def __init__(loader: Any, *args: Any, **kwargs: Any) -> None:
        original(loader, *args, **kwargs)
        loader._cache = _SharedCache(loader, caches)
        loader.file_loader = _Uncollected(loader.file_loader)

    patches.set(Loader, "__init__", __init__)


class _Uncollected:
    """A loader of files that reads them without collections: a model's objects are many, and none is garbage."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def load_file(self, path: str) -> Any:
        """As the loader does."""
        with paused_collector():
            return self._loader.load_file(path)


class Shared:
    """Objects that botocore makes anew for every client though they depend on loaded data alone; by those data.

    They are its view of a service's model, with the shapes that it has resolved, and the providers of endpoints, with
    what they have found.
    """

    def __init__(self) -> None:
        self._made: dict[Any, tuple[Any, tuple[Any, ...]]] = {}

    def install(self, patches: Patches) -> None:
        """Let clients made from now on share them."""
        from botocore import client, hooks, regions

        patches.set(client, "ServiceModel", self._sharing(client.ServiceModel))
        patches.set(regions, "EndpointProvider", self._sharing(regions.EndpointProvider))
        patches.set(hooks.EventAliaser, "__copy__", _keeping_names(hooks.EventAliaser.__copy__))

    def _sharing(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def shared(*data: Any, **named: Any) -> Any:
            given = (*data, *named.values())
            key = (original, *map(_identity, given))
            found = self._made.get(key)
            if found is None:
                if len(self._made) >= _KEPT:
                    self._made.clear()
                found = self._made[key] = (original(*data, **named), given)  # held, so that the identities stay theirs
            return found[0]

        return shared


def _keeping_names(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A client's copy of its session's events, which need not find out anew what old names of events stand for."""

    def __copy__(aliaser: Any) -> Any:
        made = original(aliaser)
        made._alias_name_cache = aliaser._alias_name_cache
        return made

    return __copy__


def _identity(value: Any) -> Any:
    """Loaded data are themselves only; what is small is its value."""
    if isinstance(value, set | frozenset):
        return frozenset(value)
    return id(value) if isinstance(value, Mapping) else value


class _SharedCache(dict[Any, Any]):
    """The cache of one loader; it finds its common store at use, since search paths still grow after construction."""

    def __init__(self, loader: Any, caches: dict[tuple[str, ...], dict[Any, Any]]) -> None:
        super().__init__()
        self._loader = loader
        self._caches = caches

    @property
    def _store(self) -> dict[Any, Any]:
        paths = tuple(dict.fromkeys(self._loader.search_paths))
        return self._caches.setdefault(paths, {})

    def __contains__(self, key: object) -> bool:
        return key in self._store

    def __getitem__(self, key: Any) -> Any:
        return self._store[key]

    def __setitem__(self, key: Any, value: Any) -> None:
        self._store[key] = value
        if key[0] == "load_data_with_path" and key[1].endswith("service-2"):
            description, path = value
            _keep_pristine(path, description)

    def get(self, key: Any, default: Any = None) -> Any:
        """As a dict's."""
        return self._store.get(key, default)
