"""The review page in a real browser, on the real server: keys, input methods, two tabs, strangers, a whole review."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from aligner.export.savefile import load

playwright = pytest.importorskip("playwright.sync_api", reason="playwright isn't installed")
REPOSITORY = Path(__file__).resolve().parents[1]
CHROMIUM = shutil.which("chromium")
AXE = REPOSITORY / "build/axe/node_modules/axe-core/axe.min.js"
MOST_ROWS = 60

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed"),
]

ROWS = """async () => {
  const token = sessionStorage.getItem("align.token");
  const answer = await fetch("/api/rows?from=0&to=400", {headers: {Authorization: `Bearer ${token}`}});
  return (await answer.json()).rows;
}"""
FOCUS = """() => {
  const cell = document.activeElement;
  return {tag: cell.tagName, side: cell.dataset.side, row: Number(cell.closest(".row")?.dataset.row),
          command: cell.dataset.command};
}"""


def align_files(folder: Path, source: str, target: str, *options: str) -> Path:
    """A save file of two texts, made by the command as a user makes it."""
    for name, text in (("source.txt", source), ("target.txt", target)):
        (folder / name).write_text(text, encoding="utf-8")
    saved = folder / "saved.json"
    subprocess.run(
        [sys.executable, "-m", "aligner", "source.txt", "target.txt", "-o", saved.name, "--quiet", *options],
        cwd=folder, check=True, env=environment(),
    )  # fmt: skip
    return saved


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(REPOSITORY), "OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="session")
def article(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Chongqing article, aligned once."""
    gold = REPOSITORY / "seeds/gold"
    texts = [(gold / f"003.{lang}").read_text(encoding="utf-8") for lang in ("zh", "en")]
    return align_files(tmp_path_factory.mktemp("article"), *texts)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six sentences, one of them hostile."""
    source = ["The house is red.", "<img src=x onerror=\"window.hit=1\">It has 12 doors.", "My father built it.",
              "We moved in last year.", "The garden is large.", "There is an old tree."]  # fmt: skip
    target = ["Das Haus ist rot.", "<img src=x onerror=\"window.hit=1\">Es hat 12 Türen.", "Mein Vater hat es gebaut.",
              "Wir sind letztes Jahr eingezogen.", "Der Garten ist groß.", "Dort steht ein alter Baum."]  # fmt: skip
    folder = tmp_path_factory.mktemp("small")
    return align_files(folder, "\n".join(source), "\n".join(target), "--src-lang", "en", "--tgt-lang", "de")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


class Review:
    """A running `align review`, and pages of it in the browser."""

    def __init__(self, browser: Any, file: Path, *options: str) -> None:
        self.file, self.browser = file, browser
        self.process = subprocess.Popen(
            [sys.executable, "-m", "aligner", "review", str(file), "--no-open", *options],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment(),
        )  # fmt: skip
        assert self.process.stdout
        self.address = self.process.stdout.readline().strip()
        self.origin = self.address.partition("/#")[0]
        self.requests: list[str] = []
        self.console: list[str] = []
        self.context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
        self.context.add_init_script('localStorage.setItem("align.settings", JSON.stringify({toured: true}))')

    def open(self, address: str | None = None) -> Any:
        page = self.context.new_page()
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.console.append(message.text))
        page.on("pageerror", lambda error: self.console.append(f"error: {error}"))
        page.goto(address or self.address)
        page.wait_for_selector("html[data-ready]")
        until(page, "document.activeElement.matches('.cell')")
        return page

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        self.context.close()
        if self.process.poll() is None:
            self.kill()
        self.process.communicate()


@pytest.fixture
def review(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Review]]:
    started: list[Review] = []

    def start(file: Path, *options: str) -> Review:
        copy = tmp_path / "review.json"
        if not copy.exists():
            shutil.copy(file, copy)
        started.append(Review(browser, copy, *options))
        return started[-1]

    yield start
    for each in started:
        each.close()


def until(page: Any, expression: str) -> None:
    """Wait for an expression; the page's policy forbids Playwright's own way, which evaluates inside the page."""
    for _ in range(600):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never came true: {expression}")


def settled(page: Any) -> None:
    """Wait until the page has sent what it had to send and says so."""
    page.wait_for_timeout(60)
    until(page, "document.getElementById('saving').className === 'saved'")


def do(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        settled(page)


def pieces(page: Any) -> list[Any]:
    return [
        [[segment["text"] for segment in row[side]] for side in ("source", "target")]
        for row in page.evaluate(ROWS)
    ]


def everything(page: Any) -> list[str]:
    """All characters of each side but white space, whatever rows and segments they stand in."""
    rows = page.evaluate(ROWS)
    return [
        "".join("".join(s["text"].split()) for row in rows for s in row[side])
        for side in ("source", "target")
    ]


def test_a_whole_review_by_keyboard_alone_ends_with_every_row_decided(review: Any, article: Path) -> None:
    running = review(article)
    page = running.open()
    count = len(page.evaluate(ROWS))
    for number in range(1, count + 1):
        do(page, "g")
        page.keyboard.type(str(number))
        do(page, "Enter", "a")
    assert {row["status"] for row in page.evaluate(ROWS)} <= {"confirmed", "edited"}
    assert "0 unread" in page.inner_text("#left")
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
    page = review(article).open()
    before, text = pieces(page), everything(page)
    chance = random.Random(13)
    do(page, "m")
    assert len(pieces(page)) == len(before) - 1
    for _ in range(40):
        for _ in range(chance.randrange(4)):
            page.keyboard.press(chance.choice(["ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft"]))
        do(page, chance.choice(["d", "u", "m", "Shift+M", "x", "a", "j"]))
        assert everything(page) == text
    assert pieces(page) != before
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


def test_a_file_of_20000_rows_keeps_60_in_the_document(review: Any, tmp_path: Path) -> None:
    made = tmp_path / "review.json"
    make = f"import sys; sys.path.insert(0, {str(REPOSITORY / 'scripts')!r}); import bench_review, pathlib; "
    make += f"bench_review.write_file(pathlib.Path({str(made)!r}), 20_000)"
    subprocess.run([sys.executable, "-c", make], check=True, env=environment())
    page = review(made).open()
    do(page, "End", "a", "Home")
    page.mouse.move(400, 400)
    for _ in range(20):
        page.mouse.wheel(0, 30_000)
        page.wait_for_timeout(60)
        assert 0 < page.locator("#rows > .row").count() <= MOST_ROWS
    assert page.get_attribute("#grid", "aria-rowcount") == "20001"


def test_text_from_right_to_left_stands_at_the_right(review: Any, tmp_path: Path) -> None:
    source = ["The house is red.", "It has 12 doors.", "My father built it."]
    target = ["البيت أحمر.", "له 12 بابا.", "بناه أبي."]
    texts = ("\n".join(source), "\n".join(target))
    page = review(align_files(tmp_path, *texts, "--src-lang", "en", "--tgt-lang", "ar")).open()
    cell = page.locator("#rows .cell.target").first
    assert cell.get_attribute("lang") == "ar"
    assert "rtl" in cell.evaluate(
        "(cell) => [cell, ...cell.querySelectorAll('*')].map((node) => getComputedStyle(node).direction)"
    )


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


def test_the_tour_shows_once_and_frames_what_it_speaks_of(review: Any, small: Path) -> None:
    running = review(small)
    page = running.open()
    do(page, "?")
    page.click("dialog .buttons button >> nth=0")
    framed = []
    for _ in range(6):
        page.wait_for_selector("dialog.tour[open]")
        framed.append(page.evaluate("document.querySelector('.framed').id"))
        page.keyboard.press("Enter")
        page.wait_for_timeout(80)
    assert framed == ["grid", "progress", "inspector", "grid", "saving", "tools"]
    assert not page.query_selector("dialog[open]")
    assert page.evaluate(FOCUS)["row"] == 0


def test_states_can_be_told_apart_without_colour(review: Any, small: Path) -> None:
    page = review(small).open()
    do(page, "a", "Home", "ArrowDown", "ArrowDown", "f")
    page.keyboard.type("ask")
    do(page, "Enter")
    signs = page.locator("#rows .signs").all_inner_texts()
    assert "✓" in signs[0] and "⚑" in signs[2]
    widths = page.evaluate(
        "[...document.querySelectorAll('#rows .line')].map((line) => "
        "[getComputedStyle(line).borderTopStyle, getComputedStyle(line).borderTopWidth].join(' '))"
    )
    assert widths[0] == "solid 4px" and widths[0] != widths[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(review: Any, small: Path, scheme: str) -> None:
    if not AXE.is_file():
        pytest.skip(f"no axe-core: {AXE} is absent (`.ci/run` installs it where npm is)")
    page = review(small).open()
    page.emulate_media(color_scheme=scheme)
    for keys in ([], ["/"], ["Escape", "?"]):
        do(page, *keys)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("async () => (await axe.run()).violations")
        serious = [
            (each["id"], node["html"])
            for each in found
            if each["impact"] in ("serious", "critical")
            for node in each["nodes"]
        ]
        assert serious == []


def test_the_page_fits_a_phone_and_speaks_chinese(review: Any, small: Path) -> None:
    running = review(small)
    page = running.open()
    page.set_viewport_size({"width": 320, "height": 700})
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    do(page, "?")
    page.select_option("dialog select >> nth=0", "zh")
    until(page, "document.documentElement.lang === 'zh-Hans'")
    do(page, "Escape")
    assert "未读" in page.inner_text("#left")


def test_every_word_of_the_page_is_there_in_both_languages() -> None:
    english, chinese = (
        json.loads((REPOSITORY / f"aligner/review/static/words/{lang}.json").read_text(encoding="utf-8"))
        for lang in ("en", "zh")
    )
    assert english.keys() == chinese.keys()
