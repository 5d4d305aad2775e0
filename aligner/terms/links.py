"""Which words of a pair translate each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aligner.encode.encoder import Encoder
from aligner.encode.load import load_encoder
from aligner.engine.model_one import learn
from aligner.language.chinese import convert_script
from aligner.language.tags import primary
from aligner.lexicon.glossary import Glossary
from aligner.lexicon.relate import load_dictionary, translations
from aligner.lexicon.tokens import NUMBER_MARK
from aligner.terms.words import Word

# Two words with vectors as near as this may translate each other: fewer than one in a hundred of all pairs of
# words of two texts are (Chongqing, textberg). A cosine of 0.5 says nothing.
_NEAR_VECTORS, _FAR_VECTORS = 0.65, 0.5


class Relation(NamedTuple):
    """How surely two words translate each other, 0 to 1; all that speaks for it; whether vectors alone do."""

    weight: float
    evidence: float
    by_vectors: bool


class Lexicon:
    """How surely a source key translates a target key: dictionary, glossary, the pairs, word vectors."""

    def __init__(
        self,
        texts: tuple[Sequence[str], Sequence[str]],
        sides: tuple[list[list[Word]], list[list[Word]]],
        langs: tuple[str, str],
        glossary: Glossary | None = None,
        encoder: Encoder | None = None,
    ) -> None:
        """Relate the words of `sides` (one list a text); `langs` are BCP 47 tags."""
        self._known: dict[str, dict[str, float]] = defaultdict(dict)
        vocabularies = [sorted({w.key for words in side for w in words if w.content}) for side in sides]
        known = translations(vocabularies[0], vocabularies[1], load_dictionary(*langs), glossary)
        learned = learn(_ids(sides[0], vocabularies[0]), _ids(sides[1], vocabularies[1]))
        for src, tgt, weights in (known, learned):
            for left, right, weight in zip(src.tolist(), tgt.tolist(), weights.tolist(), strict=True):
                row = self._known[vocabularies[0][left]]
                row[vocabularies[1][right]] = max(weight, row.get(vocabularies[1][right], 0.0))
        encoder = encoder or load_encoder("use", cache=False)
        self._vectors = [
            _vectors(text, side, lang, encoder) for text, side, lang in zip(texts, sides, langs, strict=True)
        ]

    def between(self, sources: Collection[str], targets: Collection[str]) -> dict[str, dict[str, Relation]]:
        """Which of `targets` may translate each of `sources`."""
        found: dict[str, dict[str, Relation]] = {}
        for source in sources:
            row = self._known.get(source, {})
            found[source] = {t: Relation(row[t], row[t], False) for t in targets if t in row}
        left, right = (
            [key for key in keys if key in vectors]
            for keys, vectors in zip((sources, targets), self._vectors, strict=True)
        )
        if not left or not right:
            return found
        rows = np.array([self._vectors[0][key] for key in left])
        cosines = rows @ np.array([self._vectors[1][key] for key in right]).T
        for at, other in np.argwhere(cosines >= _NEAR_VECTORS).tolist():
            weight = (float(cosines[at, other]) - _FAR_VECTORS) / (1 - _FAR_VECTORS)
            related = found[left[at]]
            known = related.get(right[other], Relation(0.0, 0.0, True))
            related[right[other]] = Relation(
                max(weight, known.weight), weight + known.evidence, known.by_vectors
            )
        return found


def _ids(side: Sequence[list[Word]], vocabulary: Sequence[str]) -> list[NDArray[np.int32]]:
    places = {key: at for at, key in enumerate(vocabulary)}
    return [np.array([places[w.key] for w in words if w.content], dtype=np.int32) for words in side]


def _vectors(
    texts: Sequence[str], side: Sequence[list[Word]], lang: str, encoder: Encoder
) -> dict[str, NDArray[np.float32]]:
    """The vector of each content word but figures, as it is most often written."""
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for text, words in zip(texts, side, strict=True):
        plain = convert_script(text, "simplified") if primary(lang) == "zh" else text
        for word in words:
            if word.content and not word.key.startswith(NUMBER_MARK):
                written[word.key][plain[word.start : word.end]] += 1
    if not written:
        return {}
    vectors = encoder.encode([spellings.most_common(1)[0][0] for spellings in written.values()])
    return dict(zip(written, vectors, strict=True))


# A link needs this much; of links as sure, the one between words at like places in their sentences wins.
_LEAST_LINK, _DISTANCE_COST = 0.2, 0.3
# Far apart in their sentences, only words that are sure and longer than a character are linked. A single
# character has many meanings: it is linked only near other links.
_FAR, _FAR_WORDS, _NEAR = 0.2, 4, 3
# A second word joins a linked one only so many content words away: Ministry of Foreign Affairs for one Chinese word.
_REACH = 2


def link_words(src: Sequence[Word], tgt: Sequence[Word], lexicon: Lexicon) -> dict[tuple[int, int], float]:
    """Which words of a pair translate each other, with the sureness of each link."""
    if not src or not tgt:
        return {}
    places = defaultdict(list)
    for at, word in enumerate(tgt):
        if word.content:
            places[word.key].append(at)
    far = max(_FAR, _FAR_WORDS / max(len(src), len(tgt)))
    related = lexicon.between({word.key for word in src if word.content}, places)
    candidates = []
    for at, word in enumerate(src):
        for key, (weight, evidence, alone) in related[word.key].items() if word.content else ():
            is_vague = min(len(word.key), len(key)) == 1
            for other in places.get(key, ()):
                distance = abs(at / len(src) - other / len(tgt))
                if distance < far or (weight >= 1 and not is_vague):
                    candidates.append(
                        (is_vague, _DISTANCE_COST * distance - evidence, weight, at, other, alone)
                    )
    nth = [list(accumulate(word.content for word in side)) for side in (src, tgt)]
    links: dict[tuple[int, int], float] = {}
    of_src: dict[int, list[int]] = defaultdict(list)
    of_tgt: dict[int, list[int]] = defaultdict(list)
    for is_vague, _, weight, at, other, alone in sorted(candidates):
        free = not of_src[at], not of_tgt[other]
        one_free = all(free) if alone else any(free)
        near_tgt = all(_may_share(links[at, old], tgt, old, other, nth[1]) for old in of_src[at])
        near_src = all(_may_share(links[old, other], src, old, at, nth[0]) for old in of_tgt[other])
        supported = not is_vague or not links or _has_neighbour(at, other, links)
        if weight >= _LEAST_LINK and near_tgt and near_src and one_free and supported:
            links[at, other] = weight
            of_src[at].append(other)
            of_tgt[other].append(at)
    return links


def _may_share(weight: float, words: Sequence[Word], old: int, new: int, nth: Sequence[int]) -> bool:
    """Whether a word linked to `old` with `weight` may be linked to `new` too: near, and a part of the meaning.

    A weight of 1 says that one word is the whole translation.
    """
    return weight < 1 and abs(nth[old] - nth[new]) <= _REACH and words[old].key != words[new].key


def _has_neighbour(at: int, other: int, links: Collection[tuple[int, int]]) -> bool:
    return any(abs(at - src) <= _NEAR and abs(other - tgt) <= _NEAR + 1 for src, tgt in links)
