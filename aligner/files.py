"""Where an export goes: checked before the work, written whole or not at all."""

from __future__ import annotations

import os
import re
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from aligner.errors import InputError, OutputError

_READ_WRITE_FOR_ALL = 0o666
_PART = ".aligner-"
_CASELESS = "win32", "darwin"
_NOT_YET_LOCKED = 60  # seconds that a new file may be without its lock; nobody needs one


def models_folder() -> Path:
    """The folder of cards and weights: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / "models"
    return inside if inside.is_dir() else package.parent / "models"


def check_writable(path: str | Path) -> None:
    """Raise `OutputError` where `path` or its folder can't be written, or it is a folder, device or pipe."""
    path = Path(path)
    try:
        folder = path.resolve().parent
        if path.is_dir():
            raise OutputError(f"{path}: is a folder; name a file in it")
        if path.exists() and not path.is_file():  # would be replaced by a file: /dev/null, a pipe
            raise OutputError(f"{path}: is no ordinary file; name a file, or - for standard output")
        if not folder.is_dir():
            raise OutputError(f"{path}: its folder does not exist; create {folder} first")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise OutputError(f"{path}: its folder can't be written; choose another place")
        if path.exists() and not os.access(path, os.W_OK):
            raise OutputError(f"{path}: is write-protected; choose another name")
    except (OSError, RuntimeError, ValueError) as error:  # a name too long, a loop of links
        raise OutputError(f"{path}: can't be written: {_reason(error)}; choose another name") from None


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error).partition(" from ")[0]


def ordinary(path: str | Path) -> Path:
    """`path`. Raises `InputError` where it is a device, which may never end, and `OSError` where it is missing."""
    path = Path(path)
    mode = path.stat().st_mode
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        raise InputError(f"{path}: a device, not an ordinary file; name a file")
    return path


def identity(path: str | Path) -> object:
    """What two names of one file share: links are resolved, a file that isn't there yet is its place.

    Where systems make no difference between A and a, names that differ so are one place.
    """
    path = Path(path)
    try:
        status = path.stat()
    except (OSError, ValueError):
        place = os.path.realpath(path)
        return place.casefold() if sys.platform in _CASELESS else place
    return status.st_dev, status.st_ino


@contextmanager
def replacing(*paths: Path) -> Iterator[tuple[BinaryIO, ...]]:
    """Binary files that take the place of `paths` together when the block ends well.

    They are written beside their targets and are on the disk before they take their place. On any exception, an
    interruption too, they are removed and what stood at `paths` stays. A link is followed, not replaced.
    """
    beside: list[Path] = []
    try:
        targets = [path.resolve() for path in paths]
        with ExitStack() as stack:
            files = []
            for target in targets:
                _sweep(target.parent)
                number, name = tempfile.mkstemp(dir=target.parent, prefix=_PART, suffix=".part")
                beside.append(Path(name))
                files.append(stack.enter_context(os.fdopen(number, "wb")))
                _lock(files[-1])
            yield tuple(files)
            for file in files:
                file.flush()
                os.fsync(file.fileno())
        for part, target in zip(beside, targets, strict=True):
            part.chmod(_mode(target))
            part.replace(target)
        for folder in {target.parent for target in targets}:
            sync_folder(folder)
    except (OSError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "loop" not in str(error):
            raise
        raise OutputError(f"{paths[0]}: can't be written: {_reason(error)}") from error
    finally:
        for part in beside:
            part.unlink(missing_ok=True)


def _lock(file: BinaryIO) -> bool:
    """Take the lock that ends with this process, however it ends; False where another has it."""
    try:
        import fcntl
    except ImportError:  # Windows: there a file that is open can't be removed
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _sweep(folder: Path) -> None:
    """Remove what runs that were killed left in `folder`."""
    for part in folder.glob(f"{_PART}*.part"):
        with suppress(OSError):
            if time.time() - part.stat().st_mtime < _NOT_YET_LOCKED:
                continue
            with part.open("rb+") as file:
                abandoned = _lock(file)
            if abandoned:
                part.unlink()


def sync_folder(folder: Path) -> None:
    """See to it that a new name outlives a power cut, where the system lets a folder be synchronised."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


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
        return ordinary(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 text at byte {error.start}; save it as UTF-8") from error
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror})") from error


# OWASP, "CSV Injection": what makes a spreadsheet take a cell for a formula; East Asian Excel takes the full-width
# signs, too. Apostrophes count, so that the guard can always be taken off again. Where a country parts its cells
# with semicolons, the cell begins again after each; a quotation mark in the middle of a line does not hold there.
_BEGINS = r"(?<![^;\t\r\n])"
_FORMULA = r"(?='*[=+\-@\t\r＝＋－＠])"
_UNGUARDED = re.compile(_BEGINS + _FORMULA)
_GUARD = re.compile(f"{_BEGINS}'{_FORMULA}")


def guard(cell: str) -> str:
    """`cell` with an apostrophe wherever a spreadsheet would take what follows for a formula."""
    return _UNGUARDED.sub("'", cell)


def unguard(cell: str) -> str:
    """What `guard` was given."""
    return _GUARD.sub("", cell)
