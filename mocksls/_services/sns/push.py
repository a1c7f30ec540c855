"""Messages to devices: they go to the outbox, in the form that the device's platform would be given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.outbox import Message

from . import errors
from .store import Application, Endpoint


def check_enabled(application: Application, endpoint: Endpoint) -> None:
    """Whether a device and its application take messages.

    Raises:
        AwsError: PlatformApplicationDisabled, EndpointDisabled.
    """
    if application.attributes.get("Enabled", "true").lower() != "true":
        raise errors.application_disabled()
    if endpoint.attributes.get("Enabled", "true").lower() != "true":
        raise errors.endpoint_disabled()


def deliver(cloud: Cloud, application: Application, endpoint: Endpoint, message: Mapping[str, Any]) -> None:
    """Enter a message for a device: the text for its platform, else the one for all."""
    texts: Mapping[str, str] = message["texts"]
    body = texts.get(application.platform, texts["default"])
    cloud.outbox.append(Message(endpoint.attributes["Token"], "push", message.get("subject"), body))
