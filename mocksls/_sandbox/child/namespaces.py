"""A file system of the environment's own: ``/tmp`` of its size, code at ``/var/task``, layers at ``/opt``.

Needs user namespaces; what cannot be had is reported, never half done: it is tried in a process to be thrown away.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from . import linux

_USUAL_TMP_MB = 512
_NEW_USER, _NEW_MOUNTS = 0x10000000, 0x00020000
_READ_ONLY, _NO_SUID, _NO_DEV, _BIND, _RECURSIVE, _PRIVATE, _REMOUNT = 1, 2, 4, 4096, 16384, 1 << 18, 32


def available() -> bool:
    """Whether an environment may have mounts of its own, tried in a child process."""
    try:
        pid = os.fork()
    except OSError:
        return False
    if pid == 0:
        status = 1
        try:
            _leave()
            linux.mount("tmpfs", "/tmp", "tmpfs", _NO_SUID | _NO_DEV, "size=1m")
            status = 0
        finally:
            os._exit(status)
    return os.waitpid(pid, 0)[1] == 0


def enter(wanted: dict[str, Any] | None, inherited: Sequence[int], old_tmp: int | None = None) -> bool:
    """Arrange this process's file system; returns whether it is one of its own.

    Args:
        wanted: ``tmp_mb``, ``keep`` (paths under /tmp that stay visible), ``task`` and ``opt`` (directories to show
            at /var/task and /opt), or None for the file system as it is.
        inherited: descriptors of the user and mount namespaces of a predecessor to enter instead.
        old_tmp: what ``leave`` returned, if it has been called already.
    """
    if wanted is None:
        return False
    if inherited:
        for descriptor in inherited:
            linux.setns(descriptor)
        return True
    shared = leave() if old_tmp is None else old_tmp
    _size_tmp(wanted["tmp_mb"])
    for source, target in ((wanted.get("task"), "/var/task"), (wanted.get("opt"), "/opt")):
        if source:
            _show(_before(source, shared), target)
    _keep(wanted["keep"], shared)
    os.close(shared)
    return True


def leave_again() -> int:
    """In a copy of a process with a file system of its own: have another one; as ``leave``."""
    linux.unshare(_NEW_MOUNTS)
    linux.mount("none", "/", "", _RECURSIVE | _PRIVATE)
    linux.unmount("/tmp")
    shared = os.open("/tmp", os.O_PATH)
    _mount_tmp()
    return shared


def show_again(wanted: dict[str, Any], shared: int) -> None:
    """Arrange the file system of such a copy, with the code of this time."""
    _size_tmp(wanted["tmp_mb"])
    if wanted.get("task"):
        _bind_read_only(_before(wanted["task"], shared), "/var/task")
    _keep(wanted["keep"], shared)
    os.close(shared)


def leave() -> int:
    """Be in namespaces of one's own, with an empty /tmp; returns a descriptor of the one before."""
    _leave()
    shared = os.open("/tmp", os.O_PATH)
    _mount_tmp()
    return shared


def _mount_tmp() -> None:
    linux.mount("tmpfs", "/tmp", "tmpfs", _NO_SUID | _NO_DEV, f"size={_USUAL_TMP_MB}m,mode=1777")


def _size_tmp(size_mb: int) -> None:
    if size_mb != _USUAL_TMP_MB:
        linux.mount("none", "/tmp", "", _REMOUNT | _NO_SUID | _NO_DEV, f"size={size_mb}m")


def _keep(paths: Sequence[str], shared: int) -> None:
    """Show entries of the shared /tmp again."""
    for path in paths:
        if Path(_before(path, shared)).exists():
            _bind(_before(path, shared), Path(path))


def _before(path: str, shared_tmp: int) -> str:
    """Where a path of the shared file system can be had now."""
    return f"/proc/self/fd/{shared_tmp}/{path[5:]}" if path.startswith("/tmp/") else path


def descriptors(pid: int) -> list[int]:
    """Descriptors by which a process's namespaces live on after it; empty where they cannot be had."""
    opened: list[int] = []
    try:
        opened.extend(os.open(f"/proc/{pid}/ns/{name}", os.O_RDONLY | os.O_CLOEXEC) for name in ("user", "mnt"))
    except OSError:
        return []
    return opened


def _leave() -> None:
    """New user and mount namespaces in which this user stays itself."""
    user, group = os.getuid(), os.getgid()
    linux.unshare(_NEW_USER | _NEW_MOUNTS)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    linux.mount("none", "/", "", _RECURSIVE | _PRIVATE)


def _show(source: str, target: str) -> None:
    """Show a directory at a path whose parent may not be writable, or lack it: the parent is built anew around it."""
    parent = Path(target).parent if target.count("/") > 1 else Path(target)
    shown = os.open(source, os.O_PATH)
    beside = [] if parent == Path("/") else _handles(parent)
    linux.mount("tmpfs", str(parent), "tmpfs", _NO_SUID | _NO_DEV, "size=1m,mode=755")
    for entry, handle, link in beside:
        if link is not None:
            (parent / entry).symlink_to(link)
        elif str(parent / entry) != target:
            _bind(f"/proc/self/fd/{handle}", parent / entry)
        if handle >= 0:
            os.close(handle)
    inside = _handles(Path(f"/proc/self/fd/{shown}")) if str(parent) == target else []
    if inside:
        _show_entries(inside, parent)
    else:
        _bind_read_only(f"/proc/self/fd/{shown}", target)
    os.close(shown)


def _bind_read_only(source: str, target: str) -> None:
    _bind(source, Path(target))
    with suppress(OSError):  # a mount with locked options of its own stays writable
        linux.mount("none", target, "", _BIND | _REMOUNT | _READ_ONLY | _NO_SUID | _NO_DEV)


def _show_entries(entries: Sequence[tuple[str, int, str | None]], parent: Path) -> None:
    for entry, handle, link in entries:
        if link is not None and not (parent / entry).exists():
            (parent / entry).symlink_to(link)
        elif link is None:
            _bind(f"/proc/self/fd/{handle}", parent / entry)
        if handle >= 0:
            os.close(handle)


def _handles(folder: Path) -> list[tuple[str, int, str | None]]:
    """Name, descriptor and link target of everything in a folder."""
    found: list[tuple[str, int, str | None]] = []
    for entry in folder.iterdir():
        if entry.is_symlink():
            found.append((entry.name, -1, str(entry.readlink())))
        else:
            found.append((entry.name, os.open(entry, os.O_PATH), None))
    return found


def _bind(source: str, target: Path) -> None:
    if Path(source).is_dir():
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    linux.mount(source, str(target), "", _BIND | _RECURSIVE)
