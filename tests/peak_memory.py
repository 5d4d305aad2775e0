"""Peak memory of a program in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

_MARK = "peak KiB:"
_PRINT_PEAK = f"""
import re, resource, sys
try:
    kib = int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1])
except OSError:
    kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)
print("{_MARK}", kib)
"""


def run_and_measure(program: str, *arguments: str | os.PathLike[str]) -> tuple[str, int]:
    """What `program` prints, and the most memory it held, in MiB.

    Not `ru_maxrss`: on Linux a child starts with that of the process that started it, here pytest with its models.
    """
    command = [sys.executable, "-c", program + _PRINT_PEAK, *map(os.fspath, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    printed, _, kib = done.stdout.rpartition(_MARK)
    return printed.strip(), int(kib) // 1024
