"""HTTP requests that services send out of the cloud: through ``requests``, so that the test's own mocks answer them.

``responses``, ``requests_mock``, ``vcrpy`` and real servers on this machine (``pytest-httpserver``) all see them; AWS's
host names come back to the cloud, as any request of this process does.
"""

from __future__ import annotations

from .._kernel.errors import TransportFault
from .._kernel.http import HttpRequest, HttpResponse


def send(request: HttpRequest, timeout_s: float) -> HttpResponse:
    """Send one request and read its answer to the end; redirects are answers.

    Raises:
        TransportFault: there is no answer.
    """
    import requests

    try:
        found = requests.request(
            request.method,
            request.url,
            headers=dict(request.headers),
            data=request.body or None,
            timeout=timeout_s,
            allow_redirects=False,
        )
    except requests.Timeout as error:
        kind = "connect timeout" if isinstance(error, requests.ConnectTimeout) else "read timeout"
        raise TransportFault(kind, str(error)) from None
    except (OSError, RuntimeError) as error:  # requests' own are OSErrors; what keeps tests off the network raises both
        raise TransportFault("refused", str(error)) from None
    return HttpResponse(found.status_code, list(found.headers.items()), found.content)
