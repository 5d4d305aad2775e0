"""A folder or a zip of documents, read as one text: its documents in the order of their names, 2 before 10.

Only what has the suffix of a document is read. What else there is, is named in a note. Nothing outside the folder is
read, links that lead out of it are not followed, and a zip is never unpacked to disk.
"""

from __future__ import annotations

import re
import stat
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from aligner.errors import InputError
from aligner.language.detect import detect
from aligner.language.tags import primary
from aligner.read.choice import shortened
from aligner.read.formats import given_by
from aligner.read.languages import by_language, source_first, without_codes
from aligner.read.reading import MAX_EXPANDED_BYTES, Column, Reading, Source
from aligner.text.counted import counted
from aligner.text.edits import EditedText

ReadBytes = Callable[[Source], Reading]

MOST_DOCUMENTS = 2_000  # as one text; more are a corpus, for `align batch`
_MOST_NAMES = 100_000  # names looked at in a folder or a zip
# Hidden files, and what systems and programs leave behind; nobody misses them in a list.
_LITTER = re.compile(r"\.[^.].*|~\$.*|__MACOSX|Thumbs\.db|desktop\.ini", re.I)
_MOST_DIGITS = 18  # of a number in a name
_NUMBER = re.compile(r"(\d+)")
_FRAMES = re.compile(rb"<frameset[\s>]", re.I)
# Of the languages in the names so many must be those of the texts; some languages can't be told.
_BORNE_OUT = 0.5
_NOTHING = EditedText("")
_CATALOGUE = ".po"  # of gettext, which holds its originals; one alone is read where there is nothing else
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Documents:
    """What a folder or a zip holds: `names`, relative and without suffixes, and a reading for each."""

    name: str
    names: tuple[str, ...]
    readings: tuple[Reading, ...]
    notes: tuple[str, ...] = ()

    def as_one(self) -> Reading:
        """All of it as one text, a cell a document; a catalogue of originals and translations as it is."""
        if self.readings[0].is_table:
            return replace(self.readings[0], notes=self.notes)
        if all(reading.keys for reading in self.readings):
            return self._keyed()
        cells = tuple(reading.flat() for reading in self.readings)
        langs = {reading.columns[0].lang for reading in self.readings}
        lang = langs.pop() if len(langs) == 1 else None
        return Reading(self.name, (Column(lang, cells),), "folder", notes=self.notes)

    def bare_names(self) -> tuple[str, ...]:
        """The names without codes of languages, by which documents of two folders belong together."""
        return without_codes(self.names)

    def as_table(self) -> Reading | None:
        """A column a language and a row a document (a key), where the names say which is in which; else None."""
        if self.readings[0].is_table:
            return self.as_one()
        found = self._in_languages()
        if not found:
            return None
        is_keyed = all(reading.keys for reading in self.readings)
        tags, is_known = source_first(list(found), is_keyed)
        sides = {tag: found[tag]._rows() for tag in tags}
        rows = list(dict.fromkeys(row for side in sides.values() for row in side))
        columns = tuple(
            Column(tag or None, tuple(side.get(row, _NOTHING) for row in rows)) for tag, side in sides.items()
        )
        said = [row for row in rows if any(side[row].text.strip() for side in sides.values() if row in side)]
        notes = [
            f"{self.name}: not in {tag or 'the language without a code'}: {shortened(lonely)}"
            for tag, side in sides.items()
            if (lonely := [row for row in said if row not in side])
        ]
        kind = self.readings[0].kind if is_keyed else "folder"
        keys = tuple(rows) if is_keyed else ()
        notes = [*self.notes, *notes]
        return Reading(self.name, columns, kind, notes=tuple(notes), keys=keys, first_is_source=is_known)

    def _rows(self) -> dict[str, EditedText]:
        """The texts by the names of their documents, or by their keys."""
        if all(reading.keys for reading in self.readings):
            reading = self._keyed()
            return dict(zip(reading.keys, reading.columns[0].cells, strict=True))
        return {name: reading.flat() for name, reading in zip(self.names, self.readings, strict=True)}

    def _in_languages(self) -> dict[str, Documents]:
        """The documents of each language by its tag, where names tell them and the texts bear most of them out."""
        readings = dict(zip(self.names, self.readings, strict=True))
        found = {
            tag: Documents(self.name, tuple(group), tuple(readings[name] for name in group.values()))
            for tag, group in by_language(self.names).items()
        }
        told = [(tag, documents) for tag, documents in found.items() if tag]
        right = sum(
            primary(detect(documents.as_one().flat().text)) == primary(tag) for tag, documents in told
        )
        return found if right >= _BORNE_OUT * len(told) else {}

    def _keyed(self) -> Reading:
        """The texts of a program, each under the name of its file and its key; of one file under its key alone."""
        several = len(self.readings) > 1
        cells = [cell for reading in self.readings for cell in reading.columns[0].cells]
        keys = [
            f"{name}: {key}" if several else key
            for name, reading in zip(self.bare_names(), self.readings, strict=True)
            for key in reading.keys
        ]
        langs = {reading.columns[0].lang for reading in self.readings}
        column = Column(langs.pop() if len(langs) == 1 else None, tuple(cells))
        return Reading(self.name, (column,), self.readings[0].kind, notes=self.notes, keys=tuple(keys))


def files_below(folder: Path) -> list[Path]:
    """The documents of a folder in order. Raises `InputError` where it holds too many names."""
    return [folder / name for name in _split(_names_below(folder), str(folder))[0]]


def read_folder(folder: Path, encoding: str | None, off: Collection[str], read: ReadBytes) -> Documents:
    """The documents below `folder`, each read by `read`. Raises `InputError` where there is none, or one is bad."""
    whole = Source(str(folder), b"", encoding, frozenset(off))
    return _read(whole, list(_names_below(folder)), lambda name: (folder / name).read_bytes(), read)


def read_zip(source: Source, read: ReadBytes) -> Documents:
    """The documents of a zip in memory. Raises `InputError` as `read_folder`, and beyond the limits of expansion."""
    from aligner.read.archive import open_archive

    with open_archive(source) as archive:
        members = [member for member in archive.zip.infolist() if not member.is_dir()]
        links = [member.filename for member in members if _is_link(member)]
        names = [member.filename for member in members if not _is_link(member)]
        documents = _read(replace(source, data=b""), names, archive.read_document, read)
    notes = (f"{source.name}: links, passed over: {shortened(links)}",) if links else ()
    return replace(documents, notes=(*documents.notes, *notes))


def _is_link(member: zipfile.ZipInfo) -> bool:
    """Whether a member says where a file is, and is none: the upper half is what Unix says of a file."""
    return stat.S_ISLNK(member.external_attr >> 16)


def is_zip_of_documents(path: Path) -> bool:
    """Whether a file is a zip by its first bytes and `.zip` by its name; office documents are zips by other names."""
    if path.suffix.lower() != ".zip" or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_ZIP)) == _ZIP


def _read(whole: Source, names: list[str], load: Callable[[str], bytes], read: ReadBytes) -> Documents:
    taken, passed = _split(names, whole.name)
    for name, count in Counter(taken).items():
        if count > 1:
            raise whole.refuse(
                f"{counted(count, 'document')} in it are named {name!r}; unpack it and name them apart"
            )
    notes = [f"{whole.name}: no documents, passed over: {shortened(passed)}"] if passed else []
    readings: dict[str, Reading] = {}
    left = MAX_EXPANDED_BYTES
    for name in taken:
        source = replace(whole, name=f"{whole.name}/{name}", data=_loaded(load, whole, name))
        left -= len(source.data)
        if left < 0:
            raise whole.refuse(
                f"holds more than {MAX_EXPANDED_BYTES >> 20} MiB of documents; use `align batch`"
            )
        why = _why_not(source)
        if why:
            notes.append(f"{source.name}: {why}, passed over")
            continue
        reading = read(source)
        if reading.is_table and not (reading.kind == "po" and len(taken) == 1):
            raise source.refuse(
                "is in several languages by itself; give it alone, or the folder to `align batch`"
            )
        notes += reading.notes
        readings[name] = reading
    if not readings:
        raise whole.refuse("no document in it; name a file, or a folder with documents")
    return Documents(whole.name, tuple(map(_stem, readings)), tuple(readings.values()), tuple(notes))


def _why_not(source: Source) -> str:
    """Why a document has no text of its own; empty where it has."""
    if not source.data.strip():
        return "empty"
    is_page = source.suffix.startswith((".htm", ".xht", ".xhtm"))
    return (
        "made of frames, which are documents by themselves" if is_page and _FRAMES.search(source.data) else ""
    )


def _loaded(load: Callable[[str], bytes], whole: Source, name: str) -> bytes:
    try:
        return load(name)
    except OSError as error:
        raise whole.refuse(f"{name} can't be read ({error.strerror}); check its permissions") from None


def _names_below(folder: Path) -> Iterator[str]:
    """Relative names of ordinary files; a link counts where what it names lies in the folder."""
    root = folder.resolve()
    for path in folder.rglob("*"):
        if path.is_file() and path.resolve().is_relative_to(root):
            yield path.relative_to(folder).as_posix()


def _split(names: Iterator[str] | list[str], where: str) -> tuple[list[str], list[str]]:
    """The documents' names in their order, and those of other files."""
    found: list[str] = []
    for number, name in enumerate(names):
        if number >= _MOST_NAMES:
            raise InputError(f"{where}: more than {_MOST_NAMES:,} names in it; use `align batch`")
        if not any(_LITTER.fullmatch(part) for part in PurePosixPath(name).parts):
            found.append(name)
    found.sort(key=_natural)
    given = {name: given_by(PurePosixPath(name).suffix.lower()) for name in found}
    kinds = [[name for name in found if given[name] == wanted] for wanted in ("text", "keys")]
    taken = kinds[0] or kinds[1] or [name for name in found if name.lower().endswith(_CATALOGUE)]
    if len(taken) > MOST_DOCUMENTS:
        raise InputError(f"{where}: {counted(len(taken), 'document')} are no one text; use `align batch`")
    chosen = set(taken)
    return taken, [name for name in found if name not in chosen]


def _natural(name: str) -> tuple[tuple[int, str, int], ...]:
    """A key by which 2 stands before 10."""
    parts = _NUMBER.split(name.casefold())
    return tuple(
        (1, "", int(part)) if part.isdecimal() and len(part) <= _MOST_DIGITS else (0, part, 0)
        for part in parts
    )


def _stem(name: str) -> str:
    return str(PurePosixPath(name).with_suffix(""))
