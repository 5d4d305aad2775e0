"""The review page with 20,000 rows in Chromium: first paint, key to paint, frames while scrolling, memory.

    python scripts/bench_review.py [--rows 20000]

Needs playwright and Debian's chromium. Prints a line a figure, with the budget it is held against.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import Page, sync_playwright

from aligner.bitext import Alignment, Bead, Document, Segment
from aligner.export.savefile import SaveFile, save

BUDGETS = {
    "first paint, s": 1.0, "key to paint, ms, median": 50, "key to paint, ms, 95 %": 50,
    "accept to paint, ms, median": 50, "accept to paint, ms, 95 %": 50,
    "frame, ms, 95 %": 16.8, "rows in the document": 60, "heap of the tab, MB": 150, "server, MB": 250,
    "beside it, MB": float("inf"),
}  # fmt: skip
WORDS = [
    "river", "city", "winter", "house", "people", "water", "mountain", "year", "work", "school", "market", "road",
    "light", "garden", "bridge", "train",
]  # fmt: skip
FRAMES = """() => new Promise((done) => {
  const box = document.getElementById("scroller"), gaps = []; let last = null, most = 0;
  const step = (now) => {
    if (last !== null) gaps.push(now - last);
    last = now; box.scrollTop += 60;
    most = Math.max(most, document.querySelectorAll("#rows > .row").length);
    if (gaps.length < 300) requestAnimationFrame(step); else done({gaps, most});
  };
  requestAnimationFrame(step);
})"""
LISTEN = """() => {
  window.delays = [];
  document.addEventListener("keydown", () => {
    const begun = performance.now();
    requestAnimationFrame(() => { const channel = new MessageChannel();
      channel.port1.onmessage = () => window.delays.push(performance.now() - begun); channel.port2.postMessage(0); });
  }, true);
}"""
ACCEPTED = """() => new Promise((done) => {
  const begun = performance.now(), before = document.getElementById("left").textContent;
  const key = {key: "a", code: "KeyA", bubbles: true, cancelable: true};
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", key));
  const look = () => document.getElementById("left").textContent !== before || performance.now() - begun > 3000
    ? done(performance.now() - begun) : requestAnimationFrame(look);
  requestAnimationFrame(look);
})"""


def document(rows: int, lang: str, chance: random.Random) -> Document:
    segments: list[Segment] = []
    parts: list[str] = []
    length = 0
    for number in range(rows):
        sentence = " ".join(chance.choices(WORDS, k=chance.randint(5, 25))).capitalize() + f" {number}."
        segments.append(Segment(length, length + len(sentence), number // 5))
        parts.append(sentence)
        length += len(sentence) + 1
    return Document("\n".join(parts), lang, tuple(segments), f"{lang}.txt")


def write_file(path: Path, rows: int) -> None:
    chance = random.Random(1)
    beads = tuple(Bead(i, i + 1, i, i + 1, chance.choice([0.99, 0.97, 0.9, 0.6])) for i in range(rows))
    made = Alignment(document(rows, "en", chance), document(rows, "de", chance), beads, "bench")
    save(SaveFile(made), path)


def memory(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def measure(page: Page, address: str) -> dict[str, float]:
    begun = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("#rows .row:not(.empty)")
    found = {"first paint, s": time.perf_counter() - begun}
    page.wait_for_timeout(1500)
    page.evaluate(LISTEN)
    for key in ["ArrowDown"] * 60 + ["ArrowRight", "ArrowLeft"] * 20 + ["PageDown"] * 20:
        page.keyboard.press(key)
        page.wait_for_timeout(40)
    delays = page.evaluate("window.delays")
    found["key to paint, ms, median"] = statistics.median(delays)
    found["key to paint, ms, 95 %"] = percentile(delays, 0.95)
    page.wait_for_timeout(500)
    accepted = []
    for _ in range(30):
        accepted.append(page.evaluate(ACCEPTED))
        page.wait_for_timeout(100)
    found["accept to paint, ms, median"] = statistics.median(accepted)
    found["accept to paint, ms, 95 %"] = percentile(accepted, 0.95)
    scrolled = page.evaluate(FRAMES)
    found["frame, ms, 95 %"] = percentile(scrolled["gaps"], 0.95)
    found["rows in the document"] = scrolled["most"]
    client = page.context.new_cdp_session(page)
    client.send("HeapProfiler.collectGarbage")
    found["heap of the tab, MB"] = client.send("Runtime.getHeapUsage")["usedSize"] / 2**20
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=20_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "bench.json"
        write_file(path, rows)
        server = subprocess.Popen(
            [sys.executable, "-m", "aligner", "review", str(path), "--no-open"], stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])},
        )  # fmt: skip
        try:
            address = server.stdout.readline().strip()
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
            context.add_init_script('localStorage.setItem("align.settings", JSON.stringify({toured: true}))')
            found = measure(context.new_page(), address)
            found["server, MB"] = memory(server.pid)
            found["beside it, MB"] = sum(
                memory(child.pid) for child in psutil.Process(server.pid).children(True)
            )
            browser.close()
        finally:
            server.kill()
            server.wait()
    for name, value in found.items():
        print(
            f"{name:28} {value:8.2f}   budget {BUDGETS[name]:g}{'' if value <= BUDGETS[name] else '   OVER'}"
        )


if __name__ == "__main__":
    main()
