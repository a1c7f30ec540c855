"""What happens to events as they come in: sensitive data are masked, transformers make structured events of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mocksls._kernel.call import Call

from . import protection
from .policy_selection import for_group, read
from .store import LogEvent, LogGroup, LogStream, Store
from .transformers import Processors, metadata, transformed

_PROTECTION = "DATA_PROTECTION_POLICY"


def take_in(store: Store, group: LogGroup, stream: LogStream, events: Sequence[LogEvent], call: Call) -> None:
    """Mask and transform new events."""
    if not store.account_policies and group.data_protection is None and group.transformer is None:
        return
    policies = list(_policies(store, group))
    if group.name in _told(store):
        # what is found among findings is told to nobody: it would never end
        policies = [policy._replace(findings=None) for policy in policies]
    processors = _processors(store, group)
    known = metadata(group.name, stream.name, call)
    for event in events:
        protection.mask(event, group, stream, policies, call)
        if processors is not None:
            event.transformed = transformed(processors, event.shown, known)


def _told(store: Store) -> set[str | None]:
    """The groups that are told what policies find."""
    documents = [policy.document for policy in store.account_policies.values() if policy.kind == _PROTECTION]
    documents += [group.data_protection[0] for group in store.groups.values() if group.data_protection is not None]
    return {protection.read(document).findings for document in documents}


def _policies(store: Store, group: LogGroup) -> Iterator[protection.Policy]:
    """The account's policy and the group's own are cumulative."""
    for policy in for_group(store, _PROTECTION, group):
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
