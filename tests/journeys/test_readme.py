"""What the README shows runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"


def test_quick_start(pytester: pytest.Pytester) -> None:
    """The quick start, pasted into a test file, passes."""
    code = re.search(r"## Quick start\n+```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert code is not None
    pytester.makepyfile(test_quick_start=code.group(1))
    pytester.runpytest_subprocess("-q", "-p", "no:randomly").assert_outcomes(passed=1)
