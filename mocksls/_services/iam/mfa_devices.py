"""MFA devices: virtual ones, and those that users have."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any

from mocksls._kernel import tags as _tags
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .arns import iam_arn
from .entity_tags import given_tags, remove_tags, set_tags, tags_page
from .pages import paged
from .store import Entity, MfaDevice, Store
from .users import find_user, shown_user

_PATH = re.compile(r"/(?:[A-Za-z0-9.,+@=_-]+/)*")
# one pixel: nobody scans the code of a test
_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class MfaDevices:
    """Operations on MFA devices. ``Differs``: authentication codes are not checked against the seed."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_virtual_mfa_device(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a virtual device; its seed is shown this once.

        Raises:
            AwsError: EntityAlreadyExists, ValidationError, InvalidInput.
        """
        path = request.get("Path", "/")
        if not _PATH.fullmatch(path):
            raise errors.bad_path()
        serial = iam_arn(call, f"mfa{path}{request['VirtualMFADeviceName']}")
        if serial in self._store.devices:
            raise errors.device_exists()
        seed = base64.b32encode(self._cloud.ids.bytes(40))
        device = MfaDevice(serial, virtual=True, tags=given_tags(request))
        self._store.devices[serial] = device
        shown = {"SerialNumber": serial, "Base32StringSeed": seed, "QRCodePNG": _PNG}
        return {"VirtualMFADevice": {**shown, "Tags": _tags.to_list(device.tags) or None}}

    def delete_virtual_mfa_device(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a virtual device that no user has.

        Raises:
            AwsError: NoSuchEntity, DeleteConflict.
        """
        device = self._virtual(request)
        if device.user is not None:
            raise errors.device_in_use()
        del self._store.devices[device.serial]

    def list_virtual_mfa_devices(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Virtual devices, all of them or those with or without a user."""
        wanted = {"Assigned": (True,), "Unassigned": (False,)}.get(
            request.get("AssignmentStatus", "Any"), (True, False)
        )
        found = [each for each in self._store.devices.values() if each.virtual and (each.user is not None) in wanted]
        places = {each.serial: f"{place:05d}" for place, each in enumerate(found)}
        return paged(request, "VirtualMFADevices", found, lambda device: places[device.serial], self._shown)

    def enable_mfa_device(self, request: Mapping[str, Any], call: Call) -> None:
        """Give a user a device.

        Raises:
            AwsError: NoSuchEntity, EntityAlreadyExists, InvalidAuthenticationCode.
        """
        user, serial = find_user(self._store, request), request["SerialNumber"]
        if request["AuthenticationCode1"] == request["AuthenticationCode2"]:
            raise errors.bad_codes(serial)
        if serial.startswith("arn:"):
            device = self._virtual(request)
        else:
            device = self._store.devices.setdefault(serial, MfaDevice(serial))
        if device.user is not None:
            raise errors.device_assigned(serial)
        device.user, device.enabled = user.name, self._cloud.clock.now().replace(microsecond=0)

    def deactivate_mfa_device(self, request: Mapping[str, Any], call: Call) -> None:
        """Take a device from its user.

        Raises:
            AwsError: NoSuchEntity.
        """
        device = self._store.devices.get(request["SerialNumber"])
        if device is None or device.user is None:
            raise errors.no_device(request["SerialNumber"])
        device.user = device.enabled = None
        if not device.virtual:
            del self._store.devices[device.serial]

    def list_mfa_devices(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The devices of a user.

        Raises:
            AwsError: NoSuchEntity.
        """
        name = request.get("UserName", call.principal.arn.rsplit("/", 1)[-1])
        if "UserName" in request:
            find_user(self._store, request)
        found = sorted((each for each in self._store.devices.values() if each.user == name), key=lambda d: d.serial)
        return paged(
            request,
            "MFADevices",
            found,
            lambda device: device.serial,
            lambda device: {"UserName": name, "SerialNumber": device.serial, "EnableDate": device.enabled},
        )

    def tag_mfa_device(self, request: Mapping[str, Any], call: Call) -> None:
        """Set tags of a virtual device.

        Raises:
            AwsError: NoSuchEntity, InvalidInput, LimitExceeded.
        """
        set_tags(self._virtual(request).tags, request)

    def untag_mfa_device(self, request: Mapping[str, Any], call: Call) -> None:
        """Remove tags of a virtual device.

        Raises:
            AwsError: NoSuchEntity.
        """
        remove_tags(self._virtual(request).tags, request)

    def list_mfa_device_tags(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tags of a virtual device.

        Raises:
            AwsError: NoSuchEntity.
        """
        return tags_page(self._virtual(request).tags, request)

    def _virtual(self, request: Mapping[str, Any]) -> MfaDevice:
        device = self._store.devices.get(request["SerialNumber"])
        if device is None or not device.virtual:
            raise errors.no_device(request["SerialNumber"])
        return device

    def _shown(self, device: MfaDevice) -> dict[str, Any]:
        user: Entity | None = self._store.users.get(device.user or "")
        return {
            "SerialNumber": device.serial,
            "User": shown_user(user) if user else None,
            "EnableDate": device.enabled,
        }
