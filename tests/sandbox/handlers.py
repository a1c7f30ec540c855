"""Handlers that the sandbox's tests run; imported in the child."""

from __future__ import annotations

import collections
import datetime
import decimal
import logging
import os
import pickle
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

Point = collections.namedtuple("Point", "x y")
COUNT = [0]


def echo(event: Any, context: Any) -> Any:
    return event


def counts(event: Any, context: Any) -> int:
    COUNT[0] += 1
    return COUNT[0]


def home(kind: str, header: dict[str, Any], blobs: list[bytes] | None = None) -> Any:
    return sys.modules["_mocksls_child._sandbox.child.home"].home(kind, header, blobs or [])


def calls_home(event: Any, context: Any) -> Any:
    header, blobs = home("call", event, [b"blob", b""])
    return [header, [blob.decode() for blob in blobs]]


def calls_from_threads(event: Any, context: Any) -> Any:
    answers: dict[int, list[Any]] = {}

    def work(number: int) -> None:
        answers[number] = [home("call", {"thread": number, "call": index})[0] for index in range(20)]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return all(answers[n] == [{"thread": n, "call": index} for index in range(20)] for n in range(8))


def sends_megabytes(event: Any, context: Any) -> Any:
    _, blobs = home("call", {}, [b"x" * 6_000_000])
    return "y" * len(blobs[0])


def context_of(event: Any, context: Any) -> Any:
    told = {name: getattr(context, name) for name in ("aws_request_id", "invoked_function_arn", "memory_limit_in_mb")}
    client = context.client_context
    return told | {
        "remaining": context.get_remaining_time_in_millis() > 2000,
        "client": client and [client.custom, client.env, client.client.app_title],
        "identity": [context.identity.cognito_identity_id, context.identity.cognito_identity_pool_id],
        "trace": os.environ.get("_X_AMZN_TRACE_ID"),
    }


def prints(event: Any, context: Any) -> None:
    print("one")
    os.write(1, b"two\n")
    print("three", file=sys.stderr)
    subprocess.run(["echo", "four"], check=True)
    logging.getLogger().warning("five\nsix")


def raises(event: Any, context: Any) -> None:
    raise ValueError("no good")


def raises_base(event: Any, context: Any) -> None:
    raise {"exit": SystemExit(event["with"]), "interrupt": KeyboardInterrupt(), "generator": GeneratorExit()}[
        event["what"]
    ]


def cannot_say(event: Any, context: Any) -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError("mute")

    raise Mute


def returns(event: Any, context: Any) -> Any:
    return {
        "decimal": {"n": decimal.Decimal("1.50")},
        "point": Point(1, 2),
        "bytes": {b"k": b"v\xc3\xa9"},
        "raw": b"raw bytes",
        "set": {1},
        "surrogate": "\ud800",
        "large": "x" * 6_300_000,
    }[event]


def wrong_arity(event: Any) -> None:
    pass


def overflows(event: Any, context: Any) -> None:
    overflows(event, context)


def sleeps(event: Any, context: Any) -> None:
    print("started", end="")
    time.sleep(30)


def spins(event: Any, context: Any) -> None:
    while True:
        pass


def dies(event: Any, context: Any) -> None:
    print("last words", end="")
    os.kill(os.getpid(), event)


def allocates(event: Any, context: Any) -> str:
    import mmap

    size = event["mb"] << 20
    if event["how"] == "bytes":
        kept: Any = bytearray(size)
        kept[::4096] = b"x" * len(kept[::4096])
    elif event["how"] == "absurd":
        kept = bytearray(8 << 30)
    else:
        kept = mmap.mmap(-1, size)
        for position in range(0, size, 4096):
            kept[position] = 1
    time.sleep(0.05)
    return "survived"


def forks_memory(event: Any, context: Any) -> str:
    for _ in range(4):
        if os.fork() == 0:
            kept = bytearray(100 << 20)
            kept[::4096] = b"x" * len(kept[::4096])
            time.sleep(20)
            os._exit(0)
    time.sleep(20)
    return "survived"


def has_many_threads(event: Any, context: Any) -> int:
    from concurrent.futures import ThreadPoolExecutor

    barrier = threading.Barrier(100)
    with ThreadPoolExecutor(100) as pool:
        return sum(pool.map(lambda n: barrier.wait(20) >= 0, range(100)))


def leaves_a_daemon(event: Any, context: Any) -> None:
    """Leave a double-forked process of its own session, which writes its pid to a file."""
    script = "import os,sys,time\nif os.fork(): os._exit(0)\nos.setsid()\nif os.fork(): os._exit(0)\n"
    script += f"open({event['file']!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)"
    subprocess.run([sys.executable, "-c", script], check=True)
    while not (Path(event["file"]).exists() and Path(event["file"]).stat().st_size):
        time.sleep(0.005)
    if event.get("stay"):
        time.sleep(60)


def holds_stdout(event: Any, context: Any) -> str:
    subprocess.Popen(["sleep", "60"])
    return "done"


def closes_descriptors(event: Any, context: Any) -> None:
    os.closerange(0, 4096)


def writes_garbage(event: Any, context: Any) -> None:
    descriptor = max(int(entry.name) for entry in Path("/proc/self/fd").iterdir())
    for number in range(descriptor, 2, -1):
        try:
            os.write(number, bytes(event["bytes"]) * 4096)
            break
        except OSError:
            continue
    time.sleep(30)


def ticks_in_the_background(event: Any, context: Any) -> int:
    if not COUNT[0]:

        def tick() -> None:
            while True:
                COUNT[0] += 1
                time.sleep(0.001)

        threading.Thread(target=tick, daemon=True).start()
        time.sleep(0.02)
    return COUNT[0]


def shows_time(event: Any, context: Any) -> Any:
    now = datetime.datetime.now(datetime.timezone.utc)
    copy = pickle.loads(pickle.dumps(now))
    return [time.time(), now.timestamp(), copy == now, datetime.date.today().year, isinstance(now, datetime.datetime)]


def uses_tmp(event: Any, context: Any) -> list[str]:
    import tempfile

    folder = tempfile.gettempdir()
    kept = Path(folder) / "kept"
    with kept.open("a") as file:
        file.write("x")
    if event == "die":
        time.sleep(30)
    if event == "exit":
        os._exit(7)
    return [folder, kept.read_text()]


def fills_tmp(event: Any, context: Any) -> Any:
    try:
        with open("/tmp/large", "wb") as file:
            for _ in range(20):
                file.write(bytes(1 << 20))
    except OSError as error:
        return error.errno
    return "no end"


def lists_tmp(event: Any, context: Any) -> list[str]:
    return [entry.name for entry in Path("/tmp").iterdir()]


def imports_numbers(event: Any, context: Any) -> str:
    return str(__import__("numpy").zeros(3).sum())


def floods(event: Any, context: Any) -> None:
    line = "x" * 1000
    for _ in range(30_000):
        print(line)
    print("the end")


def shows_process(event: Any, context: Any) -> Any:
    with open("/proc/self/environ", "rb") as file:
        block = file.read().decode()
    return {
        "modules": [name for name in sys.modules if name == "mocksls" or name.startswith("mocksls.")],
        "variables": sorted(os.environ),
        "secret": "MOCKSLS_TEST_SECRET" in block,
        "main": sys.modules["__main__"].__dict__.get("__file__"),
        "descriptors": len(list(Path("/proc/self/fd").iterdir())),
        "zone": time.tzname[0],
    }


def alarm_during_call(event: Any, context: Any) -> Any:
    import signal

    class Late(Exception):
        pass

    def late(number: int, frame: Any) -> None:
        raise Late

    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        home("call", {"slow": True})
    except Late:
        return home("call", {"after": "alarm"})[0]
    return "no alarm"


def forks_and_calls(event: Any, context: Any) -> Any:
    import multiprocessing

    pipe, theirs = multiprocessing.Pipe()
    fork = multiprocessing.get_context("fork")
    process = fork.Process(target=_calls_in_copy, args=(theirs,))
    process.start()
    told = pipe.recv()
    process.join()
    return [told, home("call", {"from": "original"})[0]]


def _calls_in_copy(pipe: Any) -> None:
    try:
        pipe.send(home("call", {"from": "copy"})[0])
    except Exception as error:
        pipe.send(str(error))


def client_region(event: Any, context: Any) -> Any:
    import boto3

    client = boto3.client("s3")
    return [client.meta.region_name, client._request_signer._credentials.access_key]


class Methods:
    @staticmethod
    def handle(event: Any, context: Any) -> str:  # noqa: ARG004
        return "static"

    def bound(self, event: Any, context: Any) -> str:
        return "bound"

    def __call__(self, event: Any, context: Any) -> str:
        return "called"


def process_id(event: Any, context: Any) -> int:
    return os.getpid()


def variable(event: Any, context: Any) -> str | None:
    return os.environ.get(event)


def opens_var_task(event: Any, context: Any) -> str:
    return Path("/var/task/data.txt").read_text()


def leaves_processes(event: Any, context: Any) -> list[int]:
    """Leave a process running, and a child of its own; their ids."""
    left = subprocess.Popen(["sh", "-c", "sleep 600 & echo $!; wait"], stdout=subprocess.PIPE)
    assert left.stdout is not None
    return [left.pid, int(left.stdout.readline())]
