"""Service-linked roles: nobody but AWS changes them."""

from __future__ import annotations

from . import errors
from .store import Entity

SERVICE_LINKED = "/aws-service-role/"
"""Where the paths of service-linked roles begin."""


def changeable(entity: Entity) -> Entity:
    """The same entity, if it may be changed by anybody but AWS.

    Raises:
        AwsError: UnmodifiableEntity, for service-linked roles.
    """
    if entity.path.startswith(SERVICE_LINKED):
        raise errors.protected(entity.name)
    return entity
