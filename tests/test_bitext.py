"""The nouns refuse to lose text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.bitext import Alignment, Bead, Document, Segment
from aligner.errors import BitextError
from aligner.language.joints import one_line
from aligner.text.edits import Edit, EditedText

words = st.text(alphabet="ab 中。\n", max_size=30)


@st.composite
def changes_of(draw, text):
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    spans = [(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False) if a < b]
    return [(a, b, draw(st.text(alphabet="xy", max_size=3))) for a, b in spans]


@given(st.data(), words)
def test_any_chain_of_edits_can_be_undone(data, text):
    edited = EditedText(text)
    for number in range(data.draw(st.integers(1, 4))):
        changes = data.draw(changes_of(edited.text))
        expected = edited.text
        for start, end, new in reversed(changes):
            expected = expected[:start] + new + expected[end:]
        edited = edited.replace(changes, f"rule-{number}")
        assert edited.text == expected
        assert edited.original() == text


@given(st.data(), words)
def test_slices_share_out_text_and_edits(data, text):
    edited = EditedText(text).replace(data.draw(changes_of(text)), "first")
    cut = data.draw(st.integers(0, len(edited.text)))
    try:
        parts = [edited.slice(0, cut), edited.slice(cut, len(edited.text))]
    except BitextError:
        assert any(edit.at < cut < edit.end for edit in edited.edits)
        return
    if cut == len(edited.text):
        parts = [edited]
    joined = EditedText.join(parts)
    assert joined.text == edited.text
    assert joined.original() == text


@pytest.mark.parametrize(
    "changes", [[(2, 1, "")], [(0, 2, ""), (1, 3, "")], [(0, 99, "")], [(1, 1, "inserted")]]
)
def test_changes_that_overlap_or_leave_the_text_are_refused(changes):
    with pytest.raises(BitextError):
        EditedText("abcd").replace(changes, "rule")


def test_an_edit_must_say_what_the_text_says():
    with pytest.raises(BitextError):
        EditedText("abc", (Edit(1, "x", "y", "rule"),))


def doc(count, lang="en"):
    return Document(" ".join("x" * count), lang, tuple(Segment(2 * i, 2 * i + 1) for i in range(count)))


@pytest.mark.parametrize(
    ("segments", "why"),
    [
        ([(0, 2), (1, 4)], "overlap"),
        ([(2, 4), (0, 2)], "reversal"),
        ([(0, 2)], "text after"),
        ([(2, 4)], "text before"),
        ([(0, 0), (0, 4)], "empty"),
        ([(0, 3), (3, 4)], "blank edge"),
        ([(0, 2), (2, 9)], "outside"),
    ],
)
def test_a_document_refuses_to_lose_text(segments, why):
    with pytest.raises(BitextError):
        Document("ab c", "en", tuple(Segment(a, b) for a, b in segments))


def test_a_refusal_is_one_line_whatever_the_document_is_called():
    with pytest.raises(BitextError) as refused:
        Document("A. B.", "en", (), name="en.txt\nhad worked\u2028here")
    assert len(str(refused.value).splitlines()) == 1 and "en.txt had worked here" in str(refused.value)


@st.composite
def beads_over(draw, src, tgt):
    beads, i, j = [], 0, 0
    while (i, j) != (src, tgt):
        m = draw(st.integers(0, min(3, src - i)))
        n = draw(st.integers(0 if m else min(1, tgt - j), min(3, tgt - j)))
        if m + n == 0:
            m = 1
        beads.append(Bead(i, i + m, j, j + n))
        i, j = i + m, j + n
    return tuple(beads)


@given(st.data(), st.integers(0, 8), st.integers(0, 8))
def test_an_alignment_covers_both_sides_once_and_swaps(data, src, tgt):
    alignment = Alignment(doc(src), doc(tgt, "zh"), data.draw(beads_over(src, tgt)))
    assert sorted(i for b in alignment.beads for i in range(b.src_start, b.src_end)) == list(range(src))
    assert alignment.swapped().swapped() == alignment
    for drop in range(len(alignment.beads)):
        with pytest.raises(BitextError):
            Alignment(doc(src), doc(tgt), alignment.beads[:drop] + alignment.beads[drop + 1 :])


@pytest.mark.parametrize(
    "arguments",
    [(1, 0, 0, 1), (0, 0, 0, 0), (0, 1, 0, 1, 1.5), (0, 1, 0, 1, float("nan")), (0, 1, 0, 1, 0.5, "sure")],
)
def test_a_bead_refuses_nonsense(arguments):
    with pytest.raises(BitextError):
        Bead(*arguments)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一。\n二。", "一。二。"),
        ("one.\n two.", "one. two."),
        ("“一”\nab", "“一” ab"),
        ("他说：\n“好。”\n“再见！”\n——他走了……\n她也走了。", "他说：“好。”“再见！”——他走了……她也走了。"),
        ("这叫“OK”\n很常用", "这叫“OK”很常用"),
        ("他说——\nNo", "他说—— No"),
        ("“No.”\n“Yes —\n— no.”", "“No.” “Yes — — no.”"),
        ("a  b", "a  b"),
        ("", ""),
    ],
)
def test_a_span_of_lines_is_joined_as_its_script_is(text, expected):
    assert one_line(text) == expected
