"""The keys that a client signs with, read without refreshing anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from typing import Any

from .._kernel.own_keys import OWN_KEY, OWN_SECRET, OWN_TOKEN
from .patching import Patches

_FORM_LASTS_S = 3600  # where nothing else is said

Keys = tuple[str, str | None, str | None]


def keys_of(client: Any, context: Any) -> Keys | None:
    """Access key, secret and token of a call; ``None`` where it is not signed.

    A client without credentials has the test's own. Refreshable credentials are never asked to refresh.
    """
    auth = context.get("auth_type") or ""
    signature = context.get("signature_version") or client.meta.config.signature_version
    if _is_unsigned(signature) or (auth == "none" or _is_unsigned(auth)):
        return None
    credentials = (context.get("signing") or {}).get("request_credentials") or client._request_signer._credentials
    return credential_keys(credentials)


def credential_keys(credentials: Any) -> Keys:
    """The keys in botocore's credentials object."""
    if credentials is None:
        return (OWN_KEY, OWN_SECRET, OWN_TOKEN)
    if hasattr(credentials, "_access_key"):
        if credentials._access_key is None:
            return (OWN_KEY, OWN_SECRET, OWN_TOKEN)
        return (credentials._access_key, credentials._secret_key, credentials._token)
    return (credentials.access_key, credentials.secret_key, credentials.token)


def _is_unsigned(value: Any) -> bool:
    return value is not None and not isinstance(value, str)


def lasting(kwargs: Mapping[str, Any]) -> int:
    """The seconds that a signature lasts for: 0 for a request's; forms do not say, but outlive the moment."""
    is_form = str(kwargs.get("signature_version")).endswith("presign-post")
    return int(kwargs.get("expires") or is_form)


def install_keys(patches: Patches, own: Callable[[], Keys], signing: Callable[[int], None]) -> None:
    """Let clients without credentials sign with made-up ones, and keep refreshable ones from refreshing.

    ``signing`` is told when something is about to be signed, with the seconds that it will last (0: a request).
    """
    from botocore.credentials import Credentials, ReadOnlyCredentials, RefreshableCredentials
    from botocore.signers import RequestSigner, S3PostPresigner

    original = RequestSigner.get_auth_instance

    def get_auth_instance(signer: Any, *args: Any, **kwargs: Any) -> Any:
        if signer._credentials is None and not kwargs.get("request_credentials"):
            signer = copy(signer)
            signer._credentials = Credentials(*own())
        signing(lasting(kwargs))
        return original(signer, *args, **kwargs)

    patches.set(RequestSigner, "get_auth_instance", get_auth_instance)
    patches.set(RequestSigner, "get_auth", get_auth_instance)
    install_form_times(patches, S3PostPresigner, signing)

    def _refresh(credentials: Any) -> None:
        if credentials._frozen_credentials is None:
            credentials._frozen_credentials = ReadOnlyCredentials(*own())

    patches.set(RefreshableCredentials, "_refresh", _refresh)


def install_form_times(patches: Patches, presigner: Any, signing: Callable[[int], None]) -> None:
    """Tell ``signing`` of forms that are made for uploads: the policy in them ends at a time."""
    original = presigner.generate_presigned_post

    def generate_presigned_post(this: Any, *args: Any, **kwargs: Any) -> Any:
        signing(kwargs.get("expires_in", _FORM_LASTS_S))
        return original(this, *args, **kwargs)

    patches.set(presigner, "generate_presigned_post", generate_presigned_post)
