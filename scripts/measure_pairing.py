"""Precision and recall of pairing by content, on pieces of a gold corpus and on the parallel manuals of packages.

python scripts/measure_pairing.py                       pieces of the gold corpora, a fifth without a partner
python scripts/measure_pairing.py --manuals MAN         an unpacked usr/share/man with several languages (manpages-*)
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

from corpora import LANGUAGES, SHARED, load_corpus

from aligner.corpus.pairing import pair_documents
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
        options = Options(src_lang=source, tgt_lang=target, cache=False)
        measure(f"manuals, {source} and {target}", *sides, options, workers)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--manuals", type=Path)
    parser.add_argument("--pairs", default="en-de,de-fr,fr-es")
    parser.add_argument("--most", type=int, default=400)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.manuals:
        for pair in arguments.pairs.split(","):
            measure_manuals(arguments.manuals, *pair.split("-"), arguments.workers, arguments.most)
        return
    with tempfile.TemporaryDirectory() as folder:
        measure_gold(Path(folder), (5, 10, 15), arguments.workers, arguments.seed)
        measure_gold(Path(folder), (20, 40, 60), arguments.workers, arguments.seed)


if __name__ == "__main__":
    main()
