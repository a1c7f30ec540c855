"""What a failed test is told of its cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .life import active

if TYPE_CHECKING:
    from .running import Running

_TAIL = 60
_last: list[Any] = []


def remember(running: Running) -> None:
    """Keep the report of a mock that ends; a decorated test is reported after its mock has stopped."""
    cloud = running.cloud
    if len(cloud.trace):
        _last[:] = [_of(running)]


def forget() -> None:
    """Drop what was kept: another test begins."""
    _last.clear()


def sections() -> list[tuple[str, str]]:
    """The report's sections: titles and texts."""
    running = active()
    if running is not None and len(running.cloud.trace):
        return _rendered(_of(running))
    return _rendered(_last[0]) if _last else []


def _of(running: Running) -> Any:
    return running.cloud, running.threads_before


def _rendered(kept: Any) -> list[tuple[str, str]]:
    cloud, before = kept
    found = [("mocksls trace", f"{cloud.trace.render(_TAIL)}\nseed: {cloud.ids.seed}")]
    logs = _function_logs(cloud)
    if logs:
        found.append(("mocksls function logs", logs))
    threads = _running_threads(before)
    if threads:
        found.append(("mocksls warning", threads))
    return found


def _function_logs(cloud: Any) -> str:
    texts = []
    for store in cloud.stores("logs").values():
        lines = getattr(store, "function_lines", None)
        if lines is not None:
            texts += lines()
    return "\n".join(texts)


def _running_threads(before: Any) -> str:
    import threading

    new = [thread.name for thread in threading.enumerate() if thread not in before and not thread.daemon]
    if not new:
        return ""
    return f"threads still running: {', '.join(new)}; what they call after the mock stops reaches the real network"
