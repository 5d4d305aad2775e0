"""A page to read the result side by side: one HTML file, nothing loaded from elsewhere, no script."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from html import escape
from importlib.resources import files
from pathlib import Path

from aligner.bitext import Alignment, Bead, Document, Moved
from aligner.export.formatted import markup, stretches, with_numbers
from aligner.export.options import ExportOptions, is_doubtful
from aligner.export.units import Tally, counterpart, in_script, label, printable, side_codes, written_lang
from aligner.files import replacing
from aligner.language.tags import is_rtl, name
from aligner.read.html import GENERATOR


def write_page(alignments: Sequence[Alignment], path: Path, options: ExportOptions, tally: Tally) -> None:
    """All beads of all alignments, one section each, doubtful and one-sided ones marked."""
    with replacing(path) as (file,):
        for piece in _page([with_numbers(alignment) for alignment in alignments], options):
            file.write(piece.encode())
    tally.units = sum(len(alignment.beads) for alignment in alignments)


def style_policy(style: str) -> str:
    """What a page with this stylesheet allows: whatever its texts hold, a browser runs nothing and loads nothing."""
    return f"default-src 'none'; style-src 'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"


def _page(alignments: Sequence[Alignment], options: ExportOptions) -> Iterator[str]:
    style = _stylesheet()
    policy = style_policy(style)
    title = _text(" · ".join(label(alignment) or "Alignment" for alignment in alignments[:3]) or "Alignment")
    yield (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="generator" content="{GENERATOR}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n"
    )
    yield _FILTER
    for number, alignment in enumerate(alignments):
        yield from _section(number, alignment, options)
    yield "</body>\n</html>\n"


# Radio buttons and sibling selectors: a filter without a script.
_FILTER = (
    '<input type="radio" name="show" id="all" checked><input type="radio" name="show" id="doubtful">'
    '<input type="radio" name="show" id="lonely">\n'
    '<nav aria-label="Filter"><span>Show</span><label for="all">All</label>'
    '<label for="doubtful">Doubtful</label><label for="lonely">Unaligned</label></nav>\n'
)


def _section(number: int, alignment: Alignment, options: ExportOptions) -> Iterator[str]:
    source, target = alignment.source, alignment.target
    src_lang = options.src_lang or written_lang(source.lang, options.script)
    tgt_lang = options.tgt_lang or written_lang(target.lang, options.script)
    title = label(alignment, " → ") or "Alignment"
    yield f"<main>\n<header>\n<h1>{_text(title)}</h1>\n"
    yield f'<p class="langs"><b>{_language(src_lang)}</b> → <b>{_language(tgt_lang)}</b></p>\n'
    yield _summary(number, alignment, options)
    yield "</header>\n"
    yield (
        '<table>\n<thead><tr><th scope="col" class="n">#</th>'
        f'<th scope="col">Source<small>{_text(src_lang)}</small></th>'
        f'<th scope="col">Target<small>{_text(tgt_lang)}</small></th>'
        '<th scope="col" class="c">Confidence</th></tr></thead>\n<tbody>\n'
    )
    sides = [f' lang="{_text(lang)}"{_direction(lang)}' for lang in (src_lang, tgt_lang)]
    moved = alignment.elsewhere()
    for place in range(len(alignment.beads)):
        yield _row(number, place, alignment, sides, moved, options)
    yield "</tbody>\n</table>\n"
    yield _moved_list(alignment, options)
    yield _edit_list(alignment, "Removed", "left out of the texts above", removals=True)
    yield _edit_list(alignment, "Repaired", "damaged, written anew", removals=False)
    yield f"<footer><p>{_text(alignment.signature)}</p></footer>\n</main>\n"


def _language(tag: str) -> str:
    title = name(tag)
    return _text(tag if title == tag else f"{title[0].upper()}{title[1:]} ({tag})")


def _direction(lang: str) -> str:
    return ' dir="rtl"' if is_rtl(lang) else ' dir="ltr"'


def _summary(number: int, alignment: Alignment, options: ExportOptions) -> str:
    pairs = alignment.pairs()
    lonely = [bead for bead in alignment.beads if not bead.is_pair]
    doubtful = sum(
        is_doubtful(bead, bool(options.notes(number, place)), options.doubt_below)
        for place, bead in enumerate(alignment.beads)
    )
    # What formatting there was is in the save file; here it would hide what was done to the text.
    edits = [edit for side in (alignment.source, alignment.target) for edit in side.edits if not edit.is_code]
    removed = sum(not edit.written for edit in edits)
    types = Counter(bead.type for bead in pairs)
    figures = [
        ("", len(alignment.source), "source sentences"),
        ("", len(alignment.target), "target sentences"),
        ("", len(pairs), "pairs"),
        ("warn", doubtful, "doubtful"),
        ("lone", len(lonely), "unaligned"),
        ("", removed, "removed"),
        ("", len(edits) - removed, "repaired"),
    ]
    cards = "".join(
        f'<div class="{kind if count else ""}"><dt>{name}</dt><dd>{count:,}</dd></div>'
        for kind, count, name in figures
    )
    kinds = "".join(f"<li><b>{kind}</b> {count:,}</li>" for kind, count in types.most_common())
    return f'<dl>{cards}</dl>\n<ul class="types" aria-label="Beads by type">{kinds}</ul>\n'


def _row(
    number: int,
    place: int,
    alignment: Alignment,
    sides: Sequence[str],
    moved: Mapping[int, Moved],
    options: ExportOptions,
) -> str:
    bead, notes = alignment.beads[place], options.notes(number, place)
    doubtful = is_doubtful(bead, bool(notes), options.doubt_below)
    notes = (*filter(None, bead.note.split("\n")), *notes)
    opens = _opens_paragraph(bead, alignment)
    classes = ["doubt"] * doubtful + ["lone"] * (not bead.is_pair) + ["para"] * opens
    other = counterpart(alignment, bead, moved.get(place), options.script)
    source = _cell(alignment.source, (bead.src_start, bead.src_end), sides[0], options)
    target = _cell(alignment.target, (bead.tgt_start, bead.tgt_end), sides[1], options, notes)
    if other and bead.src_start < bead.src_end:
        target = _other_cell(other, sides[1], notes)
    elif other:
        source = _other_cell(other, sides[0])
    percent = round(100 * bead.confidence)
    gauge = f'<meter min="0" max="100" value="{percent}"></meter><span class="pct">{percent} %</span>'
    return (
        f'<tr id="b{number + 1}-{place + 1}"{_class(classes)}><th scope="row" class="n">{place + 1}</th>'
        f'{source}{target}<td class="c">{gauge}{_marks(bead, doubtful, place in moved)}</td></tr>\n'
    )


def _marks(bead: Bead, doubtful: bool, moved: bool) -> str:
    """Words beside the colours, for those who don't see colours and for paper."""
    marks = [("warn", "? doubtful")] * doubtful + [("", "∅ unaligned")] * (not bead.is_pair)
    marks += [("", "⇄ moved")] * moved + [("good", f"✓ {bead.status}")] * (bead.status != "auto")
    marks += [("", bead.type)] * (bead.is_pair and bead.type != "1-1")
    return "".join(f"<span{_class(['mark', *kind.split()])}>{text}</span>" for kind, text in marks)


def _class(names: Sequence[str]) -> str:
    return f' class="{" ".join(names)}"' if names else ""


def _opens_paragraph(bead: Bead, alignment: Alignment) -> bool:
    segments = alignment.source.segments
    start = bead.src_start
    return 0 < start < bead.src_end and segments[start].paragraph != segments[start - 1].paragraph


def _cell(
    document: Document,
    span: tuple[int, int],
    attributes: str,
    options: ExportOptions,
    notes: Sequence[str] = (),
) -> str:
    if span[0] == span[1]:
        return f'<td class="none"><i>no counterpart</i>{_listed(notes)}</td>'
    return f"<td{attributes}>{_sentences(document, *span, options)}{_listed(notes)}</td>"


def _other_cell(text: str, attributes: str, notes: Sequence[str] = ()) -> str:
    """The text of a counterpart that stands elsewhere, as `read.html` knows to leave it out."""
    return f'<td class="none"{attributes}><i>⇄ {_text(text)}</i>{_listed(notes)}</td>'


def _listed(notes: Sequence[str]) -> str:
    listed = "".join(f"<li>{_text(note)}</li>" for note in notes)
    return f'<ul class="notes" lang="en" dir="ltr">{listed}</ul>' if listed else ""


def _sentences(document: Document, start: int, end: int, options: ExportOptions) -> str:
    """The text as `Document.span` joins it, each sentence in its own element where there are several."""
    whole = document.span(start, end)
    pieces: list[str] = []
    position = 0
    for segment in range(start, end):
        sentence = document.span(segment, segment + 1)
        found = whole.find(sentence, position)
        if end - start == 1 or found < 0:
            return _formatted(document, (start, end), whole, options)
        text = _formatted(document, (segment, segment + 1), sentence, options)
        pieces.append(f"{escape(whole[position:found])}<span>{text}</span>")
        position = found + len(sentence)
    return "".join(pieces)


def _formatted(document: Document, span: tuple[int, int], text: str, options: ExportOptions) -> str:
    """`text` of segments `span` with the formatting that it has."""
    written = printable(in_script(text, document.lang, options.script))
    codes = side_codes(document, *span, written, options)
    return markup(list(stretches(written, codes))) if codes else escape(written)


def _moved_list(alignment: Alignment, options: ExportOptions) -> str:
    if not alignment.moved:
        return ""
    rows = "".join(
        f"<tr>{_cell(alignment.source, (m.src_start, m.src_end), _lang(alignment.source), options)}"
        f"{_cell(alignment.target, (m.tgt_start, m.tgt_end), _lang(alignment.target), options)}</tr>\n"
        for m in alignment.moved
    )
    return (
        f"<details open><summary>Moved <b>{len(alignment.moved)}</b> "
        f"<span>pairs whose two sides stand in other places</span></summary>"
        f"<table class=list><tbody>{rows}</tbody></table></details>\n"
    )


def _lang(document: Document) -> str:
    return f' lang="{_text(document.lang)}"{_direction(document.lang)}'


def _edit_list(alignment: Alignment, title: str, meaning: str, *, removals: bool) -> str:
    rows = []
    for side, document in (("source", alignment.source), ("target", alignment.target)):
        for edit in document.edits:
            if edit.is_code or bool(edit.written) == removals:
                continue
            number = document.segment_at(edit.at) + 1
            new = f"<td{_lang(document)}>{_text(edit.written)}</td>" if edit.written else ""
            rows.append(
                f"<tr><td>{side} {number}</td><td>{_text(edit.rule)}</td>"
                f"<td{_lang(document)}>{_text(edit.found)}</td>{new}</tr>\n"
            )
    if not rows:
        return ""
    head = "<th>Sentence</th><th>Rule</th><th>Found</th>" + ("" if removals else "<th>Written</th>")
    return (
        f"<details><summary>{title} <b>{len(rows):,}</b> <span>{meaning}</span></summary>"
        f"<table class=list><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></details>\n"
    )


def _text(text: str) -> str:
    return escape(printable(text))


def _stylesheet() -> str:
    return files("aligner.export").joinpath("page.css").read_text(encoding="utf-8")
