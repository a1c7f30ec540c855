"""Queues: made, found, described, changed, purged, deleted, tagged."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import attributes, contents, errors, measures
from .store import Queue, Store

_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}\Z")
_FREE_AGAIN_S = 60.0


class Queues:
    """Operations on queues."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_queue(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a queue; one that exists with the same attributes is answered.

        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html

        Raises:
            AwsError: QueueNameExists, QueueDeletedRecently, InvalidAttributeName, InvalidAttributeValue,
                InvalidParameterValue.
        """
        name, given = request["QueueName"], self._given(request)
        fifo = given.get("FifoQueue") == "true"
        _check_name(name, fifo)
        known = self._store.queues.get(name)
        if known is not None:
            attributes.checked(given, known.fifo)
            differs = attributes.difference(known, given)
            if differs:
                raise errors.queue_exists(differs)
            return {"QueueUrl": known.url}
        self._check_free(name)
        queue = self._made(name, fifo, call)
        queue.attributes.update(attributes.merged(queue, given, self._store))
        queue.tags.update(request.get("tags", {}))
        self._store.queues[name] = queue
        return {"QueueUrl": queue.url}

    def _given(self, request: Mapping[str, Any]) -> dict[str, str]:
        """The attributes of a new queue; those of suites written for moto may be spelled with blanks or say no FIFO."""
        given: dict[str, str] = request.get("Attributes", {})
        if self._cloud.options.compat != "moto":
            return given
        spelled = {attribute.strip(): value for attribute, value in given.items()}
        if spelled.get("FifoQueue", "true") != "true":
            del spelled["FifoQueue"]
        return spelled

    def _check_free(self, name: str) -> None:
        """A name is free again a minute after its queue was deleted; suites written for moto do not wait."""
        deleted = self._store.deleted.get(name)
        if deleted is None or self._cloud.options.compat == "moto":
            return
        if self._cloud.clock.time() < deleted + _FREE_AGAIN_S:
            raise errors.deleted_recently()

    def _made(self, name: str, fifo: bool, call: Call) -> Queue:
        now = int(self._cloud.clock.time())
        return Queue(
            name=name,
            arn=make_arn("sqs", call.region, call.account_id, name),
            url=f"https://sqs.{call.region}.amazonaws.com/{call.account_id}/{name}",
            created=now,
            modified=now,
            attributes={"FifoQueue": "true"} if fifo else {},
        )

    def get_queue_url(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The URL of a queue, of another account's too.

        Raises:
            AwsError: QueueDoesNotExist.
        """
        owner = request.get("QueueOwnerAWSAccountId", call.account_id)
        return {"QueueUrl": owned_queue(self._store, call, owner, request["QueueName"]).url}

    def list_queues(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The URLs of queues by prefix, at most a thousand; pages only where a size is given."""
        prefix = request.get("QueueNamePrefix", "")
        limit = request.get("MaxResults")
        if limit is not None and not 1 <= limit <= 1000:
            raise errors.invalid(limit, "MaxResults", "Must be >= 1 and <= 1000, if provided.")
        found = [queue.url for name, queue in sorted(self._store.queues.items()) if name.startswith(prefix)]
        urls, token = page(found, limit or 1000, request.get("NextToken"), str, lambda: _bad_token(request))
        return {"QueueUrls": urls or None, "NextToken": token if limit else None}

    def delete_queue(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a queue with its messages.

        Raises:
            AwsError: QueueDoesNotExist.
        """
        queue = find_queue(self._store, request, call)
        measures.touch(queue, self._cloud.clock.time(), call)
        del self._store.queues[queue.name]
        self._store.deleted[queue.name] = self._cloud.clock.time()

    def purge_queue(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete all messages of a queue, at most once in sixty seconds.

        Raises:
            AwsError: QueueDoesNotExist, PurgeQueueInProgress.
        """
        queue, now = find_queue(self._store, request, call), self._cloud.clock.time()
        if queue.purged is not None and now < queue.purged + _FREE_AGAIN_S:
            raise errors.purge_in_progress(queue.name)
        queue.purged = now
        measures.touch(queue, now, call)
        contents.clear(queue)

    def get_queue_attributes(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Some or all attributes of a queue.

        Raises:
            AwsError: QueueDoesNotExist, InvalidAttributeName.
        """
        queue = find_queue(self._store, request, call)
        shown = attributes.shown(queue, request.get("AttributeNames", []), self._cloud.clock.time())
        return {"Attributes": shown or None}

    def set_queue_attributes(self, request: Mapping[str, Any], call: Call) -> None:
        """Change attributes of a queue.

        Raises:
            AwsError: QueueDoesNotExist, InvalidAttributeName, InvalidAttributeValue, InvalidParameterValue.
        """
        queue = find_queue(self._store, request, call)
        given = request["Attributes"]
        if "FifoQueue" in given:
            if not queue.fifo:
                raise errors.unknown_attribute("FifoQueue")
            raise errors.invalid_attribute_value("FifoQueue", "Modifying queue type is not supported.")
        queue.attributes = attributes.merged(queue, given, self._store)
        queue.modified = int(self._cloud.clock.time())

    def list_dead_letter_source_queues(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The queues whose redrive policy names this one.

        Raises:
            AwsError: QueueDoesNotExist.
        """
        target = find_queue(self._store, request, call)
        found = [
            queue.url
            for _, queue in sorted(self._store.queues.items())
            if (attributes.redrive(queue) or ("", 0))[0] == target.arn
        ]
        limit = request.get("MaxResults")
        urls, token = page(found, limit or 1000, request.get("NextToken"), str, lambda: _bad_token(request))
        return {"queueUrls": urls, "NextToken": token if limit else None}

    def tag_queue(self, request: Mapping[str, Any], call: Call) -> None:
        """Set tags.

        Raises:
            AwsError: QueueDoesNotExist, InvalidParameterValue.
        """
        queue = find_queue(self._store, request, call)
        if not request["Tags"]:
            raise errors.missing("Tags")
        tags = {**queue.tags, **request["Tags"]}
        if len(tags) > 50:
            raise errors.invalid_value(f"Too many tags added for queue {queue.name}.")
        queue.tags = tags

    def untag_queue(self, request: Mapping[str, Any], call: Call) -> None:
        """Remove tags.

        Raises:
            AwsError: QueueDoesNotExist.
        """
        queue = find_queue(self._store, request, call)
        if not request["TagKeys"]:
            raise errors.missing("TagKeys")
        queue.tags = {name: value for name, value in queue.tags.items() if name not in request["TagKeys"]}

    def list_queue_tags(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tags of a queue.

        Raises:
            AwsError: QueueDoesNotExist.
        """
        return {"Tags": dict(find_queue(self._store, request, call).tags) or None}


def find_queue(store: Store, request: Mapping[str, Any], call: Call) -> Queue:
    """The queue that a request's URL names, by account and name at its end; a bare name is one of the caller's.

    Query clients may leave it to the address that the request was sent to.

    Raises:
        AwsError: QueueDoesNotExist, MissingParameter.
    """
    given = request.get("QueueUrl")
    parts = [part for part in urlsplit(call.url if given is None else given).path.split("/") if part]
    if not parts:
        raise errors.missing("QueueUrl") if given is None else errors.no_queue()
    owner = parts[-2] if len(parts) > 1 else call.account_id
    return owned_queue(store, call, owner, parts[-1])


def owned_queue(store: Store, call: Call, owner: str, name: str) -> Queue:
    """The queue of a name in an account, in the call's region.

    Raises:
        AwsError: QueueDoesNotExist.
    """
    if owner != call.account_id:
        store = call.cloud.stores("sqs").get((owner, call.region), Store())
    queue = store.queues.get(name)
    if queue is None:
        raise errors.no_queue()
    return queue


def _check_name(name: str, fifo: bool) -> None:
    if fifo:
        if not name.endswith(".fifo") or not _NAME.match(name.removesuffix(".fifo")) or len(name) > 80:
            raise errors.invalid_value(
                "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end "
                "with .fifo suffix and be 1 to 80 in length."
            )
    elif not _NAME.match(name):
        raise errors.invalid_value(
            "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
        )


def _bad_token(request: Mapping[str, Any]) -> Exception:
    return errors.invalid(request.get("NextToken"), "NextToken", "Invalid or expired next token.")
