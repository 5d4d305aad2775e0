"""Pictures of the review page for the README, from the Chongqing article: docs/images/review-light.png and -dark.png.

    python scripts/screenshots.py [FOLDER]

Needs playwright and Debian's chromium; fonts-wqy-zenhei for the Chinese.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

REPOSITORY = Path(__file__).resolve().parents[1]
WIDTH, HEIGHT = 1010, 560  # small files: three columns still fit
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(REPOSITORY)}


SAVED = "document.getElementById('saving').className === 'saved'"
DOUBTED = "import('/static/state.js').then(({state}) => state.counts.doubts === 'known')"


def until(page: Page, expression: str) -> None:
    for _ in range(600):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise SystemExit(f"never came true: {expression}")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(250)
        until(page, SAVED)


def take(page: Page, folder: Path) -> None:
    press(page, "a", "ArrowDown", "a", "n", ".", "ArrowRight")
    page.wait_for_timeout(500)
    page.screenshot(path=folder / "review-light.png")
    page.emulate_media(color_scheme="dark")
    press(page, "s")
    page.screenshot(path=folder / "review-dark.png")


def main() -> None:
    images = Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY / "docs/images"
    images.mkdir(parents=True, exist_ok=True)
    gold = REPOSITORY / "seeds/gold"
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        saved = Path(folder) / "chongqing.json"
        command = [sys.executable, "-m", "aligner"]
        subprocess.run(
            [*command, gold / "003.zh", gold / "003.en", "-o", saved, "--quiet"], check=True, env=ENVIRONMENT
        )
        server = subprocess.Popen(
            [*command, "review", saved, "--no-open"], stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
        )
        try:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, locale="en-GB")
            context.add_init_script('localStorage.setItem("align.settings", JSON.stringify({toured: true}))')
            page = context.new_page()
            page.goto(server.stdout.readline().strip())
            page.wait_for_selector("html[data-ready]")
            until(page, DOUBTED)
            take(page, images)
            browser.close()
        finally:
            server.kill()
            server.wait()


if __name__ == "__main__":
    main()
