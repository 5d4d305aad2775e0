"""Train the bead scorer: `python scripts/train_scorer.py zh-en use GOLD_FOLDER GOLD_FOLDER`.

A semi-Markov conditional random field over each document's corridor, weights shared between the two sides, by
L-BFGS on the conditional likelihood of the gold beads; before it one over walks through the clauses, for which
any walk within the gold beads is right. Each document is shown to the second with what the first says of it when
it was trained without that document. Writes `models/scorer/PAIR.ENCODERS.json` and prints strict F1 of each corpus,
every document scored by weights that never saw it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from corpora import load_corpus, struck, without
from scipy.optimize import minimize
from train_interactions import fit_interactions

from aligner.encode.load import load_encoder
from aligner.engine.anchors import anchor, mean_cosine
from aligner.engine.beads import BEAD_TYPES, ONE_SIDED
from aligner.engine.candidates import OPEN, add_words, find_candidates
from aligner.engine.corridor import Corridor
from aligner.engine.decode import decode, sure_pairs
from aligner.engine.evidence import Evidence, with_learned_words
from aligner.engine.feature import Feature, Scene
from aligner.engine.features import AGAIN, compute_features, weighed
from aligner.engine.lattice import IMPOSSIBLE, Lattice, build_lattice, posteriors
from aligner.engine.passes import conclude, find_corners, first_pass, survey
from aligner.engine.score import Ground, tiles
from aligner.engine.walk import PLAUSIBLE, STEP_FEATURES, STEPS, clause_corridor, step_features
from aligner.engine.weights import ANY, CORNER, FORMAT, BeadWeights, Weights
from aligner.evaluation.scores import pool, score
from aligner.gather.gather import gather
from aligner.lexicon.relate import load_dictionary
from aligner.prepare import document_of

PRUNE = 1e-7  # posterior below which a bead is left out of the second round
SEED = 20
FEWEST_DOCUMENTS = 2
STEP_FOLDS, STEP_ROUNDS = 3, 60
GAP_APART, GAP_LENGTH = (15, 60), (2, 12)  # beads between two gaps, beads in a gap
# What punctuation says differs from pair to pair: the weights for any pair leave it alone.
NOT_FOR_ANY = ("joint.weak", "final.")
# Gold corpora have no paragraphs, so what they mean is set by hand: worth a look, never worth a false pair.
PRESET = {"break.both": 0.5, "break.one": -0.5, "joint.break": -1.0}
GAPPED_COPY, STRUCK_COPY = " with gaps", " with sentences struck"
TYPE_SCALE = 3.0  # prior deviation of a type's weight; a feature's is one over its own deviation


@dataclass
class Example:
    """One document; after the first round with the posteriors (C, T) and what the clauses say of each cell (C,)."""

    name: str
    evidence: Evidence
    chain: list
    ground: Ground
    gold: list
    likely: np.ndarray | None = None
    corners: np.ndarray | None = None


@dataclass
class Table:
    """The lattice of one document for the training: beads `kept` and `right` (C, T), their features (entries, F)."""

    name: str
    corridor: Corridor
    types: tuple
    kept: np.ndarray
    right: np.ndarray
    values: np.ndarray


def load_examples(folders, names, with_dictionary, gaps=0, strikes=0, lone=False):
    encoders = [load_encoder(name) for name in names]
    generator = np.random.default_rng(SEED)
    examples = []
    for folder in folders:
        corpus = load_corpus(folder)
        dictionary = load_dictionary(corpus.src_lang, corpus.tgt_lang) if with_dictionary else None
        documents = list(corpus.documents)
        if lone:
            documents = [struck(document, generator, document.name) for document in corpus.documents]
        elif gaps:
            documents += [with_passages_missing(document, generator) for document in corpus.documents[::gaps]]
        if strikes:
            documents += [
                struck(document, generator, f"{document.name}{STRUCK_COPY}")
                for document in corpus.documents[::strikes]
            ]
        for document in documents:
            source = document_of(document.source, corpus.src_lang, "source")
            target = document_of(document.target, corpus.tgt_lang, "target")
            evidence = gather(source, target, encoders, dictionary)
            chain = anchor(evidence.source, evidence.target)
            name = f"{corpus.name}/{document.name}"
            examples.append(Example(name, evidence, chain, survey(evidence, chain), document.gold))
    return examples


def with_passages_missing(document, generator):
    """A copy in which runs of beads have lost one of their sides, so that the other is without counterpart."""
    lost, position = (set(), set()), 0
    while position < len(document.gold):
        position += int(generator.integers(*GAP_APART))
        run = document.gold[position : position + int(generator.integers(*GAP_LENGTH))]
        side = int(generator.integers(2))
        lost[side].update(index for bead in run for index in bead[side])
        position += len(run)
    return without(document, lost, f"{document.name}{GAPPED_COPY}")


def features_of(corridor, compute, kept):
    """Features (entries, F) of the beads or steps `kept` (C, T); `compute` gives those of a tile."""
    parts, done = [], 0
    for tile in tiles(corridor):
        values = compute(tile)[tile.inside]
        parts.append(values[kept[done : done + len(values)]])
        done += len(values)
    return np.concatenate(parts)


def table_of(example, kept=None):
    """The sentences of `example` and their beads `kept` (C, T), all possible ones by default."""
    lattice = build_lattice([example.ground.corridor])
    kept = lattice.possible if kept is None else kept & lattice.possible
    evidence = example.evidence

    def compute(tile):
        scene = Scene(evidence.source, evidence.target, tile, example.ground.ratio)
        return compute_features(scene, evidence.channels)

    values = features_of(example.ground.corridor, compute, kept)
    corners = np.zeros(len(lattice)) if example.corners is None else example.corners
    cells, kinds = np.nonzero(kept)
    ends = np.where(kinds < ONE_SIDED, 0.0, corners[cells])[:, None].astype(np.float32)
    right = mark_gold(lattice, example.gold)
    return Table(example.name, example.ground.corridor, BEAD_TYPES, kept, right, np.hstack([ends, values]))


def step_table_of(example):
    """The clauses within its plausible and its gold beads."""
    evidence, lattice = example.evidence, build_lattice([example.ground.corridor])
    sides = evidence.source_clauses, evidence.target_clauses
    bounds = [side.bounds for side in sides]
    plausible = (example.likely >= PLAUSIBLE) | mark_gold(lattice, example.gold)
    corridor = clause_corridor(lattice, plausible, *bounds)
    walks = build_lattice([corridor], STEPS)
    gold = [
        tuple(
            tuple(range(of[side[0]], of[side[-1] + 1])) if side else ()
            for side, of in zip(bead, bounds, strict=True)
        )
        for bead in example.gold
    ]

    def compute(tile):
        return np.moveaxis(step_features(*sides, evidence.channels[-1], tile), (0, 1), (3, 2))

    values = features_of(corridor, compute, walks.possible)
    return Table(example.name, corridor, STEPS, walks.possible, mark_gold(walks, gold, whole=False), values)


def mark_gold(lattice, gold, whole=True):
    """bool (C, T): the gold beads; every bead within one where no type can draw it or it needn't be `whole`."""
    possible = lattice.possible
    marked = np.zeros_like(possible)
    place = {(int(i), int(j)): c for c, (i, j) in enumerate(zip(lattice.row, lattice.column, strict=True))}
    types = {sizes: number for number, sizes in enumerate(BEAD_TYPES[: possible.shape[1]])}
    n, m = int(lattice.row[-1]), int(lattice.column[-1])

    def free(a, b, c, d):
        begin, end = lattice.bounds[a], lattice.bounds[c + 1]
        row, column = lattice.row[begin:end], lattice.column[begin:end]
        within = np.zeros(len(lattice) + 1, bool)
        within[begin:end] = (row >= a) & (row <= c) & (column >= b) & (column <= d)
        marked[begin:end] |= within[begin:end, None] & within[lattice.starts[begin:end]]

    i = j = 0
    for source, target in gold:
        p, q = (source[0] if source else i), (target[0] if target else j)
        if p < i or q < j:
            continue  # gold that crosses itself can't be drawn
        free(i, j, p, q)
        i, j = (source[-1] + 1 if source else p), (target[-1] + 1 if target else q)
        kind = types.get((i - p, j - q))
        if whole and kind is not None and (i, j) in place and possible[place[i, j], kind]:
            marked[place[i, j], kind] = True
        else:
            free(p, q, i, j)
    free(i, j, n, m)
    return marked & possible


def thinned(lattice, used):
    """The lattice with only the cells `used` (C,): most of a corridor is far from any likely bead."""
    place = np.append(np.where(used, np.cumsum(used) - 1, used.sum()), used.sum()).astype(np.int32)
    row = lattice.row[used]
    return Lattice(
        row, lattice.column[used], lattice.problem[used],
        np.searchsorted(row, np.arange(len(lattice.bounds))), place[lattice.starts[used]],
        place[lattice.origins].astype(np.int64), place[lattice.goals].astype(np.int64),
    )  # fmt: skip


class Problem:
    """Several tables as one lattice."""

    def __init__(self, tables):
        lattice = build_lattice([table.corridor for table in tables], tables[0].types)
        kept, gold = (np.zeros(lattice.starts.shape, bool) for _ in range(2))
        self.types = kept.shape[1]
        order = []
        for number, table in enumerate(tables):
            cells = np.flatnonzero(lattice.problem == number)
            kept[cells], gold[cells] = table.kept, table.right
            row, kind = np.nonzero(table.kept)
            order.append(cells[row] * self.types + kind)
        order = np.argsort(np.concatenate(order), kind="stable")
        used = kept.any(axis=1)
        used[lattice.starts[kept]] = True
        used[lattice.origins] = True
        self.lattice, self.kept, self.gold = thinned(lattice, used), kept[used], gold[used]
        self.values = np.concatenate([table.values for table in tables])[order]
        self.kind = np.nonzero(self.kept)[1]
        self.right = self.gold[self.kept]

    def scores(self, weights):
        out = np.full(self.kept.shape, IMPOSSIBLE)
        out[self.kept] = self.values @ weights[self.types + 1 :].astype(np.float32) + weights[self.kind]
        return out

    def loss(self, weights):
        """Negative log likelihood of the gold and its gradient."""
        scores, again = self.scores(weights), weights[self.types]
        free = posteriors(self.lattice, scores, again)
        gold = posteriors(self.lattice, np.where(self.gold, scores, IMPOSSIBLE), again)
        surplus = free.probability[self.kept] - np.where(self.right, gold.probability[self.kept], 0.0)
        by_type = np.bincount(self.kind, weights=surplus, minlength=self.types)
        gradient = np.concatenate(
            [by_type, [free.runs - gold.runs], surplus.astype(np.float32) @ self.values]
        )
        return float((free.partition - gold.partition).sum()), gradient.astype(np.float64)


def left_open(table, weights):
    """The table with the gold beads and those that are plausible by the `weights` alone."""
    problem = Problem([table])
    likely = posteriors(problem.lattice, problem.scores(weights), weights[problem.types]).probability
    kept = table.kept.copy()
    kept[table.kept] = (likely[problem.kept] >= OPEN) | problem.right
    return replace(table, kept=kept, values=table.values[kept[table.kept]])


def fit_together(tables, weights, features):
    """What the features of the beads that the `weights` leave open say together."""
    problem = Problem([left_open(table, weights) for table in tables])
    types = problem.types + 1
    base = problem.scores(weights)[problem.kept]
    return fit_interactions(problem, base, weights[problem.types], mirrored(features)[types:] - types)


def mirrored(features):
    """For each feature, the place of the one that means the same with the sides exchanged."""
    place = {feature.name: number for number, feature in enumerate(features)}
    return np.array([place[feature.mirror or feature.name] for feature in features])


def fit(tables, features, strength, rounds, left_out=()):
    """Weights (float64) that make the gold most likely under a Gaussian prior, equal for both directions."""
    problem = Problem(tables)
    mirror = mirrored(features)
    spread = 1 / (problem.values.std(axis=0) + 1e-6)
    scale = np.concatenate([np.full(problem.types + 1, TYPE_SCALE), spread])
    scale = (scale + scale[mirror]) / 2
    scale *= [not feature.name.startswith(left_out) for feature in features]

    def objective(free):
        weights = free * scale
        loss, gradient = problem.loss((weights + weights[mirror]) / 2)
        gradient = gradient * scale
        return loss + 0.5 * strength * float(free @ free), (gradient + gradient[mirror]) / 2 + strength * free

    found = minimize(
        objective,
        np.zeros(len(features)),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": rounds, "maxcor": 20},
    )
    weights = found.x * scale
    weights = (weights + weights[mirror]) / 2
    for number, feature in enumerate(features):
        weights[number] = PRESET.get(feature.name, weights[number])
    return weights, float(found.fun)


def sentence_features(channels):
    """All that has a weight in the order of the training: the corner stands before the other features."""
    features = list(weighed(channels))
    meaning = "two-sided: minus the probability that the alignment of clauses misses the end of the bead"
    features.insert(len(BEAD_TYPES) + 1, Feature(CORNER, meaning))
    return features


def first_round(example, weights):
    """The example with its first alignment and the lexicon learned from it, and the beads that are not hopeless."""
    evidence = example.evidence
    scored, found = first_pass(evidence, example.ground, weights)
    likely = found.probability
    evidence = with_learned_words(evidence, sure_pairs(scored.lattice, likely, weights))
    kept = (likely > PRUNE) | mark_gold(scored.lattice, example.gold)
    return replace(example, evidence=evidence, likely=likely), kept


def with_corners(example, steps):
    """The example with what the walk through its clauses says."""
    evidence = example.evidence
    ends = find_corners(
        build_lattice([example.ground.corridor]), example.likely,
        (evidence.source_clauses, evidence.target_clauses), evidence.channels[-1], steps,
    )  # fmt: skip
    return replace(example, corners=ends)


def judge(example, weights):
    evidence = example.evidence
    scored, found = first_pass(evidence, example.ground, weights)
    candidates = find_candidates(evidence, scored, found.probability, example.ground.ratio, weights)
    scored, candidates = add_words(scored, candidates, evidence, weights.sentences)
    beads = decode(conclude(scored, candidates, example.corners, weights), weights)
    system = [(tuple(range(b.src_start, b.src_end)), tuple(range(b.tgt_start, b.tgt_end))) for b in beads]
    return score(example.gold, system, [b.confidence for b in beads])


def calibration(outcomes):
    """Slope and shift of the logistic map from logit(posterior) to the share of right beads."""
    posterior = np.clip(np.array([sure for sure, _ in outcomes]), 1e-6, 1 - 1e-6)
    right = np.array([hit for _, hit in outcomes], dtype=float)
    logit = np.log(posterior / (1 - posterior))

    def loss(line):
        return np.logaddexp(0, -(2 * right - 1) * (line[0] * logit + line[1])).sum() + (line[0] - 1) ** 2

    return tuple(float(value) for value in minimize(loss, [1.0, 0.0], method="Nelder-Mead").x)


def report(title, scores):
    precision, recall, f1 = scores.strict
    print(
        f"{title:28} strict F1 {f1:.4f}  P {precision:.4f}  R {recall:.4f}  edits {scores.edits}", flush=True
    )


def whole_name(example):
    """The document's name, whether or not this is a copy of it."""
    return example.name.removesuffix(GAPPED_COPY).removesuffix(STRUCK_COPY)


def is_copy(example):
    return example.name.endswith((GAPPED_COPY, STRUCK_COPY))


def folds_of(examples, count, by_kind):
    """Sets of names of documents to leave out together, copies not among them.

    `by_kind`: all corpora of one kind of text (their names agree up to `_`), as weights for any pair will meet
    texts unlike those they were trained on; else every `count`th.
    """
    if by_kind:
        names = [example.name for example in examples if not is_copy(example)]
        kinds = [name.split("/")[0].split("_")[0] for name in names]
        folds = [
            {name for name, of in zip(names, kinds, strict=True) if of == kind} for kind in sorted(set(kinds))
        ]
        return folds if len(folds) > 1 else []
    return [
        {example.name for example in examples[number::count] if not is_copy(example)}
        for number in range(count)
    ]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pair", help="zh-en, or any: no dictionary, for every pair")
    parser.add_argument("encoders", help="use or use+e5")
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument(
        "--test", nargs="*", type=Path, default=[], help="gold folders to score, never trained on"
    )
    parser.add_argument(
        "--gaps", type=int, default=1, help="every so many documents one is also seen with passages missing"
    )
    parser.add_argument(
        "--strikes",
        type=int,
        default=0,
        help="every so many one is also seen with a tenth of its sentences deleted",
    )
    parser.add_argument(
        "--lone",
        action="store_true",
        help="documents with a tenth of the sentences of each side struck, and no others",
    )
    parser.add_argument("--folds", type=int, default=6, help="parts of the cross-validation that calibrates")
    parser.add_argument("--strength", type=float, default=1.0, help="of the Gaussian prior")
    parser.add_argument("--rounds", type=int, default=120, help="iterations of L-BFGS at most")
    parser.add_argument(
        "--sums", action="store_true", help="weighted sums alone, nothing that features say together"
    )
    parser.add_argument("--dry", action="store_true", help="print figures, write nothing")
    return parser.parse_args()


def train_steps(examples, strength):
    """Weights of the steps, and the examples with what weights that never saw them say of them.

    Trained on the documents as they are: their copies with gaps make no difference (models/README.md).
    """
    # Every walk has as many steps of each kind: these two weights and the third stay zero.
    features = [Feature(f"type.{a}-{b}", "a step", "one-sided", f"type.{b}-{a}") for a, b in STEPS]
    features += [Feature(AGAIN, "a step follows another", "one-sided")]
    features += [Feature(name, meaning, "one-sided") for name, meaning in STEP_FEATURES.items()]
    tables = [step_table_of(example) for example in examples if not is_copy(example)]

    def fit_some(some):
        values, _ = fit(some, features, strength, STEP_ROUNDS)
        return values[-len(STEP_FEATURES) :].astype(np.float32)

    shown = {}
    for fold in folds_of(examples, STEP_FOLDS, by_kind=False):
        unseen = fit_some([table for table in tables if table.name not in fold])
        for example in examples:
            if whole_name(example) in fold:
                shown[example.name] = with_corners(example, unseen)
    return fit_some(tables), [shown[example.name] for example in examples]


def main():
    arguments = parse_arguments()
    encoders = arguments.encoders.split("+")
    with_dictionary = arguments.pair != ANY
    left_out = () if with_dictionary else NOT_FOR_ANY
    examples = load_examples(
        arguments.corpora, encoders, with_dictionary, arguments.gaps, arguments.strikes, arguments.lone
    )
    if len({whole_name(example) for example in examples}) < FEWEST_DOCUMENTS:
        print(
            "one document is too little: each is judged by weights trained on others; add a gold folder",
            file=sys.stderr,
        )
        return 2
    channels = tuple(channel.name for channel in examples[0].evidence.channels)
    features = sentence_features(channels)
    place = [feature.name for feature in features].index(CORNER)

    def fit_sentences(tables, rounds=arguments.rounds):
        return fit(tables, features, arguments.strength, rounds, left_out)

    def weights_of(values, steps, slope=1.0, shift=0.0, together=None):
        sentences = BeadWeights(np.delete(values, place).astype(np.float32))
        return Weights(
            arguments.pair, tuple(encoders), channels, sentences, steps, float(values[place]), slope, shift,
            interactions=together,
        )  # fmt: skip

    def look_together(tables, values):
        return None if arguments.sums else fit_together(tables, values, features)

    no_steps = np.zeros(len(STEP_FEATURES), np.float32)
    first, _ = fit_sentences([table_of(example) for example in examples[::4]], 40)
    examples, kept = zip(
        *(first_round(example, weights_of(first, no_steps)) for example in examples), strict=True
    )
    steps, examples = train_steps(examples, arguments.strength)
    tables = [table_of(example, some) for example, some in zip(examples, kept, strict=True)]
    values, loss = fit_sentences(tables)
    beads = sum(len(table.values) for table in tables)
    print(
        f"{len(tables)} documents, {beads:,} beads, loss {loss:.1f}, corner {values[place]:.2f}", flush=True
    )
    outcomes, pooled = [], {}
    for fold in folds_of(examples, arguments.folds, by_kind=arguments.pair == ANY):
        others = [table for table in tables if whole_name(table) not in fold]
        unseen, _ = fit_sentences(others)
        together = look_together(others, unseen)
        for example in examples:
            if example.name in fold:
                scores = judge(example, weights_of(unseen, steps, together=together))
                outcomes += scores.outcomes
                pooled.setdefault(example.name.split("/")[0], []).append(scores)
            elif example.name.endswith(STRUCK_COPY) and whole_name(example) in fold:
                corpus = f"{example.name.split('/')[0]}{STRUCK_COPY}"
                pooled.setdefault(corpus, []).append(
                    judge(example, weights_of(unseen, steps, together=together))
                )
    cross = {corpus: pool(scores) for corpus, scores in pooled.items()}
    for corpus, scores in cross.items():
        report(f"{corpus}, cross-validated", scores)
    slope, shift = calibration(outcomes) if outcomes else (1.0, 0.0)
    if arguments.pair == ANY:
        shift = min(shift, 0.0)  # nothing says that it may be surer on texts unlike those it knows
    print(f"calibration: slope {slope:.3f}, shift {shift:.3f}")
    final = weights_of(values, steps, slope, shift, look_together(tables, values))
    for folder in arguments.test:
        tested = load_examples([folder], encoders, with_dictionary, lone=arguments.lone)
        ready = [with_corners(first_round(example, final)[0], final.steps) for example in tested]
        report(f"{folder.name}, unseen", pool([judge(example, final) for example in ready]))
    if not arguments.dry:
        spread = np.mean([mean_cosine(e.evidence.source, e.evidence.target, e.chain) for e in examples])
        write(final, values, features, arguments, cross, spread)
    return 0


def rounded(array):
    return [rounded(row) for row in array] if array.ndim > 1 else [round(float(value), 5) for value in array]


def on_one_line(row):
    return " ".join(row.group().split())


def write(weights, values, features, arguments, cross, spread):
    together = weights.interactions
    arrays = [together.deviations, together.inner, together.bias, together.outer] if together else []
    every = np.concatenate([values.astype(np.float32), weights.steps, *map(np.ravel, arrays)])
    digest = hashlib.sha256(every.tobytes()).hexdigest()[:8]
    corpora = {load_corpus(folder).name: load_corpus(folder).hash for folder in arguments.corpora}
    content = {
        "format": FORMAT,
        "pair": weights.pair,
        "encoders": list(weights.encoders),
        "channels": list(weights.channels),
        "signature": f"scorer:{weights.pair}.{'+'.join(weights.encoders)}{'.lone' * arguments.lone}-{digest}",
        "trained": {
            "command": f"python scripts/train_scorer.py {weights.pair} {arguments.encoders} "
            + " ".join(f"../shared/gold/{folder.name}" for folder in arguments.corpora)
            + (f" --strikes {arguments.strikes}" if arguments.strikes else "")
            + (" --sums" if arguments.sums else "")
            + (" --lone" if arguments.lone else "")
            + f" --gaps {arguments.gaps} --strength {arguments.strength} --rounds {arguments.rounds}",
            "corpora": corpora,
            "strength": arguments.strength,
            "cross-validated strict F1": {name: round(scores.strict[2], 4) for name, scores in cross.items()},
        },
        "spread": round(float(spread), 4),
        "calibration": {"slope": round(weights.slope, 4), "shift": round(weights.shift, 4)},
        "features": [
            {"name": feature.name, "weight": round(float(value), 5), "meaning": feature.meaning}
            for feature, value in zip(features, values, strict=True)
        ],
        "steps": [
            {"name": name, "weight": round(float(value), 5), "meaning": meaning}
            for (name, meaning), value in zip(STEP_FEATURES.items(), weights.steps, strict=True)
        ],
    }
    if together:
        names = [features[len(BEAD_TYPES) + 1 + column].name for column in together.columns]
        numbers = zip(("deviations", "inner", "bias", "outer"), arrays, strict=True)
        content["interactions"] = {
            "names": names, **{name: rounded(array) for name, array in numbers}
        }  # fmt: skip
    folder = Path(__file__).resolve().parents[1] / "models" / "scorer"
    folder.mkdir(exist_ok=True)
    kind = ".lone" if arguments.lone else ""
    path = folder / f"{weights.pair}.{'+'.join(weights.encoders)}{kind}.json"
    text = re.sub(r"\[\n[-\d.e,\s]+\]", on_one_line, json.dumps(content, ensure_ascii=False, indent=1))
    path.write_text(text + "\n", encoding="utf-8")
    print(path.name)


if __name__ == "__main__":
    sys.exit(main())
