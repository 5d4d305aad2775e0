"""How long a save file takes to open and to write, beside parsing its JSON: `python scripts/measure_opening.py`.

The file has 20,000 beads, every other one with an alternative. Processor time, the best of nine runs; the ratio to
`json.loads` of the same file says the same on every machine.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from aligner.bitext import Alignment, Alternative, Bead, Document, Segment
from aligner.export.savefile import SaveFile, open_savefile, save

RUNS = 9
WORDS = {"zh": "今天下雨，我们在家。", "en": "It rains, so we are at home. "}


def document(lang: str, count: int) -> Document:
    sentences = [f"{number} {WORDS[lang] * (1 + number % 4)}".strip() for number in range(count)]
    segments, start = [], 0
    for number, sentence in enumerate(sentences):
        segments.append(Segment(start, start + len(sentence), number // 5))
        start += len(sentence) + 1
    return Document("\n".join(sentences), lang, tuple(segments), f"{lang}.txt")


def alignment(count: int) -> Alignment:
    beads = tuple(
        Bead(n, n + 1, n, n + 1, 0.97, "auto", (Alternative(n, n + 1, n, n, 0.02),) if n % 2 else ())
        for n in range(count)
    )
    return Alignment(document("zh", count), document("en", count), beads)


def seconds(task: Callable[[], object]) -> float:
    spent = []
    for _ in range(RUNS):
        began = time.process_time()
        task()
        spent.append(time.process_time() - began)
    return min(spent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("--beads", type=int, default=20_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "beads.json"
        saved = SaveFile(alignment(arguments.beads))
        save(saved, path)
        parsing = seconds(lambda: json.loads(path.read_bytes().decode()))
        for what, task in (("open", lambda: open_savefile(path)), ("write", lambda: save(saved, path))):
            spent = seconds(task)
            print(f"{what:5} {spent:.3f} s, {spent / parsing:.2f} times parsing the JSON ({parsing:.3f} s)")


if __name__ == "__main__":
    main()
