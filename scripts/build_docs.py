"""Write what the docs take from the code: `python scripts/build_docs.py` (`make docs` fails where it was forgotten).

The table of features in `docs/engine.md` comes from `aligner.engine.features.weighed`, the picture
`docs/images/lattice.svg` from an alignment of four sentences with six.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import numpy as np

import aligner
from aligner.encode.load import load_encoder
from aligner.engine.anchors import anchor
from aligner.engine.beads import BEAD_TYPES
from aligner.engine.cover import COVER
from aligner.engine.features import weighed
from aligner.engine.lattice import best_path
from aligner.engine.passes import first_pass, survey
from aligner.engine.structure import FEATURES
from aligner.engine.weights import load_weights
from aligner.gather.gather import gather
from aligner.lexicon.relate import load_dictionary

DOCS = Path(__file__).resolve().parents[1] / "docs"
TABLE = re.compile(r"(<!-- features -->\n).*?(<!-- /features -->)", re.S)
STRUCTURE = re.compile(r"(<!-- structure -->\n).*?(<!-- /structure -->)", re.S)
SOURCE = [
    "他走进房间。",
    "窗户开着，外面下着雨，街上一个人也没有。",
    "他把伞放在门边。",
    "“你来晚了。”她说。",
]
TARGET = [
    "He walked into the room.",
    "The window was open and it was raining.",
    "There was nobody in the street.",
    "He left his umbrella by the door.",
    "Nothing surprised him any more.",
    '"You are late," she said.',
]
CELL, LEFT, TOP = 110, 250, 210
SHOWN = 0.01  # posterior from which a bead is drawn


def feature_table() -> str:
    """One row a feature; those of the channels and the types of beads once for all."""
    channel = {f"clause.{feature.name}" for feature in COVER}
    rows = ["| feature | beads | with the sides exchanged | what it is |", "|---|---|---|---|"]
    types = [f"{a}-{b}" for a, b in BEAD_TYPES]
    rows.append(
        f"| `type.A-B` | {types[0]}, {types[1]}, {types[2]} … {types[-1]} | `type.B-A` | a bead of A-B segments: "
        f"{len(types)} of them |"
    )
    for feature in weighed(["clause"])[len(types) :]:
        name, mirror = feature.name, feature.mirror
        if name in channel:
            name, mirror = (f"CHANNEL.{each.partition('.')[2]}" if each else "" for each in (name, mirror))
        rows.append(
            f"| `{name}` | {feature.applies_to} | {f'`{mirror}`' if mirror else 'itself'} | {feature.meaning} |"
        )
    return "\n".join(rows) + "\n"


def structure_table() -> str:
    rows = ["| feature | weight | what it is |", "|---|---|---|"]
    rows += [f"| `{feature.name}` | {feature.weight:+.1f} | {feature.meaning} |" for feature in FEATURES]
    return "\n".join(rows) + "\n"


def with_table(page: str) -> str:
    page = TABLE.sub(lambda found: found[1] + feature_table() + found[2], page)
    return STRUCTURE.sub(lambda found: found[1] + structure_table() + found[2], page)


def beads_drawn() -> tuple[list[tuple[int, int, int, int, float]], set[tuple[int, int, int, int]]]:
    """The beads of the first pass with their posteriors, and those of the best path, as ranges of both sides."""
    bitext = aligner.align(SOURCE, TARGET, src_lang="zh", tgt_lang="en", cache=False)
    weights = load_weights("zh", "en", ("use",))
    evidence = gather(
        bitext.alignment.source, bitext.alignment.target, [load_encoder("use", cache=False)],
        load_dictionary("zh", "en"),
    )  # fmt: skip
    ground = survey(evidence, anchor(evidence.source, evidence.target))
    scored, found = first_pass(evidence, ground, weights)
    likely = found.probability

    def ranges(cell: int, kind: int) -> tuple[int, int, int, int]:
        i, j, (a, b) = int(scored.lattice.row[cell]), int(scored.lattice.column[cell]), BEAD_TYPES[kind]
        return i - a, i, j - b, j

    chosen = {
        ranges(cell, kind) for cell, kind in best_path(scored.lattice, scored.scores, weights.sentences.again)
    }
    drawn = [(*ranges(cell, kind), float(likely[cell, kind])) for cell, kind in np.argwhere(likely >= SHOWN)]
    return sorted(drawn), chosen


def picture() -> str:
    """Cells as dots, beads as lines between them: the wider, the more probable."""
    drawn, chosen = beads_drawn()
    width, height = LEFT + CELL * len(TARGET) + 130, TOP + CELL * len(SOURCE) + 40
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="13">',
        "<title>The lattice of four Chinese and six English sentences</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for i, text in enumerate(SOURCE):
        y = TOP + CELL * i + CELL // 2
        out += [f'<text x="{LEFT - 16}" y="{y + 5 + 18 * n}" text-anchor="end">{escape(line)}</text>'
                for n, line in enumerate(re.findall(".{1,15}", text))]  # fmt: skip
    for j, text in enumerate(TARGET):
        x = LEFT + CELL * j + CELL // 2
        out.append(f'<text transform="translate({x},{TOP - 16}) rotate(-35)">{escape(text)}</text>')
    for i0, i1, j0, j1, likely in drawn:
        best = (i0, i1, j0, j1) in chosen
        x0, y0, x1, y1 = LEFT + CELL * j0, TOP + CELL * i0, LEFT + CELL * j1, TOP + CELL * i1
        out.append(
            f'<line class="{"path" if best else "other"}" x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}" '
            f'stroke="{"#0b6e4f" if best else "#c77d0a"}" stroke-width="{1 + 7 * likely:.1f}"/>'
        )
        if best:
            out.append(
                f'<text x="{(x0 + x1) / 2 - 10:g}" y="{(y0 + y1) / 2 + 22:g}" text-anchor="end" fill="#0b6e4f">'
                f"{i1 - i0}-{j1 - j0}: {likely:.2f}</text>"
            )
    out += [f'<circle cx="{LEFT + CELL * j}" cy="{TOP + CELL * i}" r="4" fill="#333"/>'
            for i in range(len(SOURCE) + 1) for j in range(len(TARGET) + 1)]  # fmt: skip
    return "\n".join([*out, "</svg>"]) + "\n"


def main() -> None:
    page = DOCS / "engine.md"
    page.write_text(with_table(page.read_text(encoding="utf-8")), encoding="utf-8")
    (DOCS / "images" / "lattice.svg").write_text(picture(), encoding="utf-8")


if __name__ == "__main__":
    main()
