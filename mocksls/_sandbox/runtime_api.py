"""Lambda's Runtime API on the loopback, for runtimes that are no Python; and the way home for their AWS SDKs.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from .spec import Home

_API = re.compile(r"^/2018-06-01/runtime/(?:invocation/(?P<id>[^/]+)/)?(?P<what>[a-z/]+)$")
_SCOPE = re.compile(r"Credential=[^/]+/\d{8}/([^/]+)/([^/]+)/aws4_request")
_UNSAFE_HEADERS = ("connection", "transfer-encoding", "content-length", "keep-alive")
_SERVICES = {"monitoring": "cloudwatch", "email": "ses", "states": "stepfunctions"}


@dataclass(slots=True)
class Posted:
    """What a runtime has posted: a response, an error, or an error of its initialisation."""

    kind: str
    body: bytes
    parts: tuple[bytes, ...] | None = None
    content_type: str | None = None


class RuntimeApi:
    """The endpoint of one environment: one event at a time."""

    def __init__(self, home: Home, mistaken: Callable[[BaseException], None]) -> None:
        self._home = home
        self._mistaken = mistaken
        self._changed = threading.Condition()
        self._event: tuple[bytes, dict[str, str]] | None = None
        self._posted: Posted | None = None
        self._closed = False
        self.asked = False
        self.token: Any = None
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.address = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), name="mocksls-runtime", daemon=True).start()

    def offer(self, event: bytes, headers: dict[str, str]) -> None:
        """Give the runtime its next event."""
        with self._changed:
            self._posted = None
            self._event = (event, headers)
            self._changed.notify_all()

    def wait(self, seconds: float, *, for_start: bool = False) -> Posted | None:
        """What has been posted, if anything comes in that time; at the start, asking for an event ends the wait."""
        with self._changed:
            self._changed.wait_for(lambda: self._posted is not None or (for_start and self.asked), seconds)
            return self._posted

    def close(self) -> None:
        """End the endpoint."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        threading.Thread(target=self._shut, name="mocksls-runtime-end", daemon=True).start()

    def _shut(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def next_event(self) -> tuple[bytes, dict[str, str]] | None:
        """The next event, when there is one; None at the end."""
        with self._changed:
            self.asked = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._event is not None or self._closed)
            event, self._event = self._event, None
            return event

    def post(self, posted: Posted) -> None:
        """Take what the runtime posts."""
        with self._changed:
            self._posted = posted
            self._changed.notify_all()

    def go_home(self, request: _Request) -> tuple[int, list[tuple[str, str]], bytes]:
        """Answer a call of an AWS SDK, as the cloud answers it."""
        scope = _SCOPE.search(request.headers.get("authorization", ""))
        if scope is None:
            return 403, [("content-type", "application/json")], b'{"message": "Missing Authentication Token"}'
        service = _SERVICES.get(scope.group(2), scope.group(2))
        header = {
            "method": request.command,
            "url": f"http://{self.address}{request.path}",
            "headers": [(name.lower(), value) for name, value in request.headers.items()],
            "service": service,
            "region": scope.group(1),
            "read_timeout": None,
        }
        try:
            reply, blobs = self._home("http", header, [request.body()], self.token)
        except BaseException as error:
            self._mistaken(error)
            return 500, [("content-type", "application/json")], b'{"message": "mocksls failed"}'
        if "status" not in reply:
            text = json.dumps({"message": str(reply.get("unmocked") or reply.get("fault"))})
            return 501, [("content-type", "application/json"), ("x-amzn-errortype", "NotImplemented")], text.encode()
        kept = [(name, value) for name, value in reply["headers"] if name.lower() not in _UNSAFE_HEADERS]
        return int(reply["status"]), kept, b"".join(blobs)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A program that ends in the middle of a request is no error of ours."""


class _Request(BaseHTTPRequestHandler):
    """One request of the environment's process."""

    protocol_version = "HTTP/1.1"
    api: RuntimeApi

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def serve(self) -> None:
        """Answer the Runtime API's own requests here, all others at home."""
        found = _API.match(self.path)
        try:
            if found is None:
                self._answer(*self.api.go_home(self))
            elif found.group("what") == "invocation/next":
                self._next()
            else:
                self._take(found.group("what"))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = serve

    def _next(self) -> None:
        event = self.api.next_event()
        if event is None:
            self.close_connection = True
            return
        self._answer(200, [*event[1].items(), ("content-type", "application/json")], event[0])

    def _take(self, what: str) -> None:
        parts = tuple(self.parts())
        streamed = self.headers.get("lambda-runtime-function-response-mode", "").lower() == "streaming"
        kind = {"response": "response", "error": "error", "init/error": "init"}.get(what)
        if kind is None:
            self._answer(404, [], b"")
            return
        content_type = self.headers.get("content-type")
        self.api.post(Posted(kind, b"".join(parts), parts if streamed else None, content_type))
        self._answer(202, [("content-type", "application/json")], b'{"status":"OK"}')

    def body(self) -> bytes:
        """The whole body."""
        return b"".join(self.parts())

    def parts(self) -> list[bytes]:
        """The body in the parts that it was sent in."""
        if self.headers.get("transfer-encoding", "").lower() != "chunked":
            length = int(self.headers.get("content-length") or 0)
            return [self.rfile.read(length)] if length else []
        parts = []
        while size := int(self.rfile.readline().split(b";")[0] or b"0", 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return parts

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _handler(api: RuntimeApi) -> type[_Request]:
    return type("_RequestOf", (_Request,), {"api": api})
