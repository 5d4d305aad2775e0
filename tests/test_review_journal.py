"""The journal: what was answered comes back, whatever happens to the process, the disk or the file."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from test_review_operations import alignment, at, random_operation

from aligner.errors import InputError, OutputError
from aligner.export.savefile import SaveFile, open_savefile, save
from aligner.review.journal import DiskFull, read_journal
from aligner.review.opening import choose, possible_choices
from aligner.review.places import Refused
from aligner.review.store import Store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.json"
    words = ["One two.", "Three four.", "Five.", "Six seven eight."]
    save(alignment(words, words[::-1], [(1, 1), (1, 1), (1, 1), (1, 1)]), path)
    return path


def work(store: Store, steps: int, seed: int = 1) -> list[SaveFile]:
    """Random operations, undo and redo; the state after each line of the journal that changed it."""
    chance, states = random.Random(seed), [store.saved]
    for _ in range(steps):
        before = store.n
        try:
            if chance.random() < 0.2:
                chance.choice((store.undo, store.redo))()
            else:
                store.operate(*random_operation(store.saved, chance))
        except Refused:
            continue
        if store.n > before:
            states.append(store.saved)
    return states


def die(store: Store) -> None:
    """End as a killed process does: the lock goes, nothing is written."""
    store._journal.close()
    store._release()


def test_a_killed_process_comes_back_with_all_that_was_answered(file: Path) -> None:
    store = Store(file)
    states = work(store, 60)
    die(store)
    again = Store(file)
    assert (again.saved, again.state, again.replayed) == (states[-1], "replayed", len(states) - 1)


def test_killed_at_any_byte_the_prefix_comes_back(file: Path) -> None:
    store = Store(file)
    states = work(store, 25)
    die(store)
    journal = store._journal.path
    raw = journal.read_bytes()
    chance = random.Random(3)
    for length in sorted({0, len(raw), *(chance.randrange(len(raw)) for _ in range(120))}):
        journal.write_bytes(raw[:length])
        lines = raw[:length].count(b"\n")
        again = Store(file)
        assert again.saved == states[max(0, lines - 1)]
        assert journal.read_bytes() == raw[: raw[:length].rfind(b"\n") + 1]
        die(again)


def test_a_damaged_line_and_all_behind_it_are_set_aside(file: Path) -> None:
    store = Store(file)
    work(store, 10)
    die(store)
    journal = store._journal.path
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[3] = lines[3].replace(b'"op":"', b'"op":"x')
    journal.write_bytes(b"".join(lines))
    again = Store(file)
    assert again.replayed == 2
    assert again.torn == sum(map(len, lines[3:]))
    assert journal.with_name("a.json.journal.torn").read_bytes() == b"".join(lines[3:]) + b"\n"


def test_undo_reaches_back_over_a_saved_session(file: Path) -> None:
    first = open_savefile(file)
    store = Store(file)
    changed = work(store, 20)[-1]
    store.close()
    assert open_savefile(file) == changed
    again = Store(file)
    assert again.state == "clean"
    while again.history.done:
        again.undo()
    assert again.saved == first


def test_a_crash_between_the_line_and_the_file_of_a_checkpoint_loses_nothing(file: Path) -> None:
    store, before = Store(file), file.read_bytes()
    states = work(store, 20)
    store.checkpoint()
    die(store)
    file.write_bytes(before)  # as if the file had not been replaced any more
    assert Store(file).saved == states[-1]


def test_a_file_changed_by_something_else_is_told_and_not_written_over(file: Path) -> None:
    store = Store(file)
    work(store, 10)
    die(store)
    other = file.read_bytes().replace(b"Five", b"Nine")
    file.write_bytes(other)
    again = Store(file)
    assert again.state == "changed"
    again.close()
    assert file.read_bytes() == other
    again = Store(file)
    aside = again.start_over()
    assert aside.name == "a.json.journal.old" and aside.stat().st_size
    assert again.operate("accept", {"at": [0, 0]}) and not again.undo()[1][0].moved
    again.close()
    assert Store(file).state == "clean"


def test_a_second_process_is_refused_in_one_line(file: Path) -> None:
    store = Store(file)
    with pytest.raises(InputError, match="is being reviewed by another process"):
        Store(file)
    Store(file, read_only=True).close()
    store.close()
    Store(file).close()


def test_on_a_full_disk_the_operation_is_not_done_and_the_journal_stays_sound(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(file)
    work(store, 10)
    state, raw = store.saved, store._journal.path.read_bytes()

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(DiskFull, match="No space left"):
            store.operate("flag", {"at": [0, 0], "comment": "new"})
    assert (store.saved, store._journal.path.read_bytes()) == (state, raw)
    assert store.operate("flag", {"at": [0, 0], "comment": "new"})
    assert not read_journal(store._journal.path).torn


def changed_underneath(file: Path) -> tuple[SaveFile, bytes]:
    """A review of two rows, and the file with another third row written since."""
    store = Store(file)
    store.operate("accept", {"at": [0, 0]})
    store.operate("flag", {"at": [0, 0], "comment": "ask"})
    reviewed = store.saved
    die(store)
    other = file.read_bytes().replace(b"Five", b"Nine")
    file.write_bytes(other)
    return reviewed, other


def test_a_review_of_a_changed_file_is_applied_to_it_and_can_be_taken_back(file: Path) -> None:
    changed_underneath(file)
    again = Store(file)
    assert possible_choices(again) == ["apply", "copy", "fresh"] and again.state == "changed"
    assert choose(again, "apply") == {"file": None, "kept": 1, "lost": 0}
    assert [bead.status for bead in again.saved.alignment.beads] == ["confirmed", "auto", "auto", "auto"]
    assert "Nine" in again.saved.alignment.source.text
    again.undo()
    again.close()


def test_rows_that_were_drawn_otherwise_are_drawn_so_in_a_changed_file(file: Path) -> None:
    store = Store(file)
    store.operate("merge", {"at": at(store.saved, 1), "with": "next"})
    assert sum(bead.status != "auto" for bead in store.saved.alignment.beads) == 1
    die(store)
    file.write_bytes(file.read_bytes().replace(b"Six", b"Two"))
    again = Store(file)
    assert choose(again, "apply") == {"file": None, "kept": 1, "lost": 0}
    beads = again.saved.alignment.beads
    assert [bead.type for bead in beads] == ["1-1", "2-2", "1-1"] and beads[1].status != "auto"
    again.close()


def test_a_review_of_a_changed_file_is_written_beside_it(file: Path) -> None:
    reviewed, other = changed_underneath(file)
    again = Store(file)
    found = choose(again, "copy")
    assert found["file"] == "a.reviewed.json" and open_savefile(file.with_name("a.reviewed.json")) == reviewed
    again.close()
    assert file.read_bytes() == other


def test_rows_whose_text_is_gone_are_counted_and_the_review_is_kept_beside(file: Path) -> None:
    changed_underneath(file)
    file.write_bytes(file.read_bytes().replace(b"One two", b"One owt"))
    again = Store(file)
    assert choose(again, "apply") == {"file": "a.reviewed.json", "kept": 0, "lost": 1}
    again.close()


def test_a_file_changed_while_it_is_reviewed_is_not_written_over(file: Path) -> None:
    store = Store(file)
    store.operate("accept", {"at": [0, 0]})
    other = file.read_bytes().replace(b"Five", b"Nine")
    file.write_bytes(other)
    with pytest.raises(OutputError, match="changed by something else"):
        store.checkpoint()
    assert file.read_bytes() == other
    file.unlink()
    store.close()
    assert open_savefile(file).alignment.beads[0].status == "confirmed"
