"""The review page in a real browser, on the real server: keys, input methods, two tabs, strangers, a whole review."""

from __future__ import annotations

import json
import random
import resource
import signal
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import CHROMIUM, FOCUS, ROWS, Review, do, everything, picture, pieces, settled, until

from aligner.export.savefile import load

pytest.importorskip("playwright.sync_api", reason="playwright isn't installed")
MOST_ROWS = 60
PICTURED = 15
"""One row in so many of the whole review is pictured."""

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed"),
]


def test_a_whole_review_by_keyboard_alone_ends_with_every_row_decided(review: Any, article: Path) -> None:
    running = review(article)
    page = running.open()
    count = len(page.evaluate(ROWS))
    for number in range(1, count + 1):
        do(page, "g")
        page.keyboard.type(str(number))
        do(page, "Enter", "a")
        if number % PICTURED == 0:
            picture(page, f"whole-{number:03}")
    picture(page, "whole-end")
    assert {row["status"] for row in page.evaluate(ROWS)} <= {"confirmed", "edited"}
    assert page.inner_text("#left") == "No pair is left unread"
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        if page.evaluate(FOCUS)["command"] == "finish":
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".ended")
    assert running.process.wait(60) == 0
    assert all(bead.status != "auto" for bead in load(running.file).beads)


def test_keys_change_rows_and_undoing_all_gives_the_first_state(review: Any, article: Path) -> None:
    running = review(article)
    page = running.open()
    before, text = pieces(page), everything(page)
    chance = random.Random(13)
    do(page, "m")
    assert len(pieces(page)) == len(before) - 1
    for _ in range(200):
        for _ in range(chance.randrange(4)):
            page.keyboard.press(chance.choice(["ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft"]))
        do(page, chance.choice(["d", "u", "m", "Shift+M", "x", "a", "j"]))
        assert everything(page) == text
    shown = pieces(page)
    assert shown != before
    running.process.send_signal(signal.SIGINT)
    running.process.wait(60)
    written = load(running.file)
    assert [[[d.text[s.start : s.end] for s in d.segments[a:b]] for d, a, b in (
        (written.source, bead.src_start, bead.src_end), (written.target, bead.tgt_start, bead.tgt_end))]
        for bead in written.beads] == shown  # fmt: skip
    page = review(article).open()
    while page.is_enabled('#tools [data-command="undo"]'):
        do(page, "Control+z")
    assert pieces(page) == before


def test_the_buttons_do_what_the_keys_do(review: Any, small: Path) -> None:
    page = review(small).open()
    before = pieces(page)
    page.click('#inspector [data-command="merge"]')
    settled(page)
    assert pieces(page)[0] == [a + b for a, b in zip(before[0], before[1], strict=True)]
    page.click('#tools [data-command="undo"]')
    settled(page)
    assert pieces(page) == before


def test_cutting_goes_by_grapheme_and_leaves_the_row_whole(review: Any, small: Path) -> None:
    page = review(small).open()
    do(page, "s", "Home", "ArrowRight", "ArrowRight", "ArrowRight", "Enter")
    assert pieces(page)[0][0] == ["The", "house is red."]
    assert pieces(page)[0][1] == ["Das Haus ist rot."]


def test_letters_in_text_mode_type_and_enter_saves_the_text(review: Any, small: Path) -> None:
    page = review(small).open()
    do(page, "ArrowRight", "F2")
    page.keyboard.press("End")
    page.keyboard.type(" mad axes")
    do(page, "Enter")
    assert pieces(page)[0][1] == ["Das Haus ist rot. mad axes"]
    assert len(pieces(page)) == 6
    assert page.evaluate(FOCUS)["side"] == "target"


@pytest.mark.parametrize("mode", ["rows", "text", "search"])
def test_keys_inside_an_input_method_do_nothing(review: Any, small: Path, mode: str) -> None:
    page = review(small).open()
    before = pieces(page)
    do(page, *{"rows": [], "text": ["F2"], "search": ["/"]}[mode])
    client = page.context.new_cdp_session(page)
    client.send("Input.imeSetComposition", {"text": "ni", "selectionStart": 2, "selectionEnd": 2})
    for key, code in (("Enter", 229), ("Escape", 229), ("m", 229), ("d", 229)):
        for kind in ("rawKeyDown", "keyUp"):
            client.send("Input.dispatchKeyEvent", {"type": kind, "key": key, "windowsVirtualKeyCode": code})
    page.wait_for_timeout(300)
    assert pieces(page) == before
    assert not page.query_selector("dialog[open]")
    if mode == "rows":
        assert page.evaluate(FOCUS)["row"] == 0
        return
    client.send("Input.insertText", {"text": "你"})
    field = "#search input" if mode == "search" else ".cell textarea"
    assert "你" in page.input_value(field)


def test_a_change_in_one_tab_appears_in_the_other_and_a_stale_tab_is_told(review: Any, small: Path) -> None:
    running = review(small)
    first = running.open()
    second = second_tab(running, first)
    do(first, "m")
    until(second, "document.querySelectorAll('#rows .row').length === 5")
    assert pieces(first) == pieces(second)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Authorization": "Bearer wrong"}, 401),
        ({}, 401),
    ],
)
def test_strangers_are_refused(review: Any, small: Path, headers: dict[str, str], status: int) -> None:
    running = review(small)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(
            urllib.request.Request(f"{running.origin}/api/rows?from=0&to=9", headers=headers)
        )
    assert refused.value.code == status


def test_nothing_leaves_the_machine_and_markup_in_a_text_stays_text(review: Any, small: Path) -> None:
    running = review(small)
    page = running.open()
    do(page, "ArrowDown", "e", "Escape", "n", "?", "Escape", ".")
    page.wait_for_selector("#context p")
    assert page.evaluate("window.hit") is None
    assert "<img src=x" in page.inner_text("#rows")
    assert all(url.startswith((running.origin, "blob:")) for url in running.requests)
    assert not [
        line
        for line in running.console
        if "Content Security" in line or "Trusted" in line or "error:" in line
    ]
    assert running.address.partition("#")[2] not in page.url


def test_a_search_marks_its_hits_and_filters_leave_only_rows_that_fit(review: Any, small: Path) -> None:
    page = review(small).open()
    do(page, "/")
    page.keyboard.type("img")
    page.wait_for_selector(".hit")
    assert page.locator(".hit").all_inner_texts() == ["img", "img"]
    do(page, "Escape", "Home", "a", "/")
    page.select_option("#search [name=status]", "confirmed")
    until(page, "document.querySelectorAll('#rows .row').length === 1")


def test_a_replacement_is_seen_before_it_is_made(review: Any, small: Path) -> None:
    page = review(small).open()
    do(page, "/")
    page.keyboard.type("Haus")
    page.fill("#search input >> nth=-1", "Gebäude")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog ins")
    assert pieces(page)[0][1] == ["Das Haus ist rot."]
    page.click("dialog .main")
    until(page, "document.querySelector('#rows').textContent.includes('Das Gebäude ist rot.')")


def test_a_reload_finds_its_place_and_text_not_yet_sent(review: Any, article: Path) -> None:
    page = review(article).open()
    for _ in range(20):
        page.keyboard.press("ArrowDown")
    do(page, "ArrowRight", "e")
    page.keyboard.type("half a thought")
    page.wait_for_timeout(200)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    until(page, "document.activeElement.matches('.cell')")
    assert page.evaluate(FOCUS) | {"command": None} == {
        "tag": "DIV",
        "side": "target",
        "row": 20,
        "command": None,
    }
    do(page, "e")
    assert "half a thought" in page.input_value(".cell textarea")


def test_a_dead_server_is_said_and_a_restarted_one_has_all_that_was_saved(review: Any, small: Path) -> None:
    running = review(small)
    page = running.open()
    do(page, "m")
    merged = pieces(page)
    running.kill()
    page.keyboard.press("a")
    until(page, "document.getElementById('saving').textContent === 'Not saved'")
    assert page.is_visible('[data-banner="unsaved"]')
    again = review(small)
    page = again.open()
    assert pieces(page) == merged
    assert "restored" in page.inner_text("#banners")


def test_a_file_changed_underneath_is_said_and_what_was_decided_is_put_into_it(
    review: Any, small: Path
) -> None:
    running = review(small)
    do(running.open(), "a")
    running.kill()
    text = running.file.read_text(encoding="utf-8")
    running.file.write_text(json.dumps(json.loads(text), indent=3), encoding="utf-8")
    again = review(small)
    page = again.context.new_page()
    page.goto(again.address)
    page.wait_for_selector("dialog[open]")
    assert running.file.read_text(encoding="utf-8") != text  # nothing is written over before the choice
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-ready]")
    assert [row["status"] for row in page.evaluate(ROWS)][:2] == ["confirmed", "auto"]
    assert page.is_visible("[data-banner=opened]")


def test_the_grid_says_what_it_is_and_tab_leaves_it(review: Any, article: Path) -> None:
    page = review(article).open()
    count = len(page.evaluate(ROWS))
    assert page.get_attribute("#grid", "aria-rowcount") == str(count + 1)
    do(page, "ArrowDown", "ArrowDown")
    assert page.evaluate("document.activeElement.closest('.row').getAttribute('aria-rowindex')") == "4"
    assert page.locator("#rows [tabindex='0']").count() == 1
    assert page.get_attribute(".cell.source", "lang").startswith("zh")
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('#rows'))") is False


def test_rows_in_the_document_stay_few_and_the_focused_one_stays(review: Any, article: Path) -> None:
    page = review(article).open()
    for top in (0, 900, 2500, 10**6):
        page.evaluate("top => { document.getElementById('scroller').scrollTop = top; }", top)
        page.wait_for_timeout(150)
        assert page.locator("#rows > .row").count() <= MOST_ROWS
        assert page.evaluate(FOCUS)["row"] == 0


def spans(page: Any) -> list[Any]:
    """What stands in which row, whether anybody decided on it or not."""
    return [
        [[(segment["start"], segment["end"]) for segment in row[side]] for side in ("source", "target")]
        for row in page.evaluate(ROWS)
    ]


def spans_once(page: Any, holds: Callable[[list[Any]], bool]) -> list[Any]:
    """The spans once they are as expected: on a busy machine an answer takes longer than a key."""
    for _ in range(200):
        if holds(now := spans(page)):
            return now
        page.wait_for_timeout(50)
    raise AssertionError(f"never came to be: {now}")


def go_to(page: Any, number: int) -> None:
    do(page, "g")
    page.keyboard.type(str(number))
    do(page, "Enter")


def misplace(page: Any) -> None:
    """Put the last sentence of row 6 into row 7 and leave both undecided."""
    go_to(page, 6)
    do(page, "d")
    go_to(page, 6)
    do(page, "Backspace")


def misplaced(review: Any, article: Path) -> tuple[Any, list[Any], list[Any]]:
    """A page on which a sentence was misplaced, with its spans before and since."""
    page = review(article).open()
    right = spans(page)
    misplace(page)
    return page, right, spans_once(page, lambda now: now != right)


def test_a_gap_is_aligned_again_as_a_proposal_that_escape_leaves_and_enter_takes(
    review: Any, article: Path
) -> None:
    page, right, wrong = misplaced(review, article)
    for key, expected in (("Escape", wrong), ("Enter", right)):
        page.keyboard.press("r")
        until(page, "document.querySelector('dialog .difference') !== null")
        assert page.locator(".difference .added").count() > 0
        do(page, key)
        spans_once(page, lambda now, expected=expected: now == expected)


def test_learning_proposes_what_it_would_change_and_is_taken_and_taken_back(
    review: Any, article: Path
) -> None:
    page, right, wrong = misplaced(review, article)
    go_to(page, 1)
    do(page, "a", "l")
    until(page, "document.querySelector('[data-banner=learning] .main') !== null")
    assert spans(page) == wrong
    page.click("[data-banner=learning] button >> nth=1")
    page.wait_for_selector("dialog .difference .added")
    assert page.locator("dialog input:checked").count() == 1
    do(page, "Escape")
    page.click("[data-banner=learning] .main")
    spans_once(page, lambda now: now == right)
    do(page, "Control+z")
    spans_once(page, lambda now: now == wrong)


def test_a_row_of_what_learning_proposes_can_be_left_as_it_is(review: Any, article: Path) -> None:
    page, _, wrong = misplaced(review, article)
    go_to(page, 1)
    do(page, "a", "l")
    until(page, "document.querySelector('[data-banner=learning] .main') !== null")
    page.click("[data-banner=learning] button >> nth=1")
    page.wait_for_selector("dialog .difference .added")
    do(page, "Space", "Enter")
    until(page, "document.querySelector('[data-banner=learning]') === null")
    settled(page)
    assert spans(page) == wrong


def second_tab(running: Review, first: Any, *, deaf: bool = False) -> Any:
    """Another tab of the same review, by a copied address; a deaf one never hears of what the first does."""
    token = first.evaluate("sessionStorage.getItem('align.token')")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    asked = urllib.request.Request(f"{running.origin}/api/code", b"{}", headers)
    with urllib.request.urlopen(asked) as answer:
        address = json.load(answer)["address"]
    if deaf:
        running.context.route("**/api/events*", lambda route: None)
    return running.open(address)


def test_a_tab_that_missed_a_change_is_refused_shown_the_change_and_changes_nothing(
    review: Any, small: Path
) -> None:
    running = review(small)
    first = running.open()
    second = second_tab(running, first, deaf=True)
    answers: list[int] = []
    second.on(
        "response",
        lambda answer: answers.append(answer.status) if answer.url.endswith("/operations") else None,
    )
    do(first, "m")
    merged = pieces(first)
    do(second, "ArrowDown", "ArrowDown", "m")
    assert answers == [409]
    assert pieces(first) == merged
    assert "Another tab" in second.inner_text("#toasts")
    until(second, "document.querySelectorAll('#rows .row').length === 5")
    do(second, "m")
    assert answers == [409, 200]
    assert len(pieces(first)) == 4


def test_a_full_disk_is_said_the_work_can_be_downloaded_and_goes_on_when_there_is_room(
    review: Any, small: Path
) -> None:
    running = review(small)
    page = running.open()
    do(page, "m")
    merged = pieces(page)
    size = running.file.with_name("review.json.journal").stat().st_size
    limits = resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, (size + 5, limits[1]))
    page.keyboard.press("x")
    until(page, "document.getElementById('saving').textContent === 'Not saved'")
    assert pieces(page) == merged
    with page.expect_download() as download:
        page.click('[data-banner="unsaved"] .main')
    work = running.file.with_name("work.json")
    download.value.save_as(work)
    assert len(load(work).beads) == len(merged)
    resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, limits)
    page.click('[data-banner="unsaved"] button >> nth=1')
    settled(page)
    page.focus("#rows [tabindex='0']")
    do(page, "x")
    assert len(pieces(page)) == len(merged) + 1
    running.kill()
    assert pieces(review(small).open()) != merged


def test_the_export_box_offers_only_what_a_format_has_and_writes_beside_the_file(
    review: Any, small: Path
) -> None:
    running = review(small)
    page = running.open()
    page.click('[data-command="export"]')
    labels = {}
    for form in ("tmx", "csv"):
        page.select_option("dialog select >> nth=0", form)
        labels[form] = page.inner_text("dialog .fields")
    assert "Penalty" in labels["tmx"] and "header" not in labels["tmx"]
    assert "header" in labels["csv"] and "Penalty" not in labels["csv"]
    page.uncheck("dialog input[type=checkbox] >> nth=0")
    page.click("dialog .main")
    until(page, "document.querySelector('dialog')?.textContent.includes('review.csv')")
    lines = running.file.with_name("review.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 6 and "The house is red." in lines[0]
