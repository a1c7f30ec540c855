"""Hosts that the test itself mocked with ``responses``: requests to them from other processes are answered by it."""

from __future__ import annotations

import sys
from typing import Any

from .._kernel.errors import TransportFault
from .._kernel.http import HttpRequest, HttpResponse
from .moto_beside import is_motos


def are_active() -> bool:
    """Whether a ``responses`` mock of the test is active in this process."""
    adapters = sys.modules.get("requests.adapters")
    if adapters is None or "responses" not in sys.modules:
        return False
    send = adapters.HTTPAdapter.send
    if getattr(send, "__module__", "") != "responses":
        return False
    mocks = [cell.cell_contents for cell in getattr(send, "__closure__", None) or ()]
    return not any(is_motos(mock) for mock in mocks)


def answer(request: HttpRequest) -> HttpResponse:
    """The mock's answer; its callbacks run here, and its call counts count.

    Raises:
        TransportFault: the mock says that there is no answer.
    """
    from requests import PreparedRequest, exceptions
    from requests.adapters import HTTPAdapter

    prepared = PreparedRequest()
    prepared.prepare(request.method, request.url, headers=dict(request.headers), data=request.body or None)
    try:
        found: Any = HTTPAdapter().send(prepared, stream=True)
    except exceptions.ConnectTimeout as error:
        raise TransportFault("connect timeout", str(error)) from None
    except exceptions.Timeout as error:
        raise TransportFault("read timeout", str(error)) from None
    except exceptions.ConnectionError as error:
        raise TransportFault("refused", str(error)) from None
    body: bytes = found.raw.read(decode_content=False)
    return HttpResponse(found.status_code, list(found.raw.headers.items()), body)
