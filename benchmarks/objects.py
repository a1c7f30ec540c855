"""S3's cost: small and large bodies, pages of large buckets, many deletions, and the memory of large transfers.

CPU time next to the floor (botocore answered by a canned HTTP response) and, with ``--moto``, moto, in one run. The
limits are printed; what is over them fails the run. ``python -m benchmarks.objects [--moto]``
"""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
import tempfile
import time
import zlib
from contextlib import contextmanager
from datetime import datetime, timezone
from unittest import mock

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.awsrequest import AWSResponse

from benchmarks.calls import Body, cpu_us
from mocksls import mock_serverless
from mocksls._protocol import service_protocol

ROUNDS = 5
MIB = 1 << 20
SMALL, BIG = os.urandom(1024), os.urandom(8 * MIB)
BUCKET = "bench-bucket"
NOW = datetime(2030, 1, 1, tzinfo=timezone.utc)
ENTRY = {
    "LastModified": NOW,
    "ETag": '"9a0364b9e99bb480dd25e1f0284c8555"',
    "ChecksumAlgorithm": ["CRC32"],
    "ChecksumType": "FULL_OBJECT",
    "Size": 0,
    "StorageClass": "STANDARD",
}
PAGE = {
    "Name": BUCKET,
    "KeyCount": 1000,
    "MaxKeys": 1000,
    "IsTruncated": True,
    "Contents": [{**ENTRY, "Key": f"key-{n:07}"} for n in range(1000)],
}
TRANSFER_MIB = 100
MOST_MIB = 300
LIMITS = {
    "put 1 KiB": 0.6,
    "get 1 KiB": 0.6,
    "get 8 MiB": 2.0,
    "page of 10k": 0.5,
    "page of 200k": 0.5,
    "delete 1000": 0.6,
}


def answer_of(body):
    """What S3 answers to a read: botocore verifies the checksum, as it does with AWS's answers."""
    checksum = base64.b64encode(zlib.crc32(body).to_bytes(4, "big")).decode()
    return {"Body": body, "ContentLength": len(body), "ChecksumCRC32": checksum, "ChecksumType": "FULL_OBJECT"}


ANSWERS = {
    "put 1 KiB": ("PutObject", {"ETag": '"x"'}),
    "get 1 KiB": ("GetObject", answer_of(SMALL)),
    "put 8 MiB": ("PutObject", {"ETag": '"x"'}),
    "get 8 MiB": ("GetObject", answer_of(BIG)),
    "page of 10k": ("ListObjectsV2", PAGE),
    "page of 200k": ("ListObjectsV2", PAGE),
    "delete 1000": ("DeleteObjects", {"Deleted": [{"Key": f"key-{n:07}"} for n in range(1000)]}),
}


@contextmanager
def canned(operation, output):
    """Answer every request of botocore with what the protocol layer writes for an answer."""
    answer = service_protocol("s3").answer(operation, output, request_id="A" * 16, date=NOW)
    headers = dict(answer.headers)

    def send(session, request):
        return AWSResponse(request.url, answer.status, headers, Body(answer.body))

    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
    with mock.patch.dict(os.environ, keys), mock.patch("botocore.httpsession.URLLib3Session.send", send):
        yield


def client():
    """A client of the default settings."""
    return boto3.session.Session().client("s3", region_name="us-east-1")


def calls_of(s3):
    """The calls that are measured, each with how often it is made in a round."""
    keys = [{"Key": f"key-{n:07}"} for n in range(1000)]
    return {
        "put 1 KiB": (lambda: s3.put_object(Bucket=BUCKET, Key="small", Body=SMALL), 200),
        "get 1 KiB": (lambda: s3.get_object(Bucket=BUCKET, Key="small")["Body"].read(), 200),
        "put 8 MiB": (lambda: s3.put_object(Bucket=BUCKET, Key="big", Body=BIG), 5),
        "get 8 MiB": (lambda: s3.get_object(Bucket=BUCKET, Key="big")["Body"].read(), 5),
        "page of 10k": (lambda: s3.list_objects_v2(Bucket="keys-10000", StartAfter="key-0005000"), 5),
        "page of 200k": (lambda: s3.list_objects_v2(Bucket="keys-200000", StartAfter="key-0100000"), 5),
        "delete 1000": (lambda: s3.delete_objects(Bucket=BUCKET, Delete={"Objects": keys}), 5),
    }


def floor_round():
    """Microseconds of each call that is answered by a canned response."""
    taken = {}
    for name, (operation, output) in ANSWERS.items():
        with canned(operation, output):
            call, times = calls_of(client())[name]
            taken[name] = cpu_us(call, times)
    return taken


def digests_us():
    """Microseconds of one MD5 and one CRC32 of the large body."""

    def both():
        hashlib.md5(BIG).digest()
        zlib.crc32(BIG)

    return cpu_us(both, 5)


class Filled:
    """A mock with its buckets filled once, for several rounds."""

    def __init__(self, context, sizes):
        self._context, self._sizes = context, sizes
        self._seconds = {}

    def __enter__(self):
        self._context.__enter__()
        self.s3 = client()
        self.s3.create_bucket(Bucket=BUCKET)
        for size in self._sizes:
            self.s3.create_bucket(Bucket=f"keys-{size}")
            for n in range(size):
                self.s3.put_object(Bucket=f"keys-{size}", Key=f"key-{n:07}", Body=b"")
        return self

    def __exit__(self, *reason):
        self._context.__exit__(*reason)

    def round(self):
        """Microseconds of each call; a deletion is of keys that are there."""
        taken = {}
        for name, (call, times) in calls_of(self.s3).items():
            if "200k" in name and 200_000 not in self._sizes:
                continue
            taken[name] = self._deletions(call) if name.startswith("delete") else cpu_us(call, times)
        return taken

    def _deletions(self, call):
        for n in range(1000):
            self.s3.put_object(Bucket=BUCKET, Key=f"key-{n:07}", Body=b"")
        began = time.process_time()
        call()
        return (time.process_time() - began) * 1e6


def most_mib():
    """The most memory that this program has had so far (Linux)."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def transfer(kind):
    """In a process of its own: 100 MiB up and down again; seconds, and the most memory it had (MiB)."""
    from moto import mock_aws

    with tempfile.TemporaryDirectory() as folder, (mock_serverless if kind == "mocksls" else mock_aws)():
        s3 = client()
        s3.create_bucket(Bucket=BUCKET)
        source, target = f"{folder}/source", f"{folder}/target"
        with open(source, "wb") as file:
            for _ in range(TRANSFER_MIB):
                file.write(os.urandom(MIB))
        before = most_mib()
        began = time.perf_counter()
        config = TransferConfig(use_threads=False)
        s3.upload_file(source, BUCKET, "k", Config=config)
        s3.download_file(BUCKET, "k", target, Config=config)
        seconds = time.perf_counter() - began
        most = most_mib()
    print(f"{seconds:.2f} {most:.0f} {before:.0f}")


def transfer_of(kind):
    """What ``transfer`` measures, from here."""
    command = [sys.executable, "-m", "benchmarks.objects", "--transfer", kind]
    return [float(word) for word in subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()]


def main():
    """Measure, print, and fail where a limit is passed."""
    over = []
    with_moto = "--moto" in sys.argv
    floors = [floor_round() for _ in range(ROUNDS)]
    digests = min(digests_us() for _ in range(ROUNDS))
    with Filled(mock_serverless(), (10_000, 200_000)) as filled:
        typed = [filled.round() for _ in range(ROUNDS)]
    motos = []
    if with_moto:
        from moto import mock_aws

        with Filled(mock_aws(), (10_000,)) as filled:
            motos = [filled.round() for _ in range(2)]
    print(f"{'us CPU (ratio to the floor)':30}{'floor':>12}{'typed':>20}{'limit':>8}{'moto':>20}")
    for name in ANSWERS:
        floor, took = (min(taken[name] for taken in rounds) for rounds in (floors, typed))
        limit = LIMITS.get(name)
        theirs = [taken[name] for taken in motos if name in taken]
        moto = f"{min(theirs):>12.0f} ({min(theirs) / floor:5.2f})" if theirs else ""
        print(f"{name:30}{floor:>12.0f}{took:>12.0f} ({took / floor:5.2f}){limit or '':>8}{moto:>20}")
        if limit is not None and took > limit * floor:
            over.append(name)
    put = min(taken["put 8 MiB"] for taken in typed)
    print(f"put 8 MiB: {put / digests:.2f} x one MD5 and one CRC32 ({digests:.0f} us; limit 1.6)")
    if put > 1.6 * digests:
        over.append("put 8 MiB")
    kinds = ["mocksls", "moto"] if with_moto else ["mocksls"]
    for kind in kinds:
        seconds, most, before = transfer_of(kind)
        print(
            f"{TRANSFER_MIB} MiB up and down with {kind}: {seconds:.2f} s, at most {most:.0f} MiB ({before:.0f} before)"
        )
        if kind == "mocksls" and most > MOST_MIB:
            over.append("memory")
    sys.exit(f"over the limit: {', '.join(over)}" if over else 0)


if __name__ == "__main__":
    if "--transfer" in sys.argv:
        transfer(sys.argv[-1])
    else:
        main()
