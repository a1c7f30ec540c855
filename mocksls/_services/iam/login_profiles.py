"""Passwords of users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .store import Entity, LoginProfile, Store
from .users import find_user, with_user


class LoginProfiles:
    """Operations on login profiles."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_login_profile(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Give a user a password.

        Raises:
            AwsError: NoSuchEntity, EntityAlreadyExists, PasswordPolicyViolation.
        """
        user = find_user(self._store, with_user(request, call))
        if user.login is not None:
            raise errors.has_login(user.name)
        self._check(request["Password"])
        created = self._cloud.clock.now().replace(microsecond=0)
        user.login = LoginProfile(request["Password"], created, request.get("PasswordResetRequired", False))
        return {"LoginProfile": _shown(user, user.login)}

    def get_login_profile(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Since when a user has a password.

        Raises:
            AwsError: NoSuchEntity.
        """
        user = find_user(self._store, with_user(request, call))
        return {"LoginProfile": _shown(user, _find(user))}

    def update_login_profile(self, request: Mapping[str, Any], call: Call) -> None:
        """Give a user another password.

        Raises:
            AwsError: NoSuchEntity, PasswordPolicyViolation.
        """
        login = _find(find_user(self._store, request))
        if "Password" in request:
            self._check(request["Password"])
            login.password = request["Password"]
        login.reset_required = request.get("PasswordResetRequired", login.reset_required)

    def delete_login_profile(self, request: Mapping[str, Any], call: Call) -> None:
        """Take a user's password away.

        Raises:
            AwsError: NoSuchEntity.
        """
        user = find_user(self._store, with_user(request, call))
        _find(user)
        user.login = None

    def change_password(self, request: Mapping[str, Any], call: Call) -> None:
        """Change the caller's own password.

        Raises:
            AwsError: NoSuchEntity, AccessDenied, PasswordPolicyViolation.
        """
        user = find_user(self._store, {"UserName": call.principal.arn.rsplit("/", 1)[-1]})
        login = _find(user)
        if login.password != request["OldPassword"]:
            raise errors.wrong_password()
        self._check(request["NewPassword"])
        login.password, login.reset_required = request["NewPassword"], False

    def _check(self, password: str) -> None:
        """Hold a password against the account's policy."""
        policy = self._store.password_policy or {}
        least = policy.get("MinimumPasswordLength", 8 if not policy else 6)
        if len(password) < least and policy:
            raise errors.weak_password(f"Password should have a minimum length of {least}")
        kinds = {
            "RequireUppercaseCharacters": (str.isupper, "uppercase letter"),
            "RequireLowercaseCharacters": (str.islower, "lowercase letter"),
            "RequireNumbers": (str.isdigit, "number"),
            "RequireSymbols": (lambda char: char in "!@#$%^&*()_+-=[]{}|'", "symbol"),
        }
        for name, (holds, shown) in kinds.items():
            if policy.get(name) and not any(map(holds, password)):
                raise errors.weak_password(f"Password should have at least one {shown}")


def _find(user: Entity) -> LoginProfile:
    if user.login is None:
        raise errors.no_login(user.name)
    return user.login


def _shown(user: Entity, login: LoginProfile) -> dict[str, Any]:
    return {"UserName": user.name, "CreateDate": login.created, "PasswordResetRequired": login.reset_required}
