"""What the models do not say of a service's wire, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Wire(NamedTuple):
    """A service's quirks. A service's ``wire.py`` gives a mapping with any of these keys.

    Validation:
        validation_code: error code of constraint violations; ``validation_codes`` the same by operation.
        validation_message: a fixed text instead of AWS's usual listing.
        validation_locations: ``all``, or ``body`` where members bound to URI and headers are not checked here.
        stricter: constraints that the model lacks, or that replace its own: ``Shape.member`` or ``Shape`` to a
            mapping with any of ``min``, ``max``, ``pattern``, ``enum``, ``required`` (a bool for a member).
        skip: what is not checked: ``Shape``, ``Shape.member``, ``*``, each with an optional ``:enum``,
            ``:pattern``, ``:min``, ``:max``, ``:required`` behind it.
        not_null_elements: shapes of lists and maps whose element constraints end in "Member must not be null".
        hidden: shapes whose values are not repeated, beside those that the model calls sensitive.
        wording: texts by constraint (``constraints.WORDING`` has the names and the usual texts).
        path_prefix: put before the path of members in the body (``{operation}Input.``).

    Errors:
        error_codes: by code as raised: a mapping with ``code`` (on the wire), ``query_code`` and
            ``query_message`` (for clients of the former query protocol), ``status``, ``prefix``.
        error_prefix: namespace of ``__type``; ``error_prefixes`` the same by code.
        error_message: name of the message where the error has no shape.
        error_fault_member: member that says whose fault it is, with its two values (sender's, receiver's).
        bare_errors: XML errors have ``Error`` as root.
        unknown_operation, malformed_body: the error as ``code``, ``message``, ``status``.
        type_words: wording of wrong JSON types, ``token`` or ``class``.

    Answers:
        server: the ``Server`` header. crc32: the body's checksum in ``x-amz-crc32``.
        request_id_header: its name. host_id: ``x-amz-id-2`` and ``HostId``.
        xml_namespace: of answers whose model names none. xml_roots: root element by operation.
        unwrapped: operations whose only member is the root element itself.
        timestamp_fraction: ISO timestamps always show milliseconds.
        content_types: of answers with a blob or string as body, by operation.

    Requests:
        strict_routes: a request without an operation's required parameters is not for that operation.
        headers_in_query: ``x-amz-`` headers may come as query parameters (presigned URLs).
        query_names: names of form parameters and XML elements in the former query protocol, ``Shape.member``.
    """

    validation_code: str = ""
    validation_codes: Mapping[str, str] = {}
    validation_message: str = ""
    validation_locations: str = "all"
    stricter: Mapping[str, Mapping[str, Any]] = {}
    skip: Sequence[str] = ()
    not_null_elements: Sequence[str] = ()
    hidden: Sequence[str] = ()
    wording: Mapping[str, str] = {}
    path_prefix: str = ""
    error_codes: Mapping[str, Mapping[str, Any]] = {}
    error_prefix: str = ""
    error_prefixes: Mapping[str, str] = {}
    error_message: str = "message"
    error_fault_member: Sequence[str] = ()
    bare_errors: bool = False
    unknown_operation: Mapping[str, Any] = {}
    malformed_body: Mapping[str, Any] = {}
    type_words: str = "token"
    server: str = ""
    crc32: bool = False
    request_id_header: str = "x-amzn-requestid"
    host_id: bool = False
    xml_namespace: str = ""
    xml_roots: Mapping[str, str] = {}
    unwrapped: Sequence[str] = ()
    timestamp_fraction: bool = False
    content_types: Mapping[str, str] = {}
    strict_routes: bool = False
    headers_in_query: bool = False
    query_names: Mapping[str, str] = {}

    @classmethod
    def of(cls, *layers: Mapping[str, Any]) -> Wire:
        """The quirks of several layers: later ones win, mappings are joined and sequences appended.

        Raises:
            TypeError: a key is not known.
        """
        known = set(cls._fields)
        merged: dict[str, Any] = {}
        for layer in layers:
            unknown = set(layer) - known
            if unknown:
                raise TypeError(f"unknown wire keys: {sorted(unknown)}")
            for name, value in layer.items():
                merged[name] = _joined(merged.get(name), value)
        return cls(**merged)


def _joined(old: Any, new: Any) -> Any:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return {**old, **new}
    if isinstance(old, (list, tuple)) and isinstance(new, (list, tuple)):
        return (*old, *new)
    return new
