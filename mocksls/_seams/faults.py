"""What botocore raises when an answer does not arrive."""

from __future__ import annotations

from .._kernel.errors import TransportFault


def botocore_fault(fault: TransportFault, url: str) -> Exception:
    """What botocore raises when an answer does not arrive."""
    from botocore import exceptions

    if fault.kind == "read timeout":
        return exceptions.ReadTimeoutError(endpoint_url=url)  # type: ignore[no-any-return]
    if fault.kind == "connect timeout":
        return exceptions.ConnectTimeoutError(endpoint_url=url)  # type: ignore[no-any-return]
    if fault.kind == "closed":
        return exceptions.ConnectionClosedError(endpoint_url=url)  # type: ignore[no-any-return]
    return exceptions.EndpointConnectionError(endpoint_url=url)  # type: ignore[no-any-return]
