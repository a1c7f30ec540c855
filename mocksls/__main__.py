"""``python -m mocksls coverage``: which operations are implemented, as the page ``docs/coverage.md``."""

from __future__ import annotations

import sys

from mocksls._kernel.cloud import Cloud
from mocksls._kernel.options import Options
from mocksls._kernel.service import method_name
from mocksls._protocol import service_protocol
from mocksls._services import SCOPE, is_mocked, load


def coverage_page() -> str:
    """Every operation of the services in scope, marked where it is there."""
    cloud = Cloud(Options(), load)
    lines = ["# Coverage", "", "Made by `python -m mocksls coverage` from the code; a test keeps it current.", ""]
    summary = ["| service | operations | implemented |", "| --- | --- | --- |"]
    details: list[str] = []
    for service in SCOPE:
        operations = sorted(service_protocol(service).operations())
        there = cloud.service(service, "123456789012", "us-east-1").operations if is_mocked(service) else {}
        done = [name for name in operations if method_name(name) in there]
        summary.append(f"| {service} | {len(operations)} | {len(done)} |")
        if done:
            missing = [name for name in operations if name not in done]
            details += ["", f"## {service}", "", f"Implemented: {', '.join(done)}"]
            details += ["", f"Not yet: {', '.join(missing)}"] if missing else []
    return "\n".join([*lines, *summary, *details]) + "\n"


def main() -> int:
    """Print what was asked for; 2 for anything unknown."""
    if sys.argv[1:] != ["coverage"]:
        sys.stderr.write("usage: python -m mocksls coverage\n")
        return 2
    sys.stdout.write(coverage_page())
    return 0


if __name__ == "__main__":
    sys.exit(main())
