"""A Dask scheduler and workers as processes of their own, as on several machines, each of which may be killed."""

import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Cluster:
    """`paths`: where the workers find modules beside the package."""

    def __init__(self, folder, *paths, workers=2):
        self.port, self.folder = free_port(), folder
        self.url = f"tcp://127.0.0.1:{self.port}"
        self.paths = [str(ROOT), *map(str, paths)]
        self.scheduler = self.start_scheduler()
        self.workers = [self.start_worker() for _ in range(workers)]

    def start_scheduler(self):
        return self._start("distributed.cli.dask_scheduler", "--port", str(self.port), "--no-dashboard")

    def start_worker(self):
        return self._start(
            "distributed.cli.dask_worker", self.url, "--nthreads", "1", "--no-nanny", "--no-dashboard",
            "--death-timeout", "60",
        )  # fmt: skip

    def _start(self, module, *arguments):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(self.paths), "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.Popen(command, cwd=self.folder, env=environment, stderr=subprocess.DEVNULL)

    def keep_alive(self):
        """What systemd does on a real machine."""
        if self.scheduler.poll() is not None:
            self.scheduler = self.start_scheduler()
        self.workers = [worker if worker.poll() is None else self.start_worker() for worker in self.workers]

    def close(self):
        for process in (*self.workers, self.scheduler):
            with suppress(psutil.Error):
                for child in psutil.Process(process.pid).children(recursive=True):
                    child.kill()
            process.kill()
            process.wait()
