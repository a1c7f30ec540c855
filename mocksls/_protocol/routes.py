"""REST routes: method and URI of every operation, as the model's templates say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import unquote

from mocksls._kernel.http import HttpRequest

_LABEL = re.compile(r"\{([^{}+]+)(\+?)\}")


class Route(NamedTuple):
    """An operation's URI: ``labels`` are (position, name), ``literals`` what the query must say."""

    operation: str
    labels: tuple[tuple[int, str], ...]
    greedy: bool
    literals: tuple[tuple[str, str | None], ...]
    query: tuple[str, ...]
    headers: tuple[str, ...]

    def fits(self, query: Mapping[str, list[str]]) -> bool:
        """Whether the query says what this route's template says."""
        return all(name in query and value in (None, query[name][-1]) for name, value in self.literals)

    def complete(self, query: Mapping[str, list[str]], headers: Mapping[str, str]) -> bool:
        """Whether all required parameters of query and headers are there."""
        return all(name in query for name in self.query) and all(
            name in headers or name in query for name in self.headers
        )

    def values(self, segments: list[str]) -> dict[str, str]:
        """The labels' values, decoded."""
        last = len(self.labels) - 1
        return {
            name: unquote("/".join(segments[at:]) if self.greedy and number == last else segments[at])
            for number, (at, name) in enumerate(self.labels)
        }


@dataclass(slots=True, eq=False)
class _Node:
    literal: dict[str, _Node] = field(default_factory=dict)
    label: _Node | None = None
    routes: list[Route] = field(default_factory=list)
    greedy: list[Route] = field(default_factory=list)

    def step(self, segment: str) -> _Node:
        """The node of a template's segment, made if need be."""
        if _LABEL.fullmatch(segment):
            self.label = self.label or _Node()
            return self.label
        return self.literal.setdefault(segment, _Node())


class Routes:
    """All routes of a service. Literal segments beat labels, labels greedy ones, and current operations deprecated."""

    def __init__(self, description: Mapping[str, Any], strict: bool) -> None:
        self._strict = strict
        self._methods: dict[str, _Node] = {}
        operations = description["operations"].items()
        for name, operation in sorted(operations, key=lambda pair: bool(pair[1].get("deprecated"))):
            self._add(name, operation, description["shapes"])

    def _add(self, name: str, operation: Mapping[str, Any], shapes: Mapping[str, Any]) -> None:
        http = operation["http"]
        path, _, query = http["requestUri"].partition("?")
        segments = path.strip("/").split("/") if path.strip("/") else []
        route = _route(name, segments, query, shapes[operation["input"]["shape"]] if "input" in operation else {})
        node = self._methods.setdefault(http["method"], _Node())
        for segment in segments[:-1] if route.greedy else segments:
            node = node.step(segment)
        (node.greedy if route.greedy else node.routes).append(route)

    def find(
        self, request: HttpRequest, query: Mapping[str, list[str]], headers: Mapping[str, str]
    ) -> tuple[str, dict[str, str]] | None:
        """The operation that a request addresses, with the values of the labels."""
        root = self._methods.get(request.method)
        if root is None:
            return None
        segments = request.path[1:].split("/")
        for routes in _candidates(root, segments, 0):
            route = self._best(routes, query, headers)
            if route is not None:
                return route.operation, route.values(segments)
        return None

    def _best(self, routes: list[Route], query: Mapping[str, list[str]], headers: Mapping[str, str]) -> Route | None:
        fitting = [route for route in routes if route.fits(query)]
        if not fitting:
            return None
        most = max(len(route.literals) for route in fitting)
        nearest = [route for route in fitting if len(route.literals) == most]
        complete = [route for route in nearest if route.complete(query, headers)]
        if complete:
            return max(complete, key=lambda route: len(route.query) + len(route.headers))
        return None if self._strict and not most else nearest[0]


def _candidates(node: _Node, segments: list[str], at: int) -> list[list[Route]]:
    """The routes that fit a path, nearest first."""
    rest = segments[at:]
    found: list[list[Route]] = []
    if (not rest or rest == [""]) and node.routes:
        found.append(node.routes)
    if rest:
        literal = node.literal.get(unquote(rest[0]))
        if literal is not None:
            found += _candidates(literal, segments, at + 1)
        if node.label is not None and rest[0]:
            found += _candidates(node.label, segments, at + 1)
        if node.greedy and rest != [""]:
            found.append(node.greedy)
    return found


def _route(name: str, segments: list[str], query: str, shape: Mapping[str, Any]) -> Route:
    labels = []
    greedy = False
    for at, segment in enumerate(segments):
        label = _LABEL.fullmatch(segment)
        if label:
            labels.append((at, label.group(1)))
            greedy = bool(label.group(2))
    literals = tuple(_literal(part) for part in query.split("&") if part)
    return Route(name, tuple(labels), greedy, literals, _required(shape, "querystring"), _required(shape, "header"))


def _literal(part: str) -> tuple[str, str | None]:
    key, equals, value = part.partition("=")
    return key, value if equals else None


def _required(shape: Mapping[str, Any], location: str) -> tuple[str, ...]:
    members = shape.get("members", {})
    found = (
        members[name].get("locationName", name)
        for name in shape.get("required", ())
        if members[name].get("location") == location
    )
    return tuple(name.lower() if location == "header" else name for name in found)


def to_path_style(request: HttpRequest, bucket: str) -> HttpRequest:
    """A request whose host names the bucket (``bucket.s3.amazonaws.com/key``) as one whose path does."""
    scheme, separator, rest = request.url.partition("://")
    netloc, slash, path = rest.partition("/")
    host, mark, query = netloc.partition("?")
    tail = f"/{path}" if slash else f"/?{query}" if mark else "/"
    return HttpRequest(request.method, f"{scheme}{separator}{host}/{bucket}{tail}", list(request.headers), request.body)
