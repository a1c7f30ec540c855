"""Torrent files of objects, as AWS documents them; the trackers that they name were turned off in 2022.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTorrent.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import encryption, errors
from .buckets import find_bucket
from .reads import is_archived
from .store import Store
from .versions import find

_PIECE_BYTES = 262_144
_LARGEST_BYTES = 5_368_709_120


class Torrents:
    """The operation that makes a torrent file of an object."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def get_object_torrent(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A bencoded dictionary that names the tracker, and the SHA-1 of each piece of the object.

        Raises:
            AwsError: NoSuchBucket, NoSuchKey, InvalidObjectState, InvalidRequest: the object is above 5 GB, or is
                encrypted by a key of the customer's.
        """
        bucket = find_bucket(self._store, request)
        found = find(bucket, request, "GET")
        encryption.check_read(request, found, call)
        if is_archived(found, self._cloud):
            raise errors.object_state(found.storage_class)
        if found.size > _LARGEST_BYTES:
            raise errors.invalid_request(f"Torrent creation is not supported for objects larger than {_LARGEST_BYTES}")
        body = found.content.whole()
        tracker = f"http://s3-tracker.{bucket.region}.amazonaws.com:6969/announce"
        starts = range(0, len(body), _PIECE_BYTES)
        pieces = b"".join(
            hashlib.sha1(body[start : start + _PIECE_BYTES], usedforsecurity=False).digest() for start in starts
        )
        torrent = {
            "announce": tracker,
            "announce-list": [[tracker]],
            "info": {
                "length": len(body),
                "name": found.key.rpartition("/")[2] or found.key,
                "piece length": _PIECE_BYTES,
                "pieces": pieces,
                "x-amz-bucket": bucket.name,
                "x-amz-key": found.key,
            },
        }
        call.response.headers["content-type"] = "application/x-bittorrent"
        return {"Body": _bencoded(torrent)}


def _bencoded(value: Any) -> bytes:
    """https://www.bittorrent.org/beps/bep_0003.html"""
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, list):
        return b"l%be" % b"".join(map(_bencoded, value))
    if isinstance(value, dict):
        return b"d%be" % b"".join(_bencoded(name) + _bencoded(value[name]) for name in sorted(value))
    data = value if isinstance(value, bytes) else value.encode()
    return b"%d:%b" % (len(data), data)
