"""What ``import mocksls`` costs beside ``import botocore.session``, in CPU time of whole processes.

The peer is moto's ``mock_aws``. ``python -m benchmarks.imports``
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys

ROUNDS = 15
PROGRAMS = {
    "import botocore.session": "import botocore.session",
    "and mocksls": "import botocore.session, mocksls",
    "and moto": "import botocore.session; from moto import mock_aws",
}


def spent():
    """CPU seconds of the processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cpu_ms(program):
    """The least CPU time of a Python process that runs a program, in milliseconds."""
    best = float("inf")
    for _ in range(ROUNDS):
        before = spent()
        subprocess.run([sys.executable, "-c", program], check=True)
        best = min(best, spent() - before)
    return best * 1e3


def main():
    """Measure and print."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package has its bytecode
    times = {name: cpu_ms(program) for name, program in PROGRAMS.items()}
    floor = times["import botocore.session"]
    for name, took in times.items():
        print(f"{name:30}{took:>8.0f} ms CPU   {took - floor:>+6.0f} ms")


if __name__ == "__main__":
    main()
