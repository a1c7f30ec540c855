"""Identity providers that roles may trust: OpenID Connect and SAML."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from mocksls._kernel import tags as _tags
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .arns import iam_arn
from .entity_tags import given_tags, remove_tags, set_tags, tags_page
from .store import OpenIdProvider, SamlProvider, Store

_MOST_THUMBPRINTS = 5
_MOST_CLIENTS = 100
_CENTURY = timedelta(days=36_500)


class OpenIdProviders:
    """Operations on OpenID Connect providers."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_open_id_connect_provider(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a provider; it is named by its URL without the scheme.

        Raises:
            AwsError: ValidationError, InvalidInput, LimitExceeded, EntityAlreadyExists.
        """
        parts = urlsplit(request["Url"])
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise errors.bad_provider_url()
        clients, thumbprints = list(request.get("ClientIDList", ())), list(request.get("ThumbprintList", ()))
        if len(thumbprints) > _MOST_THUMBPRINTS:
            raise errors.too_many_thumbprints()
        if len(clients) > _MOST_CLIENTS:
            raise errors.too_many_clients()
        url = (parts.netloc + parts.path).rstrip("/")
        arn = iam_arn(call, f"oidc-provider/{url}")
        if arn in self._store.open_id:
            raise errors.provider_exists(arn)
        created = self._cloud.clock.now()
        provider = OpenIdProvider(arn, url, clients, thumbprints, created, given_tags(request))
        self._store.open_id[arn] = provider
        return {"OpenIDConnectProviderArn": arn, "Tags": _tags.to_list(provider.tags) or None}

    def get_open_id_connect_provider(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """One provider.

        Raises:
            AwsError: NoSuchEntity.
        """
        provider = self._find(request)
        return {
            "Url": provider.url,
            "ClientIDList": list(provider.client_ids),
            "ThumbprintList": list(provider.thumbprints),
            "CreateDate": provider.created,
            "Tags": _tags.to_list(provider.tags),
        }

    def list_open_id_connect_providers(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """All providers."""
        return {"OpenIDConnectProviderList": [{"Arn": arn} for arn in self._store.open_id]}

    def delete_open_id_connect_provider(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a provider; one that is not there is deleted, too."""
        self._store.open_id.pop(request["OpenIDConnectProviderArn"], None)

    def update_open_id_connect_provider_thumbprint(self, request: Mapping[str, Any], call: Call) -> None:
        """Set the thumbprints.

        Raises:
            AwsError: NoSuchEntity, InvalidInput.
        """
        provider = self._find(request)
        if len(request["ThumbprintList"]) > _MOST_THUMBPRINTS:
            raise errors.too_many_thumbprints()
        provider.thumbprints = list(request["ThumbprintList"])

    def add_client_id_to_open_id_connect_provider(self, request: Mapping[str, Any], call: Call) -> None:
        """Add a client id.

        Raises:
            AwsError: NoSuchEntity, LimitExceeded.
        """
        provider = self._find(request)
        if request["ClientID"] not in provider.client_ids:
            if len(provider.client_ids) >= _MOST_CLIENTS:
                raise errors.too_many_clients()
            provider.client_ids.append(request["ClientID"])

    def remove_client_id_from_open_id_connect_provider(self, request: Mapping[str, Any], call: Call) -> None:
        """Remove a client id; one that is not there is removed, too.

        Raises:
            AwsError: NoSuchEntity.
        """
        provider = self._find(request)
        provider.client_ids = [each for each in provider.client_ids if each != request["ClientID"]]

    def tag_open_id_connect_provider(self, request: Mapping[str, Any], call: Call) -> None:
        """Set tags.

        Raises:
            AwsError: NoSuchEntity, InvalidInput, LimitExceeded.
        """
        set_tags(self._find(request).tags, request)

    def untag_open_id_connect_provider(self, request: Mapping[str, Any], call: Call) -> None:
        """Remove tags.

        Raises:
            AwsError: NoSuchEntity.
        """
        remove_tags(self._find(request).tags, request)

    def list_open_id_connect_provider_tags(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tags of a provider.

        Raises:
            AwsError: NoSuchEntity.
        """
        return tags_page(self._find(request).tags, request)

    def _find(self, request: Mapping[str, Any]) -> OpenIdProvider:
        provider = self._store.open_id.get(request["OpenIDConnectProviderArn"])
        if provider is None:
            raise errors.no_open_id(request["OpenIDConnectProviderArn"])
        return provider


class SamlProviders:
    """Operations on SAML providers."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_saml_provider(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a provider. ``Differs``: the metadata is kept, not read.

        Raises:
            AwsError: EntityAlreadyExists, InvalidInput.
        """
        name = request["Name"]
        arn = iam_arn(call, f"saml-provider/{name}")
        if arn in self._store.saml:
            raise errors.exists("SAML Provider", name)
        now = self._cloud.clock.now().replace(microsecond=0)
        provider = SamlProvider(arn, name, request["SAMLMetadataDocument"], now, now + _CENTURY, given_tags(request))
        self._store.saml[arn] = provider
        return {"SAMLProviderArn": arn, "Tags": _tags.to_list(provider.tags) or None}

    def get_saml_provider(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """One provider.

        Raises:
            AwsError: NoSuchEntity.
        """
        provider = self._find(request)
        return {
            "SAMLMetadataDocument": provider.metadata,
            "CreateDate": provider.created,
            "ValidUntil": provider.valid_until,
            "Tags": _tags.to_list(provider.tags) or None,
        }

    def list_saml_providers(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """All providers."""
        shown = [
            {"Arn": each.arn, "ValidUntil": each.valid_until, "CreateDate": each.created}
            for each in self._store.saml.values()
        ]
        return {"SAMLProviderList": shown}

    def update_saml_provider(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Set the metadata.

        Raises:
            AwsError: NoSuchEntity.
        """
        provider = self._find(request)
        provider.metadata = request.get("SAMLMetadataDocument", provider.metadata)
        return {"SAMLProviderArn": provider.arn}

    def delete_saml_provider(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a provider.

        Raises:
            AwsError: NoSuchEntity.
        """
        del self._store.saml[self._find(request).arn]

    def tag_saml_provider(self, request: Mapping[str, Any], call: Call) -> None:
        """Set tags.

        Raises:
            AwsError: NoSuchEntity, InvalidInput, LimitExceeded.
        """
        set_tags(self._find(request).tags, request)

    def untag_saml_provider(self, request: Mapping[str, Any], call: Call) -> None:
        """Remove tags.

        Raises:
            AwsError: NoSuchEntity.
        """
        remove_tags(self._find(request).tags, request)

    def list_saml_provider_tags(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tags of a provider.

        Raises:
            AwsError: NoSuchEntity.
        """
        return tags_page(self._find(request).tags, request)

    def _find(self, request: Mapping[str, Any]) -> SamlProvider:
        provider = self._store.saml.get(request["SAMLProviderArn"])
        if provider is None:
            raise errors.no_saml(request["SAMLProviderArn"])
        return provider
