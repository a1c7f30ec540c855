"""An execution environment: one process that initialises its handler and then serves one request at a time."""

from __future__ import annotations

import atexit
import gc
import logging
import os
import resource
import signal
import socket
import sys
import sysconfig
import time
import traceback
import types
from typing import Any

from . import control, home, linux, measured, namespaces, patches, template, vendored, warm
from .beginning import Beginning, File
from .channel import Channel
from .clock import HandlerClock
from .failures import Renames, stdlib_rename
from .frames import READY, RESULT, Closed, Frame
from .logs import LogSink, redirect, set_up_logging
from .rehearsal import rehearse
from .runtime import Answer, Runtime

_HIGH_DESCRIPTOR = 900
_LIBRARIES = tuple(sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib"))


def run(channel: int, output: int, inherited: list[int]) -> None:
    """Be an environment until the other side of the channel is gone; never returns.

    Args:
        channel: descriptor of the socket to the test's process.
        output: descriptor of the file that takes standard output and error.
        inherited: descriptors of the user and mount namespaces to live in, or none.
    """
    _be_apart()
    _live(channel, output, inherited, None)


def stand_by(link: socket.socket, *, private: bool) -> None:
    """Do all that can be done before it is known what for; then be the environment that is asked for.

    Args:
        link: where the descriptors of channel and output come from; before that, word goes there that they may come.
        private: whether the environment will have a file system of its own.
    """
    _be_apart()
    old_tmp = namespaces.leave() if private else None
    sys.modules["__main__"] = types.ModuleType("__main__")
    redirect()
    rehearse()
    control.send(link, {})
    _, (channel, output) = control.receive(link)
    _live(channel, output, [], old_tmp)


def _be_apart() -> None:
    _reset_signals()
    if os.getsid(0) != os.getpid():
        os.setsid()


def _live(channel: int, output: int, inherited: list[int], old_tmp: int | None) -> None:
    status = 1
    try:
        kept = [*inherited, *([] if old_tmp is None else [old_tmp])]
        sock = socket.socket(fileno=_arrange_descriptors(channel, output, kept))
        status = _Environment(Channel(sock), inherited, old_tmp).serve()
    except Closed:
        status = 0
    except SystemExit as error:
        status = _exit_status(error)
    except KeyboardInterrupt:
        traceback.print_exc()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    except BaseException:
        traceback.print_exc()
    _end(status)


class _Environment:
    def __init__(self, channel: Channel, inherited: list[int], old_tmp: int | None) -> None:
        self._channel = channel
        self._inherited = inherited
        self._old_tmp = old_tmp
        self._clock = HandlerClock()
        self._base_kb = _peak_kb()
        self._base_threads = linux.threads()
        self._models, self._loaded = warm.models(), warm.loaded()
        self._apart: template.Apart | None = None

    def serve(self) -> int:
        """Initialise, then answer requests."""
        frame = self._channel.request()
        setup = frame.header
        private = self._enter(setup)
        if setup.get("program"):
            _become(setup["program"])
        self._clock.follow(setup["clock"])
        sink = LogSink(setup["mark"])
        set_up_logging(sink)
        home.connect(self._channel)
        patches.install(home.home)
        lines = measured.begin(setup.get("coverage"), self._channel)
        runtime = Runtime(sink, _renames(setup))
        beginning = Beginning() if setup.get("template") else None
        failure = runtime.load(setup["code"], setup["handler"], b"".join(frame.blobs))
        if failure is None and beginning is not None and beginning.can_be_copied(self._channel):
            self._leave_template(sink, beginning.files())
        else:
            self._report(READY, failure, lines, private=private)
        if failure is not None:
            return 1
        while True:
            call = self._channel.request()
            if self._apart is not None:
                self._let_go(self._apart)
            self._clock.follow(call.header["clock"])
            self._report(RESULT, runtime.invoke(call.header, _only_blob(call)), lines)

    def _leave_template(self, sink: LogSink, files: list[File]) -> None:
        """Leave a template behind; its copies go on from here as well, each with what it is told itself."""
        shared_tmp: list[int] = []

        def prepare() -> None:
            shared_tmp.append(namespaces.leave_again())
            rehearse()

        given = template.leave_behind(
            self._channel,
            lambda descriptor: self._channel.hand_over(READY, self._told(None, private=True, files=files), descriptor),
            prepare,
        )
        if isinstance(given, template.Apart):
            self._apart = given
            return
        descriptor = _arrange_descriptors(*given, shared_tmp)
        self._channel = Channel(socket.socket(fileno=descriptor))
        home.reconnect(self._channel)
        self._base_kb = _peak_kb()
        setup = self._channel.request().header
        namespaces.show_again(setup["namespaces"], shared_tmp[0])
        self._look_like(setup)
        sink.mark = setup["mark"]
        self._clock.follow(setup["clock"])
        _reseed()
        self._report(READY, None, None, private=True)

    def _let_go(self, apart: template.Apart) -> None:
        """The zygote knows the template by now."""
        apart.let_go()
        linux.adopt_orphans()
        self._apart = None

    def _enter(self, setup: dict[str, Any]) -> bool:
        """Make this process look like the function's; returns whether it has a file system of its own."""
        private = namespaces.enter(setup.get("namespaces"), self._inherited, self._old_tmp)
        for descriptor in self._inherited:
            os.close(descriptor)
        _limit(setup)
        self._look_like(setup)
        sys.path[:] = setup["sys_path"]
        sys.argv[:] = ["/var/runtime/bootstrap.py"]
        sys.modules["__main__"] = types.ModuleType("__main__")
        vendored.give_way(setup["code_roots"])
        redirect()
        return private

    def _look_like(self, setup: dict[str, Any]) -> None:
        os.environ.clear()
        os.environ.update(setup["environ"])
        if hasattr(time, "tzset"):
            time.tzset()
        os.chdir(setup["cwd"])
        _look_anew()

    def _report(self, kind: int, answer: Answer | None, lines: measured.Lines | None, **told: Any) -> None:
        header = self._told(answer, **told)
        if lines is not None:
            header["lines"] = lines.taken()
        self._channel.send(kind, 0, header, [answer.payload] if answer else [])

    def _told(self, answer: Answer | None, **told: Any) -> dict[str, Any]:
        """What is told beside an answer."""
        header = {
            "ok": answer is None or answer.ok,
            "used_kb": max(_peak_kb() - self._base_kb, 0),
            "leftovers": linux.threads() > self._base_threads or linux.has_children(),
            **told,
        }
        if warm.loaded() != self._loaded:
            self._loaded, before, self._models = warm.loaded(), self._models, warm.models()
            header["models"] = sorted(self._models - before)
        return header


def _look_anew() -> None:
    """Look anew into folders that the zygote has looked into; those of installed libraries are left as they are."""
    for path, finder in sys.path_importer_cache.items():
        if finder is not None and not path.startswith(_LIBRARIES):
            getattr(finder, "invalidate_caches", _nothing)()


def _nothing() -> None:
    """What a finder without caches does."""


def _reseed() -> None:
    """Python has done so with its own generator at the fork."""
    numpy = sys.modules.get("numpy.random")
    if numpy is not None:
        numpy.seed()


def _become(command: list[str]) -> None:
    """Go on as another program, in the same place and under the same caps."""
    try:
        os.execve(command[0], command, os.environ)
    except OSError as error:
        print(f"cannot run {command[0]}: {error}", file=sys.stderr)  # noqa: T201
        os._exit(126)


def _only_blob(frame: Frame) -> bytes:
    return frame.blobs[0] if frame.blobs else b""


def _renames(setup: dict[str, Any]) -> Renames:
    return [stdlib_rename(setup["runtime"]), *(tuple(pair) for pair in setup["renames"])]


def _reset_signals() -> None:
    """Undo what the zygote, or a parent that blocks signals, has left."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _arrange_descriptors(channel: int, output: int, inherited: list[int]) -> int:
    """Output at 1 and 2, nothing at 0, the channel out of harm's way; everything else closed."""
    import fcntl

    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    lowest = min(_HIGH_DESCRIPTOR, limit - 16) if limit != resource.RLIM_INFINITY else _HIGH_DESCRIPTOR
    high = fcntl.fcntl(channel, fcntl.F_DUPFD_CLOEXEC, lowest)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    kept = sorted({0, 1, 2, high, *inherited})
    for low, following in zip(kept, [*kept[1:], max(limit, high + 1)], strict=True):
        os.closerange(low + 1, min(following, 1 << 20))
    return high


def _limit(setup: dict[str, Any]) -> None:
    """The caps that the kernel keeps: no core files, and a far limit on what one allocation may ask for."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux" and setup["data_bytes"]:
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        wanted = setup["data_bytes"]
        resource.setrlimit(resource.RLIMIT_DATA, (wanted if hard < 0 else min(wanted, hard), hard))


def _peak_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _exit_status(error: SystemExit) -> int:
    """The status with which Python would end."""
    if error.code is None:
        return 0
    if isinstance(error.code, int):
        return error.code & 0xFF
    print(error.code, file=sys.stderr)  # noqa: T201
    return 1


def _end(status: int) -> None:
    """End as Python does, but with the handler's own exit functions only."""
    try:
        atexit._run_exitfuncs()
        logging.shutdown()
    finally:
        os._exit(status)


def forget_exit_functions() -> None:
    """Drop the exit functions of what was imported so far (in the zygote), and keep its objects out of collections."""
    atexit._clear()
    gc.collect()
    gc.freeze()
