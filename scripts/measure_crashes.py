"""Ends a review by SIGKILL at random moments while it works, its server or its browser, and counts what was lost.

    python scripts/measure_crashes.py [--kills 100] [--browsers 20]

A server on one file is sent operations and killed between or during them; the next one must show the rows that the
last answer left, or those of the operation that was under way. Then keys are pressed in Chromium (needs playwright),
which is killed; the server must have all rows that the page called saved.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aligner.bitext import Alignment, Bead, Document, Segment
from aligner.export.savefile import SaveFile, save

ROWS = 40
CALLS = 20  # a server is killed while so many pairs of calls are sent
SIDES = ("source", "target")
BACK = ("/api/undo", "/api/redo")
KEYS = ("a", "m", "d", "u", "x", "Control+z", "ArrowDown")
PAGE_ROWS = """async () => {
  const [{state}, store] = await Promise.all([import("/static/state.js"), import("/static/store.js")]);
  const rows = Array.from({length: store.count()}, (_, index) => store.row(index));
  return state.saving === "saved" && rows.every(Boolean) ? {n: state.n, rows} : null;
}"""


@dataclass
class Tally:
    """Kills, operations that were answered before them, and how often something of these was lost."""

    kills: int = 0
    answered: int = 0
    lost: int = 0


def document(lang: str) -> Document:
    sentences = [f"Sentence {number} of the {lang} text." for number in range(ROWS)]
    segments, start = [], 0
    for number, sentence in enumerate(sentences):
        segments.append(Segment(start, start + len(sentence), number // 5))
        start += len(sentence) + 1
    return Document("\n".join(sentences), lang, tuple(segments), lang)


def write_file(path: Path) -> None:
    beads = tuple(Bead(n, n + 1, n, n + 1, 0.9) for n in range(ROWS))
    save(SaveFile(Alignment(document("en"), document("de"), beads, "crashes")), path)


class Server:
    """A running `align review`, and calls of it."""

    def __init__(self, path: Path) -> None:
        command = [sys.executable, "-m", "aligner", "review", str(path), "--no-open"]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert self.process.stdout
        self.address, _, code = self.process.stdout.readline().strip().partition("/#")
        self.token = ""
        self.token = self.ask("POST", "/api/session", {"code": code})["token"]

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        request = urllib.request.Request(self.address + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")

    def rows(self) -> list[Any]:
        return self.ask("GET", f"/api/rows?from=0&to={ROWS * 3}")["rows"]

    def state(self) -> str:
        return as_seen(self.rows())

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def as_seen(rows: list[Any]) -> str:
    """What a person sees of rows: texts, states, flags."""
    texts = [[[segment["text"] for segment in row[side]] for side in SIDES] for row in rows]
    return json.dumps([(row["status"], row["flag"], *text) for row, text in zip(rows, texts, strict=True)])


def operation(chance: random.Random, rows: list[Any]) -> dict[str, Any]:
    row = chance.choice(rows)
    op = chance.choice(["accept", "flag", "merge", "push", "pull", "apart", "unaccept", "edit", "undo"])
    args: dict[str, Any] = {"at": row["at"]}
    if op == "flag":
        args["comment"] = str(chance.random())
    elif op == "merge":
        args["with"] = "next"
    elif op in ("push", "pull"):
        args["side"] = chance.choice(SIDES)
    elif op == "edit":
        segment = chance.choice([each for side in SIDES for each in row[side]])
        side = "source" if segment in row["source"] else "target"
        args = {
            "side": side,
            "start": segment["start"],
            "end": segment["end"],
            "text": f"New {chance.random()}",
        }
    return {"op": op, "args": args}


def send(server: Server, n: int, asked: dict[str, Any]) -> int:
    path = "/api/undo" if asked["op"] == "undo" else "/api/operations"
    return int(server.ask("POST", path, {"n": n, **asked})["n"])


@dataclass
class Seen:
    """What was last seen, the number of the last line that was answered, how many operations were."""

    state: str
    n: int
    answered: int = 0


def work_until_killed(server: Server, chance: random.Random) -> Seen:
    begun = time.monotonic()
    seen = Seen(server.state(), server.ask("GET", "/api/meta")["n"])
    took = time.monotonic() - begun
    timer = threading.Timer(chance.uniform(0, CALLS * took), server.kill)
    timer.start()
    while True:
        try:
            n = send(server, seen.n, operation(chance, server.rows()))
            seen.answered += n > seen.n
            seen.n = n
            seen.state = server.state()
        except urllib.error.HTTPError:
            continue  # refused here
        except (OSError, ValueError, http.client.HTTPException):
            timer.join()
            return seen


def is_kept(server: Server, seen: Seen) -> bool:
    """Whether all that was answered is there: what was seen, or that and the operation that was under way."""
    if server.ask("GET", "/api/meta")["n"] < seen.n:
        return False
    return server.state() == seen.state or any(
        was_before(server, seen.state, *ways) for ways in (BACK, BACK[::-1])
    )


def was_before(server: Server, state: str, there: str, back: str) -> bool:
    """Whether undoing, or redoing, leads to `state`; it is taken back again."""
    try:
        n = server.ask("POST", there, {"n": server.ask("GET", "/api/meta")["n"]})["n"]
        found = server.state() == state
        server.ask("POST", back, {"n": n})
    except urllib.error.HTTPError:
        return False
    return found


def kill_servers(path: Path, kills: int, chance: random.Random) -> Tally:
    tally, seen = Tally(), None
    while True:
        begun = time.monotonic()
        server = Server(path)
        tally.lost += seen is not None and not is_kept(server, seen)
        if tally.kills == kills:
            server.kill()
            return tally
        seen = work_until_killed(server, chance)
        tally.kills += 1
        tally.answered += seen.answered
        print(f"server {tally.kills}: {seen.answered} answered, {time.monotonic() - begun:.1f} s", flush=True)


@contextlib.contextmanager
def browsing(playwright: Any, folder: Path) -> Iterator[tuple[Any, Any]]:
    """A page of Chromium, and the process that can be killed."""
    port = random.randrange(20_000, 30_000)
    arguments = [
        "--headless=new",
        "--no-sandbox",
        f"--remote-debugging-port={port}",
        f"--user-data-dir={folder}",
    ]
    chromium = shutil.which("chromium")
    assert chromium, "no chromium on this machine"
    process = subprocess.Popen([chromium, *arguments, "about:blank"], stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while True:
            try:
                browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
                break
            except Exception:
                if time.monotonic() > until:
                    raise
                time.sleep(0.3)
        yield browser.contexts[0].new_page(), process
    finally:
        process.kill()
        process.wait()


def press_until_killed(page: Any, chance: random.Random) -> Seen:
    """What the page said is saved."""
    from playwright.sync_api import Error

    seen = Seen("", 0)
    with contextlib.suppress(Error):
        while True:
            page.keyboard.press(chance.choice(KEYS))
            found = None
            while not found:  # no further key: one operation at most is under way when the browser goes
                page.wait_for_timeout(30)
                found = page.evaluate(PAGE_ROWS)
            seen.answered += 0 < seen.n < found["n"]
            seen.state, seen.n = as_seen(found["rows"]), found["n"]
    return seen


def kill_browsers(path: Path, kills: int, chance: random.Random) -> Tally:
    """Keys in a browser that is killed between or during them; the server too, so that it must know by the journal."""
    from playwright.sync_api import sync_playwright

    tally = Tally()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for number in range(kills):
            server = Server(path)
            server.ask("PUT", "/api/settings", {"toured": True})
            with browsing(playwright, Path(folder) / str(number)) as (page, process):
                page.goto(server.ask("POST", "/api/code", {})["address"])
                page.wait_for_selector("html[data-ready]", timeout=60_000)
                timer = threading.Timer(chance.uniform(0.2, 4), process.kill)
                timer.start()
                seen = press_until_killed(page, chance)
                timer.join()
            server.kill()
            server = Server(path)
            tally.kills += 1
            tally.answered += seen.answered
            tally.lost += bool(seen.state) and not is_kept(server, seen)
            print(f"browser {tally.kills}: {seen.answered} saved", flush=True)
            server.kill()
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--browsers", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    chance = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ALIGNER_CONFIG"] = str(Path(folder) / "settings")  # not the person's own settings
        path = Path(folder) / "review.json"
        write_file(path)
        for what, kill, number in (
            ("servers", kill_servers, args.kills),
            ("browsers", kill_browsers, args.browsers),
        ):
            if number:
                found = kill(path, number, chance)
                print(
                    f"{found.kills} {what} killed, {found.answered} operations answered, {found.lost} times lost"
                )


if __name__ == "__main__":
    main()
