"""A process that works through tasks one at a time and can be ended at any moment without harm to the others.

Both ends are here: `Child` as its owner sees it, `serve` as it runs itself. They talk through pipes in frames:
eight bytes of length, a pickle. A child whose owner is gone ends itself.
"""

from __future__ import annotations

import errno
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import IO, Any, TypeAlias

from aligner.errors import AlignerError, OutputError

READY, MORE, RESULT, ERROR, NO_MEMORY, GONE = "ready", "more", "result", "error", "no memory", "gone"
Message: TypeAlias = tuple["Child", str, Any]
Call = tuple[Callable[..., Any], tuple[Any, ...]]

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
_HEADER = 8
_NOBODY_CAN_WRITE = (errno.ENOSPC, errno.EROFS, getattr(errno, "EDQUOT", errno.ENOSPC))
_PATIENCE = 5.0  # seconds for a killed process to be gone


class Child:
    """A running process, what it works on and until when it may; its messages go into `messages`."""

    def __init__(self, messages: queue.Queue[Message], start: Call, memory: int) -> None:
        self.task: Any = None
        self.is_ready = False
        self.deadline = float("inf")
        self.end_reason = ""
        self._process = _spawn(memory)
        self._messages = messages
        self._write(start)
        threading.Thread(target=self._listen, daemon=True).start()

    def give(self, task: Any, call: Call, seconds: float) -> None:
        """Let it work on `task` by `call`, for so many seconds at most."""
        self.task, self.deadline = task, time.monotonic() + seconds
        self._write(call)

    def memory(self) -> int:
        """Bytes of memory it holds now, 0 where nobody can say."""
        import psutil

        with suppress(psutil.Error):
            return int(psutil.Process(self._process.pid).memory_info().rss)
        return 0

    def kill(self, reason: str = "") -> None:
        """End it now; `reason` is what `why` will say."""
        self.end_reason = self.end_reason or reason
        with suppress(OSError, ValueError):
            self._process.kill()
            assert self._process.stdin is not None
            self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_PATIENCE)

    def why(self) -> str:
        """Why it ended, in one line."""
        try:
            code = self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            code = 0
        if self.end_reason:
            return self.end_reason
        if code < 0:
            with suppress(ValueError):
                name = signal.Signals(-code).name
                hint = "; the system was out of memory, or somebody ended it" if name == "SIGKILL" else ""
                return f"its process crashed ({name}){hint}"
        return f"its process ended with code {code}"

    def _write(self, call: Call) -> None:
        # A child that is gone says so through its other pipe.
        with suppress(OSError, ValueError):
            assert self._process.stdin is not None
            _write_frame(self._process.stdin, pickle.dumps(call))

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with suppress(OSError, ValueError, EOFError, pickle.UnpicklingError):
            while True:
                kind, value = pickle.loads(_read_frame(self._process.stdout))  # noqa: S301 - our own child
                self._messages.put((self, kind, value))
        self._messages.put((self, GONE, None))


def _spawn(memory: int) -> subprocess.Popen[bytes]:
    """Python with this one's path, one thread for arithmetic, apart from the terminal's Ctrl-C."""
    environment: Mapping[str, str] = {
        **os.environ, **dict.fromkeys(_THREADS, "1"), "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }  # fmt: skip
    code = f"from aligner.system.child import serve; serve({memory})"
    silent = None if os.environ.get("ALIGNER_TRACEBACK") else subprocess.DEVNULL
    apart: dict[str, Any] = (
        {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
        if sys.platform == "win32"
        else {"start_new_session": True}
    )
    return subprocess.Popen(  # noqa: S603 - this very Python
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=silent,
        env=environment, **apart,
    )  # fmt: skip


def serve(memory: int) -> None:
    """Be a child: run each call that comes in and send back what came of it, with `memory` bytes at most."""
    # What libraries print must not get between the frames.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit_memory(memory)
    calls: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=_receive, args=(sys.stdin.buffer, calls), daemon=True).start()

    def tell(kind: str, value: Any = None) -> None:
        _write_frame(replies, pickle.dumps((kind, value)))

    first = True
    while True:
        kind, value = _run(calls.get(), lambda seconds: tell(MORE, seconds))
        tell(READY if first and kind == RESULT else kind, value)
        first = False
        if kind == NO_MEMORY:  # what it allocated may never come back
            return


def _run(frame: bytes, tell: Callable[[float], None]) -> tuple[str, Any]:
    try:
        function, arguments = pickle.loads(frame)  # noqa: S301 - from our owner
        return RESULT, function(*arguments, tell)
    except MemoryError:
        return NO_MEMORY, None
    except AlignerError as error:
        hopeless = (
            isinstance(error, OutputError)
            and isinstance(error.__cause__, OSError)
            and error.__cause__.errno in _NOBODY_CAN_WRITE
        )
        return ERROR, (error, hopeless)
    except Exception as error:
        what = " ".join(f"unexpected {type(error).__name__}: {error}; please report it".split())
        return ERROR, (AlignerError(what), False)


def _receive(owner: IO[bytes], calls: queue.Queue[bytes]) -> None:
    """Hand on what comes in; when the owner is gone, so is this process, whatever it is doing."""
    with suppress(OSError, EOFError):
        while True:
            calls.put(_read_frame(owner))
    os._exit(0)


def _limit_memory(memory: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if memory:
            resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


def _write_frame(file: IO[bytes], data: bytes) -> None:
    file.write(len(data).to_bytes(_HEADER, "big") + data)
    file.flush()


def _read_frame(file: IO[bytes]) -> bytes:
    size = int.from_bytes(_exactly(file, _HEADER), "big")
    return _exactly(file, size)


def _exactly(file: IO[bytes], size: int) -> bytes:
    data = file.read(size)
    if len(data) < size:
        raise EOFError
    return data
