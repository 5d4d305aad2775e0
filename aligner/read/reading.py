"""The nouns of reading: what a file gave. `Writing` puts an `EditedText` together piece by piece."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from aligner.errors import InputError
from aligner.text.codes import Code
from aligner.text.edits import Edit, EditedText

# Most bytes a file may expand to (the parts of a zip together, pictures apart, or what gzip packed): 512 MiB.
MAX_EXPANDED_BYTES = 512 * 1024 * 1024


# Kinds of files whose units have inline codes of their own; others have formatting.
MEMORIES = frozenset({"tmx", "xliff"})


@dataclass(frozen=True, slots=True)
class Source:
    """A file's bytes and what to call it in messages; `encoding` is what the user forces, if anything.

    `off` names the rules of `aligner.read.rules` that the user switched off. `folder` is where the file lies,
    None where that is no business of a reader: standard input, a part of a zip.
    """

    name: str
    data: bytes
    encoding: str | None = None
    off: frozenset[str] = frozenset()
    folder: Path | None = None

    @property
    def suffix(self) -> str:
        """The name's last suffix in lower case, with its dot; empty where there is none."""
        stem, dot, suffix = self.name.rpartition(".")
        return f".{suffix.lower()}" if dot and stem and "/" not in suffix else ""

    def applies(self, rule: str) -> bool:
        """Whether `rule` is not switched off."""
        return rule not in self.off

    def refuse(self, reason: str) -> InputError:
        """The error to raise for this file: its name and the reason on one line."""
        return InputError(" ".join(f"{self.name}: {reason}".split()))


@dataclass(frozen=True, slots=True)
class Column:
    """Cells in one language. `lang` is a BCP 47 tag where the file itself names it, else None."""

    lang: str | None
    cells: tuple[EditedText, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gave: one column with one cell for a document, two or more for translations in rows.

    All columns have the same number of cells; row i's cells correspond. `kind` is the format (`docx`, `tmx`,
    …), `encoding` the character set where there was one to decide, `notes` are lines the user should see.
    `pairs` are the places of columns that belong together, where not every two do. `keys` name the rows of a
    localisation file, each once. `first_is_source`: the others are translations of the first column. Raises
    `InputError` where columns or keys differ in number.
    """

    name: str
    columns: tuple[Column, ...]
    kind: str
    encoding: str = ""
    notes: tuple[str, ...] = ()
    pairs: tuple[tuple[int, int], ...] = ()
    keys: tuple[str, ...] = ()
    first_is_source: bool = False

    def __post_init__(self) -> None:
        rows = {len(column.cells) for column in self.columns} | ({len(self.keys)} if self.keys else set())
        if len(rows) > 1:
            raise InputError(f"{self.name}: its columns have different numbers of cells")

    @property
    def is_table(self) -> bool:
        """Whether rows pair cells of two or more columns."""
        return len(self.columns) > 1

    def pair(self, first: int, second: int) -> tuple[tuple[EditedText, ...], tuple[EditedText, ...]]:
        """The cells of two columns; what the others hold is on record before those of the first."""
        others = [column.cells for n, column in enumerate(self.columns) if n not in (first, second)]
        rows = zip(self.columns[first].cells, *others, strict=True)
        return tuple(_after(cell, left_out) for cell, *left_out in rows), self.columns[second].cells

    def with_codes(self, codes: str | None) -> Reading:
        """The reading with its inline codes where `codes` is `keep` or `omegat`, on record where it is `drop`.

        None is `keep` for memories and files for translation, whose codes belong to their units, else `drop`.
        """
        if codes in ("keep", "omegat") or (codes is None and (self.kind in MEMORIES or self.keys)):
            return self
        columns = tuple(
            replace(column, cells=tuple(cell.without_codes() for cell in column.cells))
            for column in self.columns
        )
        return replace(self, columns=columns)

    def flat(self) -> EditedText:
        """All text as one document: row by row, a line a cell, cells without text left out."""
        rows = zip(*(column.cells for column in self.columns), strict=True)
        return join_lines([cell for row in rows for cell in row])


def _after(cell: EditedText, left_out: Iterable[EditedText]) -> EditedText:
    spans = [[(0, len(other.text))] if other.text else [] for other in left_out]
    gone = [
        other.without_codes().remove(span, "other-column")
        for other, span in zip(left_out, spans, strict=True)
    ]
    return EditedText.join([*gone, cell])


@dataclass(slots=True)
class Writing:
    """A text under way: `keep` adds what belongs to it, `drop` records what was left out at this place.

    What a rule in `off` would leave out or write anew stays as it was found.
    """

    pieces: list[str] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    length: int = 0
    off: frozenset[str] = frozenset()
    pairs: int = 0  # the highest number of a pair so far

    def keep(self, text: str) -> None:
        """Add `text`."""
        if text:
            self.pieces.append(text)
            self.length += len(text)

    def add(self, text: EditedText) -> None:
        """Add a text with its record."""
        self.edits += [replace(edit, at=edit.at + self.length) for edit in text.edits]
        known = self.pairs
        for code in text.codes:
            pair = code.pair + known if code.pair else 0
            self.codes.append(replace(code, at=code.at + self.length, pair=pair))
            self.pairs = max(self.pairs, pair)
        self.keep(text.text)

    def mark(self, code: Code) -> None:
        """Put an inline code here; what it stands for, so many characters, is added next."""
        self.codes.append(replace(code, at=self.length))
        self.pairs = max(self.pairs, code.pair)

    def drop(self, text: str, rule: str) -> None:
        """Record that `text` stood here and was left out by `rule`; blank text leaves no record."""
        if rule in self.off:
            self.keep(text)
        elif text.strip():
            self.edits.append(Edit(self.length, text, "", rule))

    def drop_break(self, rule: str) -> None:
        """Record that a line's end stood here and was left out by `rule`."""
        self.edits.append(Edit(self.length, "\n", "", rule))

    def repair(self, found: str, written: str, rule: str) -> None:
        """Add `written`, recording that it was read as `found`."""
        if rule in self.off:
            self.keep(found)
            return
        self.edits.append(Edit(self.length, found, written, rule))
        self.keep(written)

    def finish(self) -> EditedText:
        """The text with its record."""
        return EditedText("".join(self.pieces), tuple(self.edits), tuple(self.codes))


def join_lines(parts: Iterable[EditedText]) -> EditedText:
    """The parts, each beginning a line; a part without text gives its record to the one after it."""
    joined: list[EditedText] = []
    for part in parts:
        if joined and not joined[-1].text:
            joined[-1] = EditedText.join([joined[-1], part])
        else:
            joined.append(part)
    if len(joined) > 1 and not joined[-1].text:
        joined[-2:] = [EditedText.join(joined[-2:])]
    return EditedText.join(joined, "\n")


def tidy_tag(tag: str) -> str:
    """A language tag as BCP 47 writes it: `ZH_tw` becomes `zh-TW`, `zh-hant` `zh-Hant`."""
    parts = tag.strip().replace("_", "-").split("-")
    shaped = [parts[0].lower()]
    for part in parts[1:]:
        shaped.append({2: part.upper(), 4: part.title()}.get(len(part), part.lower()))
    return "-".join(shaped)


def document(
    source: Source, text: EditedText, kind: str, encoding: str = "", notes: tuple[str, ...] = ()
) -> Reading:
    """The reading of an ordinary document: one column with one cell. A text without any letter is refused."""
    if not text.text.strip():
        raise source.refuse("there is no text in it; check that it is the file you meant")
    return Reading(source.name, (Column(None, (text,)),), kind, encoding, notes)
