"""Invocations through ``client.invoke``: wall-clock time, medians.

Floors in the same run: a bare Python process for a cold start, a byte sent to a forked process and back for a warm
one. What a forked process pays first is the memory that it shares: a row tells what a hundred of its pages cost on this
machine, and a cold start writes to five hundred of them. ``python -m benchmarks.handlers``
"""

from __future__ import annotations

import json
import mmap
import os
import socket
import statistics
import subprocess
import sys
import time

import boto3

from benchmarks.handler_code import plain, with_client
from mocksls import mock_serverless

COLD, WARM, PAGES = 25, 300, 2000


def calls_home(event, context):
    """Seconds of a call to the test's cloud, the median of many."""
    client = boto3.client("dynamodb")
    client.list_tables()
    return median(client.list_tables, 200) / 1e3


def median(call, times):
    """Milliseconds of a call, the median."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1e3


def invoke(client, name):
    """An invocation, which must not fail: what fails is quick."""
    answer = client.invoke(FunctionName=name)
    if "FunctionError" in answer:
        raise RuntimeError(answer["Payload"].read())
    return answer["Payload"]


def cold(aws, handler):
    """Milliseconds of the first invocation of a function, the median over as many functions."""
    client = boto3.client("lambda")
    names = iter([aws.function(handler, name=f"{handler.__name__}-{n}", Timeout=60).name for n in range(COLD)])
    return median(lambda: invoke(client, next(names)), COLD)


def warm(aws, handler, times=WARM):
    """Milliseconds of an invocation of a function that is warm."""
    client = boto3.client("lambda")
    name = aws.function(handler, name="warm", Timeout=60).name
    invoke(client, name)
    return median(lambda: invoke(client, name), times)


def first(aws):
    """Milliseconds of the process's first invocation: it starts the zygote."""
    name = aws.function(plain, name="first", Timeout=60).name
    return median(lambda: invoke(boto3.client("lambda"), name), 1)


def home(aws):
    """Milliseconds of a call from a handler."""
    name = aws.function(calls_home, Timeout=60).name
    return json.load(invoke(boto3.client("lambda"), name)) * 1e3


def heavy():
    """Milliseconds of the first invocation of a function whose import takes 120 ms, and those in clouds after it."""
    taken = []
    for _ in range(COLD):
        with mock_serverless(region="us-east-1") as aws:
            client, name = boto3.client("lambda"), aws.function("benchmarks.heavy_handler:handler", Timeout=60).name
            taken.append(median(lambda client=client, name=name: invoke(client, name), 1))
    return taken[0], statistics.median(taken[1:])


def shared_pages():
    """Milliseconds until a forked process has written to a hundred pages that it shares."""
    shared = mmap.mmap(-1, PAGES * mmap.PAGESIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    for page in range(PAGES):
        shared[page * mmap.PAGESIZE] = 1
    told, tells = os.pipe()
    if os.fork() == 0:
        began = time.perf_counter()
        for page in range(PAGES):
            shared[page * mmap.PAGESIZE] = 2
        os.write(tells, repr((time.perf_counter() - began) * 1e3).encode())
        os._exit(0)
    os.wait()
    return float(os.read(told, 100)) / PAGES * 100


def to_and_fro():
    """Milliseconds of a byte to a forked process and back."""
    ours, theirs = socket.socketpair()
    if os.fork() == 0:
        ours.close()
        while data := theirs.recv(1):
            theirs.send(data)
        os._exit(0)
    theirs.close()

    def call():
        ours.send(b"x")
        ours.recv(1)

    with ours:
        taken = median(call, WARM)
    os.wait()
    return taken


def main():
    """Measure and print."""
    process = median(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True), 9)
    echo = to_and_fro()
    with mock_serverless(region="us-east-1") as aws:
        rows = [
            ("a Python process (floor)", process, process),
            ("100 shared pages (floor)", shared_pages(), process),
            ("first invocation, zygote's start", first(aws), process),
            ("cold, plain", cold(aws, plain), process),
            ("cold, with a boto3 client", cold(aws, with_client), process),
            ("a byte to and fro (floor)", echo, echo),
            ("warm", warm(aws, plain), echo),
            ("a call home", home(aws), echo),
        ]
    for name, took in zip(("a heavy import, first", "a heavy import, from its template"), heavy(), strict=True):
        rows.append((name, took, process))
    for name, took, floor in rows:
        print(f"{name:36}{took:>9.3f} ms ({took / floor:6.2f})")


if __name__ == "__main__":
    main()
