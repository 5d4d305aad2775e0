"""Boundary precision, recall and F1 of the sentence splitter on gold segmentations.

    python scripts/measure_segmentation.py ../shared/gold/mac_dev=zh-en ../shared/gold/mag=en-zh [--errors 20]

A folder holds `src/NNN` and `tgt/NNN`, one sentence a line. The lines of a file are joined to one running
paragraph (without a blank in Chinese and Japanese) and split again; the last boundary of a file is left out.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

from aligner.split.sentences import segment
from aligner.text.edits import EditedText

UNSPACED = ("zh", "ja")


def boundaries(lines: list[str], lang: str) -> tuple[str, set[int], set[int]]:
    """The running text, and where gold and system sentences end in it (offsets, the last one left out)."""
    separator = "" if lang.startswith(UNSPACED) else " "
    text = separator.join(lines)
    gold, position = set(), 0
    for line in lines:
        gold.add(position + len(line))
        position += len(line) + len(separator)
    system = {found.end for found in segment(EditedText(text), lang).segments}
    return text, gold - {len(text)}, system - {len(text)}


def report(label: str, counts: list[int]) -> None:
    right, found, wanted = counts
    precision, recall = right / max(found, 1), right / max(wanted, 1)
    f1 = 2 * right / max(found + wanted, 1)
    print(f"{label:32} P {precision:.4f}  R {recall:.4f}  F1 {f1:.4f}  ({wanted} boundaries)")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", metavar="FOLDER=SRC-TGT")
    parser.add_argument(
        "--errors", type=int, default=0, help="show this many wrong boundaries of each language"
    )
    options = parser.parse_args()
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    wrong: dict[str, list[str]] = defaultdict(list)
    for entry in options.folders:
        folder, _, pair = entry.rpartition("=")
        for side, lang in zip(("src", "tgt"), pair.split("-"), strict=True):
            here = [0, 0, 0]
            for path in sorted((Path(folder) / side).iterdir()):
                lines = [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip()]
                text, gold, system = boundaries(lines, lang)
                here = [
                    a + b for a, b in zip(here, (len(gold & system), len(system), len(gold)), strict=True)
                ]
                for at in sorted(gold ^ system):
                    kind = "missed" if at in gold else "extra "
                    wrong[lang].append(
                        f"{kind} {path.name}: {text[max(0, at - 24) : at]} ‖ {text[at : at + 24]}"
                    )
            report(f"{Path(folder).name}/{side} {lang}", here)
            totals[lang] = [a + b for a, b in zip(totals[lang], here, strict=True)]
    for lang, counts in totals.items():
        report(f"all {lang}", counts)
        for line in wrong[lang][: options.errors]:
            print("   ", line)


if __name__ == "__main__":
    main()
