"""Terms as files: TBX for CAT tools, CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from aligner.errors import OutputError
from aligner.files import check_writable, guard, replacing
from aligner.terms.term import Term
from aligner.text.counted import counted


def write_terms(
    terms: Sequence[Term],
    path: str | Path,
    *,
    src_lang: str = "und",
    tgt_lang: str = "und",
    examples: Sequence[str] = (),
    translations: Sequence[str] = (),
) -> None:
    """Write the terms as `.csv` or `.tbx` (TBX-Basic, ISO 30042:2008, the `martif` that CAT tools read).

    `src_lang` and `tgt_lang` are BCP 47 tags; `examples[i]`, where given, is the source text of term i's
    example pair, `translations[i]` its target text: contexts in a `.tbx`. Raises `OutputError` for another
    suffix or a place that can't be written. Written whole or not at all.
    """
    path = Path(path)
    writers: dict[str, Callable[..., bytes]] = {".tbx": _as_tbx, ".csv": _as_csv}
    if path.suffix.lower() not in writers:
        raise OutputError(f"{path}: terms are written as .tbx or .csv; name the file so")
    check_writable(path)
    with replacing(path) as (file,):
        file.write(writers[path.suffix.lower()](terms, (src_lang, tgt_lang), examples, translations))


def _as_csv(
    terms: Sequence[Term], langs: tuple[str, str], examples: Sequence[str], _: Sequence[str]
) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        ["source", "target", "count", "score", "pair", "example", "source language", "target language"]
    )
    for number, term in enumerate(terms):
        example = examples[number] if any(examples[number : number + 1]) else ""
        source, target, example = map(guard, (term.source, term.target, example))
        row = [source, target, term.count, term.score, term.example_bead + 1, example, *langs]
        writer.writerow(row)
    return ("\ufeff" + out.getvalue()).encode(
        "utf-8"
    )  # Excel takes a file without the mark for the local code page


_TBX_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE martif SYSTEM "TBXBasiccoreStructV02.dtd">
<martif type="TBX-Basic" xml:lang="{lang}">
<martifHeader>
<fileDesc><sourceDesc><p>Terms found in aligned texts; none has been checked.</p></sourceDesc></fileDesc>
<encodingDesc><p type="XCSURI">TBXBasicXCSV02.xcs</p></encodingDesc>
</martifHeader>
<text><body>
"""
_TBX_TAIL = "</body></text>\n</martif>\n"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def _context(examples: Sequence[str], number: int) -> str:
    text = examples[number] if number < len(examples) else ""
    return f'<descrip type="context">{_xml(text)}</descrip>' if text else ""


def _as_tbx(
    terms: Sequence[Term], langs: tuple[str, str], examples: Sequence[str], translations: Sequence[str]
) -> bytes:
    entries = []
    for number, term in enumerate(terms):
        seen = f"seen in {counted(term.count, 'pair')}, first in {term.example_bead + 1}; score {term.score}"
        note = f"<note>{seen}</note>"
        entries.append(
            f'<termEntry id="t{number + 1}">{note}\n'
            f'<langSet xml:lang="{_xml(langs[0])}"><tig><term>{_xml(term.source)}</term>'
            f"{_context(examples, number)}</tig></langSet>\n"
            f'<langSet xml:lang="{_xml(langs[1])}"><tig><term>{_xml(term.target)}</term>'
            f"{_context(translations, number)}</tig></langSet>\n"
            "</termEntry>\n"
        )
    return (_TBX_HEAD.format(lang=_xml(langs[0])) + "".join(entries) + _TBX_TAIL).encode("utf-8")


def _xml(text: str) -> str:
    return escape(_CONTROL.sub("", text))
