"""RTF, by the specification 1.9: paragraphs and tables, then notes.

striprtf, the library for it, leaves notes out without a word.
"""

from __future__ import annotations

import codecs
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from aligner.read.formatting import FACES, alone, face
from aligner.read.properties import joined_surrogates
from aligner.read.raised import LEAST_MOVED
from aligner.read.reading import Reading, Source, document, join_lines
from aligner.read.rtf_tokens import Token, tokens
from aligner.read.runs import LOWERED, RAISED, Run, paragraph
from aligner.read.table import PAIR, table_of_cells
from aligner.text.codes import Code
from aligner.text.edits import EditedText

# Windows' numbers for character sets (\fcharset); 0, 1 and 2 are the document's own.
_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_CHARACTERS = {
    "tab": "\t", "line": "\n", "lbr": "\n", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005",
    "~": "\u00a0", "_": "\u2011", "-": "\u00ad", "zwj": "\u200d", "zwnj": "\u200c", "ltrmark": "\u200e",
    "rtlmark": "\u200f", "\t": "\t",
}  # fmt: skip
# Groups whose text stands beside the running text, by the rule that leaves it out.
_BESIDE = {
    **dict.fromkeys(("header", "headerl", "headerr", "headerf"), "rtf-page-header"),
    **dict.fromkeys(("footer", "footerl", "footerr", "footerf"), "rtf-page-header"),
    "annotation": "rtf-comment", "listtext": "rtf-list-number", "pntext": "rtf-list-number",
}  # fmt: skip
# Groups of settings; `nonshppict` and `shprslt` say again what stood before, for old programmes.
_SILENT = frozenset({
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "objdata", "fldinst", "nonshppict", "shprslt", "atnid",
    "atnauthor", "filetbl", "revtbl", "listtable", "listoverridetable", "sp", "xe", "tc", "bkmkstart", "bkmkend",
    "themedata", "datastore", "generator", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn",
})  # fmt: skip
# Groups marked as to be ignored by who does not know them, which are known here.
_KNOWN = frozenset({"shpinst", "shptxt", "annotation", "footnote", "objattph", "txfieldtext"})
_ASIDE = frozenset({"footnote", "shptxt", "dptxbxtext"})
_ENDS = frozenset({"par", "sect", "page", "column", "nestcell"})
_MARKS: dict[str, Callable[[int | None], str]] = {
    "super": lambda number: RAISED if number != 0 else "", "sub": lambda number: LOWERED if number != 0 else "",
    "up": lambda number: RAISED if number is None or number >= LEAST_MOVED else "",
    "dn": lambda number: LOWERED if number is None or number >= LEAST_MOVED else "",
    "v": lambda number: "rtf-hidden" if number != 0 else "",
    "deleted": lambda number: "rtf-deleted" if number != 0 else "", "nosupersub": lambda _: "",
}  # fmt: skip
_FACES = {"b": "bold", "i": "italic", "ul": "underlined", "strike": "strike"}
_NO_LINE = "ulnone"
# What is written for who knows no \u is a character or two, of a few bytes; a larger number would hide a text.
_MOST_SKIPPED = 8
# What stands for a break or a tab.
_BREAKS = {"line": "lb", "lbr": "lb", "tab": "tab"}


@dataclass(frozen=True, slots=True)
class _State:
    """What holds inside a group. `aside` numbers the text it belongs to, 0 for the document itself."""

    mark: str = ""
    faces: frozenset[str] = frozenset()
    group: str = ""
    codec: str = ""
    skip: int = 1
    aside: int = 0
    silent: bool = False
    table: bool = False


@dataclass(slots=True)
class _Text:
    """A text under way: the document's, or that of a note or box. Rows are those of its tables, cells paragraphs."""

    runs: list[Run] = field(default_factory=list)
    parts: list[EditedText] = field(default_factory=list)
    cell: list[EditedText] = field(default_factory=list)
    row: list[EditedText] = field(default_factory=list)
    rows: list[list[EditedText]] = field(default_factory=list)
    outside: bool = False


def read_rtf(source: Source) -> Reading:
    """Paragraphs and table cells in order, then footnotes and text boxes; a table that is all there is gives columns.

    Tracked deletions, hidden text, comments, page headers and the numbers of lists are left out, on record.
    Raises `InputError` where the file is cut off.
    """
    page = _Page(source)
    for token in tokens(source.data):
        page.take(token)
    page.flush()
    if page.open_groups > 0:
        raise source.refuse("cut off before its end; get the file again")
    texts = page.finish()
    body = texts[0]
    widths = {len(row) for row in body.rows}
    if (
        len(texts) == 1
        and not body.outside
        and len(body.rows) > 1
        and len(widths) == 1
        and min(widths) >= PAIR
    ):
        return table_of_cells(source, body.rows, "rtf")
    return document(source, join_lines([part for text in texts for part in text.parts]), "rtf")


class _Page:
    """Reads tokens into texts. Groups are a list, so that no depth of them takes more than memory."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.codec = source.encoding or "cp1252"
        self.fonts: dict[int, str] = {}
        self.font = 0
        self.states = [_State()]
        self.texts = [_Text()]
        self.pending = bytearray()
        self.to_skip = 0
        self.starred = self.fresh = False

    @property
    def state(self) -> _State:
        return self.states[-1]

    @property
    def open_groups(self) -> int:
        return len(self.states) - 1

    def take(self, token: Token) -> None:
        if token.kind == "bytes":
            self._bytes(token)
        elif token.kind == "{":
            self.flush()
            self.states.append(self.state)
            self.starred, self.fresh, self.to_skip = False, True, 0
            return
        elif token.kind == "}":
            self._close()
        elif token.kind == "symbol":
            self._symbol(token.word)
        else:
            self._word(token.word, token.number)
        self.fresh = self.fresh and token == Token("symbol", "*")

    def _bytes(self, token: Token) -> None:
        data = token.data
        if self.to_skip:
            taken = min(self.to_skip, len(data))
            self.to_skip -= taken
            data = data[taken:]
        if not self.state.silent:
            self.pending += data

    def flush(self) -> None:
        """Decode what bytes stood one after another: a character may be two, one of them written as a letter."""
        if self.pending:
            text = bytes(self.pending).decode(self.state.codec or self.codec, "replace")
            self.pending.clear()
            self._say(text)

    def _say(self, text: str, code: Code | None = None) -> None:
        if not self.state.silent:
            state = self.state
            formats = tuple(face(kind) for kind in FACES if kind in state.faces)
            run = Run(text, _BESIDE.get(state.group) or state.mark, formats, code)
            self.texts[state.aside].runs.append(run)

    def _close(self) -> None:
        self.flush()
        if len(self.states) > 1:
            closed = self.states.pop()
            if closed.aside != self.state.aside:
                self._end_paragraph(closed)
        self.to_skip = 0

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            self.starred = True
        elif symbol in "\r\n":
            self._word("par", None)
        elif symbol in _CHARACTERS or symbol in "\\{}":
            if symbol in "\\{}":
                self.pending += symbol.encode() if not self.to_skip else b""
                self.to_skip = max(0, self.to_skip - 1)
            else:
                self.flush()
                self._say(_CHARACTERS[symbol])

    def _word(self, word: str, number: int | None) -> None:
        if self.fresh and self._begin(word):
            return
        if word == "u" and number is not None:
            self._unicode(number)
            return
        self.flush()
        if word in _CHARACTERS:
            kind = _BREAKS.get(word)
            self._say(_CHARACTERS[word], alone(kind, f"\\{word}") if kind else None)
        elif word in _MARKS or word in _FACES or word in ("plain", _NO_LINE):
            self._letters(word, number)
        elif word == "uc":
            self._change(skip=number if number is not None and 0 <= number <= _MOST_SKIPPED else 1)
        elif word == "f" and not self._in("fonttbl"):
            self._change(codec=self.fonts.get(number or 0, ""))
        elif word in _ENDS or word in ("cell", "row"):
            if self.state.group in _BESIDE:
                self._say("\n")
            elif word in _ENDS:
                self._end_paragraph(self.state)
            else:
                self._end_cell(is_row=word == "row")
        elif word in ("pard", "intbl"):
            self._change(table=word == "intbl")
        else:
            self._declare(word, number)

    def _letters(self, word: str, number: int | None) -> None:
        """What the letters that follow have."""
        faces, kind = self.state.faces, _FACES.get(word, "underlined")
        if word in _MARKS:
            self._change(mark=_MARKS[word](number))
        elif word == "plain":
            self._change(mark="", faces=frozenset())
        else:
            self._change(faces=faces - {kind} if word == _NO_LINE or number == 0 else faces | {kind})

    def _begin(self, word: str) -> bool:
        """Whether the group that begins with `word` is one of its own."""
        if self.state.silent:
            return False
        if word in _ASIDE:
            self.texts.append(_Text())
            self._change(group=word, aside=len(self.texts) - 1, mark="", faces=frozenset())
        elif word in _BESIDE:
            self._change(group=word)
        elif word in _SILENT or (self.starred and word not in _KNOWN):
            self._change(group=word, silent=True)
        else:
            return False
        return True

    def _change(self, **settings: Any) -> None:
        self.states[-1] = replace(self.state, **settings)

    def _in(self, group: str) -> bool:
        return self.state.group == group

    def _unicode(self, number: int) -> None:
        if self.to_skip:  # written for who knows no \u
            self.to_skip -= 1
            return
        self.flush()
        code = number & 0xFFFF if number < 0 else number
        self._say(chr(code) if code <= sys.maxunicode else "\ufffd")
        self.to_skip = self.state.skip

    def _declare(self, word: str, number: int | None) -> None:
        """Character sets of the document and of its fonts."""
        if word == "ansicpg" and not self.source.encoding:
            self.codec = _known(f"cp{number}") or self.codec
        elif word == "mac" and not self.source.encoding:
            self.codec = "mac_roman"
        elif self._in("fonttbl") and word == "f":
            self.font = number or 0
        elif self._in("fonttbl") and word == "fcharset" and number in _CHARSETS:
            self.fonts[self.font] = _CHARSETS[number]
        elif self._in("fonttbl") and word == "cpg":
            self.fonts[self.font] = _known(f"cp{number}")

    def _end_paragraph(self, state: _State) -> None:
        text = self.texts[state.aside]
        runs = [
            like._replace(text=joined_surrogates("".join(run.text for run in group)))
            for like, group in groupby(text.runs, lambda run: run._replace(text=""))
        ]
        text.runs = []
        written = paragraph(runs, self.source.off)
        text.parts.append(written)
        if state.table:
            text.cell.append(written)
        else:
            text.outside |= bool(written.text.strip())

    def _end_cell(self, *, is_row: bool) -> None:
        text = self.texts[self.state.aside]
        if not is_row:
            self._end_paragraph(replace(self.state, table=True))
            text.row.append(join_lines(text.cell))
            text.cell = []
        elif text.row:
            text.rows.append(text.row)
            text.row = []

    def finish(self) -> list[_Text]:
        self._end_paragraph(_State())
        for number in range(1, len(self.texts)):
            self._end_paragraph(_State(aside=number))
        return self.texts


def _known(codec: str) -> str:
    try:
        return codecs.lookup({"cp65001": "utf-8", "cp936": "gb18030"}.get(codec, codec)).name
    except LookupError:
        return ""
