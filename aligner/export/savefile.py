"""The project's own save file: lossless, checked when read, keys it doesn't know kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from aligner.bitext import Alignment, Alternative, Bead, Document, Moved, Segment
from aligner.errors import BitextError, InputError, OutputError
from aligner.export.foreign_keys import (
    Extra,
    alternative_place,
    bead_place,
    code_place,
    edit_place,
    moved_place,
)
from aligner.export.options import ExportOptions
from aligner.export.units import Tally
from aligner.files import ordinary, replacing
from aligner.text.codes import Code
from aligner.text.edits import Edit
from aligner.text.whole_numbers import bounded

FORMAT = "aligner/1"
_Noun = TypeVar("_Noun")

# The keys we write; all others are somebody else's and go back where they were.
_TOP = frozenset(
    {"format", "signature", "source", "target", "beads", "removed", "repaired", "codes", "moved"}
)
_DOCUMENT = frozenset({"name", "lang", "text", "segments"})
_BEAD = frozenset({"source", "target", "confidence", "status", "alternatives", "note"})
_ALTERNATIVE = frozenset({"source", "target", "confidence"})
_MOVED = frozenset({"source", "target", "confidence", "status"})
_REMOVED = frozenset({"side", "at", "text", "rule"})
_REPAIRED = frozenset({"side", "at", "found", "written", "rule"})
_CODE = frozenset({"side", "at", "kind", "data", "pair", "length", "type", "form", "attributes"})


@dataclass(frozen=True, slots=True)
class SaveFile:
    """An alignment with the keys of its save file that aren't ours, by the places of `aligner.export.foreign_keys`."""

    alignment: Alignment
    extra: Extra = field(default_factory=dict)


def load(path: str | Path) -> Alignment:
    """The alignment in a save file. Raises `InputError` where it is damaged or not a save file."""
    return open_savefile(path).alignment


def open_savefile(path: str | Path) -> SaveFile:
    """The alignment in a save file and the keys that aren't ours. Raises `InputError` as `load`."""
    return parse(_read(Path(path)), str(path))


def save(savefile: SaveFile, path: str | Path) -> None:
    """Write the save file whole or not at all; one that stood there goes into `FILE.json.bak`.

    Raises `OutputError` where what stands there isn't a save file this version reads.
    """
    check_replaceable(path)
    if (old := Path(path)).is_file() and (before := _bytes(old)):
        with replacing(backup_of(old)) as (copy,):
            copy.write(before)
    with replacing(Path(path)) as (file,):
        # A lone surrogate can't be UTF-8; as \udXXX it is JSON all the same.
        file.write(dumps(savefile).encode("utf-8", "backslashreplace"))


def write_savefile(alignments: Sequence[Alignment], path: Path, options: ExportOptions, tally: Tally) -> None:
    """One alignment, with the keys that aren't ours as `options.extra` has them."""
    tally.units = len(alignments[0].beads)
    save(SaveFile(alignments[0], options.extra or {}), path)


def backup_of(path: str | Path) -> Path:
    """Where a save file goes before it is written over."""
    path = Path(path)
    return path.with_name(f"{path.name}.bak")


def check_replaceable(path: str | Path) -> None:
    """Raise `OutputError` where a file stands at `path` that can't be read as a save file: it may be a review."""
    path = Path(path)
    try:
        if path.is_file() and path.stat().st_size:
            open_savefile(path)
    except (InputError, OSError) as error:
        raise OutputError(f"{error}; it is not written over, name another file") from error


def dumps(savefile: SaveFile) -> str:
    """The save file's text: a bead, an edit a line, so that two versions can be compared."""
    data = _data(savefile)
    parts = [f"{_json(key)}: {_lines(value)}" for key, value in data.items()]
    return "{" + ",\n ".join(parts) + "}\n"


def _lines(value: Any) -> str:
    if isinstance(value, list) and value:
        return "[\n  " + ",\n  ".join(map(_json, value)) + "]"
    return _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _data(savefile: SaveFile) -> dict[str, Any]:
    alignment, extra = savefile.alignment, savefile.extra
    removed, repaired = _edit_data(alignment, extra)
    data: dict[str, Any] = {
        "format": FORMAT,
        "signature": alignment.signature,
        "source": _document_data(alignment.source) | dict(extra.get("source", {})),
        "target": _document_data(alignment.target) | dict(extra.get("target", {})),
        "beads": [_bead_data(bead, extra) for bead in alignment.beads],
        "removed": removed,
        "repaired": repaired,
    }
    codes = [
        _code_data(side, code, extra)
        for side, document in (("source", alignment.source), ("target", alignment.target))
        for code in document.codes
    ]
    if codes:
        data["codes"] = codes
    if alignment.moved:
        data["moved"] = [
            _reviewed(passage) | dict(extra.get(moved_place(passage), {})) for passage in alignment.moved
        ]
    return data | dict(extra.get("", {}))


def _document_data(document: Document) -> dict[str, Any]:
    segments = [[segment.start, segment.end, segment.paragraph] for segment in document.segments]
    return {"name": document.name, "lang": document.lang, "text": document.text, "segments": segments}


def _ranges(item: Bead | Alternative | Moved) -> dict[str, Any]:
    return {"source": [item.src_start, item.src_end], "target": [item.tgt_start, item.tgt_end]}


def _reviewed(item: Bead | Moved) -> dict[str, Any]:
    return _ranges(item) | {"confidence": item.confidence, "status": item.status}


def _bead_data(bead: Bead, extra: Extra) -> dict[str, Any]:
    data = _reviewed(bead)
    if bead.note:
        data["note"] = bead.note
    if bead.alternatives:
        data["alternatives"] = [
            _ranges(other)
            | {"confidence": other.confidence}
            | dict(extra.get(alternative_place(bead, other), {}) if extra else {})
            for other in bead.alternatives
        ]
    return data | dict(extra.get(bead_place(bead), {})) if extra else data


def _edit_data(alignment: Alignment, extra: Extra) -> tuple[list[Any], list[Any]]:
    removed: list[Any] = []
    repaired: list[Any] = []
    for side, document in (("source", alignment.source), ("target", alignment.target)):
        for edit in document.edits:
            entry: dict[str, Any] = {"side": side, "at": edit.at}
            if edit.written:
                entry |= {"found": edit.found, "written": edit.written, "rule": edit.rule}
            else:
                entry |= {"text": edit.found, "rule": edit.rule}
            entry |= dict(extra.get(edit_place(side, edit), {}))
            (repaired if edit.written else removed).append(entry)
    return removed, repaired


def _code_data(side: str, code: Code, extra: Extra) -> dict[str, Any]:
    """What isn't told is empty or 0."""
    told = {"pair": code.pair, "length": code.length, "type": code.type, "form": code.form}
    entry = {"side": side, "at": code.at, "kind": code.kind, "data": code.data}
    entry |= {key: value for key, value in told.items() if value}
    if code.attributes:
        entry["attributes"] = dict(code.attributes)
    return entry | dict(extra.get(code_place(side, code), {}))


def _bytes(path: Path) -> bytes:
    try:
        return ordinary(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror}") from error


def _read(path: Path) -> Any:
    raw = _bytes(path)
    try:
        return json.loads(raw.decode("utf-8-sig"), parse_int=bounded)
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is not UTF-8; a save file always is") from error
    except (ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{path}: is not a save file: the JSON can't be read ({reason})") from error


def parse(data: Any, name: str = "save file") -> SaveFile:
    """A save file from its parsed JSON; `name` goes into the messages. Raises `InputError`."""
    try:
        return _parse(data)
    except (_Wrong, BitextError) as error:
        raise InputError(f"{name}: {error}") from error


class _Wrong(Exception):
    pass


def _parse(data: Any) -> SaveFile:
    if not isinstance(data, dict) or not str(data.get("format", "")).startswith("aligner/"):
        raise _Wrong(f'is not a save file: no "format": "{FORMAT}" in it')
    if data["format"] != FORMAT:
        raise _Wrong(f"is of format {data['format']!r}, this version reads {FORMAT!r}; update aligner")
    edits: dict[str, list[Edit]] = {"source": [], "target": []}
    extra: dict[str, Any] = {"": _others(data, _TOP)}
    for kind, parsed in (("removed", _removal), ("repaired", _repair)):
        for _ in _each(_get(data, kind, list, []), kind, partial(parsed, edits=edits, extra=extra)):
            pass
    codes: dict[str, list[Code]] = {"source": [], "target": []}
    for _ in _each(_get(data, "codes", list, []), "code", partial(_code, codes=codes, extra=extra)):
        pass
    documents = []
    for side in ("source", "target"):
        part = _get(data, side, dict)
        # At one place removals come before the repair that starts there.
        edits[side].sort(key=lambda edit: (edit.at, bool(edit.written)))
        documents.append(_document(part, side, tuple(edits[side]), tuple(codes[side])))
        extra[side] = _others(part, _DOCUMENT)
    beads = tuple(_each(_get(data, "beads", list), "bead", partial(_bead, extra=extra)))
    moved = tuple(_each(_get(data, "moved", list, []), "moved", partial(_moved, extra=extra)))
    alignment = Alignment(documents[0], documents[1], beads, _get(data, "signature", str, ""), moved)
    for passage in moved:
        if passage.src_end > len(alignment.source) or passage.tgt_end > len(alignment.target):
            raise _Wrong(f"{passage}: outside the documents")
    return SaveFile(alignment, {place: keys for place, keys in extra.items() if keys})


def _each(entries: list[Any], what: str, parsed: Callable[[Any], _Noun]) -> Iterator[_Noun]:
    """The entries parsed; where one is wrong, the message says which."""
    for number, entry in enumerate(entries):
        try:
            yield parsed(entry)
        except _Wrong as error:
            raise _Wrong(f"{what} {number}: {error}") from None


def _document(
    part: Mapping[str, Any], side: str, edits: tuple[Edit, ...], codes: tuple[Code, ...]
) -> Document:
    try:
        segments = tuple(_each(_get(part, "segments", list), "segment", _segment))
        text, lang, name = _get(part, "text", str), _get(part, "lang", str), _get(part, "name", str, "")
        if not lang.isprintable():
            raise _Wrong(f"lang {lang!r} holds characters that no language code has")
    except _Wrong as error:
        raise _Wrong(f"{side}, {error}") from None
    return Document(text, lang, segments, name, edits, codes)


def _segment(entry: Any) -> Segment:
    if type(entry) is not list or len(entry) != 3 or not _are_counts(*entry):  # noqa: PLR2004
        raise _Wrong("is not [start, end, paragraph]")
    return Segment(*entry)


def _bead(entry: Any, extra: dict[str, Any]) -> Bead:
    cuts = _cuts(entry)
    written = _get(entry, "alternatives", list) if "alternatives" in entry else ()
    others, known, note = tuple(map(_alternative, written)), _BEAD, entry.get("note", "")
    if type(note) is not str:  # somebody else's
        known, note = _BEAD - {"note"}, ""
    bead = Bead(*cuts, _probability(entry, 1.0), _get(entry, "status", str, "auto"), others, note)
    if not entry.keys() <= known:
        extra[bead_place(bead)] = _others(entry, known)
    for other, data in zip(others, written, strict=True):
        if not data.keys() <= _ALTERNATIVE:
            extra[alternative_place(bead, other)] = _others(data, _ALTERNATIVE)
    return bead


def _alternative(entry: Any) -> Alternative:
    return Alternative(*_cuts(entry), _probability(entry))


def _moved(entry: Any, extra: dict[str, Any]) -> Moved:
    passage = Moved(*_cuts(entry), _probability(entry, 1.0), _get(entry, "status", str, "auto"))
    extra[moved_place(passage)] = _others(entry, _MOVED)
    return passage


def _removal(entry: Any, edits: dict[str, list[Edit]], extra: dict[str, Any]) -> None:
    at, rule = _get(entry, "at", int), _get(entry, "rule", str)
    _take_edit(Edit(at, _get(entry, "text", str), "", rule), entry, edits, extra)


def _repair(entry: Any, edits: dict[str, list[Edit]], extra: dict[str, Any]) -> None:
    at, rule = _get(entry, "at", int), _get(entry, "rule", str)
    written = _get(entry, "written", str)
    if not written:
        raise _Wrong(f"at {at}: nothing written; that is a removal")
    _take_edit(Edit(at, _get(entry, "found", str), written, rule), entry, edits, extra)


def _take_edit(edit: Edit, entry: Any, edits: dict[str, list[Edit]], extra: dict[str, Any]) -> None:
    side = _get(entry, "side", str)
    if side not in edits:
        raise _Wrong(f"side {side!r} is neither source nor target")
    edits[side].append(edit)
    extra[edit_place(side, edit)] = _others(entry, _REPAIRED if edit.written else _REMOVED)


def _code(entry: Any, codes: dict[str, list[Code]], extra: dict[str, Any]) -> None:
    side, attributes = _get(entry, "side", str), _get(entry, "attributes", dict, {})
    if side not in codes:
        raise _Wrong(f"side {side!r} is neither source nor target")
    if not all(isinstance(value, str) for value in attributes.values()):
        raise _Wrong("'attributes' has a value that is no text")
    code = Code(
        _get(entry, "at", int), _get(entry, "kind", str), _get(entry, "data", str, ""), _get(entry, "pair", int, 0),
        _get(entry, "length", int, 0), _get(entry, "type", str, ""), _get(entry, "form", str, ""),
        tuple(attributes.items()),
    )  # fmt: skip
    codes[side].append(code)
    extra[code_place(side, code)] = _others(entry, _CODE)


def _cuts(entry: Any) -> tuple[int, int, int, int]:
    source, target = _range(entry, "source"), _range(entry, "target")
    return source[0], source[1], target[0], target[1]


def _range(entry: Any, side: str) -> list[int]:
    pair: list[int] = _get(entry, side, list)
    if len(pair) != 2 or not _are_counts(*pair) or pair[0] > pair[1]:  # noqa: PLR2004
        raise _Wrong(f"{side} is not a range [start, end]")
    return pair


def _others(entry: Mapping[str, Any], known: frozenset[str]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key not in known}


def _are_counts(first: Any, second: Any, third: Any = 0) -> bool:
    return type(first) is type(second) is type(third) is int and first >= 0 <= second and third >= 0


def _probability(entry: Mapping[str, Any], *default: float) -> float:
    value: Any = entry.get("confidence", *default)
    if type(value) not in (float, int) or not 0 <= value <= 1:
        raise _Wrong("confidence is not a number from 0 to 1")
    return value  # type: ignore[no-any-return]  # as it was written, so that it is written the same


def _get(entry: Any, key: str, kind: type, *default: Any) -> Any:
    if type(entry) is not dict:
        raise _Wrong("is not an object")
    value = entry.get(key, *default)
    if type(value) is not kind:
        name = {str: "text", list: "a list", dict: "an object", int: "a whole number"}[kind]
        raise _Wrong(f"{key!r} is missing or not {name}")
    return value
