"""The page of implemented operations is what the code says."""

from __future__ import annotations

from pathlib import Path

import botocore
import pytest

import mocksls
from mocksls.__main__ import coverage_page

_PAGE = Path(mocksls.__file__).parent.parent / "docs" / "coverage.md"


@pytest.mark.skipif(botocore.__version__ != "1.43.117", reason="the page lists the operations of botocore 1.43.117")
def test_page_is_current() -> None:
    """``python -m mocksls coverage`` prints docs/coverage.md."""
    assert _PAGE.read_text(encoding="utf-8") == coverage_page()
