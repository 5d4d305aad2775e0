"""Where an export goes: checked before the work, written whole or not at all."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from aligner.errors import InputError, OutputError

_READ_WRITE_FOR_ALL = 0o666


def models_folder() -> Path:
    """The folder of cards and weights: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / "models"
    return inside if inside.is_dir() else package.parent / "models"


def check_writable(path: str | Path) -> None:
    """Raise `OutputError` where `path` is a folder, or its folder is missing or can't be written."""
    path = Path(path)
    folder = path.resolve().parent
    if path.is_dir():
        raise OutputError(f"{path}: is a folder; name a file in it")
    if not folder.is_dir():
        raise OutputError(f"{path}: its folder does not exist; create {folder} first")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(f"{path}: its folder can't be written; choose another place")
    if path.exists() and not os.access(path, os.W_OK):
        raise OutputError(f"{path}: is write-protected; choose another name")


@contextmanager
def replacing(*paths: Path) -> Iterator[tuple[BinaryIO, ...]]:
    """Binary files that take the place of `paths` together when the block ends well.

    They are written beside their targets. On any exception, an interruption too, they are removed and what
    stood at `paths` stays. A link is followed, not replaced.
    """
    targets = [path.resolve() for path in paths]
    beside: list[Path] = []
    try:
        with ExitStack() as stack:
            files: list[BinaryIO] = []
            for target in targets:
                number, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
                beside.append(Path(name))
                files.append(stack.enter_context(os.fdopen(number, "wb")))
            yield tuple(files)
        for part, target in zip(beside, targets, strict=True):
            part.chmod(_mode(target))
            part.replace(target)
    except OSError as error:
        raise OutputError(f"{paths[0]}: can't be written: {error.strerror or error}") from error
    finally:
        for part in beside:
            part.unlink(missing_ok=True)


def _mode(target: Path) -> int:
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return _READ_WRITE_FOR_ALL & ~mask


def read_sentences(path: str | Path) -> list[str]:
    """The lines of a file with one sentence a line. Only a line feed ends a line."""
    return _read_text(path).removesuffix("\n").split("\n")


def _read_text(path: str | Path) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 text at byte {error.start}; save it as UTF-8") from error
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror})") from error


# OWASP, "CSV Injection": what makes a spreadsheet take a cell for a formula. Apostrophes count, so that the
# guard can always be taken off again.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")

_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def guard(cell: str) -> str:
    """`cell` with an apostrophe before it where a spreadsheet would take it for a formula."""
    return "'" + cell if _FORMULA.match(cell) else cell


def unguard(cell: str) -> str:
    """What `guard` was given."""
    return cell[1:] if _GUARDED.match(cell) else cell
