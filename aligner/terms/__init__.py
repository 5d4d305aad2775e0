"""Bilingual terms in aligned pairs: phrases of both sides whose words translate each other and nothing
outside.

The words of each pair are linked one by one, surest first (competitive linking, Melamed 2000), by
dictionary, by the encoder's vectors and by a lexicon learned from the pairs. Phrases that are consistent
with the links (Koehn, Och and Marcu 2003) and look like terms are counted over all pairs. Dunning's
log-likelihood ratio (1993) says how far two of them belong together; how rare their words are in the
general language says how far they are terms.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from aligner.bitext import Alignment, Bead, Document
from aligner.clean.damage import lost_apostrophes
from aligner.encode.encoder import Encoder
from aligner.language.tags import primary
from aligner.lexicon.glossary import Glossary
from aligner.terms.links import Lexicon
from aligner.terms.rank import Counts, log_likelihood_ratio
from aligner.terms.term import Term
from aligner.terms.words import Word, place_words
from aligner.terms.write import write_terms

__all__ = ["FIRST_TERMS", "Term", "find_terms", "log_likelihood_ratio", "write_terms"]

FIRST_TERMS = 500


def find_terms(
    alignment: Alignment,
    *,
    limit: int = FIRST_TERMS,
    glossary: Glossary | None = None,
    encoder: Encoder | None = None,
    only: Collection[Bead] | None = None,
) -> list[Term]:
    """The terms found in the two-sided beads, or in those of `only`, best first, `limit` at most.

    `encoder` compares single words; the default one if not given. A pair seen once counts only where nearly
    all of its words are explained and nothing around it belongs to it.
    """
    chosen = frozenset(only or ())
    pairs = [
        (number, alignment.source_text(bead), alignment.target_text(bead))
        for number, bead in enumerate(alignment.beads)
        if bead.is_pair and (only is None or bead in chosen)
    ]
    langs = alignment.source.lang, alignment.target.lang
    texts = [source for _, source, _ in pairs], [target for _, _, target in pairs]
    sides = (
        _place(texts[0], alignment.source),
        _place(texts[1], alignment.target),
    )
    counts = Counts(langs, Lexicon(texts, sides, langs, glossary, encoder))
    for (number, source, target), src_words, tgt_words in zip(pairs, *sides, strict=True):
        counts.add(number, (source, target), (src_words, tgt_words))
    return counts.ranked(limit)


def _place(texts: Sequence[str], document: Document) -> list[list[Word]]:
    damaged = lost_apostrophes(document.text) if primary(document.lang) == "en" else ()
    possessives = {document.text[start:end] for start, end in damaged}
    return [place_words(text, document.lang, possessives) for text in texts]
