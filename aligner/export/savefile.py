"""The project's own save file: lossless, checked when read, keys it doesn't know kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aligner.bitext import Alignment, Alternative, Bead, Document, Moved, Segment
from aligner.edits import Edit
from aligner.errors import BitextError, InputError
from aligner.files import replacing

FORMAT = "aligner/1"

# The keys we write; all others are somebody else's and go back where they were.
_TOP = ("format", "signature", "source", "target", "beads", "removed", "repaired", "moved")
_DOCUMENT = ("name", "lang", "text", "segments")
_BEAD = ("source", "target", "confidence", "status", "alternatives")
_REMOVED = ("side", "at", "text", "rule")
_REPAIRED = ("side", "at", "found", "written", "rule")


@dataclass(frozen=True, slots=True)
class SaveFile:
    """An alignment with the keys of its save file that aren't ours.

    `extra` maps a place to such keys: `""` for the top, `"source"`, `"target"`, and for the members of a list
    what identifies them: `"beads[0,2,0,1]"`, `"removed[source,17,(zhàn),pinyin-gloss]"`.
    """

    alignment: Alignment
    extra: Mapping[str, Any] = field(default_factory=dict)


def load(path: str | Path) -> Alignment:
    """The alignment in a save file. Raises `InputError` where it is damaged or not a save file."""
    return open_savefile(path).alignment


def open_savefile(path: str | Path) -> SaveFile:
    """The alignment in a save file and the keys that aren't ours. Raises `InputError` as `load`."""
    return parse(_read(Path(path)), str(path))


def save(savefile: SaveFile, path: str | Path) -> None:
    """Write the save file whole or not at all."""
    with replacing(Path(path)) as (file,):
        # A lone surrogate can't be UTF-8; as \udXXX it is JSON all the same.
        file.write(dumps(savefile).encode("utf-8", "backslashreplace"))


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
        "beads": [_bead_data(bead) | dict(extra.get(_bead_key(bead), {})) for bead in alignment.beads],
        "removed": removed,
        "repaired": repaired,
    }
    if alignment.moved:
        data["moved"] = [_ranges(moved) for moved in alignment.moved]
    return data | dict(extra.get("", {}))


def _document_data(document: Document) -> dict[str, Any]:
    segments = [[segment.start, segment.end, segment.paragraph] for segment in document.segments]
    return {"name": document.name, "lang": document.lang, "text": document.text, "segments": segments}


def _ranges(item: Bead | Alternative | Moved) -> dict[str, Any]:
    return {"source": [item.src_start, item.src_end], "target": [item.tgt_start, item.tgt_end]}


def _bead_data(bead: Bead) -> dict[str, Any]:
    data = _ranges(bead) | {"confidence": bead.confidence, "status": bead.status}
    if bead.alternatives:
        data["alternatives"] = [
            _ranges(other) | {"confidence": other.confidence} for other in bead.alternatives
        ]
    return data


def _bead_key(bead: Bead) -> str:
    return f"beads[{bead.src_start},{bead.src_end},{bead.tgt_start},{bead.tgt_end}]"


def _edit_data(alignment: Alignment, extra: Mapping[str, Any]) -> tuple[list[Any], list[Any]]:
    removed: list[Any] = []
    repaired: list[Any] = []
    for side, document in (("source", alignment.source), ("target", alignment.target)):
        for edit in document.edits:
            entry: dict[str, Any] = {"side": side, "at": edit.at}
            if edit.written:
                entry |= {"found": edit.found, "written": edit.written, "rule": edit.rule}
            else:
                entry |= {"text": edit.found, "rule": edit.rule}
            entry |= dict(extra.get(_edit_key(entry), {}))
            (repaired if edit.written else removed).append(entry)
    return removed, repaired


def _edit_key(entry: Mapping[str, Any]) -> str:
    kind = "repaired" if "written" in entry else "removed"
    return f"{kind}[{entry['side']},{entry['at']},{entry.get('found', entry.get('text'))},{entry['rule']}]"


def _read(path: Path) -> Any:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror}") from error
    try:
        return json.loads(raw.decode("utf-8-sig"))
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
    for entry in _list(data, "removed", required=False):
        _take_edit(entry, "removed", "text", "", edits, extra)
    for entry in _list(data, "repaired", required=False):
        _take_edit(entry, "repaired", "found", "written", edits, extra)
    documents = []
    for side in ("source", "target"):
        part = _get(data, side, dict, "")
        # At one place removals come before the repair that starts there.
        edits[side].sort(key=lambda edit: (edit.at, bool(edit.written)))
        documents.append(_document(part, side, tuple(edits[side])))
        extra[side] = _others(part, _DOCUMENT)
    beads = []
    for number, entry in enumerate(_list(data, "beads")):
        beads.append(_bead(entry, f"bead {number}"))
        extra[_bead_key(beads[-1])] = _others(entry, _BEAD)
    moved = tuple(Moved(*_cuts(m, f"moved {n}")) for n, m in enumerate(_list(data, "moved", required=False)))
    signature = _get(data, "signature", str, "", "")
    alignment = Alignment(documents[0], documents[1], tuple(beads), signature, moved)
    for passage in moved:
        if passage.src_end > len(alignment.source) or passage.tgt_end > len(alignment.target):
            raise _Wrong(f"{passage}: outside the documents")
    return SaveFile(alignment, {place: keys for place, keys in extra.items() if keys})


def _document(part: Mapping[str, Any], side: str, edits: tuple[Edit, ...]) -> Document:
    segments = []
    for number, cuts in enumerate(_get(part, "segments", list, side)):
        if not (isinstance(cuts, list) and len(cuts) == 3 and all(_is_count(cut) for cut in cuts)):  # noqa: PLR2004
            raise _Wrong(f"{side}, segment {number}: is not [start, end, paragraph]")
        segments.append(Segment(*cuts))
    text, lang = _get(part, "text", str, side), _get(part, "lang", str, side)
    return Document(text, lang, tuple(segments), _get(part, "name", str, side, ""), edits)


def _bead(entry: Any, where: str) -> Bead:
    cuts = _cuts(entry, where)
    others = tuple(
        Alternative(*_cuts(other, f"{where}, alternative {n}"), _number(other, "confidence", where))
        for n, other in enumerate(_get(entry, "alternatives", list, where, []))
    )
    status = _get(entry, "status", str, where, "auto")
    return Bead(*cuts, _number(entry, "confidence", where, 1.0), status, others)


def _take_edit(
    entry: Any, kind: str, found: str, written: str, edits: dict[str, list[Edit]], extra: dict[str, Any]
) -> None:
    side = _get(entry, "side", str, kind)
    if side not in edits:
        raise _Wrong(f"{kind}: side {side!r} is neither source nor target")
    at = _get(entry, "at", int, kind)
    new = _get(entry, written, str, kind) if written else ""
    if written and not new:
        raise _Wrong(f"{kind}, {side} at {at}: nothing written; that is a removal")
    edits[side].append(Edit(at, _get(entry, found, str, kind), new, _get(entry, "rule", str, kind)))
    others = _others(entry, _REPAIRED if written else _REMOVED)
    if others:
        extra[_edit_key(entry)] = others


def _cuts(entry: Any, where: str) -> tuple[int, int, int, int]:
    cuts: list[int] = []
    for side in ("source", "target"):
        pair = _get(entry, side, list, where)
        if len(pair) != 2 or not all(_is_count(cut) for cut in pair) or pair[0] > pair[1]:  # noqa: PLR2004
            raise _Wrong(f"{where}, {side}: is not a range [start, end]")
        cuts += pair
    return cuts[0], cuts[1], cuts[2], cuts[3]


def _others(entry: Mapping[str, Any], known: tuple[str, ...]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key not in known}


def _list(data: Mapping[str, Any], key: str, required: bool = True) -> list[Any]:
    return list(_get(data, key, list, "", *([] if required else [[]])))


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _number(entry: Mapping[str, Any], key: str, where: str, *default: float) -> float:
    value = entry.get(key, *default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise _Wrong(f"{where}: {key} is not a number from 0 to 1")
    return value


def _get(entry: Any, key: str, kind: type, where: str, *default: Any) -> Any:
    place = f"{where}: " if where else ""
    if not isinstance(entry, dict):
        raise _Wrong(f"{place}is not an object")
    if key not in entry and default:
        return default[0]
    value = entry.get(key)
    if not isinstance(value, kind) or isinstance(value, bool):
        name = {str: "text", list: "a list", dict: "an object", int: "a whole number"}[kind]
        raise _Wrong(f"{place}{key!r} is missing or not {name}")
    return value
