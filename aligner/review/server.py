"""The review's web server: routes from the page's calls to the session; one loop, one process."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from aligner.errors import AlignerError, OutputError
from aligner.export.savefile import dumps
from aligner.review.beside import Helper
from aligner.review.counterparts import counterparts_beside, row_at
from aligner.review.exports import export_beside
from aligner.review.guard import Guard, Keys
from aligner.review.opening import choose
from aligner.review.places import Refused, nearest_bead
from aligner.review.realign import Proposals
from aligner.review.search import preview, search
from aligner.review.session import Session
from aligner.review.settings import write_settings
from aligner.review.teacher import MODES, Teacher
from aligner.review.views import STATIC, view_meta, view_outline, view_paragraph, view_rows, view_start

FIRST_ROWS = 60
POLL_SECONDS = 25.0
_NAME = re.compile(r"(?:[A-Za-z0-9_-]+/)?[A-Za-z0-9_-]+(?:\.[a-z0-9]+)+")
_TYPES = {
    ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript",
    ".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon",
    ".woff2": "font/woff2", ".webmanifest": "application/manifest+json",
}  # fmt: skip
_CHANGED_OPEN = (
    "/api/meta",
    "/api/start",
    "/api/opening",
    "/api/rows",
    "/api/code",
    "/api/session",
    "/api/finish",
)
Answer = Callable[[Request], Awaitable[Response]]


class Pages:
    """The answers to the page's calls."""

    def __init__(self, session: Session, keys: Keys, port: int, finish: Callable[[], None]) -> None:
        self.session, self.keys, self.port, self.finish = session, keys, port, finish
        self.news, self.shown, self.begun = asyncio.Condition(), asyncio.Event(), asyncio.Event()
        self.is_leaving = False
        if session.store.state != "changed":
            self.begun.set()
        self.helper = Helper()
        self.proposals = Proposals(self.helper)
        self.teacher = Teacher(session, self.tell_all)

    def app(self) -> Guard:
        """The guarded application."""
        routes = [
            ("/", self.index, "GET"), ("/static/{name:path}", self.static, "GET"),
            ("/api/session", self.exchange, "POST"), ("/api/code", self.code, "POST"),
            ("/api/opening", self.opening, "POST"), ("/api/meta", self.meta, "GET"),
            ("/api/rows", self.rows, "GET"), ("/api/row", self.row, "GET"),
            ("/api/start", self.start, "GET"), ("/api/outline", self.outline, "GET"),
            ("/api/paragraph", self.paragraph, "GET"), ("/api/words", self.words, "GET"),
            ("/api/operations", self.operations, "POST"), ("/api/undo", self.undo, "POST"),
            ("/api/redo", self.redo, "POST"), ("/api/queue/next", self.next, "GET"),
            ("/api/target", self.target, "POST"), ("/api/search", self.search, "POST"),
            ("/api/replace", self.replace, "POST"), ("/api/proposals", self.propose, "POST"),
            ("/api/settings", self.settings, "PUT"), ("/api/learning", self.learn, "POST"),
            ("/api/learning", self.leave_learned, "DELETE"), ("/api/learning/{id:int}", self.learned, "GET"),
            ("/api/proposals/{id:int}", self.proposal, "GET"), ("/api/proposals/{id:int}", self.cancel, "DELETE"),
            ("/api/exports", self.export, "POST"),
            ("/api/place", self.place, "PUT"),
            ("/api/checkpoint", self.checkpoint, "POST"), ("/api/work", self.work, "GET"),
            ("/api/events", self.events, "GET"), ("/api/finish", self.finished, "POST"),
        ]  # fmt: skip
        made = [Route(path, self._answering(answer), methods=[method]) for path, answer, method in routes]
        return Guard(Starlette(routes=made), self.keys, self.port)

    def _answering(self, answer: Answer) -> Answer:
        """The answer, with every refusal as the page expects it."""

        async def answered(request: Request) -> Response:
            changed = self.session.store.state == "changed" and request.url.path.startswith("/api/")
            if changed and request.url.path not in _CHANGED_OPEN:
                return _error(409, "opening", "the file was changed by something else; choose what to do")
            try:
                return await answer(request)
            except Refused as refused:
                if refused.reason == "body":
                    return _error(400, "body", "not what the call expects")
                return _error(422, "refused", f"can't be done here: {refused.reason}", reason=refused.reason)
            except OutputError as full:
                return _error(507, "disk", str(full))
            except AlignerError as error:
                return _error(400, "body", str(error))
            except (ValueError, KeyError, TypeError):
                return _error(400, "body", "not what the call expects")

        return answered

    async def index(self, request: Request) -> Response:
        """The page."""
        return _file("index.html")

    async def static(self, request: Request) -> Response:
        """A file of the page."""
        return _file(request.path_params["name"])

    async def exchange(self, request: Request) -> Response:
        """A token for a one-use code."""
        token = self.keys.exchange((await _body(request)).get("code"))
        if token is None:
            return _error(401, "code", "this address was used already; open the one in the terminal")
        return JSONResponse({"token": token})

    async def code(self, request: Request) -> Response:
        """A code for another tab."""
        code = self.keys.new_code()
        return JSONResponse({"code": code, "address": f"http://127.0.0.1:{self.port}/#{code}"})

    async def opening(self, request: Request) -> Response:
        """What to do with a journal whose file something else changed."""
        found = choose(self.session.store, (await _body(request)).get("choice"))
        self.session.begin()
        self.begun.set()
        await self.tell_all()
        return self._json(found)

    async def meta(self, request: Request) -> Response:
        """What the page must know first."""
        return self._json(view_meta(self.session))

    async def start(self, request: Request) -> Response:
        """The first screen in one answer."""
        count = int(request.query_params.get("rows", FIRST_ROWS))
        with_outline = request.query_params.get("outline") != "0"
        return self._json(view_start(self.session, count, with_outline=with_outline))

    async def rows(self, request: Request) -> Response:
        """Rows by number."""
        first, last = (int(request.query_params[name]) for name in ("from", "to"))
        return self._json(view_rows(self.session, first, last))

    async def row(self, request: Request) -> Response:
        """The row at a place."""
        place = _place(request)
        number = nearest_bead(self.session.alignment, place)
        found = self.session.rows(number, number + 1)
        if not found or found[0]["at"] != list(place):
            return _error(
                404, "unknown", "no row begins there", near=max(0, min(number, len(self.session.doubts) - 1))
            )
        return self._json({"row": found[0]})

    async def outline(self, request: Request) -> Response:
        """Lengths and states of all rows."""
        return self._json(view_outline(self.session))

    async def paragraph(self, request: Request) -> Response:
        """The paragraphs around a row."""
        return JSONResponse(view_paragraph(self.session, _place(request)))

    async def words(self, request: Request) -> Response:
        """The words of a row and their counterparts."""
        n, row = self.session.last_n, row_at(self.session.alignment, _place(request))
        found = await self.helper.ask(counterparts_beside, row, self.session.glossary)
        if found is None:
            return _error(409, "stale", "the words of another row were asked for since")
        return JSONResponse({"n": n, **found})

    async def operations(self, request: Request) -> Response:
        """Do an operation."""
        body = await _body(request)
        if not isinstance(body.get("op"), str):
            raise Refused("body")
        args = body.get("args", {})
        if body["op"] == "learn":
            return await self._changing(
                body,
                lambda: self.session.operate(
                    "learn", self.teacher.take(args.get("proposal"), args.get("leave", ()))
                ),
            )
        if body["op"] == "realign":
            args = {"stretches": self.proposals.take(args.get("proposal"), self.session)}
        return await self._changing(body, lambda: self.session.operate(body["op"], args))

    async def learn(self, request: Request) -> Response:
        """Say whether the rest is aligned again by itself, or have it done now."""
        body = await _body(request)
        if body.get("now") is True:
            self.teacher.start()
            return JSONResponse({"n": self.session.last_n, "counts": self.session.counts()}, 202)
        if body.get("mode") not in MODES:
            raise Refused("body")
        self.session.store.append("setting", {"learning": body["mode"]})
        return self._json({"counts": self.session.counts()})

    async def leave_learned(self, request: Request) -> Response:
        """Cancel the run, or leave what it proposes."""
        self.teacher.cancel()
        await self.tell_all()
        return Response(status_code=204)

    async def learned(self, request: Request) -> Response:
        """The rows that a proposal draws otherwise."""
        return self._json(self.teacher.look(request.path_params["id"]))

    async def settings(self, request: Request) -> Response:
        """Keep what the person chose for the page itself."""
        write_settings(await _body(request))
        return Response(status_code=204)

    async def propose(self, request: Request) -> Response:
        """Begin to align the rows between decided ones again."""
        return JSONResponse(self.proposals.start(self.session, await _body(request)), 202)

    async def proposal(self, request: Request) -> Response:
        """How far that is, and what it would change."""
        return JSONResponse(self.proposals.state(request.path_params["id"], self.session))

    async def cancel(self, request: Request) -> Response:
        """Forget it."""
        self.proposals.cancel(request.path_params["id"])
        return Response(status_code=204)

    async def undo(self, request: Request) -> Response:
        """Take the last operation back."""
        return await self._changing(await _body(request), lambda: self.session.take_back("undo"))

    async def redo(self, request: Request) -> Response:
        """Do it again."""
        return await self._changing(await _body(request), lambda: self.session.take_back("redo"))

    async def _changing(self, body: dict[str, Any], change: Callable[[], dict[str, Any]]) -> Response:
        store = self.session.store
        if store.read_only:
            return _error(403, "read_only", "the file is open for reading only")
        missed = self.session.missed_since(int(body["n"]))
        if missed is None:
            return _error(409, "stale", "another tab went on", n=store.n, reload=True)
        if missed:
            return _error(409, "stale", "another tab went on", n=store.n, missed=missed)
        result = change()
        self.teacher.note()
        await self.tell_all()
        return JSONResponse(result)

    async def tell_all(self) -> None:
        """Let all tabs know that something is new."""
        async with self.news:
            self.news.notify_all()

    async def leave(self) -> None:
        """Answer all that wait for news: the server ends."""
        self.is_leaving = True
        await self.tell_all()

    async def save(self) -> None:
        """Write the save file while nobody asks; where it can't be, all tabs are told."""
        trouble = self.session.trouble
        try:
            self.session.store.checkpoint()
            self.session.trouble = ""
        except OutputError as error:
            self.session.trouble = str(error)
        if self.session.trouble != trouble:
            await self.tell_all()

    async def next(self, request: Request) -> Response:
        """The next stop."""
        query = request.query_params
        stop = self.session.next_stop(
            _place(request) if "at" in query else None,
            by_risk=query.get("order", "risk") == "risk", back=query.get("direction") == "-1",
            rules=query.getlist("rule"), spots=query.get("spots") != "0",
        )  # fmt: skip
        return self._json({"next": stop, "counts": self.session.counts()})

    async def search(self, request: Request) -> Response:
        """Rows that hold a text or fit filters."""
        return self._json(search(self.session, await _body(request)))

    async def replace(self, request: Request) -> Response:
        """What a replacement would change."""
        return self._json(preview(self.session, await _body(request)))

    async def export(self, request: Request) -> Response:
        """Write an export beside the save file."""
        self.session.store.checkpoint()
        try:
            made = export_beside(self.session, await _body(request))
        except OutputError as error:
            return _error(400, "body", str(error))
        if "exists" in made:
            return _error(409, "exists", "it is there already", files=made["exists"])
        return self._json(made)

    async def target(self, request: Request) -> Response:
        """The share of wrong pairs at which to stop."""
        target = float((await _body(request))["target"])
        if not 0.001 <= target <= 0.2:  # noqa: PLR2004 - as the page's slider
            raise Refused("body")
        self.session.store.append("setting", {"target": target})
        return self._json({"counts": self.session.counts()})

    async def place(self, request: Request) -> Response:
        """Where the person stands, for the next session."""
        body = await _body(request)
        if not self.session.store.read_only:
            kept = {"at": [int(place) for place in body["at"]], "filters": dict(body.get("filters", {}))}
            self.session.store.append("place", kept, sync=False)
        return Response(status_code=204)

    async def checkpoint(self, request: Request) -> Response:
        """Write the save file."""
        self.session.store.checkpoint()
        self.session.trouble = ""
        return self._json({"saved": "saved"})

    async def work(self, request: Request) -> Response:
        """The whole save file as it stands."""
        raw = dumps(self.session.saved).encode("utf-8", "backslashreplace")
        return Response(raw, media_type="application/json", headers={"Content-Disposition": "attachment"})

    async def events(self, request: Request) -> Response:
        """What happened after line `n`, or soon will; `g` tells whether all rows must be read anew."""
        self.shown.set()
        n, query = int(request.query_params["n"]), request.query_params
        known = int(query["g"]) if "g" in query else self.session.generation
        is_news = self.session.missed_since(n) != [] or known != self.session.generation
        if not is_news and not self.is_leaving:
            try:
                async with asyncio.timeout(POLL_SECONDS), self.news:
                    await self.news.wait()
            except TimeoutError:
                pass
        missed = self.session.missed_since(n)
        is_new = missed is None or known != self.session.generation
        told = {"reload": True} if is_new else {"missed": missed}
        return self._json({**told, "g": self.session.generation, "counts": self.session.counts()})

    async def finished(self, request: Request) -> Response:
        """Write the save file and end."""
        self.session.store.checkpoint()
        self.finish()
        return self._json({"file": self.session.store.path.name, "counts": self.session.counts()})

    def _json(self, data: dict[str, Any]) -> Response:
        return JSONResponse({"n": self.session.last_n, **data})


def _error(status: int, code: str, message: str, **more: Any) -> JSONResponse:
    return JSONResponse({"error": code, "message": message, **more}, status)


async def _body(request: Request) -> dict[str, Any]:
    body = json.loads(await request.body())
    if not isinstance(body, dict):
        raise Refused("body")
    return body


def _place(request: Request) -> tuple[int, int]:
    source, target = request.query_params["at"].split(",")
    return int(source), int(target)


@cache
def _static(name: str) -> tuple[bytes, str] | None:
    """A file of the page with its type, read once."""
    path = STATIC / name
    if not _NAME.fullmatch(name) or path.suffix not in _TYPES or not path.is_file():
        return None
    return path.read_bytes(), _TYPES[path.suffix]


def _file(name: str) -> Response:
    found = _static(name)
    if found is None:
        return _error(404, "unknown", "there is no such file")
    return Response(found[0], media_type=found[1])
