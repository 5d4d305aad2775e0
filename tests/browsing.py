"""A review page in a real browser on the real server, for tests: started, pressed keys on, looked at."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
CHROMIUM = shutil.which("chromium")
PICTURES = REPOSITORY / "build/pictures"

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
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
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
def review(browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Review]]:
    started: list[Review] = []
    # What is chosen on the page is kept for the person, not for one file: neither read here nor written.
    monkeypatch.setenv("ALIGNER_CONFIG", str(tmp_path / "settings"))

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


def picture(page: Any, name: str) -> None:
    """A picture of the page for people to look at; no test depends on it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.wait_for_timeout(300)
    page.screenshot(path=PICTURES / f"{name}.png")
