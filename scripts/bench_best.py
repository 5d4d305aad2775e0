"""Time `--quality best` against `fast`: `python scripts/bench_best.py ../shared/gold/mac_dev --size 5000`.

Both do the whole job on the same sentences, which are chained as by `bench.py`, in one process, one after the other,
with the vector cache off, after the models are loaded. Where other programs run, the ratio of processor times says
more than that on the clock.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from bench import Chain, Spent, chain_documents, timed
from corpora import load_corpus

from aligner.options import Options
from aligner.pipeline import align_segments


def spend(chain: Chain, languages: Sequence[str], quality: str) -> Spent:
    """What the whole job takes."""
    options = Options(quality=quality, cache=False)
    align_segments(chain.source[:50], chain.target[:60], *languages, options)  # models, dictionary
    return timed(lambda: align_segments(chain.source, chain.target, *languages, options))[1]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--size", type=int, default=5_000, help="sentences of both sides, at least")
    parser.add_argument("--turns", type=int, default=1, help="how often each quality has its turn")
    arguments = parser.parse_args()
    corpus = load_corpus(arguments.corpus)
    chain = chain_documents(corpus.documents, arguments.size)
    print(f"{len(chain.source)} × {len(chain.target)} sentences, seconds on the clock (of the processors)")
    totals = {}
    for quality in ("fast", "best") * arguments.turns:
        spent = spend(chain, (corpus.src_lang, corpus.tgt_lang), quality)
        totals[quality] = totals.get(quality, Spent(0.0, 0.0)) + spent
        print(f"{quality:5} {spent.wall:7.1f} ({spent.cpu:.1f})", flush=True)
    fast, best = totals["fast"], totals["best"]
    print(f"ratio {best.wall / fast.wall:7.2f} ({best.cpu / fast.cpu:.2f})")


if __name__ == "__main__":
    main()
