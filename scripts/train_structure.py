"""Fit the weights of a document's structure: `python scripts/train_structure.py GOLD… --test GOLD…`.

On documents with structure made from the gold ones (`scripts/structured.py`), by L-BFGS on the likelihood of their
gold beads, all other weights held fixed. Prints the weights to be written into `aligner/engine/structure.py`; with
`--ablate`, those that stand there are judged: strict F1 of each kind of document with all of them and without some.
"""

from __future__ import annotations

import argparse
import pickle
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from corpora import load_corpus
from scipy.optimize import minimize
from structured import KINDS, structured
from train_scorer import mark_gold

from aligner.bitext import Alignment
from aligner.encode.load import load_encoder
from aligner.engine import structure
from aligner.engine.anchors import anchor
from aligner.engine.beads import BEAD_TYPES
from aligner.engine.decode import sure_pairs
from aligner.engine.evidence import with_learned_words
from aligner.engine.feature import Scene
from aligner.engine.lattice import IMPOSSIBLE, posteriors
from aligner.engine.passes import align_sides, first_pass, survey
from aligner.engine.score import cells_of, score_beads, tiles
from aligner.engine.structure import structure_planes, trusted
from aligner.engine.weights import load_weights
from aligner.evaluation.scores import ladder_of, pool, score
from aligner.gather.gather import gather
from aligner.lexicon.relate import load_dictionary

SEED = 7
NAMES = tuple(structure.WEIGHTS)
PRIOR = 1.0  # deviation of a weight
NEVER = 1e-9  # posterior of beads whose features are left out
SIGNS = {"overlap": (0, None), "differ": (None, 0), "apart": (None, 0)}


@contextmanager
def weighing(weights):
    """The structure weighs this inside the block."""
    before = dict(structure.WEIGHTS)
    structure.WEIGHTS.update(weights)
    try:
        yield
    finally:
        structure.WEIGHTS.update(before)


def load_made(folders, kinds, most):
    """(kind, languages, made) of each document."""
    for folder in folders:
        corpus = load_corpus(folder)
        for kind in kinds:
            for made in structured(corpus, kind, SEED, most):
                yield kind, made


def evidence_of(made, encoder):
    documents = made.documents()
    return gather(*documents, [encoder], load_dictionary(*made.langs))


class Table:
    """The lattice of one document: scores without structure, features of likely beads, which beads are right."""

    def __init__(self, made, encoder):
        weights = load_weights(*made.langs, (encoder.name,))
        evidence = evidence_of(made, encoder)
        chain = anchor(evidence.source, evidence.target)
        evidence = evidence.between(*trusted(evidence.source, evidence.target, chain))
        ground = survey(evidence, chain)
        with weighing(dict.fromkeys(NAMES, 0.0)):
            scored, found = first_pass(evidence, ground, weights)
            sure = sure_pairs(scored.lattice, found.probability, weights)
            evidence = with_learned_words(evidence, sure)
            scored = score_beads(
                evidence.source, evidence.target, evidence.channels, ground, weights.sentences
            )
        self.again, self.lattice = weights.sentences.again, scored.lattice
        self.scores = scored.scores.astype(np.float64)
        self.right = mark_gold(self.lattice, made.gold)
        likely = posteriors(self.lattice, self.scores, self.again).probability
        self.kept = (likely > NEVER) | self.right
        self.values = self._features(evidence, ground)[self.kept]

    def _features(self, evidence, ground):
        found = np.zeros((*self.scores.shape, len(NAMES)), dtype=np.float32)
        for tile in tiles(ground.corridor):
            for name, plane in structure_planes(Scene(evidence.source, evidence.target, tile, ground.ratio)):
                values = np.zeros((len(BEAD_TYPES), *tile.shape), dtype=np.float32)
                for types, some in plane:
                    values[types] = some
                rows = cells_of(self.lattice, tile)
                found[rows, :, NAMES.index(name)] = np.moveaxis(values, 0, -1)[tile.inside]
        return found

    def loss(self, weights):
        """Minus log likelihood of the gold, and its slope."""
        scores = self.scores.copy()
        scores[self.kept] += self.values @ weights
        free = posteriors(self.lattice, scores, self.again)
        bound = posteriors(self.lattice, np.where(self.right, scores, IMPOSSIBLE), self.again)
        slope = (free.probability - bound.probability)[self.kept] @ self.values
        return float((free.partition - bound.partition).sum()), slope


def fit(tables):
    def loss(weights):
        found = [table.loss(weights) for table in tables]
        total = sum(value for value, _ in found) + (weights**2).sum() / (2 * PRIOR**2)
        return total, sum(slope for _, slope in found) + weights / PRIOR**2

    before = loss(np.zeros(len(NAMES)))[0]
    bounds = [SIGNS[name.partition(".")[2]] for name in NAMES]
    found = minimize(loss, np.zeros(len(NAMES)), jac=True, bounds=bounds, method="L-BFGS-B")
    print(f"loss {before:.1f} -> {found.fun:.1f}, {found.nit} rounds")
    for name, weight in zip(NAMES, found.x, strict=True):
        print(f"{name:20} {weight:+.2f}")


def ablate(folders, most, encoder):
    settings = {"all": {}}
    settings |= {f"without {name}": {name: 0.0} for name in NAMES} | {"nothing": dict.fromkeys(NAMES, 0.0)}
    found = defaultdict(list)
    for kind, made in load_made(folders, KINDS, most):
        evidence = evidence_of(made, encoder)
        weights = load_weights(*made.langs, (encoder.name,))
        source, target = made.documents()
        present = _present(evidence)
        for title, setting in settings.items():
            if setting and not present & setting.keys():
                found[title, kind].append(found["all", kind][-1])
                continue
            with weighing(setting):
                beads, _ = align_sides(evidence, weights, (encoder.name,))
            found[title, kind].append(
                score(made.gold, ladder_of(Alignment(source, target, tuple(beads))), None)
            )
        print(
            kind,
            made.langs,
            len(made.gold),
            *(f"{pool(found[t, kind][-1:]).strict[2]:.3f}" for t in settings),
            flush=True,
        )
    print(f"{'strict F1':28}" + "".join(f"{kind:>11}" for kind in KINDS))
    for title in settings:
        print(f"{title:28}" + "".join(f"{pool(found[title, kind]).strict[2]:11.4f}" for kind in KINDS))


def _present(evidence):
    marks = {
        "structure": structure.KIND,
        "number": structure.NUMBER,
        "cue": structure.START,
    }
    return {
        name
        for name in NAMES
        if all(marks[name.partition(".")[0]] in side.marks for side in (evidence.source, evidence.target))
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("gold", nargs="+", type=Path, help="gold folders")
    parser.add_argument("--ablate", action="store_true", help="judge the weights that are in force")
    parser.add_argument("--tables", type=Path, help="folder in which a run that was stopped goes on")
    parser.add_argument("--most", type=int, default=4, help="documents of each corpus and kind")
    arguments = parser.parse_args()
    encoder = load_encoder("use")
    if arguments.ablate:
        ablate(arguments.gold, arguments.most, encoder)
    else:
        fit(list(tables_of(arguments, encoder)))


def tables_of(arguments, encoder):
    """The tables of all documents; those in the folder `--tables` are not made again."""
    for number, (kind, made) in enumerate(load_made(arguments.gold, KINDS, arguments.most)):
        path = arguments.tables and arguments.tables / f"{number}-{kind}.pickle"
        if path and path.exists():
            yield pickle.loads(path.read_bytes())
            continue
        table = Table(made, encoder)
        if path:
            path.write_bytes(pickle.dumps(table))
        yield table


if __name__ == "__main__":
    main()
