"""Documents with structure, made from gold documents: headings, numbered articles and items, notes, subtitles.

What is lacking in real ones is lacking here: headings, articles, items, notes and subtitles are missing on one side,
headings are not marked, a translation counts anew, clocks run apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

import numpy as np
from corpora import Corpus, GoldDocument

from aligner.bitext import Document
from aligner.prepare import document_of
from aligner.read.ladder import Ladder
from aligner.text.codes import ALONE, CUE, Code
from aligner.text.cues import clock
from aligner.text.parts import HEADING, ITEM, NOTE, part_mark

LANGS = ("en", "zh", "de", "fr")
WORDS = tuple(
    tuple(row.split("|"))
    for row in (
        "Introduction|引言|Einleitung|Introduction",
        "Results|结果|Ergebnisse|Résultats",
        "Summary|摘要|Zusammenfassung|Résumé",
        "Notes|注释|Anmerkungen|Notes",
        "General|总则|Allgemeines|Généralités",
        "Scope|范围|Geltungsbereich|Champ d'application",
        "Definitions|定义|Begriffsbestimmungen|Définitions",
        "Payment|付款|Zahlung|Paiement",
        "Term|期限|Laufzeit|Durée",
        "Liability|责任|Haftung|Responsabilité",
        "Appendix|附录|Anhang|Annexe",
        "Overview|概述|Überblick|Aperçu",
        "Examples|示例|Beispiele|Exemples",
        "Other|其他|Sonstiges|Divers",
        "Background|背景|Hintergrund|Contexte",
        "Methods|方法|Methoden|Méthodes",
        "Conclusion|结论|Schluss|Conclusion",
        "Total|合计|Summe|Total",
        "None|无|Keine|Aucun",
        "Yes|是|Ja|Oui",
        "No|否|Nein|Non",
        "See above|见上文|Siehe oben|Voir ci-dessus",
        "Not applicable|不适用|Nicht zutreffend|Sans objet",
        "Price|价格|Preis|Prix",
        "Quantity|数量|Menge|Quantité",
        "Date|日期|Datum|Date",
        "Name|名称|Name|Nom",
        "Amount|金额|Betrag|Montant",
        "Rate|费率|Satz|Taux",
    )
)
SPOKEN = tuple(
    tuple(row.split("|"))
    for row in (
        "Yes.|是的。|Ja.|Oui.",
        "No.|不。|Nein.|Non.",
        "OK.|好。|Gut.|D'accord.",
        "What?|什么？|Was?|Quoi ?",
        "Come on.|来吧。|Komm schon.|Allez.",
    )
)
ARTICLE = {"en": "Article {}", "zh": "第{}条", "de": "Artikel {}", "fr": "Article {}"}
LACKING = 0.12  # share of headings, articles, items, notes, subtitles that one side lacks
UNMARKED = 0.05  # of headings that one side only prints in bold
PIECE = 60  # gold beads that such a document is made from


@dataclass(frozen=True, slots=True)
class Line:
    """A segment, and the mark that it begins with."""

    text: str
    mark: Code | None = None


@dataclass(slots=True)
class Made:
    """A document and its translation under way, with their gold."""

    langs: tuple[str, str]
    generator: np.random.Generator
    sides: tuple[list[Line], list[Line]] = field(default_factory=lambda: ([], []))
    gold: Ladder = field(default_factory=list)

    def put(self, source: Sequence[Line], target: Sequence[Line]) -> None:
        """A gold bead; of one without counterpart each line is alone."""
        places = [
            tuple(range(len(side), len(side) + len(lines)))
            for side, lines in zip(self.sides, (source, target), strict=True)
        ]
        for side, lines in zip(self.sides, (source, target), strict=True):
            side.extend(lines)
        if places[0] and places[1]:
            self.gold.append((places[0], places[1]))
        else:
            self.gold += [((i,), ()) for i in places[0]] + [((), (j,)) for j in places[1]]

    def put_some(self, pairs: Sequence[tuple[Line, Line]], lacking: float = LACKING) -> None:
        """Pairs, all of them or now and then on one side only."""
        gone = int(self.generator.integers(2)) if self.generator.random() < lacking else -1
        for pair in pairs:
            self.put(*([] if side == gone else [line] for side, line in enumerate(pair)))

    def words(self, table: Sequence[Sequence[str]] = WORDS) -> tuple[str, str]:
        """A word and its translation."""
        row = table[int(self.generator.integers(len(table)))]
        return row[LANGS.index(self.langs[0])], row[LANGS.index(self.langs[1])]

    def prose(self, document: GoldDocument, beads: Ladder) -> None:
        """Beads of the gold document as they are."""
        for source, target in beads:
            self.put([Line(document.source[i]) for i in source], [Line(document.target[j]) for j in target])

    def documents(self) -> tuple[Document, Document]:
        """Both documents."""
        first, second = (
            _marked(document_of([line.text for line in lines], lang, name), lines)
            for lines, lang, name in zip(self.sides, self.langs, ("source", "target"), strict=True)
        )
        return first, second


def _marked(document: Document, lines: Sequence[Line]) -> Document:
    codes = tuple(
        replace(line.mark, at=segment.start)
        for segment, line in zip(document.segments, lines, strict=True)
        if line.mark
    )
    return replace(document, codes=codes)


def _marks(kind: str, number: int = 0) -> tuple[Code, Code]:
    return (part_mark(kind, number),) * 2


def with_headings(made: Made, document: GoldDocument, beads: Ladder) -> None:
    """A heading every few sentences."""
    at = 0
    while at < len(beads):
        kept = [None if made.generator.random() < UNMARKED else mark for mark in _marks(HEADING)]
        made.put_some([tuple(map(Line, made.words(), kept))])
        step = int(made.generator.integers(1, 7))
        made.prose(document, beads[at : at + step])
        at += step


def with_articles(made: Made, document: GoldDocument, beads: Ladder) -> None:
    """Many numbered articles, all made of the same few sentences; one in four translations counts anew."""
    made.prose(document, beads[:15])
    pool = [(document.source[i[0]], document.target[j[0]]) for i, j in beads if len(i) == len(j) == 1][:5]
    anew = made.generator.random() < 1 / 4
    form = int(made.generator.integers(3))
    for number in range(1, 36):
        said = [
            pool[int(made.generator.integers(len(pool)))] for _ in range(int(made.generator.integers(1, 3)))
        ]
        counted = number, number + (number > 8) * anew
        labels = [_labelled(form, lang, count) for lang, count in zip(made.langs, counted, strict=True)]
        pairs = [tuple(Line(text) for text in pair) for pair in said]
        heads = [Line(f"{label} {text}".strip()) for label, text in zip(labels, said[0], strict=True)]
        made.put_some([(heads[0], heads[1]), *pairs[1:]])


def _labelled(form: int, lang: str, number: int) -> str:
    if form == 0:
        return ARTICLE[lang].format(number)
    return f"{number}." if form == 1 else f"（{number}）" if lang == "zh" else f"({number})"


def with_items(made: Made, document: GoldDocument, beads: Ladder) -> None:
    """Ordered lists whose numbers the document counts itself, of single words and sentences."""
    at = 0
    while at < len(beads):
        made.prose(document, beads[at : at + 4])
        for number in range(1, int(made.generator.integers(4, 9))):
            made.put_some([tuple(map(Line, made.words(), _marks(ITEM, number)))])
        at += 4


def with_notes(made: Made, document: GoldDocument, beads: Ladder) -> None:
    """Numbered notes after the text, many of a word or two."""
    made.prose(document, beads[:30])
    for number, (source, target) in enumerate(beads[30:60], 1):
        one, other = _marks(NOTE, number)
        if made.generator.random() < 1 / 2:
            made.put_some([tuple(map(Line, made.words(), (one, other)))])
        else:
            lines = [
                [Line(texts[i], mark if n == 0 else None) for n, i in enumerate(side)]
                for texts, side, mark in ((document.source, source, one), (document.target, target, other))
            ]
            made.put(*lines)


def with_cues(made: Made, document: GoldDocument, beads: Ladder) -> None:
    """Subtitles: each is heard as long as it has letters, short answers between; clocks are shifted and drift."""
    slope, shift = made.generator.choice([1.0, 25 / 23.976, 23.976 / 25]), made.generator.uniform(0, 30)
    now = 5.0
    for source, target in beads:
        texts = [[document.source[i] for i in source], [document.target[j] for j in target]]
        pairs = [texts] + [
            [[word] for word in made.words(SPOKEN)] for _ in range(int(made.generator.integers(3)))
        ]
        for sides in pairs:
            lasts = 1 + 0.06 * max(sum(map(len, side)) for side in sides)
            lines = [
                list(_timed(made, side, now, lasts, *((slope, shift) if n else (1.0, 0.0))))
                for n, side in enumerate(sides)
            ]
            gone = int(made.generator.integers(2)) if made.generator.random() < LACKING else -1
            made.put(*([] if n == gone else side for n, side in enumerate(lines)))
            now += lasts + made.generator.exponential(1.0)


def _timed(
    made: Made, texts: list[str], now: float, lasts: float, slope: float, shift: float
) -> Iterator[Line]:
    sizes = [0.0, *accumulate(float(len(text)) for text in texts)]
    moments = [now + lasts * size / (sizes[-1] or 1) + made.generator.normal(0, 0.2) for size in sizes]
    for text, start, stop in zip(texts, moments, moments[1:], strict=False):
        times = f"{clock(slope * start + shift)} --> {clock(slope * stop + shift)}"
        yield Line(text, Code(0, ALONE, times, type=CUE))


KINDS: dict[str, Callable[[Made, GoldDocument, Ladder], None]] = {
    "headings": with_headings, "articles": with_articles, "items": with_items,
    "notes": with_notes, "subtitles": with_cues,
}  # fmt: skip


def structured(corpus: Corpus, kind: str, seed: int, most: int) -> Iterator[Made]:
    """For each of the first documents of a corpus one of a `kind`, `most` in all."""
    for place, document in enumerate(corpus.documents[:most]):
        generator = np.random.default_rng([seed, place, list(KINDS).index(kind)])
        first = int(generator.integers(max(1, len(document.gold) - PIECE)))
        beads = [bead for bead in document.gold[first : first + PIECE] if bead[0] or bead[1]]
        made = Made((corpus.src_lang, corpus.tgt_lang), generator)
        KINDS[kind](made, document, beads)
        yield made
