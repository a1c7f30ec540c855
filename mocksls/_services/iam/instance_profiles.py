"""Instance profiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel import tags as _tags
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .arns import iam_arn
from .entity_tags import given_tags, remove_tags, set_tags, tags_page
from .pages import paged
from .protected_roles import changeable
from .roles import find_role, shown_role
from .store import InstanceProfile, Store, is_taken


class InstanceProfiles:
    """Operations on instance profiles."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_instance_profile(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a profile.

        Raises:
            AwsError: EntityAlreadyExists, InvalidInput.
        """
        name, path = request["InstanceProfileName"], request.get("Path", "/")
        if is_taken(name, self._store.profiles):
            raise errors.profile_exists(name)
        profile = InstanceProfile(
            name=name,
            arn=iam_arn(call, f"instance-profile{path}{name}"),
            unique_id=self._cloud.ids.unique_id("AIPA"),
            path=path,
            created=self._cloud.clock.now().replace(microsecond=0),
            tags=given_tags(request),
        )
        self._store.profiles[name] = profile
        return {"InstanceProfile": self._shown(profile)}

    def get_instance_profile(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """One profile.

        Raises:
            AwsError: NoSuchEntity.
        """
        return {"InstanceProfile": self._shown(self._find(request))}

    def list_instance_profiles(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Profiles below a path, by name."""
        prefix = request.get("PathPrefix", "/")
        return self._page(request, [each for each in self._store.profiles.values() if each.path.startswith(prefix)])

    def list_instance_profiles_for_role(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The profiles that a role is in.

        Raises:
            AwsError: NoSuchEntity.
        """
        role = find_role(self._store, request)
        return self._page(request, [each for each in self._store.profiles.values() if role.name in each.roles])

    def add_role_to_instance_profile(self, request: Mapping[str, Any], call: Call) -> None:
        """Put a role into a profile.

        Raises:
            AwsError: NoSuchEntity, LimitExceeded: there is one already.
        """
        profile, role = self._find(request), changeable(find_role(self._store, request))
        if profile.roles:
            raise errors.too_many_roles()
        profile.roles.append(role.name)

    def remove_role_from_instance_profile(self, request: Mapping[str, Any], call: Call) -> None:
        """Take a role out of a profile.

        Raises:
            AwsError: NoSuchEntity.
        """
        profile, role = self._find(request), changeable(find_role(self._store, request))
        if role.name not in profile.roles:
            raise errors.no_such("role", role.name)
        profile.roles.remove(role.name)

    def delete_instance_profile(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a profile that has no role left.

        Raises:
            AwsError: NoSuchEntity, DeleteConflict.
        """
        profile = self._find(request)
        if profile.roles:
            raise errors.delete_conflict("remove roles from instance profile")
        del self._store.profiles[profile.name]

    def tag_instance_profile(self, request: Mapping[str, Any], call: Call) -> None:
        """Set tags.

        Raises:
            AwsError: NoSuchEntity, InvalidInput, LimitExceeded.
        """
        set_tags(self._find(request).tags, request)

    def untag_instance_profile(self, request: Mapping[str, Any], call: Call) -> None:
        """Remove tags.

        Raises:
            AwsError: NoSuchEntity.
        """
        remove_tags(self._find(request).tags, request)

    def list_instance_profile_tags(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tags of a profile.

        Raises:
            AwsError: NoSuchEntity.
        """
        return tags_page(self._find(request).tags, request)

    def _find(self, request: Mapping[str, Any]) -> InstanceProfile:
        profile = self._store.profiles.get(request["InstanceProfileName"])
        if profile is None:
            raise errors.no_profile(request["InstanceProfileName"])
        return profile

    def _page(self, request: Mapping[str, Any], profiles: list[InstanceProfile]) -> dict[str, Any]:
        ordered = sorted(profiles, key=lambda profile: profile.name)
        return paged(request, "InstanceProfiles", ordered, lambda profile: profile.name, self._shown)

    def _shown(self, profile: InstanceProfile) -> dict[str, Any]:
        return {
            "Path": profile.path,
            "InstanceProfileName": profile.name,
            "InstanceProfileId": profile.unique_id,
            "Arn": profile.arn,
            "CreateDate": profile.created,
            "Roles": [shown_role(self._store.roles[name]) for name in profile.roles],
            "Tags": _tags.to_list(profile.tags) or None,
        }
