"""The save file under review, its journal and its lock: opened, replayed, changed, written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from aligner.errors import InputError, OutputError
from aligner.export.savefile import SaveFile, dumps, parse
from aligner.files import replacing
from aligner.review.history import NO_OPERATIONS, History
from aligner.review.journal import Entry, Journal, Past, read_journal
from aligner.review.operations import operate
from aligner.review.patches import Patch, apply_patches
from aligner.review.places import Refused
from aligner.review.records import patches_as_data, patches_from_data
from aligner.text.whole_numbers import bounded


class Store:
    """A save file and its journal; `saved` is what the journal's last line left.

    `state` says how it was found: `clean`, `replayed`, or `changed` by something else since the journal was written.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Raises `InputError` where it is no save file, or another process reviews it."""
        self.path, self.read_only, self.is_saved, self.replayed = path, read_only, True, 0
        _bytes_of(path)
        journal = path.with_name(path.name + ".journal")
        is_locked_first = not _lock_of(path).exists()
        self._lock = None if read_only else _locked(path)
        try:
            raw = _bytes_of(path)  # another process may have written it until now
            self.saved = parse(_json(raw, path), str(path))
            self._digest = hashlib.sha256(raw).hexdigest()
            self._raw: bytes | None = raw
            past = read_journal(journal)
            self.torn, self.history = past.torn, History()
            self.state, self._past = self._replay(past), past
            self._journal = Journal(journal, Past(past.entries, past.length) if read_only else past)
        except BaseException:
            self._release()
            if is_locked_first:  # nothing is left beside a file that is none of ours
                _lock_of(path).unlink(missing_ok=True)
            raise

    @property
    def n(self) -> int:
        """The number of the journal's last line."""
        return self._journal.last

    def _replay(self, past: Past) -> str:
        start = past.replay_from(self._digest)
        if past.entries and start is None:
            return "changed"
        self._replay_from(past, start or 0)
        return "replayed" if self.replayed else "clean"

    def _replay_from(self, past: Past, start: int) -> None:
        for number, entry in enumerate(past.entries):
            if number >= start and entry.op not in NO_OPERATIONS:
                self._do_again(entry)
                self.replayed, self.is_saved = self.replayed + 1, False
            self.history.take(entry)

    def _do_again(self, entry: Entry) -> None:
        if entry.op == "undo":
            self.saved = apply_patches(self.saved, self._taking_back())[0]
        elif entry.op == "redo":
            for done in self.history.undone[-1]:
                self.saved = operate(self.saved, done.op, done.args)[0]
        else:
            self.saved = operate(self.saved, entry.op, entry.data["args"])[0]

    def start_over(self) -> Path:
        """For a file that something else changed: set the journal aside, never over another, and begin a new one."""
        old = self._journal.path
        aside = free_name(old.with_name(old.name + ".old"))
        self._journal.close()
        try:
            old.rename(aside)
        except OSError as error:
            raise OutputError(f"{old}: can't be set aside: {error.strerror}") from error
        self._journal, self.history, self.state = Journal(old, Past()), History(), "clean"
        return aside

    def append(self, op: str, data: Mapping[str, Any], *, sync: bool = True) -> None:
        """Put a line on the disk; the first line says for which file. Raises `DiskFull`."""
        if self.read_only:
            raise OutputError(f"{self.path}: is open for reading only")
        if self._raw is not None:
            self._keep_base(self._raw)
            self._raw = None
        if not self.n:
            self._journal.append("checkpoint", {"sha256": self._digest})
        self.history.take(self._journal.append(op, data, sync=sync))
        self.is_saved = self.is_saved and op in NO_OPERATIONS

    def operate(
        self,
        op: str,
        args: Mapping[str, Any],
        note: Callable[[list[Patch]], Mapping[str, Any]] = lambda _: {},
    ) -> list[Patch]:
        """Do an operation: pure first, then on the disk, then here. No patches: nothing was to be done.

        `note` says of the patches what else the journal's line is to hold.
        """
        after, patches, inverses = operate(self.saved, op, args)
        if patches:
            self.append(op, {"args": dict(args), "inverse": patches_as_data(inverses), **note(patches)})
            self.saved = after
        return patches

    def undo(self) -> tuple[str, list[Patch]]:
        """Take the last operation back; its name and the patches. Raises `Refused`."""
        if not (group := self.history.last_group()):
            raise Refused("nothing")
        patches = self._taking_back()
        after, _ = apply_patches(self.saved, patches)
        self.append("undo", {"of": group[0].n})
        self.saved = after
        return group[0].op, patches

    def _taking_back(self) -> list[Patch]:
        group = self.history.last_group()
        return [patch for done in reversed(group) for patch in patches_from_data(done.inverse)]

    def redo(self) -> tuple[str, list[Patch]]:
        """Do again what was taken back last; its name and the patches. Raises `Refused`."""
        if not self.history.undone:
            raise Refused("nothing")
        group, after, patches = self.history.undone[-1], self.saved, list[Patch]()
        for done in group:
            after, forth, _ = operate(after, done.op, done.args)
            patches += forth
        self.append("redo", {"of": group[0].n})
        self.saved = after
        return group[0].op, patches

    def checkpoint(self) -> None:
        """Write the save file. The journal says so first: after a crash the file matches the new line or the old."""
        if self.is_saved or self.read_only:
            return
        raw = dumps(self.saved).encode("utf-8", "backslashreplace")
        digest = hashlib.sha256(raw).hexdigest()
        self._refuse_changed()
        self.append("checkpoint", {"sha256": digest})
        self._keep_base(raw)
        with replacing(self.path) as (file,):
            file.write(raw)
        self._digest, self.is_saved = digest, True

    def _refuse_changed(self) -> None:
        """Raise `OutputError` where something else has written the file since."""
        try:
            found = hashlib.sha256(self.path.read_bytes()).hexdigest()
        except FileNotFoundError:
            return
        except OSError as error:
            raise OutputError(f"{self.path}: can't be read: {error.strerror}") from error
        if found != self._digest:
            raise OutputError(
                f"{self.path}: was changed by something else and is not written over; the review is in its journal:"
                " move the file away and save again, or finish and open it to choose"
            )

    def _keep_base(self, raw: bytes) -> None:
        """Keep what the journal begins with, so that it can be replayed when something else changes the file."""
        base = base_of(self.path)
        if not base.exists() or base.read_bytes() != raw:
            with replacing(base) as (file,):
                file.write(raw)

    def reviewed(self) -> SaveFile:
        """What the review left, where the file was changed by something else. Raises `Refused` where it is lost."""
        try:
            raw = base_of(self.path).read_bytes()
        except OSError as error:
            raise Refused("nothing") from error
        start = self._past.replay_from(hashlib.sha256(raw).hexdigest())
        if start is None:
            raise Refused("nothing")
        before, self.saved = self.saved, parse(_json(raw, self.path), str(self.path))
        try:
            self.history = History()
            self._replay_from(self._past, start)
            return self.saved
        finally:
            self.saved, self.history, self.replayed = before, History(), 0
            self.is_saved = True

    def close(self) -> None:
        """Write the save file and let others have it."""
        try:
            self.checkpoint()
        finally:
            self._journal.close()
            self._release()

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release()


def base_of(path: Path) -> Path:
    """Where the state is kept that the journal of a save file begins with."""
    return path.with_name(path.name + ".journal.base")


def free_name(path: Path) -> Path:
    """`path`, with a number where there is such a file."""
    number, free = 0, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}{number}{path.suffix}")
    return free


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror}") from error


def _lock_of(path: Path) -> Path:
    return path.with_name(path.name + ".journal.lock")


def _locked(path: Path) -> FileLock:
    lock = FileLock(_lock_of(path))
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise InputError(f"{path}: is being reviewed by another process; finish there first") from error
    except OSError as error:
        raise OutputError(f"{path}: its folder can't be written; add --read-only to look at it") from error
    return lock


def _json(raw: bytes, path: Path) -> Any:
    try:
        return json.loads(raw.decode("utf-8-sig"), parse_int=bounded)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: is not a save file; make one with align … -o FILE.json") from error
