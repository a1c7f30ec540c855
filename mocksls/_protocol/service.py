"""A service's protocol: which operation a request is for, what it asks, and how answers and errors go out."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from botocore.exceptions import DataNotFoundError, UnknownServiceError
from botocore.loaders import ExtrasProcessor, Loader
from botocore.model import OperationModel, ServiceModel

from mocksls._kernel.errors import AwsError
from mocksls._kernel.http import HttpRequest, HttpResponse
from mocksls._seams.loaders import pristine

from .answers import Answer, Answers
from .dialects import DIALECTS
from .error_answers import ErrorAnswers
from .faults import serialization
from .forms import parse_form
from .overlay import Wire
from .requests import Parser, Parsers, header_map, query_map
from .routes import Routes
from .validation import Validators

_CBOR = "smithy-rpc-v2-cbor"
_NAMED = {"json", "query", _CBOR}


class Match(NamedTuple):
    """The operation a request is for, the protocol it speaks, and the labels of its URI."""

    operation: str
    protocol: str
    labels: dict[str, str] = {}


class _PristineLoader(Loader):  # type: ignore[misc]
    """A loader with a cache of its own: clients' event handlers rewrite the models they share."""

    def __init__(self) -> None:
        super().__init__()
        self._cache: dict[Any, Any] = {}

    def description(self, service: str) -> dict[str, Any]:
        """What ``load_service_model`` answers, without its listing of all services (20 ms)."""
        try:
            version = self.determine_latest_version(service, "service-2")
        except DataNotFoundError:
            raise UnknownServiceError(service_name=service, known_service_names="those that botocore has") from None
        name = os.path.join(service, version, "service-2")  # noqa: PTH118  # as botocore names it
        for location in self._potential_locations(name):
            loaded = pristine(location)
            if loaded is not None:
                return loaded
        model: dict[str, Any] = self.load_data(name)
        with suppress(DataNotFoundError):
            ExtrasProcessor().process(model, [self.load_data(f"{name}.sdk-extras")])
        return model


_protocols: dict[str, ServiceProtocol] = {}
_lock = threading.Lock()


def service_protocol(service: str) -> ServiceProtocol:
    """The protocol of a service, by botocore's name of it; made once per process.

    Raises:
        UnknownServiceError: botocore has no such service.
    """
    known = _protocols.get(service)
    if known is None:
        with _lock:
            known = _protocols.get(service)
            if known is None:
                known = _protocols[service] = ServiceProtocol(service)
    return known


class ServiceProtocol:
    """Bytes <-> shapes of one service, driven by its model. Everything is compiled on first use."""

    def __init__(self, service: str, description: Mapping[str, Any] | None = None) -> None:
        self.service = service
        self._description = description or _PristineLoader().description(service)
        self.model = ServiceModel(self._description, service)
        metadata = self.model.metadata
        self.default_protocol: str = self.model.resolved_protocol
        self._spoken = {self.default_protocol, metadata["protocol"], *metadata.get("protocols", ())}
        if "awsQueryCompatible" in metadata:
            self._spoken.add("query")
        self._operations: dict[str, OperationModel] = {}
        self._given: Mapping[str, Any] = {}
        self._set(Wire.of(DIALECTS.get(service, {})))

    def configure(self, wire: Mapping[str, Any] | None) -> ServiceProtocol:
        """Lay a service's own quirks (``overlay.Wire`` has the keys) over what is known of its wire."""
        given = wire or {}
        if given != self._given:
            self._given = given
            self._set(Wire.of(DIALECTS.get(self.service, {}), given))
        return self

    def _set(self, wire: Wire) -> None:
        self.wire = wire
        self._routes: Routes | None = None
        self._parsers = Parsers(wire)
        self._answers = Answers(wire)
        faults = {name for name, shape in self._description["shapes"].items() if shape.get("fault")}
        self._errors = ErrorAnswers(self.model, faults, wire)
        self._validators = Validators(self.default_protocol, wire)
        self._parse: dict[tuple[str, str], Parser] = {}
        self._answer: dict[tuple[str, str], Answer] = {}

    def operations(self) -> Mapping[str, OperationModel]:
        """All operations of the model, by AWS's name."""
        return {name: self.operation(name) for name in self.model.operation_names}

    def operation(self, name: str) -> OperationModel:
        """One operation.

        Raises:
            KeyError: the model has none of that name.
        """
        known = self._operations.get(name)
        if known is None:
            if name not in self._description["operations"]:
                raise KeyError(name)
            known = self._operations[name] = self.model.operation_model(name)
        return known

    def match(self, request: HttpRequest) -> Match:
        """The operation that a request is for. S3's virtual-hosted buckets go through ``to_path_style`` first.

        Raises:
            UnknownOperationException, InvalidAction, MissingAction, or the service's own: there is none.
        """
        if self._spoken & _NAMED:
            return self._named(request)
        if self._routes is None:
            self._routes = Routes(self._description, self.wire.strict_routes)
        found = self._routes.find(request, query_map(request), header_map(request))
        if found is None:
            raise self._unknown("UnknownOperationException", "", 404)
        return Match(found[0], self.default_protocol, found[1])

    def protocol_of(self, request: HttpRequest) -> str:
        """The protocol that a request seems to speak: errors about it are best said in that one."""
        if request.header("smithy-protocol") == "rpc-v2-cbor" and _CBOR in self._spoken:
            return _CBOR
        if "json" in self._spoken and request.header("x-amz-target") is not None:
            return "json"
        if "query" in self._spoken and "form-urlencoded" in (request.header("content-type") or "form-urlencoded"):
            return "query"
        return self.default_protocol

    def _named(self, request: HttpRequest) -> Match:
        operations = self._description["operations"]
        target = request.header("x-amz-target")
        if target is not None and "json" in self._spoken:
            prefix, _, name = target.rpartition(".")
            if name in operations and prefix == self.model.metadata["targetPrefix"]:
                return Match(name, "json")
            raise self._unknown("UnknownOperationException", "", 400)
        if request.header("smithy-protocol") == "rpc-v2-cbor" and _CBOR in self._spoken:
            return self._rpc(request)
        if "query" not in self._spoken:
            raise self._unknown("UnknownOperationException", "", 404)
        action = parse_form(request.query).get("Action") or _action(request.body)
        if not action:
            raise self._unknown("MissingAction", "The request must contain the parameter Action.", 400)
        if action not in operations:
            version = self.model.metadata["apiVersion"]
            raise self._unknown("InvalidAction", f"Could not find operation {action[:100]} for version {version}", 400)
        return Match(action, "query")

    def _rpc(self, request: HttpRequest) -> Match:
        segments = request.path.rsplit("/", 4)
        if len(segments) == 5 and segments[1] == "service" and segments[3] == "operation":
            name = segments[4]
            if name in self._description["operations"] and segments[2] == self.model.metadata["targetPrefix"]:
                return Match(name, _CBOR)
        raise self._unknown("UnknownOperationException", "", 404)

    def _unknown(self, code: str, message: str, status: int) -> AwsError:
        told = self.wire.unknown_operation
        return AwsError(told.get("code", code), told.get("message", message), status=told.get("status", status))

    def parse(self, match: Match, request: HttpRequest) -> dict[str, Any]:
        """The parameters of a request.

        Raises:
            SerializationException, MalformedXML, MalformedInput, InvalidArgument: it does not fit the operation.
        """
        key = (match.operation, match.protocol)
        parser = self._parse.get(key)
        if parser is None:
            parser = self._parse[key] = self._parsers.parser(self.operation(match.operation), match.protocol)
        try:
            return parser(request, match.labels)
        except RecursionError:
            raise serialization() from None

    def _serialiser(self, operation: str, protocol: str | None) -> Answer:
        key = (operation, protocol or self.default_protocol)
        known = self._answer.get(key)
        if known is None:
            known = self._answer[key] = self._answers.answer(self.operation(operation), key[1])
        return known

    def answer(
        self,
        operation: str,
        output: Mapping[str, Any] | None,
        *,
        request_id: str,
        protocol: str | None = None,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        date: datetime,
    ) -> HttpResponse:
        """The HTTP answer that carries an operation's output."""
        return self._serialiser(operation, protocol).response(output or {}, request_id, date, status, headers)

    def metadata(
        self,
        operation: str,
        output: Mapping[str, Any] | None,
        *,
        request_id: str,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        date: datetime,
    ) -> tuple[int, dict[str, str]]:
        """Status and headers (names in lower case) of the answer, without its body and what depends on it."""
        return self._serialiser(operation, None).head(output or {}, request_id, date, status, headers)

    def error(
        self,
        operation: str | None,
        error: AwsError,
        *,
        request_id: str,
        protocol: str | None = None,
        date: datetime,
    ) -> HttpResponse:
        """The HTTP answer that carries an error."""
        model = self.operation(operation) if operation else None
        return self._errors.response(model, error, request_id, protocol or self.default_protocol, date)

    def validate(self, operation: str, request: Mapping[str, Any]) -> None:
        """Check a request against the constraints of the model.

        Raises:
            ValidationException (or the service's code of it): some are violated; all are named.
        """
        self._validators.check(self.operation(operation), request)


def _action(body: bytes) -> str | None:
    return parse_form(body.decode("utf-8", "replace")).get("Action") if b"Action=" in body else None
