"""Score the aligner on gold folders: `python scripts/evaluate.py ../shared/gold/mag ../shared/gold/textberg`.

Prints for each corpus strict and lax F1, the beads found by type, the edits left, the calibration, the time
it took, and the signature with the corpus' hash, which name everything the figures depend on.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from corpora import Corpus, GoldDocument, load_corpus

from aligner.evaluation.report import as_dict, as_text
from aligner.evaluation.scores import Scores, confidences_of, ladder_of, pool, score
from aligner.options import Options
from aligner.pipeline import align_segments


def evaluate_document(
    document: GoldDocument, languages: tuple[str, str], options: Options
) -> tuple[Scores, str]:
    """The scores of one document and the signature of its alignment."""
    alignment = align_segments(document.source, document.target, *languages, options)
    return score(document.gold, ladder_of(alignment), confidences_of(alignment)), alignment.signature


def evaluate_corpus(corpus: Corpus, options: Options, jobs: int = 1) -> tuple[Scores, str]:
    """The pooled scores of a corpus and the signatures met, in one line."""
    count = len(corpus.documents)
    work = (corpus.documents, [(corpus.src_lang, corpus.tgt_lang)] * count, [options] * count)
    if jobs == 1:
        results = list(map(evaluate_document, *work))
    else:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as workers:
            results = list(workers.map(evaluate_document, *work))
    return pool(scores for scores, _ in results), " / ".join(
        dict.fromkeys(signature for _, signature in results)
    )


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpora", nargs="+", type=Path, metavar="CORPUS_DIR")
    parser.add_argument("--quality", choices=("fast", "best"), default="fast")
    parser.add_argument("--encoder", help="name of an encoder, see `align models`")
    parser.add_argument("--json", action="store_true", help="one JSON object, by corpus")
    parser.add_argument(
        "--reliability", action="store_true", help="also the table behind the calibration error"
    )
    parser.add_argument("--jobs", type=int, default=1, help="documents at once, each in a process of its own")
    return parser.parse_args()


def reliability_text(scores: Scores) -> str:
    from aligner.evaluation.calibration import calibrate

    return "\n".join(
        f"       {low:.2f}–{high:.2f}  {beads:6} beads, sure {mean:.3f}, right {right:.3f}"
        for low, high, beads, mean, right in calibrate(scores.outcomes).table
    )


def main() -> int:
    arguments = parse_arguments()
    chosen = {"quality": arguments.quality} | ({"encoder": arguments.encoder} if arguments.encoder else {})
    options = Options(**chosen)
    report = {}
    for folder in arguments.corpora:
        corpus = load_corpus(folder)
        start = time.perf_counter()
        scores, signature = evaluate_corpus(corpus, options, arguments.jobs)
        seconds = time.perf_counter() - start
        report[corpus.name] = {
            "hash": corpus.hash,
            "signature": signature,
            "seconds": round(seconds, 2),
            **as_dict(scores),
        }
        if not arguments.json:
            print(
                f"== {corpus.name} ({corpus.src_lang} → {corpus.tgt_lang}), {len(corpus.documents)} documents"
            )
            print(as_text(scores))
            if arguments.reliability and scores.outcomes:
                print(reliability_text(scores))
            print(f"time   {seconds:.1f} s")
            print(f"from   corpus {corpus.hash}; {signature}\n", flush=True)
    if arguments.json:
        json.dump(report, sys.stdout, ensure_ascii=False, indent=1)
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
