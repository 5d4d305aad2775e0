"""`align review`: take a port, print the address, serve until Ctrl-C or "finish", leave the save file written."""

from __future__ import annotations

import asyncio
import socket
import webbrowser
from collections.abc import Callable
from contextlib import suppress

import uvicorn

from aligner.errors import AlignerError, UsageError
from aligner.review.beside import look_for_doubts, run_beside
from aligner.review.guard import Keys
from aligner.review.server import Pages
from aligner.review.session import Session
from aligner.review.views import view_outline

IDLE_SECONDS = 30.0
_LEAVE_SECONDS = 0.05
"""How often is looked whether the server was asked to end; it cuts off what isn't answered after a second."""
_PAGE_SECONDS = 10.0
"""How long doubts wait for a page to have shown its rows, which comes first."""


def serve_review(
    session: Session, *, port: int = 0, open_browser: bool = True,
    say: Callable[[str], None], tell: Callable[[str], None],
) -> int:  # fmt: skip
    """Serve a review and close it; 0 when the page finished it, 130 when it was interrupted.

    `say` gets the address, `tell` all other lines. Raises `UsageError` where the port can't be had.
    """
    try:
        with _listening(port) as listening:
            port = listening.getsockname()[1]
            return asyncio.run(_serve(session, listening, port, open_browser, say, tell))
    finally:
        session.store.close()


def _listening(port: int) -> socket.socket:
    # By its protocol asyncio knows a socket that must not wait for acknowledgements: 40 ms an answer.
    listening = socket.socket(proto=socket.IPPROTO_TCP)
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
    pages = Pages(session, keys, port, finished.set)
    server = uvicorn.Server(
        uvicorn.Config(pages.app(), log_level="error", access_log=False, server_header=False, lifespan="off",
                       timeout_graceful_shutdown=1)
    )  # fmt: skip
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started and not serving.done():
        await asyncio.sleep(0.01)
    view_outline(session)
    address = f"http://127.0.0.1:{port}/#{keys.new_code()}"
    say(address)
    if open_browser and not webbrowser.open(address):
        tell("no browser could be opened; open the address above in one")
    doubting = asyncio.create_task(_find_doubts(pages))
    saving = asyncio.create_task(_save_when_idle(pages))
    leaving = asyncio.create_task(_leave_when_asked(server, pages))
    asked = asyncio.create_task(finished.wait())
    await asyncio.wait({serving, leaving, asked}, return_when=asyncio.FIRST_COMPLETED)
    for task in (doubting, saving):
        task.cancel()
    pages.teacher.cancel()
    pages.helper.close()
    server.should_exit = True
    await leaving
    await serving
    return 0 if finished.is_set() else 130


async def _leave_when_asked(server: uvicorn.Server, pages: Pages) -> None:
    """Let pages that wait for news go when the server is to end, by Ctrl-C or by "finish"."""
    while not server.should_exit:
        await asyncio.sleep(_LEAVE_SECONDS)
    await pages.leave()


async def _find_doubts(pages: Pages) -> None:
    """Look for doubts beside the page, each time a review begins, once rows are shown."""
    while True:
        await pages.begun.wait()
        pages.begun.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(pages.shown.wait(), _PAGE_SECONDS)
        await _look_for_doubts(pages)


async def _look_for_doubts(pages: Pages) -> None:
    """Rows that changed meanwhile are asked anew; where another review began, what was found says nothing."""
    session, alignment = pages.session, pages.session.alignment
    try:
        found, index = await run_beside(look_for_doubts, alignment, session.glossary)
    except AlignerError as error:
        session.trouble = f"doubts could not be looked for: {error}"
    else:
        if not pages.begun.is_set():
            session.take_doubts(alignment, found, index)
    await pages.tell_all()


async def _save_when_idle(pages: Pages) -> None:
    store = pages.session.store
    last = store.n
    while True:
        await asyncio.sleep(IDLE_SECONDS)
        if store.n == last and not store.is_saved:
            await pages.save()
        last = store.n
