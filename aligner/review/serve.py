"""`align review`: take a port, print the address, serve until Ctrl-C or "finish", leave the save file written."""

from __future__ import annotations

import asyncio
import socket
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn

from aligner.errors import UsageError
from aligner.review.guard import Keys
from aligner.review.server import Pages
from aligner.review.session import Session

IDLE_SECONDS = 30.0


def serve_review(
    path: Path, *, port: int = 0, open_browser: bool = True, read_only: bool = False,
    say: Callable[[str], None], tell: Callable[[str], None],
) -> int:  # fmt: skip
    """Serve the review of a save file; 0 when the page finished it, 130 when it was interrupted.

    `say` gets the address, `tell` all other lines. Raises `InputError`, `UsageError` before anything is served.
    """
    with _listening(port) as listening:
        port = listening.getsockname()[1]
        session = Session(path, read_only=read_only)
        try:
            return asyncio.run(_serve(session, listening, port, open_browser, say, tell))
        finally:
            session.store.close()


def _listening(port: int) -> socket.socket:
    listening = socket.socket()
    try:
        listening.bind(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise UsageError(f"--port {port}: can't be had ({error}); leave it out to get a free one") from error
    return listening


async def _serve(
    session: Session, listening: socket.socket, port: int, open_browser: bool,
    say: Callable[[str], None], tell: Callable[[str], None],
) -> int:  # fmt: skip
    keys, finished = Keys(), asyncio.Event()
    app = Pages(session, keys, port, finished.set).app()
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="error", access_log=False, server_header=False, lifespan="off",
                       timeout_graceful_shutdown=1)
    )  # fmt: skip
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started and not serving.done():
        await asyncio.sleep(0.01)
    address = f"http://127.0.0.1:{port}/#{keys.new_code()}"
    say(address)
    if open_browser and not webbrowser.open(address):
        tell("no browser could be opened; open the address above in one")
    doubting = asyncio.create_task(_find_doubts(session))
    saving = asyncio.create_task(_save_when_idle(session))
    await asyncio.wait({serving, asyncio.create_task(finished.wait())}, return_when=asyncio.FIRST_COMPLETED)
    for task in (doubting, saving):
        task.cancel()
    server.should_exit = True
    await asyncio.sleep(0)
    await serving
    return 0 if finished.is_set() else 130


async def _find_doubts(session: Session) -> None:
    """Look for doubts beside the page; what was done meanwhile makes the result stale, and it is tried again."""
    from aligner.review.doubts import find_doubts

    while True:
        alignment = session.alignment
        found = await asyncio.to_thread(find_doubts, alignment)
        if session.alignment is alignment:
            session.take_doubts(found)
            return


async def _save_when_idle(session: Session) -> None:
    last = session.store.n
    while True:
        await asyncio.sleep(IDLE_SECONDS)
        if session.store.n == last and not session.store.is_saved:
            session.store.checkpoint()
        last = session.store.n
