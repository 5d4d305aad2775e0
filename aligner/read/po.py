"""Gettext catalogues: an entry is a row of original and translation; templates (.pot) have the originals only.

polib, the library for it, leaves out an unfinished string without a word and cuts texts at line separators.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from aligner.errors import InputError, UsageError
from aligner.read.keys import Entry, keep_whole, keyed
from aligner.read.reading import Column, Reading, Source, Writing, tidy_tag
from aligner.read.text import Decoded, decode
from aligner.text.edits import EditedText

_CHARSET = re.compile(rb"Content-Type:[^\"\n]*charset=([\w.:-]+)")
_LANGUAGE = re.compile(r"^Language:[ \t]*([A-Za-z_-]+)", re.M)
_LINE = re.compile(r'(?:(msgctxt|msgid|msgid_plural|msgstr)(?:\[(\d+)\])?\s*)?"((?:[^"\\]|\\.)*)"\s*')
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|(.))")
_WRITTEN = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "a": "\a", "b": "\b", "v": "\v"}
# Between context and original in a compiled catalogue, so in neither.
_CONTEXT_ENDS = "\x04"


@dataclass(slots=True)
class _Entry:
    """What an entry's lines said, by the word before each string."""

    parts: dict[str, str] = field(default_factory=dict)
    forms: list[str] = field(default_factory=list)
    fuzzy: bool = False
    obsolete: bool = False

    @property
    def key(self) -> str:
        context = self.parts.get("msgctxt")
        return (
            self.parts.get("msgid", "")
            if context is None
            else f"{context}{_CONTEXT_ENDS}{self.parts['msgid']}"
        )


def read_po(source: Source) -> Reading:
    """Two columns, original and translation; what is not translated has an empty translation.

    Fuzzy translations, which gettext itself does not use, obsolete entries and plural forms without an original
    of their own are left out, on record. One column of originals where nothing is translated. Raises
    `InputError` where it is malformed.
    """
    decoded = _decoded(source)
    entries = list(_parsed(source, decoded.text))
    header = next((entry.forms[0] for entry in entries if entry.key == "" and entry.forms), "")
    rows = list(_rows([entry for entry in entries if entry.key]))
    originals = keyed(source, (Entry(key, original) for key, original, _ in rows), "po", decoded)
    cells: dict[str, EditedText] = {}
    for key, _, (translation, beside) in rows:
        out = Writing(off=source.off)
        if key in cells:
            out.drop(cells[key].original(), "repeated-key")
        for text, rule in beside:
            out.drop(text, rule)
        keep_whole(translation, out)
        cells[key] = out.finish()
    if not any(cell.text.strip() or cell.edits for cell in cells.values()):
        return originals
    lang = _LANGUAGE.search(header)
    translations = Column(tidy_tag(lang[1]) if lang else None, tuple(cells[key] for key in originals.keys))
    return replace(originals, columns=(*originals.columns, translations))


def _decoded(source: Source) -> Decoded:
    """By the character set that its header names, if the bytes fit it."""
    declared = _CHARSET.search(source.data)
    if declared and not source.encoding:
        try:
            return decode(replace(source, encoding=declared[1].decode("ascii")))
        except (InputError, UsageError):  # `CHARSET` in templates, or a name that is not true
            pass
    return decode(source)


def _parsed(source: Source, text: str) -> Iterator[_Entry]:
    entry, word = _Entry(), ""
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip(" \t")
        obsolete = line.startswith("#~")
        line = line.removeprefix("#~").lstrip(" \t")
        starts = line.startswith(("#", "msgctxt", "msgid ", 'msgid"')) and bool(entry.forms)
        if (starts and not obsolete) or (starts and not line.startswith("|")):
            yield entry
            entry, word = _Entry(), ""
        if not line or line[0] == "#" or (obsolete and line[0] == "|"):
            entry.fuzzy |= line.startswith("#,") and "fuzzy" in line
            continue
        found = _LINE.fullmatch(line)
        word = (found[1] or word) if found else ""
        if not found or not word or not _is_in_place(entry, found[1]):
            raise source.refuse(f"a malformed PO file at line {number}; `msgfmt -c` says what is wrong")
        entry.obsolete |= obsolete
        _add(entry, word, found)
    if entry.parts or entry.forms:
        if not entry.forms or "msgid" not in entry.parts:
            raise source.refuse("a malformed PO file: cut off at its end; get the file again")
        yield entry


def _is_in_place(entry: _Entry, word: str | None) -> bool:
    """Whether what an entry has to have before `word` stood there, and `word` itself did not."""
    if word == "msgstr":
        return "msgid" in entry.parts
    return word not in entry.parts and (word != "msgid_plural" or "msgid" in entry.parts)


def _add(entry: _Entry, word: str, line: re.Match[str]) -> None:
    text = _ESCAPE.sub(_character, line[3])
    if word != "msgstr":
        entry.parts[word] = entry.parts.get(word, "") + text
    elif line[1]:
        entry.forms.append(text)
    else:
        entry.forms[-1] += text


def _character(escape: re.Match[str]) -> str:
    if escape[1] or escape[2]:
        return chr(int(escape[1], 16) if escape[1] else int(escape[2], 8))
    return _WRITTEN.get(escape[3], escape[3])


_Side = tuple[str, tuple[tuple[str, str], ...]]


def _rows(entries: list[_Entry]) -> Iterator[tuple[str, str, _Side]]:
    """Key, original and translation with what is left out of it; a plural is a row of its own."""
    gone = tuple((text, "po-obsolete") for entry in entries if entry.obsolete for text in entry.forms)
    for entry in entries:
        if entry.obsolete:
            continue
        for key, original, (text, beside) in _forms(entry):
            if entry.fuzzy:
                text, beside = "", (*beside, (text, "po-fuzzy"))
            yield key, original, (text, gone + beside)
            gone = ()


def _forms(entry: _Entry) -> Iterator[tuple[str, str, _Side]]:
    """Singular with the first form, plural with the last; languages without plurals have one form, the plural's."""
    original, forms = entry.parts["msgid"], entry.forms
    if "msgid_plural" not in entry.parts:
        yield entry.key, original, (forms[0], ())
        return
    first = forms[0] if len(forms) > 1 else ""
    yield entry.key, original, (first, tuple((text, "po-plural") for text in forms[1:-1]))
    yield f"{entry.key}{_CONTEXT_ENDS}plural", entry.parts["msgid_plural"], (forms[-1], ())
