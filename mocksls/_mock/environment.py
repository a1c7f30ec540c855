"""The environment of the test process: set for the duration of a mock, and restored exactly."""

from __future__ import annotations

import os

_REMOVED = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ACCOUNT_ID",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_SECURITY_TOKEN",
)
_REMOVED_PREFIXES = ("AWS_CONTAINER_", "AWS_ENDPOINT_URL")


class Environment:
    """Variables that a mock sets and removes."""

    def __init__(self, keys: tuple[str, str, str | None], region: str | None) -> None:
        self._keys = keys
        self._region = region
        self._saved: dict[str, str | None] = {}

    def enter(self) -> None:
        """Set fake keys and a region, and remove what would lead elsewhere."""
        values = dict(zip(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"), self._keys, strict=True))
        values["AWS_EC2_METADATA_DISABLED"] = "true"
        if self._region is not None:
            values["AWS_DEFAULT_REGION"] = values["AWS_REGION"] = self._region
        elif not os.environ.get("AWS_DEFAULT_REGION"):
            values["AWS_DEFAULT_REGION"] = os.environ.get("AWS_REGION") or _region_of_profile() or "us-east-1"
        removed = [name for name in _names_of_aws() if name in _REMOVED or name.startswith(_REMOVED_PREFIXES)]
        for name in (*removed, *values):
            self._saved[name] = os.environ.get(name)
        for name in removed:
            del os.environ[name]
        for name, value in values.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

    def leave(self) -> None:
        """Put everything back as it was."""
        for name, value in self._saved.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        self._saved.clear()


def _names_of_aws() -> list[str]:
    """The variables that are named ``AWS_...``."""
    if os.supports_bytes_environ:  # decoding every name takes longer than anything else here
        return [os.fsdecode(name) for name in os.environb if name.startswith(b"AWS_")]
    return [name for name in os.environ if name.startswith("AWS_")]


def _region_of_profile() -> str | None:
    path = os.path.expanduser(os.environ.get("AWS_CONFIG_FILE", "~/.aws/config"))  # noqa: PTH111 - pathlib costs
    if not os.path.isfile(path):  # noqa: PTH113
        return None
    from configparser import ConfigParser, Error

    profile = os.environ.get("AWS_PROFILE") or os.environ.get("AWS_DEFAULT_PROFILE") or "default"
    parser = ConfigParser(interpolation=None)
    try:
        parser.read(path, encoding="utf-8")
        sections = (f"profile {profile}", profile)
        return next((parser[name].get("region") for name in sections if name in parser), None)
    except (Error, UnicodeDecodeError):
        return None
