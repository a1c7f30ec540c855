"""Connections: how API destinations authorise themselves.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import errors
from .store import Connection, Store

_MEMBERS = ("Description", "KmsKeyIdentifier", "InvocationConnectivityParameters")
_NEEDED = {
    "API_KEY": "ApiKeyAuthParameters",
    "BASIC": "BasicAuthParameters",
    "OAUTH_CLIENT_CREDENTIALS": "OAuthParameters",
}
_SECRETS = ("Password", "ClientSecret", "ApiKeyValue")


class Connections:
    """Operations on connections."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_connection(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a connection; it is authorised at once.

        Raises:
            AwsError: ResourceAlreadyExistsException, ValidationException.
        """
        name, kind, auth = request["Name"], request["AuthorizationType"], request["AuthParameters"]
        if name in self._store.connections:
            raise errors.already_there(f"Connection {name} already exists.")
        _check(kind, auth)
        ids, now = self._cloud.ids, self._cloud.clock.time()
        secret = f"secret:events!connection/{name}/{ids.uuid()}-{ids.upper(6)}"
        connection = self._store.connections[name] = Connection(
            name,
            make_arn("events", call.region, call.account_id, f"connection/{name}/{ids.uuid()}"),
            make_arn("secretsmanager", call.region, call.account_id, secret),
            kind,
            now,
            now,
            auth,
            {member: request[member] for member in _MEMBERS if member in request},
            authorized=now,
        )
        return _answer(connection, authorized=False)

    def describe_connection(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A connection, without its secrets.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        connection = self._found(request)
        return {
            **_shown(connection),
            **connection.settings,
            "SecretArn": connection.secret_arn,
            "AuthParameters": _open(connection.auth),
        }

    def list_connections(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The connections by prefix and state.

        Raises:
            AwsError: ValidationException.
        """
        prefix, state = request.get("NamePrefix", ""), request.get("ConnectionState")
        found = [
            connection
            for name, connection in sorted(self._store.connections.items())
            if name.startswith(prefix) and state in (None, connection.state)
        ]
        shown, token = page(
            found, request.get("Limit", 100), request.get("NextToken"), lambda each: each.name, errors.bad_token
        )
        return {"Connections": [_shown(connection) for connection in shown], "NextToken": token}

    def update_connection(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Change a connection: what is given; it is authorised anew.

        Raises:
            AwsError: ResourceNotFoundException, ValidationException.
        """
        connection = self._found(request)
        kind = request.get("AuthorizationType", connection.kind)
        auth = _merged(connection.auth, request.get("AuthParameters", {}))
        _check(kind, auth)
        connection.kind, connection.auth, connection.token = kind, auth, None
        given = {member: request[member] for member in _MEMBERS if member in request}
        connection.settings = {**connection.settings, **given}
        connection.modified = connection.authorized = self._cloud.clock.time()
        connection.state = "AUTHORIZED"
        return _answer(connection)

    def deauthorize_connection(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Take a connection's authorisation, until it is updated.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        connection = self._found(request)
        connection.state, connection.token = "DEAUTHORIZED", None
        connection.modified = self._cloud.clock.time()
        return _answer(connection)

    def delete_connection(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Delete a connection.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        connection = self._found(request)
        del self._store.connections[connection.name]
        return _answer(connection)

    def _found(self, request: Mapping[str, Any]) -> Connection:
        connection = self._store.connections.get(request["Name"])
        if connection is None:
            raise errors.not_found(f"Connection '{request['Name']}' does not exist.")
        return connection


def _check(kind: str, auth: Mapping[str, Any]) -> None:
    """What the kind of authorisation needs must be given."""
    needed = _NEEDED[kind]
    if needed not in auth:
        raise errors.invalid(f"Parameter AuthParameters.{needed} is required for authorization type {kind}.")


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    joined = dict(old)
    for name, value in new.items():
        before = joined.get(name)
        joined[name] = _merged(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return joined


def _open(value: Any) -> Any:
    """Parameters without what is secret in them."""
    if isinstance(value, list):
        return [_open(each) for each in value]
    if not isinstance(value, dict):
        return value
    hidden = ("Value", *_SECRETS) if value.get("IsValueSecret") else _SECRETS
    return {name: _open(each) for name, each in value.items() if name not in hidden}


def _aware(moment: float) -> datetime:
    return datetime.fromtimestamp(moment, timezone.utc)


def _answer(connection: Connection, *, authorized: bool = True) -> dict[str, Any]:
    told = {
        "ConnectionArn": connection.arn,
        "ConnectionState": connection.state,
        "CreationTime": _aware(connection.created),
        "LastModifiedTime": _aware(connection.modified),
    }
    if authorized and connection.authorized is not None:
        told["LastAuthorizedTime"] = _aware(connection.authorized)
    return told


def _shown(connection: Connection) -> dict[str, Any]:
    return {**_answer(connection), "Name": connection.name, "AuthorizationType": connection.kind}
