"""Precision and recall of pairing by content, on pieces of a gold corpus and on the parallel manuals of packages.

python scripts/measure_pairing.py                       pieces of the gold corpora, a fifth without a partner
python scripts/measure_pairing.py --manuals MAN         an unpacked usr/share/man with several languages (manpages-*)
python scripts/measure_pairing.py --invented 10000      what choosing among so many documents costs once they are read:
                                                        invented vectors, a fifth of them near others of their family
python scripts/measure_pairing.py --mixed 10000         so many documents a side from the first reading on: beads of
                                                        the Chinese-English gold in chance order, each sentence less a
                                                        chance word (none is met twice), a fifth without a partner
"""

import argparse
import gzip
import hashlib
import random
import re
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
from corpora import LANGUAGES, SHARED, load_corpus

from aligner.corpus.fit import clear_pairs, fits
from aligner.corpus.matching import alike_pairs, mutual_best, score_sides
from aligner.corpus.pairing import pair_documents
from aligner.corpus.sketch import WINDOWS, Sentences, Sketch
from aligner.options import Options

WITHOUT_PARTNER = 0.2


def pieces(corpus, lengths, chance):
    for document in corpus.documents:
        at = 0
        while at < len(document.gold):
            beads = document.gold[at : at + chance.choice(lengths)]
            at += len(beads)
            sides = [[i for bead in beads for i in bead[side]] for side in (0, 1)]
            texts = (document.source, document.target)
            if all(sides):
                yield ["\n".join(text[i] for i in side) for text, side in zip(texts, sides, strict=True)]


def measure(name, lefts, rights, options, workers):
    """`lefts`, `rights`: key to path; equal keys belong together."""
    shuffled = [sorted(side.values(), key=lambda path: path.name) for side in (lefts, rights)]
    began, used = time.perf_counter(), total_cpu()
    found = pair_documents(*shuffled, options, workers)
    cpu, wall = total_cpu() - used, time.perf_counter() - began
    keys = [{path: key for key, path in side.items()} for side in (lefts, rights)]
    right = sum(keys[0][a] == keys[1][b] for a, b in found.pairs)
    there = len(lefts.keys() & rights.keys())
    wrong = len(found.pairs) - right
    precision = right / max(1, len(found.pairs))
    print(
        f"{name:<28} {len(lefts):>5} × {len(rights):<5} {there:>5} pairs  precision {precision:.4f}"
        f"  recall {right / max(1, there):.4f}  ({wrong} wrong, {there - right} missed)"
        f"  {cpu:.0f} s of processor time, {wall:.0f} s", flush=True,
    )  # fmt: skip
    listed = {path: candidates for path, candidates in found.left}
    first = sum(
        any(keys[1][c.path] == keys[0][path] for c in candidates)
        for path, candidates in listed.items()
        if keys[0][path] in rights
    )
    missed = sum(keys[0][path] in rights for path in listed)
    if missed:
        print(f"{'':<28} of {missed} that were missed, {first} have their partner among the candidates")


def total_cpu():
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def measure_gold(folder, lengths, workers, seed):
    chance = random.Random(seed)
    for name, langs in LANGUAGES.items():
        corpus = load_corpus(SHARED / name)
        sides = ({}, {})
        for number, texts in enumerate(pieces(corpus, lengths, chance)):
            alone = chance.random()
            for side in (0, 1):
                if (side == 0 and alone < WITHOUT_PARTNER / 2) or (
                    side == 1 and alone > 1 - WITHOUT_PARTNER / 2
                ):
                    continue
                path = folder / f"{name}-{side}-{chance.random()}.txt"
                path.write_text(texts[side], encoding="utf-8")
                sides[side][number] = path
        options = Options(src_lang=langs[0], tgt_lang=langs[1], presplit=True, cache=False)
        measure(f"{name}, {min(lengths)} to {max(lengths)} beads", *sides, options, workers)


def read_manuals(man, lang, folder):
    """The text of the manual pages of a language in an unpacked `usr/share/man`, by name; short ones are left out."""
    found = {}
    for path in sorted((man if lang == "en" else man / lang).glob("man[1-8]/*.gz")):
        if path.is_symlink():  # the same page under another name
            continue
        source = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
        lines = [
            re.sub(r"^\.(?:SH|SS|B|I|BR|IR|IP|TP|RB|RI|BI|IB)\s*", "", line) for line in source.splitlines()
        ]
        kept = [
            re.sub(r"\\f.|\\[&%/,|^]", "", line).replace("\\-", "-")
            for line in lines
            if not re.match(r"[.'\"]", line)
        ]
        text = "\n".join(kept)
        if len(text) > 1_500:
            found[path.name] = folder / f"{lang}-{hash_of(path.name + lang)}.txt"
            found[path.name].write_text(text, encoding="utf-8")
    return found


def hash_of(text):
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def measure_manuals(man, source, target, workers, most):
    """So many pairs, and half as many documents without a partner on each side."""
    chance = random.Random(3)
    with tempfile.TemporaryDirectory() as folder:
        sides = [read_manuals(man, lang, Path(folder)) for lang in (source, target)]
        shared = sorted(sides[0].keys() & sides[1].keys())
        chance.shuffle(shared)
        pairs, spare = shared[:most], shared[most:]
        for number, side in enumerate(sides):
            own = sorted(side.keys() - set(shared))
            own += spare[number::2]  # the one half has lost its translation, the other its source
            chance.shuffle(own)
            keep = {*pairs, *own[: most // 2]}
            sides[number] = {name: path for name, path in side.items() if name in keep}
        options = Options(src_lang=source.split("_")[0], tgt_lang=target.split("_")[0], cache=False)
        measure(f"manuals, {source} and {target}", *sides, options, workers)


def less_a_word(text, chance):
    """A sentence as no other document has it: without one word, or one character where there are no blanks."""
    parts = text.split(" ") if " " in text.strip() else list(text)
    if len(parts) > 3:
        del parts[chance.randrange(len(parts))]
    return (" " if " " in text.strip() else "").join(parts)


def chinese_english_beads():
    for name, (source, _) in LANGUAGES.items():
        if source in ("zh", "en") and "zh" in LANGUAGES[name]:
            for document in load_corpus(SHARED / name).documents:
                texts = (document.source, document.target)[:: 1 if source == "zh" else -1]
                for bead in document.gold:
                    sides = bead[:: 1 if source == "zh" else -1]
                    if all(sides):
                        yield [[text[i] for i in side] for text, side in zip(texts, sides, strict=True)]


def measure_mixed(count, workers, seed, lengths=(32, 48)):
    chance = random.Random(seed)
    beads = list(chinese_english_beads())
    sides = ({}, {})
    with tempfile.TemporaryDirectory() as folder:
        for number in range(round(count / (1 - WITHOUT_PARTNER / 2))):
            chosen = chance.sample(beads, chance.randint(*lengths))
            alone = chance.random()
            for side in (0, 1):
                if alone < WITHOUT_PARTNER / 2 if side == 0 else alone > 1 - WITHOUT_PARTNER / 2:
                    continue
                path = Path(folder) / f"{side}-{chance.random()}.txt"
                lines = [less_a_word(text, chance) for bead in chosen for text in bead[side]]
                path.write_text("\n".join(lines), encoding="utf-8")
                sides[side][number] = path
        options = Options(src_lang="zh", tgt_lang="en", presplit=True, cache=False)
        measure("mixed, 32 to 48 beads", *sides, options, workers)
    peaks = (
        resource.getrusage(who).ru_maxrss >> 10 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"at most {' MB of memory here, '.join(map(str, peaks))} MB in a worker")


FAMILY, DIMENSION, LINES = 5, 512, 100


def invented_rows(number, side):
    """The vectors of a document's sentences; of each family one in five documents begins like the one before."""
    own = np.random.default_rng([2, number]).normal(size=(LINES, DIMENSION)).astype(np.float32)
    if number % FAMILY == 0 and number:
        own[: LINES // 2] = invented_rows(number - 1, 0)[: LINES // 2]
    rows = own + 1.2 * np.random.default_rng([side, number]).normal(size=own.shape).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def invented_sketches(count, side):
    sketches = []
    for number in range(count):
        rows = invented_rows(number, side)
        windows = np.stack([part.mean(axis=0) for part in np.array_split(rows, WINDOWS)])
        windows /= np.linalg.norm(windows, axis=1, keepdims=True)
        marks = np.random.default_rng([3, number]).integers(0, 50 * count, 40)
        path = Path(f"{side}/{number}")
        sketches.append(
            Sketch(path, "ab"[side], windows.astype(np.float16), 5000, np.sort(marks.astype(np.uint64)))
        )
    return sketches


def invented_sentences(numbers, side):
    """As the program does: of the documents alone that are looked at closely."""
    weights = np.full(LINES, 50, np.float32)
    return {n: Sentences("ab"[side], invented_rows(n, side).astype(np.float16), weights) for n in numbers}


def measure_invented(count):
    left, right = (invented_sketches(count, side) for side in (0, 1))
    began = total_cpu()
    scores = score_sides(left, right)
    sure, maybe = mutual_best(scores, count)
    score_sides(right, left)
    alike_pairs(left)
    alike_pairs(right)
    scored = total_cpu() - began
    known = [invented_sentences({pair[side] for pair in maybe}, side) for side in (0, 1)]
    clear_pairs(fits(*known, maybe), (left, right), sure)
    print(
        f"{count} × {count}: {len(sure)} sure; sketches compared in {scored:.0f} s of processor time, {len(maybe)} of"
        f" them by their sentences in {total_cpu() - began - scored:.0f} s; at most"
        f" {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB of memory"
    )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--manuals", type=Path)
    parser.add_argument("--invented", type=int)
    parser.add_argument("--mixed", type=int)
    parser.add_argument("--pairs", default="en-de,de-fr,fr-es")
    parser.add_argument("--most", type=int, default=400)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.invented:
        measure_invented(arguments.invented)
        return
    if arguments.mixed:
        measure_mixed(arguments.mixed, arguments.workers, arguments.seed)
        return
    if arguments.manuals:
        for pair in arguments.pairs.split(","):
            measure_manuals(arguments.manuals, *pair.split("-"), arguments.workers, arguments.most)
        return
    with tempfile.TemporaryDirectory() as folder:
        measure_gold(Path(folder), (5, 10, 15), arguments.workers, arguments.seed)
        measure_gold(Path(folder), (20, 40, 60), arguments.workers, arguments.seed)


if __name__ == "__main__":
    main()
