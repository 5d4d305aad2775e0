"""The files that a batch keeps of itself in its folder; nothing else may be written over them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from aligner.errors import OutputError
from aligner.files import identity

PAIRS = "pairs"
"""The folder of the save files, one for each pair."""
MANIFEST, UNPAIRED, QUARANTINE, REJECTS = "manifest.tsv", "unpaired.tsv", "quarantine.tsv", "rejects.jsonl"
REPORT_JSON, REPORT_HTML = "report.json", "report.html"
WORDS = "words.tsv"
"""The words that every pair of the folder is aligned with beside its own, where there are any."""
_LEDGERS = "ledger*.jsonl"
_NAMES = (MANIFEST, WORDS, QUARANTINE, UNPAIRED, REJECTS, REPORT_JSON, REPORT_HTML, _LEDGERS, PAIRS)


def check_foreign(paths: Sequence[Path], folder: Path) -> None:
    """Raise `OutputError` where one of `paths` is of the batch's own files in `folder`; links are resolved.

    Capitals make no difference anywhere, as a folder may be shared by systems for which they make none.
    """
    present = _present(folder)
    for path in paths:
        if any(_is_own(each, folder) for each in (path, path.resolve())) or identity(path) in present:
            raise OutputError(f"{path}: is the batch's own, or in its {PAIRS}/; give the corpus another name")


def check_no_batch(paths: Sequence[Path], reviews: Collection[object] = ()) -> None:
    """Raise `OutputError` where one of `paths` is what a batch keeps of itself, in whatever folder that is.

    In its `pairs/` these are the save files; those whose `identity` is among `reviews` may be written again. What is
    exported beside them is nobody's.
    """
    for path in paths:
        for place in {path.absolute(), path.resolve()} if identity(path) not in reviews else ():
            for child, folder in _steps(place):
                is_beside = child.name.casefold() == PAIRS and path.suffix.lower() != ".json"
                if not is_beside and _is_batch(folder) and _is_own(place, folder):
                    raise OutputError(
                        f"{path}: is what the batch in {folder} keeps of itself; name another file"
                    )


def _is_batch(folder: Path) -> bool:
    return (folder / PAIRS).is_dir() and ((folder / MANIFEST).is_file() or any(folder.glob(_LEDGERS)))


def _is_own(path: Path, folder: Path) -> bool:
    batch = identity(folder)
    place = Path(path.parent.resolve(), path.name)
    return any(
        identity(parent) == batch and any(fnmatch(child.name.casefold(), name) for name in _NAMES)
        for child, parent in _steps(place)
    )


def _steps(path: Path) -> Iterator[tuple[Path, Path]]:
    """Each part of a path from its end, with the folder that it is in."""
    return zip((path, *path.parents), path.parents, strict=False)


def _present(folder: Path) -> set[object]:
    """What is the batch's own in the folder now, its save files too: another name may lead to it."""
    names = (path for path in folder.iterdir() if any(fnmatch(path.name.casefold(), name) for name in _NAMES))
    return {identity(path) for path in (*names, *(folder / PAIRS).rglob("*"))}


def check_outside(output: Path, inputs: Sequence[Path]) -> None:
    """Raise `OutputError` where the results in `output` would be read as documents of the folders `inputs`.

    A folder of documents inside `output` is fine beside its `pairs/`: nothing is read from what is around it.
    """
    for folder in inputs:
        if not folder.is_dir():
            continue
        if identity(folder) in _around(output):
            raise OutputError(
                f"{output}: is in {folder}, whose files are the documents; name a folder beside it for the results"
            )
        if identity(output / PAIRS) in _around(folder):
            raise OutputError(
                f"{folder}: is where {output} keeps its results, no folder of documents; name another for either"
            )


def _around(path: Path) -> set[object]:
    place = path.resolve()
    return {identity(each) for each in (place, *place.parents)}
