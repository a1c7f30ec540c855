"""Deployment packages and layers, unpacked for the sandbox: once for each content, never written to."""

from __future__ import annotations

import shutil
import stat
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

from .store import FunctionCode


class Packages:
    """The folders that a cloud's packages are unpacked to; they go with it."""

    def __init__(self) -> None:
        self._root: Path | None = None
        self._unpacked: dict[str, Path] = {}

    def folder(self, code: FunctionCode) -> Path:
        """Where a ZIP's files lie."""
        assert code.zip_file is not None
        if code.sha256 not in self._unpacked:
            if self._root is None:
                self._root = Path(tempfile.mkdtemp(prefix="mocksls-code-"))
            target = self._root / str(len(self._unpacked))
            target.mkdir()
            _unpack(code.zip_file, target)
            self._unpacked[code.sha256] = target
        return self._unpacked[code.sha256]

    def close(self) -> None:
        """Remove everything."""
        if self._root is not None:
            shutil.rmtree(self._root, ignore_errors=True)


def _unpack(content: bytes, target: Path) -> None:
    """Unpack with the files' permissions, as Lambda does: a bootstrap must be executable."""
    if not zipfile.is_zipfile(BytesIO(content)):
        return  # accepted with compat="moto" only
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for entry in archive.infolist():
            mode = entry.external_attr >> 16
            if stat.S_ISLNK(mode):
                _link(archive.read(entry).decode("utf-8", "replace"), target / entry.filename, target)
                continue
            made = Path(archive.extract(entry, target))
            if mode and not made.is_dir():
                made.chmod(stat.S_IMODE(mode) | 0o400)


def _link(to: str, place: Path, root: Path) -> None:
    """A symbolic link that stays within the package; others are left out."""
    place.parent.mkdir(parents=True, exist_ok=True)
    leads = (place.parent / to).resolve()
    if not Path(to).is_absolute() and leads.is_relative_to(root.resolve()) and place.parent.is_relative_to(root):
        place.symlink_to(to)
