"""What a service declares to the kernel, and how its operations are found."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from .http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from .authorise import NeedsOf
    from .call import Call, HttpCall
    from .cloud import Cloud
    from .errors import AwsError

Refusal = Literal["json", "rest-json", "query", "s3"]
Scope = Literal["partition", "account", "region"]
Operation = Callable[[Mapping[str, Any], "Call"], "dict[str, Any] | None"]
TaskMethod = Callable[[dict[str, Any], "Call"], "Again | None"]
Concluded = Callable[["Call", Mapping[str, Any], Any, "AwsError | None"], None]
HttpHandler = Callable[[HttpRequest, "HttpCall"], "HttpResponse | None"]


class Again(NamedTuple):
    """What a task answers that wants another try.

    ``delay_s`` is the wait that AWS puts before it. ``at_once`` collapses that wait: the retry runs in the same
    drain. ``behind`` puts it after everything else that is queued (throttled deliveries). ``payload`` replaces
    the task's own.
    """

    delay_s: float = 0.0
    at_once: bool = True
    behind: bool = False
    payload: dict[str, Any] | None = None


class Task(NamedTuple):
    """Work for later, as plain data: a task method of a service, and its payload.

    ``parent`` and ``lineage`` are those of ``Origin``.
    """

    service: str
    name: str
    account_id: str
    region: str
    payload: dict[str, Any]
    parent: int | None = None
    lineage: tuple[str, ...] = ()


class ServiceSpec(NamedTuple):
    """A service: its state's class, and the functions that make its resource and task objects.

    Every public method of a resource object is an operation, named as AWS's in snake case. Every public method of
    a task object is work that the router or the clock may run, ``method(payload, call)``. ``wire`` and ``actions``
    are plain data (the service's ``wire.py`` and ``actions.py``), handed to the protocol layer and to
    authorisation.

    ``needs`` finds what a call must be allowed (``authorise.NeedsOf``; without it every resource is ``*``).
    ``refusal`` is the form of its denials. ``guards``: its resources have policies of their own, which are judged
    even where nothing else is (a function of the store: whether any has one just now). ``anonymous``: unsigned calls
    are judged by those policies instead of being refused.

    ``http`` makes what answers plain HTTP at the service's own hosts that are no API (an API's ``execute-api`` host, a
    function's URL, a website); ``_transport/hosts.py`` says which hosts those are. It answers ``None`` for a request
    that concerns nothing of its own.
    ``concluded(call, request, store, error)`` is told when an operation has answered, or failed with an error: it may
    add headers to the answer or to the error.
    """

    name: str
    store: Callable[[], Any]
    scope: Scope
    resources: Callable[[Any, Cloud], Sequence[object]]
    tasks: Callable[[Any, Cloud], Sequence[object]] | None = None
    wire: Any = None
    actions: Mapping[str, Any] = {}
    needs: NeedsOf | None = None
    refusal: Refusal = "json"
    guards: bool | Callable[[Any], bool] = False
    anonymous: bool = False
    http: Callable[[Cloud], HttpHandler] | None = None
    concluded: Concluded | None = None


class Later(NamedTuple):
    """A resource class that few tests need: its module is imported when one of its operations is first called.

    ``make`` imports it and makes the object; ``operations`` names all of its public methods.
    """

    make: Callable[[], object]
    operations: tuple[str, ...]


def imported_later(package: str, classes: Mapping[str, tuple[str, ...]], *args: object) -> list[Later]:
    """The resource or task objects of a package's rarely needed classes, named ``module.Class``, made of ``args``."""

    def make(place: str) -> object:
        module, _, name = place.rpartition(".")
        made: object = getattr(import_module(f"{package}.{module}"), name)(*args)
        return made

    return [Later(partial(make, place), operations) for place, operations in classes.items()]


class Service:
    """A service of one account and region, brought to life."""

    def __init__(self, spec: ServiceSpec, store: Any, cloud: Cloud) -> None:
        self.spec = spec
        self.store = store
        self.operations: dict[str, Operation] = public_methods(spec.resources(store, cloud))
        self.tasks: dict[str, TaskMethod] = public_methods(spec.tasks(store, cloud)) if spec.tasks else {}


_names_of: dict[type, tuple[str, ...]] = {}  # every mock makes objects of the same classes


def public_methods(objects: Sequence[object]) -> dict[str, Any]:
    """Name to bound method, over all objects; a name found twice is a mistake in the service."""
    found: dict[str, Any] = {}
    for thing in objects:
        methods = _later_methods(thing) if isinstance(thing, Later) else _methods(thing)
        for name, method in methods.items():
            if name in found:
                raise TypeError(f"two resource classes define {name!r}")
            found[name] = method
    return found


def _methods(thing: object) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in _method_names(type(thing))}


def _method_names(kind: type) -> tuple[str, ...]:
    names = _names_of.get(kind)
    if names is None:
        # what every object has is nobody's operation: ``sure`` hangs ``should`` and its like on ``object`` itself
        named = (name for name in dir(kind) if not name.startswith("_") and not hasattr(object, name))
        public = (name for name in named if callable(getattr(kind, name)))
        names = _names_of[kind] = tuple(public)
    return names


def _later_methods(later: Later) -> dict[str, Any]:
    made: list[dict[str, Any]] = []

    def method(name: str) -> Callable[..., Any]:
        def run(*args: Any) -> Any:
            return methods()[name](*args)

        return run

    def methods() -> dict[str, Any]:
        if not made:
            made.append(_methods(later.make()))
        return made[0]

    return {name: method(name) for name in later.operations}


_WORDS = (re.compile(r"(.)([A-Z][a-z]+)"), re.compile(r"([a-z0-9])([A-Z])"))
_PLURAL_ACRONYM = re.compile(r"[A-Z]{2,}s$")
_names: dict[str, str] = {
    f"{verb}OTelEnrichment": f"{verb.lower()}_otel_enrichment" for verb in ("Get", "Start", "Stop", "Update")
}


def method_name(operation: str) -> str:
    """AWS's operation name in snake case, as botocore writes it (``PutItem`` -> ``put_item``)."""
    name = _names.get(operation)
    if name is None:
        name = operation
        plural = _PLURAL_ACRONYM.search(name)
        if plural:
            name = f"{name[: plural.start()]}_{plural.group().lower()}"
        for words in _WORDS:
            name = words.sub(r"\1_\2", name)
        name = _names[operation] = name.lower()
    return name
