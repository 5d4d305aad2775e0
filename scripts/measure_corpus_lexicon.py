"""What short documents gain from words learned over all documents of a batch (`--learn`): strict F1 with and without.

python scripts/measure_corpus_lexicon.py [--lengths 10 20 40] [--corpora mac_dev textberg]

Gold documents are cut into pieces of so many source sentences. The first round aligns each piece by itself; the beads
that it is sure of teach a lexicon over all pieces; the second round aligns each piece with it.
"""

import argparse

from corpora import LANGUAGES, SHARED, load_corpus

from aligner.corpus.words import learn_words, taught_by, with_words
from aligner.evaluation.scores import ladder_of, pool, score
from aligner.options import Options
from aligner.pipeline import align_segments


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
            learned = with_words(None, learn_words(told for a in alone for told in taught_by(a)), *langs)
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
