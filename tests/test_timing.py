"""Clocks of two timed texts: a later beginning and another speed are found, and chance is not taken for either."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from sample_files import make_srt
from test_export_subtitles import shown_in

from aligner.export import write
from aligner.options import Options
from aligner.pipeline import align_files
from aligner.prepare import prepare_files
from aligner.text.cues import Cue
from aligner.text.silences import common_silences
from aligner.text.timing import clock_between

SPEEDS = [(1.0, 3.0), (25 * 1001 / 24000, 0.0), (24000 / 25025, 12.0), (24 / 25, -15.0), (1001 / 1000, 47.5)]


def film(length: int, seed: int) -> list[Cue]:
    """Cues one to four seconds long, with pauses of all lengths between them."""
    chance, moment, cues = random.Random(seed), 20.0, []
    for number in range(length):
        moment += chance.choice([0.1, 0.5, 1.0, 2.5, 6.0])
        cues.append(Cue(10 * number, 10 * number + 10, moment, moment + chance.uniform(1, 4)))
        moment = cues[-1].stop
    return cues


def translated(cues: list[Cue], speed: float, shift: float) -> list[Cue]:
    """The same, as a translator has it: one in six is left out, one in six is moved, by another clock."""
    chance = random.Random(1)
    kept = [cue for cue in cues if chance.random() > 1 / 6]
    moved = [chance.gauss(0, 0.1) + (chance.random() < 1 / 6) * chance.uniform(-2, 2) for _ in kept]
    return [
        replace(cue, start=speed * cue.start + shift + by, stop=speed * cue.stop + shift)
        for cue, by in zip(kept, moved, strict=True)
    ]


@pytest.mark.parametrize(("speed", "shift"), SPEEDS)
@pytest.mark.parametrize("length", [30, 200])
def test_a_later_beginning_and_another_speed_are_found(length: int, speed: float, shift: float) -> None:
    cues = film(length, 3)
    clock = clock_between(cues, translated(cues, speed, shift))
    assert clock is not None
    assert clock.at(cues[-1].start) == pytest.approx(speed * cues[-1].start + shift, abs=0.4)
    again = clock_between(translated(cues, speed, shift), cues)
    assert again is not None
    assert again.at(cues[0].start) == pytest.approx((cues[0].start - shift) / speed, abs=0.4)


def test_two_films_have_no_clock_in_common() -> None:
    assert [clock_between(film(n, n), film(60, 100 + n)) for n in (0, 7, 8, 12, 40, 100)] == [None] * 6


def test_where_all_cues_are_equally_far_apart_no_shift_is_believed() -> None:
    even = [Cue(n, n + 1, 5.0 * n, 5.0 * n + 1) for n in range(40)]
    late = [replace(cue, start=cue.start + 2, stop=cue.stop + 2) for cue in even[3:]]
    assert clock_between(even, late) is None


@pytest.mark.parametrize(("speed", "shift"), SPEEDS)
def test_silences_of_films_by_different_clocks_are_the_same_as_by_one(speed: float, shift: float) -> None:
    cues = film(60, 5)
    late = [replace(cue, start=speed * cue.start + shift, stop=speed * cue.stop + shift) for cue in cues]
    wanted = {cue.at for last, cue in pairwise(cues) if cue.start - last.stop > 2.1}
    assert len(wanted) >= 10
    assert {first for first, second in common_silences(cues, late) if first == second} == wanted


@pytest.mark.parametrize(("speed", "shift"), [(1.0, 3.0), (25 * 1001 / 24000, 0.0)])
def test_subtitles_that_begin_later_or_run_slower_are_paired_and_shown_as_if_they_did_not(
    speed: float, shift: float, tmp_path: Path
) -> None:
    cues = film(24, 8)
    said = [
        (cue.start, cue.stop, f"Und dann kam noch einer herein, Nummer {n}.") for n, cue in enumerate(cues)
    ]
    theirs = [
        (speed * a + shift, speed * b + shift, "And then in came another of them.")
        for n, (a, b, _) in enumerate(said)
        if n not in (11, 12)
    ]
    files = [make_srt(said, tmp_path / "de.srt"), make_srt(theirs, tmp_path / "en.srt")]
    assert prepare_files(files, Options()).rows
    alignment = align_files(files, Options(cache=False)).alignment
    lonely = [alignment.source_text(bead) for bead in alignment.beads if not bead.is_pair]
    assert lonely == [said[11][2], said[12][2]]
    write([alignment], tmp_path / "o.srt")
    assert [len(lines) for _, lines in shown_in(tmp_path / "o.srt")] == [
        1 if n in (11, 12) else 2 for n in range(24)
    ]
