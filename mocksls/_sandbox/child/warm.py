"""What the zygote imports and loads ahead, so that the environments forked from it need not."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from . import home, patches

_SEAMS = tuple(f"{__package__.split('.')[0]}._seams.{name}" for name in ("typed", "wire", "retries", "keys"))
_caches: dict[tuple[str, ...], dict[Any, Any]] = {}
_INDEX = ("endpoints", "partitions", "sdk-default-configuration", "_retry")
_OF_CLIENTS = ("service-2", "endpoint-rule-set-1")
_OFTEN_USED = ("decimal", "uuid", "dataclasses", "pwd", "mocksls")


class WarmUp:
    """Work for the zygote's idle moments, a small step at a time."""

    def __init__(self) -> None:
        self._steps: deque[Callable[[], None]] = deque()
        self._services: set[str] = set()
        self._session: Any = None

    @property
    def idle(self) -> bool:
        """Whether nothing is left to do."""
        return not self._steps

    def begin(self) -> None:
        """Import botocore and boto3 now, and prepare the rest."""
        for name in ("botocore.session", "botocore.client", "botocore.httpsession", "boto3", *_SEAMS):
            _import(name)
        patches.install(home.home)
        self._steps.append(self._share_loader)
        self._steps.append(self._default_session)
        self._steps.extend(partial(self._load, name) for name in _INDEX)
        self._steps.extend(partial(self._list, kind) for kind in _OF_CLIENTS)
        self._steps.append(self._internals)
        self.want([], _OFTEN_USED)

    def want(self, services: Sequence[str], modules: Sequence[str]) -> None:
        """Load the models of services, and import modules, when there is time."""
        for name in modules:
            if name not in sys.modules:
                self._steps.append(lambda name=name: _import(name))  # type: ignore[misc]
        for service in services:
            if service not in self._services:
                self._services.add(service)
                self._steps.append(lambda service=service: self._model(service))  # type: ignore[misc]

    def step(self) -> None:
        """Do the next thing; what fails is left to the handler that needs it."""
        with suppress(Exception):
            self._steps.popleft()()

    def _share_loader(self) -> None:
        """One cache of models for all sessions."""
        if "botocore.loaders" in sys.modules:
            patching = importlib.import_module("..._seams.patching", __package__)
            loaders = importlib.import_module("..._seams.loaders", __package__)
            loaders.install_shared_loader(patching.Patches(), _caches)

    def _default_session(self) -> None:
        """boto3's default session, without a client, a region or credentials."""
        boto3: Any = sys.modules.get("boto3")
        if boto3 is None:
            return
        boto3.setup_default_session()
        self._session = boto3.DEFAULT_SESSION._session
        for name in ("boto3.s3.inject", "boto3.dynamodb.transform", "boto3.resources.factory"):
            _import(name)
        self._forget_configuration()

    def _load(self, name: str) -> None:
        self._session.get_component("data_loader").load_data(name)

    def _list(self, kind: str) -> None:
        self._session.get_component("data_loader").list_available_services(kind)

    def _internals(self) -> None:
        for name in ("endpoint_resolver", "exceptions_factory"):
            self._session._get_internal_component(name)
        self._forget_configuration()

    def _model(self, service: str) -> None:
        if self._session is None:
            return
        loader = self._session.get_component("data_loader")
        for kind in _OF_CLIENTS:
            loader.load_service_model(service, kind, api_version=None)  # as clients ask: the arguments are the key
        keys = {"aws_access_key_id": "none", "aws_secret_access_key": "none"}
        self._session.create_client(service, region_name="us-east-1", **keys)  # names and patterns are kept from it
        self._forget_configuration()

    def _forget_configuration(self) -> None:
        """What was read of the environment and of files is for each environment to read anew."""
        for name in ("_config", "_profile", "_profile_map", "_credentials", "_client_config", "_auth_token"):
            if hasattr(self._session, name):
                setattr(self._session, name, None)


def loaded() -> int:
    """How many descriptions are in the shared cache."""
    return sum(map(len, list(_caches.values())))


def models() -> set[str]:
    """The services whose models are in the shared cache."""
    loaded = (key for cache in list(_caches.values()) for key in list(cache))
    return {key[1] for key in loaded if key[0] == "load_service_model" and key[2] == _OF_CLIENTS[0]}


def _import(name: str) -> None:
    with suppress(Exception):
        importlib.import_module(name)
