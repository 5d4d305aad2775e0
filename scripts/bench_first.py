"""Time the first result of two small files: `python scripts/bench_first.py`.

`align a.txt b.txt -o memory.tmx` runs in processes of their own, on five invented sentences a side, from the start of
Python to its end: for the first time ever, again (vectors cached), on new sentences, and with `--no-cache`. Modules are
compiled before, as an installation does. The least of `--runs` is printed, seconds on the clock and of the processors;
where other programs run, the latter says more.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ENGLISH = (
    "On day {} the old man walked along the river.",
    "He had not slept for 3 nights.",
    "“Where have you been?” asked his daughter.",
    "He told her of the house number {} on the other side.",
    "Nobody had lived there for a long time.",
)
OTHER = {
    "zh": (
        "第{}天，老人沿着河边走。",
        "他已经三个晚上没有睡觉了。",
        "“你去哪儿了？”他的女儿问。",
        "他跟她讲了对岸{}号的那座房子。",
        "那里很久没有人住了。",
    ),
    "fr": (
        "Le jour {}, le vieil homme marcha le long de la rivière.",
        "Il n'avait pas dormi depuis 3 nuits.",
        "« Où étais-tu ? » demanda sa fille.",
        "Il lui parla de la maison numéro {} sur l'autre rive.",
        "Personne n'y habitait depuis longtemps.",
    ),
}


@dataclass
class Trial:
    """A folder with two texts and a cache; what runs in it took, by what they were."""

    folder: Path
    taken: dict[str, tuple[float, float]] = field(default_factory=dict)

    def write(self, lang: str, number: int) -> None:
        for name, sentences in (("a", OTHER[lang]), ("b", ENGLISH)):
            text = "\n".join(each.format(number) for each in sentences)
            (self.folder / f"{name}.txt").write_text(text + "\n", encoding="utf-8")

    def forget(self) -> None:
        shutil.rmtree(self.folder / "cache", ignore_errors=True)

    def run(self, what: str, *options: str) -> None:
        """Align, and keep the time where it is the least so far."""
        (self.folder / "memory.tmx").unlink(missing_ok=True)
        env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        env |= {
            "ALIGNER_CACHE": str(self.folder / "cache"),
            "PYTHONPYCACHEPREFIX": str(self.folder / "compiled"),
        }
        command = [sys.executable, "-m", "aligner", "a.txt", "b.txt", "-q", "-o", "memory.tmx", *options]
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(command, cwd=self.folder, env=env, check=True)
        wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        least = self.taken.get(what, (wall, cpu))
        self.taken[what] = min(wall, least[0]), min(cpu, least[1])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    print("seconds on the clock (of the processors)")
    for lang in OTHER:
        with tempfile.TemporaryDirectory() as folder:
            trial = Trial(Path(folder))
            trial.write(lang, 0)
            trial.run("compiling")
            for number in range(arguments.runs):
                trial.forget()
                trial.write(lang, 2 * number + 1)
                trial.run("for the first time")
                trial.run("again")
                trial.write(lang, 2 * number + 2)
                trial.run("new sentences")
                trial.run("without cache", "--no-cache")
        del trial.taken["compiling"]
        for what, (wall, cpu) in trial.taken.items():
            print(f"{lang}-en {what:20} {wall:6.2f} ({cpu:.2f})", flush=True)


if __name__ == "__main__":
    main()
