"""What happens to events as they come in: sensitive data are masked, transformers make structured events of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mocksls._kernel.call import Call

from . import protection
from .policy_selection import for_group, read
from .store import LogEvent, LogGroup, LogStream, Store
from .transformers import Processors, metadata, transformed


def take_in(store: Store, group: LogGroup, stream: LogStream, events: Sequence[LogEvent], call: Call) -> None:
    """Mask and transform new events."""
    if not store.account_policies and group.data_protection is None and group.transformer is None:
        return
    policies = list(_policies(store, group))
    processors = _processors(store, group)
    known = metadata(group.name, stream.name, call)
    for event in events:
        protection.mask(event, group, stream, policies, call)
        if processors is not None:
            event.transformed = transformed(processors, event.shown, known)


def _policies(store: Store, group: LogGroup) -> Iterator[protection.Policy]:
    """The account's policy and the group's own are cumulative."""
    for policy in for_group(store, "DATA_PROTECTION_POLICY", group):
        yield protection.read(policy.document)
    if group.data_protection is not None:
        yield protection.read(group.data_protection[0])


def _processors(store: Store, group: LogGroup) -> Processors | None:
    """A group's own transformer, else the account's; only groups of the Standard class have one."""
    if group.transformer is not None:
        return group.transformer.processors
    if group.log_class != "STANDARD":
        return None
    policy = next(for_group(store, "TRANSFORMER_POLICY", group), None)
    found: Processors | None = read(policy.document) if policy is not None else None
    return found
