"""Time the engine by size: `python scripts/bench.py ../shared/gold/mac_dev ../shared/gold/mac_train`.

The corpora's documents are chained until the size (sentences of both sides together) is reached. When they
run out, they come again in another order, each sentence with the number of the round before it on both
sides: so no sentence is met twice, and the encoder, which does each distinct text once, can save nothing.
Every size runs in a fresh process with the vector cache off, after the models are loaded. Beside wall time
stands processor time, which says more where other programs run; `ratio` is the whole job over embedding
each sentence once, in the same process. `--rivals` runs Vecalign's algorithm (`sentweave` from PyPI) and
Bertalign's (`bertalign` 2, Python 3.12 or later) with the same encoder on the same sentences where they are
installed.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

from corpora import SHARED, GoldDocument, load_corpus

from aligner import pipeline
from aligner.encode.encoder import Encoder
from aligner.encode.load import load_encoder, shared_encoder
from aligner.engine import passes
from aligner.evaluation.scores import ladder_of, score
from aligner.options import Options
from aligner.read.ladder import Ladder

SIZES = (1_000, 5_000, 20_000, 60_000)
RIVALS = ("sentweave", "bertalign")
STAGES = {
    "evidence": ("gather",),
    "features": ("score_beads", "find_candidates", "add_words", "add_interactions"),
    "search": (
        "nearest",
        "longest_chain",
        "bead_probabilities",
        "sure_pairs",
        "narrow",
        "decode",
        "stray_passages",
        "align_part",
        "off_the_path",
    ),
    "learning": ("with_learned_words",),
    "clauses": ("find_corners",),
}
"""The parts of the whole job: which functions of `aligner.engine.passes` or `aligner.pipeline` each one is."""
_KIB = 1024 if sys.platform != "darwin" else 1  # the unit of the peak memory the system reports


@dataclass(frozen=True, slots=True)
class Chain:
    """Documents put one after the other: sentences of both sides and the gold between them."""

    source: list[str]
    target: list[str]
    gold: Ladder


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds on the clock and of processor time."""

    wall: float
    cpu: float

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.wall + other.wall, self.cpu + other.cpu)


def chain_documents(documents: Sequence[GoldDocument], size: int) -> Chain:
    """The first documents, in rounds, until they have `size` sentences over both sides."""
    source: list[str] = []
    target: list[str] = []
    gold: Ladder = []
    turn = 0
    while len(source) + len(target) < size:
        round_number, place = divmod(turn, len(documents))
        document = documents[(place + round_number) % len(documents)]
        mark = f"{round_number} " if round_number else ""
        gold += [
            (tuple(i + len(source) for i in sources), tuple(j + len(target) for j in targets))
            for sources, targets in document.gold
        ]
        source += [mark + sentence for sentence in document.source]
        target += [mark + sentence for sentence in document.target]
        turn += 1
    return Chain(source, target, gold)


def timed(work: Callable[[], Any]) -> tuple[Any, Spent]:
    """What `work` returns and what it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, Spent(time.perf_counter() - wall, time.process_time() - cpu)


def watch_stages() -> dict[str, Spent]:
    """Make the stages of the pipeline add up their times in the dictionary returned."""
    spent = dict.fromkeys(STAGES, Spent(0.0, 0.0))
    for stage, names in STAGES.items():
        for name in names:
            module = passes if hasattr(passes, name) else pipeline
            setattr(module, name, _watched(getattr(module, name), stage, spent))
    return spent


def _watched(function: Callable[..., Any], stage: str, spent: dict[str, Spent]) -> Callable[..., Any]:
    @wraps(function)
    def watched(*arguments: Any, **named: Any) -> Any:
        result, took = timed(lambda: function(*arguments, **named))
        spent[stage] += took
        return result

    return watched


def measure(chain: Chain, languages: tuple[str, str], name: str) -> dict[str, Any]:
    """Embed each sentence once, then do the whole job; times by stage, peak memory, F1."""
    options = Options(encoder=name, cache=False)
    encoder = shared_encoder(name, False, False)  # a second copy would count as memory of the job
    pipeline.align_segments(chain.source[:50], chain.target[:60], *languages, options)  # models, dictionary
    encode = timed(lambda: [len(encoder.encode(side)) for side in (chain.source, chain.target)])[1]
    stages = watch_stages()
    alignment, whole = timed(lambda: pipeline.align_segments(chain.source, chain.target, *languages, options))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB
    return {
        "sentences": [len(chain.source), len(chain.target)],
        "f1": round(score(chain.gold, ladder_of(alignment)).strict[2], 4),
        "encode": _seconds(encode),
        **{stage: _seconds(spent) for stage, spent in stages.items()},
        "whole": _seconds(whole),
        "ratio": {
            "wall": round(whole.wall / encode.wall, 2),
            "cpu": round(whole.cpu / encode.cpu, 2),
        },
        "peak_mib": round(peak / 2**20),
        "signature": alignment.signature,
    }


def measure_rival(rival: str, chain: Chain, name: str) -> dict[str, Any]:
    """The same of a rival, its windows of sentences embedded with our encoder."""
    if find_spec(rival) is None:
        note = "Python 3.12 or later and " if rival == "bertalign" else ""
        return {"skipped": f"{rival} is not installed here: it needs {note}pip install {rival}"}
    encoder = load_encoder(name, cache=False)
    run = {"sentweave": _run_sentweave, "bertalign": _run_bertalign}[rival]
    run(Chain(chain.source[:50], chain.target[:60], []), encoder)
    encode = timed(lambda: [len(encoder.encode(side)) for side in (chain.source, chain.target)])[1]
    ladder, whole = timed(lambda: run(chain, encoder))
    return {
        "sentences": [len(chain.source), len(chain.target)],
        "f1": round(score(chain.gold, ladder).strict[2], 4),
        "encode": _seconds(encode),
        "whole": _seconds(whole),
        "ratio": {
            "wall": round(whole.wall / encode.wall, 2),
            "cpu": round(whole.cpu / encode.cpu, 2),
        },
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB / 2**20),
    }


def _run_sentweave(chain: Chain, encoder: Encoder) -> Ladder:
    import sentweave

    result = sentweave.align(chain.source, chain.target, encoder)
    return [(tuple(bead.src_indices), tuple(bead.tgt_indices)) for bead in result.alignments]


def _run_bertalign(chain: Chain, encoder: Encoder) -> Ladder:
    import bertalign

    class SameEncoder(bertalign.Encoder):  # type: ignore[misc]
        def __init__(self) -> None:
            self.model, self.model_name = encoder, encoder.name

    texts = ["\n".join(side) for side in (chain.source, chain.target)]
    beads = bertalign.Bertalign(*texts, is_split=True, model=SameEncoder()).align_sents()
    return [(tuple(source), tuple(target)) for source, target in beads]


def _seconds(spent: Spent) -> dict[str, float]:
    return {"wall": round(spent.wall, 3), "cpu": round(spent.cpu, 3)}


def run_apart(arguments: argparse.Namespace, size: int, engine: str) -> dict[str, Any]:
    """One measurement in a process of its own."""
    command = [sys.executable, __file__, *map(str, arguments.corpora), "--encoder", arguments.encoder]
    done = subprocess.run(
        [*command, "--sizes", str(size), "--only", engine], stdout=subprocess.PIPE, check=True
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def run_here(arguments: argparse.Namespace) -> dict[str, Any]:
    """The measurement `--only` asks for."""
    corpora = [load_corpus(folder) for folder in arguments.corpora]
    languages = {(corpus.src_lang, corpus.tgt_lang) for corpus in corpora}
    if len(languages) != 1:
        raise SystemExit("the corpora must be of one pair of languages, in one direction")
    documents = [document for corpus in corpora for document in corpus.documents]
    chain = chain_documents(documents, arguments.sizes[0])
    if arguments.only == "aligner":
        return measure(chain, languages.pop(), arguments.encoder)
    return measure_rival(arguments.only, chain, arguments.encoder)


def as_line(engine: str, result: dict[str, Any]) -> str:
    """One row of the table: wall seconds (processor seconds)."""
    if "skipped" in result:
        return f"{engine:<10} {result['skipped']}"
    columns = [*(stage for stage in ("encode", *STAGES, "whole"))]
    cells = [
        f"{result[column]['wall']:7.1f} ({result[column]['cpu']:6.1f})" if column in result else " " * 16
        for column in columns
    ]
    source, target = result["sentences"]
    ratio = f"{result['ratio']['wall']:6.2f} ({result['ratio']['cpu']:5.2f})"
    tail = f"{ratio} {result['peak_mib']:6} {result['f1']:.4f}"
    return f"{engine:<10} {source:>6} × {target:<6} {' '.join(cells)} {tail}"


def growth(results: Sequence[dict[str, Any]]) -> str:
    """How time and memory grow from one size to the next."""
    steps = []
    for small, large in pairwise(results):
        more = sum(large["sentences"]) / sum(small["sentences"])
        cpu, peak = large["whole"]["cpu"] / small["whole"]["cpu"], large["peak_mib"] / small["peak_mib"]
        steps.append(f"{more:.2f} × the sentences: {cpu:.2f} × the processor time, {peak:.2f} × the memory")
    return "\n".join(steps)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "corpora",
        nargs="*",
        type=Path,
        metavar="CORPUS_DIR",
        default=[SHARED / "mac_dev", SHARED / "mac_train"],
    )
    parser.add_argument("--sizes", nargs="+", type=int, default=list(SIZES), help="sentences of both sides")
    parser.add_argument("--encoder", default="use", help="name of one encoder, see `align models`")
    parser.add_argument("--rivals", action="store_true", help="also Vecalign's and Bertalign's algorithm")
    parser.add_argument(
        "--rivals-up-to", type=int, default=5_000, metavar="SIZE", help="sizes above are not asked of rivals"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object, by size and engine")
    parser.add_argument("--only", choices=("aligner", *RIVALS), help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> int:
    arguments = parse_arguments()
    if arguments.only:
        json.dump(run_here(arguments), sys.stdout)
        return 0
    report: dict[str, dict[str, Any]] = {}
    if not arguments.json:
        heads = " ".join(f"{column:>16}" for column in ("encode", *STAGES, "whole"))
        print(f"{'seconds':<10} {'sentences':^15} {heads} {'ratio':>14} {'MiB':>6} F1", flush=True)
    for size in arguments.sizes:
        rivals = RIVALS if arguments.rivals and size <= arguments.rivals_up_to else ()
        for engine in ("aligner", *rivals):
            result = run_apart(arguments, size, engine)
            report.setdefault(str(size), {})[engine] = result
            if not arguments.json:
                print(as_line(engine, result), flush=True)
    ours = [by_engine["aligner"] for by_engine in report.values()]
    if arguments.json:
        json.dump(report, sys.stdout, indent=1)
        print()
    else:
        print(growth(ours))
        print(f"from       {ours[-1]['signature']}; seconds on the clock (of the processors)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
