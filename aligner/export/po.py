"""Gettext catalogues: a pair is an entry; what was met with another translation before has its id as context."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from aligner.bitext import Alignment
from aligner.export.options import ExportOptions, is_doubtful
from aligner.export.seen import Seen
from aligner.export.tmx import tool_version
from aligner.export.units import Tally, Unit, digest, languages, units_of
from aligner.files import replacing
from aligner.text.breaks import read_back
from aligner.text.codes import Code

_ESCAPED = re.compile(r'["\\\t\n\r]')
_WRITTEN = {'"': r"\"", "\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}


def write_po(alignments: Sequence[Alignment], path: Path, options: ExportOptions, tally: Tally) -> None:
    """The pairs that pass the options; those nobody confirmed below `options.doubt_below` are fuzzy."""
    src_lang, tgt_lang = languages(alignments, options)
    with replacing(path) as (file,):
        file.write(_header(src_lang, tgt_lang, options).encode())
        for entry in _entries(units_of(alignments, options, tally, options.duplicates or "drop"), options):
            file.write(entry.encode())


def _header(src_lang: str, tgt_lang: str, options: ExportOptions) -> str:
    lines = [
        # The first three are empty of news, but gettext misses them.
        "Project-Id-Version: aligned texts", "Last-Translator: none", "Language-Team: none",
        f"PO-Revision-Date: {options.moment():%Y-%m-%d %H:%M+0000}", f"Language: {tgt_lang.replace('-', '_')}",
        f"X-Source-Language: {src_lang}", "MIME-Version: 1.0", "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit", f"X-Generator: aligner {tool_version()}",
    ]  # fmt: skip
    return 'msgid ""\nmsgstr ""\n' + "".join(f"{_quoted(line + chr(10))}\n" for line in lines)


def _entries(units: Iterator[Unit], options: ExportOptions) -> Iterator[str]:
    keys = Seen()
    for unit in units:
        notes = "".join(f"#. {' '.join(note.split())}\n" for note in unit.notes)
        place = f"#. {' '.join(unit.document.split())}\n" if unit.document else ""
        is_fuzzy = is_doubtful(unit, False, options.doubt_below)
        # gettext refuses an original that stands twice in one context.
        context = "" if keys.add(digest(unit.source)) else f"msgctxt {_quoted(unit.id)}\n"
        yield (
            f"\n{place}{notes}{'#, fuzzy' + chr(10) if is_fuzzy else ''}{context}"
            f"msgid {_quoted(with_breaks(unit.source, unit.source_codes))}\n"
            f"msgstr {_quoted(with_breaks(unit.target, unit.target_codes))}\n"
        )


def with_breaks(text: str, codes: Sequence[Code]) -> str:
    """`text` with the line breaks that its codes stand for; other codes of a document are none of a catalogue's."""
    pieces, position = [], 0
    for code in codes:
        white = read_back(code)
        if white:
            pieces += [text[position : code.at], white]
            position = code.end
    return "".join([*pieces, text[position:]])


def _quoted(text: str) -> str:
    return '"' + _ESCAPED.sub(lambda sign: _WRITTEN[sign[0]], text) + '"'
