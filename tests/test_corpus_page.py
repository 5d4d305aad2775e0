"""The report of a batch as people look at it."""

import pytest
from corpus_samples import write_pairs
from test_corpus_batch import OPTIONS, jobs_of

from aligner.corpus.batch import Settings, run_batch
from aligner.corpus.report import write_reports

FIRST_ROWS = "tables => tables.filter(t => t.offsetHeight).map(t => t.rows[1].cells[0].innerText)"


@pytest.mark.heavy  # a browser
def test_the_worst_pairs_are_ordered_by_what_is_asked_without_a_script_and_fit_a_phone(tmp_path, browser):
    write_pairs(tmp_path, 3)
    with (tmp_path / "en" / "d001.txt").open("a", encoding="utf-8") as file:
        file.write("Nothing in the other text says this.\n" * 9)
    with (tmp_path / "zh" / "d002.txt").open("a", encoding="utf-8") as file:
        file.write((tmp_path / "zh" / "d000.txt").read_text(encoding="utf-8") * 4)
    with (tmp_path / "en" / "d002.txt").open("a", encoding="utf-8") as file:
        file.write((tmp_path / "en" / "d000.txt").read_text(encoding="utf-8") * 4)
    run_batch(jobs_of(tmp_path), tmp_path / "out", OPTIONS, Settings(workers=1))
    write_reports(tmp_path / "out", jobs_of(tmp_path))
    page = browser.new_page(java_script_enabled=True, viewport={"width": 390, "height": 800})
    try:
        page.goto((tmp_path / "out" / "report.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        worst = page.locator(".by table")
        assert worst.evaluate_all(FIRST_ROWS) == ["d001"]
        page.get_by_text("longest").click()
        assert worst.evaluate_all(FIRST_ROWS) == ["d002"]
        page.keyboard.press("ArrowLeft")
        assert page.locator("input:checked + label").inner_text() == "most doubts"
    finally:
        page.close()
