"""What short documents would gain from words learned over all documents of a batch: strict F1 with and without.

python scripts/measure_corpus_lexicon.py [--lengths 10 20 40] [--corpora mac_dev textberg]

Gold documents are cut into pieces of so many source sentences. The first round aligns each piece by itself; the beads
that it is sure of teach a lexicon over all pieces; the second round aligns each piece with it.
"""

import argparse
from dataclasses import dataclass, field

import numpy as np
from corpora import LANGUAGES, SHARED, load_corpus

from aligner.engine.decode import SURE
from aligner.engine.model_one import learn
from aligner.evaluation.scores import ladder_of, pool, score
from aligner.lexicon.glossary import Glossary
from aligner.lexicon.tokens import tokenize
from aligner.options import Options
from aligner.pipeline import align_segments


@dataclass(frozen=True)
class Learned(Glossary):
    """A glossary of single tokens with the probability that they translate each other."""

    words: dict = field(default_factory=dict)

    def __len__(self):
        return len(self.words)

    def swapped(self):
        return Learned(
            (), self.tgt_lang, self.src_lang, words={(b, a): p for (a, b), p in self.words.items()}
        )

    def token_pairs(self):
        yield from ((source, target, weight) for (source, target), weight in self.words.items())


def cut(corpus, length):
    for document in corpus.documents:
        beads, sources, targets = [], [], []
        for source, target in document.gold:
            beads.append(
                (
                    tuple(range(len(sources), len(sources) + len(source))),
                    tuple(range(len(targets), len(targets) + len(target))),
                )
            )
            sources += [document.source[i] for i in source]
            targets += [document.target[j] for j in target]
            if len(sources) >= length:
                if targets:
                    yield sources, targets, beads
                beads, sources, targets = [], [], []
        if sources and targets:
            yield sources, targets, beads


def lexicon_of(alignments, langs):
    """Words learned from the sure beads of all alignments."""
    vocabularies = ({}, {})
    sides, confidences = ([], []), []
    for alignment in alignments:
        for bead in alignment.pairs():
            if bead.confidence < SURE:
                continue
            texts = alignment.source_text(bead), alignment.target_text(bead)
            for side, text, lang, vocabulary in zip(sides, texts, langs, vocabularies, strict=True):
                ids = [vocabulary.setdefault(token, len(vocabulary)) for token in tokenize(text, lang)]
                side.append(np.array(ids, dtype=np.int32))
            confidences.append(bead.confidence)
    src, tgt, probability = learn(sides[0], sides[1], confidences)
    names = [list(vocabulary) for vocabulary in vocabularies]
    return {(names[0][a], names[1][b]): float(p) for a, b, p in zip(src, tgt, probability, strict=True)}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lengths", type=int, nargs="+", default=[10, 20, 40])
    parser.add_argument("--corpora", nargs="+", default=["mac_dev", "textberg"])
    arguments = parser.parse_args()
    for name in arguments.corpora:
        corpus, langs = load_corpus(SHARED / name), LANGUAGES[name]
        for length in arguments.lengths:
            pieces = list(cut(corpus, length))
            alone = [align_segments(s, t, *langs, Options()) for s, t, _ in pieces]
            learned = Learned((), *langs, words=lexicon_of(alone, langs))
            again = [align_segments(s, t, *langs, Options(glossary=learned)) for s, t, _ in pieces]
            figures = [
                pool(
                    [
                        score(gold, ladder_of(a), [b.confidence for b in a.beads])
                        for a, (_, _, gold) in zip(made, pieces, strict=True)
                    ]
                )
                for made in (alone, again)
            ]
            print(
                f"{name}, pieces of {length} sentences: {len(pieces)} pieces, {len(learned.words)} pairs of words,"
                f" strict F1 {figures[0].strict[2]:.4f} alone, {figures[1].strict[2]:.4f} with the words of all",
                flush=True,
            )


if __name__ == "__main__":
    main()
