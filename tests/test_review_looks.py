"""How the review page looks: pictures for people, sizes, colours, scripts, languages, and axe-core."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from browsing import (
    CHROMIUM,
    FOCUS,
    REPOSITORY,
    align_files,
    do,
    environment,
    picture,
    until,
)

pytest.importorskip("playwright.sync_api", reason="playwright isn't installed")
AXE = REPOSITORY / "build/axe/node_modules/axe-core/axe.min.js"
MOST_ROWS = 60

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed"),
]


def look_at(page: Any, name: str) -> None:
    """Keep a picture; nothing serious may be in the way of anybody, where axe-core is installed to tell."""
    picture(page, name)
    if not AXE.is_file():
        return
    page.evaluate(AXE.read_text(encoding="utf-8"))
    serious = [
        (each["id"], node["html"])
        for each in page.evaluate("async () => (await axe.run()).violations")
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]
    assert serious == []


def decide_some(page: Any) -> None:
    """Rows in every state: confirmed, edited, flagged, marked as a selection."""
    do(page, "a", "Home", "ArrowDown", "ArrowDown", "f")
    page.keyboard.type("ask")
    do(page, "Enter", "ArrowDown", "ArrowRight", "F2")
    page.keyboard.press("End")
    page.keyboard.type("?")
    do(page, "Enter", "ArrowDown")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_is_readable_in_light_and_dark(review: Any, article: Path, scheme: str) -> None:
    page = review(article).open()
    page.emulate_media(color_scheme=scheme)
    decide_some(page)
    look_at(page, f"{scheme}-rows")
    for name, keys in (
        ("search", ["/"]), ("help", ["Escape", "?"]), ("cut", ["Escape", "Home", "s"]),
        ("paragraph", ["Escape", "."]), ("selection", ["Shift+ArrowDown", "Shift+ArrowDown"]),
    ):  # fmt: skip
        do(page, *keys)
        look_at(page, f"{scheme}-{name}")
    page.click('[data-command="export"]')
    look_at(page, f"{scheme}-export")


def test_a_file_of_20000_rows_keeps_60_in_the_document(review: Any, tmp_path: Path) -> None:
    made = tmp_path / "review.json"
    make = f"import sys; sys.path.insert(0, {str(REPOSITORY / 'scripts')!r}); import bench_review, pathlib; "
    make += f"bench_review.write_file(pathlib.Path({str(made)!r}), 20_000)"
    subprocess.run([sys.executable, "-c", make], check=True, env=environment())
    page = review(made).open()
    look_at(page, "20000-first")
    do(page, "End", "a")
    look_at(page, "20000-last")
    do(page, "Home")
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
    do(page, "ArrowRight", "ArrowDown")
    look_at(page, "rtl-rows")
    do(page, "s", "ArrowLeft", "ArrowLeft")
    look_at(page, "rtl-cut")


def test_the_tour_shows_once_and_frames_what_it_speaks_of(review: Any, small: Path) -> None:
    running = review(small)
    page = running.open()
    do(page, "?")
    page.click("dialog .buttons button >> nth=0")
    framed = []
    for _ in range(6):
        page.wait_for_selector("dialog.tour[open]")
        framed.append(page.evaluate("document.querySelector('.framed').id"))
        look_at(page, f"tour-{len(framed)}")
        page.keyboard.press("Enter")
        page.wait_for_timeout(80)
    assert framed == ["grid", "progress", "inspector", "grid", "saving", "tools"]
    assert not page.query_selector("dialog[open]")
    assert page.evaluate(FOCUS)["row"] == 0


def test_states_can_be_told_apart_without_colour(review: Any, small: Path) -> None:
    page = review(small).open()
    decide_some(page)
    signs = page.locator("#rows .signs").all_inner_texts()
    assert "✓" in signs[0] and "⚑" in signs[2]
    widths = page.evaluate(
        "[...document.querySelectorAll('#rows .line')].map((line) => "
        "[getComputedStyle(line).borderTopStyle, getComputedStyle(line).borderTopWidth].join(' '))"
    )
    assert widths[0] == "solid 4px" and widths[0] != widths[1]
    asked = {"type": "achromatopsia"}
    page.context.new_cdp_session(page).send("Emulation.setEmulatedVisionDeficiency", asked)
    picture(page, "greyscale")


def test_the_page_fits_a_phone_and_speaks_chinese(review: Any, small: Path) -> None:
    running = review(small)
    page = running.open()
    page.set_viewport_size({"width": 320, "height": 700})
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    look_at(page, "narrow-rows")
    do(page, "?")
    look_at(page, "narrow-help")
    page.select_option("dialog select >> nth=0", "zh")
    until(page, "document.documentElement.lang === 'zh-Hans'")
    do(page, "Escape")
    assert "未读" in page.inner_text("#left")
    look_at(page, "narrow-chinese")
    page.set_viewport_size({"width": 1280, "height": 800})
    do(page, "?")
    look_at(page, "chinese-help")
    do(page, "Escape")
    look_at(page, "chinese-rows")


def test_every_word_of_the_page_is_there_in_both_languages() -> None:
    english, chinese = (
        json.loads((REPOSITORY / f"aligner/review/static/words/{lang}.json").read_text(encoding="utf-8"))
        for lang in ("en", "zh")
    )
    assert english.keys() == chinese.keys()
