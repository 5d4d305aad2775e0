"""A batch's work that obeys words in its source: what a bug in a reader or a hostile file would do to a worker."""

import os
import signal
from pathlib import Path

from aligner.corpus.task import align_task

MEMORY = 64 << 20


def obedient_task(task, tell):
    text = task.paths[0].read_bytes() if task.paths[0].exists() else b""
    if b"ENDLESS" in text:
        while True:
            pass
    if b"BOMB" in text:
        hoard = []
        while True:
            hoard.append(bytearray(MEMORY))
    if b"CRASH" in text:
        os.kill(os.getpid(), signal.SIGSEGV)
    once = Path(f"{task.paths[0]}.once")
    if once.exists():  # somebody else's fault: the first time only
        once.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    return align_task(task, tell)
