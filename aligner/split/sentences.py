"""Text to sentences: an SRX 2.0 engine, and the clauses inside a sentence.

The rules are data, `aligner/data/sentences.srx` and those of the language; any other SRX file does, too. A line break
always ends a segment, so that no quotation left open reaches past its paragraph. Nothing is lost:
segments and the white space between them are the whole text, which `Document` checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import regex

from aligner.bitext import Document, Segment
from aligner.errors import InputError
from aligner.split.full_width import ends_sentences, full_width_stops
from aligner.split.srx import _OWN_RULES, _PATIENCE, FINE, _rules
from aligner.text.edits import EditedText

_CLOSERS = r"[”’」』»）\"')\]】》]{0,4}"

_SEMICOLON = regex.compile(
    r"(?:；|؛|(?<!&#?\w{1,31});(?=[\s”’」』\"')]|$|[\p{Han}\p{Hiragana}\p{Katakana}“‘「『（]))" + _CLOSERS
)


def segment(  # noqa: PLR0913 - a text and each way to cut it
    text: EditedText,
    lang: str,
    *,
    name: str = "",
    srx: Path | None = None,
    presplit: bool = False,
    split_clauses: bool = False,
    fine: bool = False,
) -> Document:
    """Cut `text` into segments; `lang` (BCP 47) chooses the rules.

    A non-blank line is a paragraph, numbered from zero. `srx` takes the rules from a file instead of ours.
    `presplit`: each non-blank line is a segment, blank lines part the paragraphs. `split_clauses` cuts after
    semicolons, too; `fine` after every quotation and after dots, where our rules have a finer group.
    Raises `InputError` where `srx` can't be read or is no SRX.
    """
    spans = (
        _lines(text.text)
        if presplit
        else _sentences(text.text, lang + FINE if fine and not srx else lang, srx)
    )
    if split_clauses:
        spans = _cut_semicolons(text.text, spans)
    return Document(text.text, lang, tuple(Segment(*span) for span in spans), name, text.edits, text.codes)


def _lines(text: str) -> Iterator[tuple[int, int, int]]:
    """Each non-blank line, stripped, with the number of its block of lines."""
    position, paragraph, in_block = 0, -1, False
    for line in text.splitlines(keepends=True):
        body = line.strip()
        if body:
            paragraph += not in_block
            start = position + line.index(body[0])
            yield start, start + len(body), paragraph
        in_block = bool(body)
        position += len(line)


def _sentences(text: str, lang: str, srx: Path | None) -> Iterator[tuple[int, int, int]]:
    rules = _rules(lang, srx)
    full_width = srx is None and ends_sentences(text, lang)
    for paragraph, (start, end, _) in enumerate(_lines(text)):
        line = text[start:end]
        try:
            stops = full_width_stops(line) if full_width else ()
            cuts = [*sorted({*rules.breaks(line), *stops}), len(line)]
        except TimeoutError:
            where = srx or _OWN_RULES
            raise InputError(
                f"{where}: a rule takes over {_PATIENCE:.0f} s for one paragraph; simplify it"
            ) from None
        for first, last in _pieces(line, cuts):
            yield start + first, start + last, paragraph


def _pieces(line: str, cuts: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The stretches between `cuts`, without the white space at their edges; blank ones are left out."""
    first = 0
    for cut in cuts:
        piece = line[first:cut]
        body = piece.strip()
        if body:
            start = first + len(piece) - len(piece.lstrip())
            yield start, start + len(body)
        first = cut


def _cut_semicolons(text: str, spans: Iterable[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    for start, end, paragraph in spans:
        sentence = text[start:end]
        cuts = [found.end() for found in _SEMICOLON.finditer(sentence)]
        for first, last in _pieces(sentence, [*cuts, len(sentence)]):
            yield start + first, start + last, paragraph
