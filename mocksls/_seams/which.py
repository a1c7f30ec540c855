"""Which seam carries a call: clients with handlers of the user on events that the typed seam skips take the wire."""

from __future__ import annotations

from typing import Any

from .operations import operation_of

_SKIPPED = (
    "request-created",
    "choose-signer",
    "before-sign",
    "before-send",
    "needs-retry",
    "response-received",
    "before-parse",
)
_OURS = ("botocore.", "boto3.", "s3transfer.", "aiobotocore.", "aws_lambda_powertools.")  # it adds to the User-Agent
_STUBBER = "moto.core.botocore_stubber"


def takes_wire(client: Any, operation_model: Any) -> bool:
    """Whether a call of this client must go through the wire seam.

    The verdict lies in the emitter's own look-up cache, which botocore replaces whenever a handler comes or goes.
    """
    events = client.meta.events
    emitter = getattr(events, "_emitter", events)
    cache = emitter._lookup_cache
    name = operation_model.name
    key = f"mocksls:{name}"
    verdict = cache.get(key)
    if verdict is None:
        verdict = cache[key] = _judge(client, emitter, operation_model)
    return bool(verdict)


def shows_body(client: Any, operation_model: Any) -> bool:
    """Whether a handler of the user sees the request dict of a call, and so its body; kept as above."""
    emitter = getattr(client.meta.events, "_emitter", client.meta.events)
    key = f"mocksls-body:{operation_model.name}"
    verdict = emitter._lookup_cache.get(key)
    if verdict is None:
        service = operation_model.service_model.service_id.hyphenize()
        heard = emitter._handlers.prefix_search(f"before-call.{service}.{operation_model.name}")
        verdict = emitter._lookup_cache[key] = not all(map(_is_known, heard))
    return bool(verdict)


def _judge(client: Any, emitter: Any, operation_model: Any) -> bool:
    if operation_of(operation_model).streams_events:
        return True
    if not hasattr(client._serializer, "_param_validator"):
        return True  # nobody has looked at the types: the parser of the wire says what AWS would
    retries = client.meta.config.retries or {}
    if retries.get("mode") == "adaptive":
        return True
    service = operation_model.service_model.service_id.hyphenize()
    for event in _SKIPPED:
        for handler in emitter._handlers.prefix_search(f"{event}.{service}.{operation_model.name}"):
            if not _is_known(handler):
                return True
    return False


def _is_known(handler: Any) -> bool:
    """Whether a handler is no user's; ``disable_signing`` is botocore's, but only users register it on a client."""
    if getattr(handler, "__name__", "") == "disable_signing":
        return False
    module = getattr(handler, "__module__", None) or type(handler).__module__
    return module.startswith(_OURS) or module == _STUBBER
