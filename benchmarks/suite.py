"""A suite of forty small tests, each with a mock, a new client, a table or a bucket and twelve calls.

The whole process counts, CPU time and peak memory: pytest, imports, models. The floor is the same suite under a mock
that does nothing (every call answers an empty dict), the peer moto. ``python -m benchmarks.suite``
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROUNDS = 5
MOCKS = {
    "a mock that does nothing": """
import contextlib, os
from unittest import mock

@contextlib.contextmanager
def mocked():
    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1"}
    with mock.patch.dict(os.environ, keys), mock.patch("botocore.client.BaseClient._make_api_call", lambda *a: {}):
        yield
""",
    "mocksls": """
from mocksls import mock_serverless as mocked
""",
    "moto": """
from moto import mock_aws as mocked
""",
}
TESTS = """
import boto3
import pytest


@pytest.mark.parametrize("number", range(20))
def test_table(number):
    with mocked():
        client = boto3.client("dynamodb", region_name="us-east-1")
        client.create_table(
            TableName="items",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        for n in range(5):
            client.put_item(TableName="items", Item={"id": {"S": str(n)}, "name": {"S": "some name"}})
            client.get_item(TableName="items", Key={"id": {"S": str(n)}})
        client.query(
            TableName="items",
            KeyConditionExpression="id = :id",
            ExpressionAttributeValues={":id": {"S": "1"}},
        )


@pytest.mark.parametrize("number", range(20))
def test_bucket(number):
    with mocked():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="things")
        for n in range(5):
            client.put_object(Bucket="things", Key=str(n), Body=b"some content")
            client.get_object(Bucket="things", Key=str(n))
        client.list_objects_v2(Bucket="things")
"""
RUN = "import pytest, sys; sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider', *sys.argv[1:]]))"


def run(folder, name, plugins):
    """CPU seconds and peak MiB of the suite's process."""
    program = f"""
import os, resource, subprocess, sys
command = [sys.executable, "-c", {RUN!r}, *{plugins!r}, {str(folder / name)!r}]
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # those that happen to be installed are nobody's cost
code = subprocess.run(command, stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True)
    code, cpu_s, peak = done.stdout.split()
    if code != "0":
        raise RuntimeError(f"the suite fails under {name}")
    return float(cpu_s), float(peak)


def main():
    """Measure and print."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package has its bytecode
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "pytest.ini").write_text("[pytest]\n")
        files = {}
        for number, (name, how) in enumerate(MOCKS.items()):
            files[name] = f"test_suite_{number}.py"
            (folder / files[name]).write_text(how + TESTS)
        runs: dict[str, list[tuple[float, float]]] = {name: [] for name in MOCKS}
        for _ in range(ROUNDS):  # in turn, so that what disturbs one disturbs the others
            for name, file in files.items():
                plugins = ["-p", "mocksls.pytest_plugin"] if name == "mocksls" else []
                runs[name].append(run(folder, file, plugins))
        best = {name: (min(cpu for cpu, _ in taken), min(peak for _, peak in taken)) for name, taken in runs.items()}
        floor = best["a mock that does nothing"]
        for name, (cpu_s, peak) in best.items():
            print(f"{name:30}{cpu_s:>8.2f} s CPU ({cpu_s / floor[0]:4.2f}){peak:>8.0f} MiB ({peak - floor[1]:+.0f})")


if __name__ == "__main__":
    main()
