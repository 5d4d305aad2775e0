"""The review's web server: routes from the page's calls to the session; one loop, one process."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from aligner.errors import AlignerError
from aligner.export.savefile import dumps
from aligner.installed import installed_version
from aligner.language.tags import is_rtl
from aligner.review.doubts import RULES
from aligner.review.exports import FORMATS, export_beside
from aligner.review.guard import Guard, Keys
from aligner.review.journal import DiskFull
from aligner.review.places import Refused, bead_at, document_on, nearest_bead, offset_of, range_of
from aligner.review.realign import LARGEST, Proposals
from aligner.review.search import preview, search
from aligner.review.session import Session
from aligner.review.settings import read_settings, write_settings

STATIC = Path(__file__).parent / "static"
MOST_ROWS = 400
POLL_SECONDS = 25.0
_NAME = re.compile(r"(?:[A-Za-z0-9_-]+/)?[A-Za-z0-9_-]+(?:\.[a-z0-9]+)+")
_TYPES = {
    ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript",
    ".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon",
    ".woff2": "font/woff2", ".webmanifest": "application/manifest+json",
}  # fmt: skip
_CHANGED_OPEN = ("/api/meta", "/api/opening", "/api/rows", "/api/code", "/api/session", "/api/finish")
Answer = Callable[[Request], Awaitable[Response]]


class Pages:
    """The answers to the page's calls."""

    def __init__(self, session: Session, keys: Keys, port: int, finish: Callable[[], None]) -> None:
        self.session, self.keys, self.port, self.finish = session, keys, port, finish
        self.news = asyncio.Condition()
        self.proposals = Proposals()

    def app(self) -> Guard:
        """The guarded application."""
        routes = [
            ("/", self.index, "GET"), ("/static/{name:path}", self.static, "GET"),
            ("/api/session", self.exchange, "POST"), ("/api/code", self.code, "POST"),
            ("/api/opening", self.opening, "POST"), ("/api/meta", self.meta, "GET"),
            ("/api/rows", self.rows, "GET"), ("/api/row", self.row, "GET"),
            ("/api/outline", self.outline, "GET"), ("/api/paragraph", self.paragraph, "GET"),
            ("/api/operations", self.operations, "POST"), ("/api/undo", self.undo, "POST"),
            ("/api/redo", self.redo, "POST"), ("/api/queue/next", self.next, "GET"),
            ("/api/target", self.target, "POST"), ("/api/search", self.search, "POST"),
            ("/api/replace", self.replace, "POST"), ("/api/proposals", self.propose, "POST"),
            ("/api/settings", self.settings, "PUT"),
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
            except DiskFull as full:
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
        store = self.session.store
        if (await _body(request)).get("choice") != "fresh" or store.state != "changed" or store.read_only:
            raise Refused("body")
        return self._json({"file": store.start_over().name, "kept": 0, "lost": 0})

    async def meta(self, request: Request) -> Response:
        """What the page must know first."""
        session, store = self.session, self.session.store
        opening: dict[str, Any] = {"state": store.state, "operations": store.replayed}
        if store.torn:
            opening["torn"] = {"bytes": store.torn, "file": f"{store.path.name}.journal.torn"}
        languages = sorted(path.stem for path in (STATIC / "words").glob("*.json"))
        return self._json({
            "version": installed_version(), "file": store.path.name, "read_only": store.read_only,
            "languages": languages,
            "source": _document(session.alignment.source), "target": _document(session.alignment.target),
            "signature": session.alignment.signature, "counts": session.counts(), "rules": list(RULES),
            "types": sorted({bead.type for bead in session.alignment.beads}), "place": store.history.place,
            "opening": opening, "exports": list(FORMATS), "longest_realign": LARGEST, "glossary": False,
            "settings": read_settings(),
        })  # fmt: skip

    async def rows(self, request: Request) -> Response:
        """Rows by number."""
        first, last = (int(request.query_params[name]) for name in ("from", "to"))
        if not 0 <= first <= last <= first + MOST_ROWS:
            raise Refused("body")
        rows = self.session.rows(first, last)
        return self._json({"from": first, "count": len(self.session.doubts), "rows": rows})

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
        alignment, letters, sizes = self.session.alignment, [], ([], [])  # type: ignore[var-annotated]
        for number, bead in enumerate(alignment.beads):
            stop = bead.status == "auto" and (self.session.doubts[number] or bead.confidence < 0.9)  # noqa: PLR2004
            letter = "?" if stop else bead.status[0]
            letters.append(letter.upper() if bead.note else letter)
            for size, side in zip(sizes, ("source", "target"), strict=True):
                start, end = range_of(bead, side)
                segments = document_on(alignment, side).segments
                size.append(segments[end - 1].end - segments[start].start if start < end else 0)
        return self._json(
            {"rows": len(letters), "source": sizes[0], "target": sizes[1], "state": "".join(letters)}
        )

    async def paragraph(self, request: Request) -> Response:
        """The paragraphs around a row."""
        alignment = self.session.alignment
        bead = alignment.beads[bead_at(alignment, _place(request))]
        found = {}
        for side in ("source", "target"):
            document, (start, end) = document_on(alignment, side), range_of(bead, side)
            segments = document.segments
            low, high = segments[min(start, len(segments) - 1)].paragraph, segments[max(end - 1, 0)].paragraph
            near = [s for s in segments if low - 1 <= s.paragraph <= high + 1]
            here = offset_of(document, start)
            found[side] = {"start": near[0].start, "end": near[-1].end,
                           "text": document.text[near[0].start : near[-1].end],
                           "here": [here, segments[end - 1].end if start < end else here]}  # fmt: skip
        return self._json(found)

    async def operations(self, request: Request) -> Response:
        """Do an operation."""
        body = await _body(request)
        if body.get("op") == "learn" or not isinstance(body.get("op"), str):
            raise Refused("body")
        args = body.get("args", {})
        if body["op"] == "realign":
            args = {"stretches": self.proposals.take(args.get("proposal"), self.session)}
        return await self._changing(body, lambda: self.session.operate(body["op"], args))

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
        async with self.news:
            self.news.notify_all()
        return JSONResponse(result)

    async def next(self, request: Request) -> Response:
        """The next stop."""
        query = request.query_params
        place = _place(request) if "at" in query else None
        by_risk, back = query.get("order", "risk") == "risk", query.get("direction") == "-1"
        stop = self.session.next_stop(place, by_risk=by_risk and not back, back=back)
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
        made = export_beside(self.session, await _body(request))
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
        return self._json({"saved": "saved"})

    async def work(self, request: Request) -> Response:
        """The whole save file as it stands."""
        raw = dumps(self.session.saved).encode("utf-8", "backslashreplace")
        return Response(raw, media_type="application/json", headers={"Content-Disposition": "attachment"})

    async def events(self, request: Request) -> Response:
        """What happened after line `n`, or soon will."""
        n = int(request.query_params["n"])
        missed = self.session.missed_since(n)
        if not missed and missed is not None:
            try:
                async with asyncio.timeout(POLL_SECONDS), self.news:
                    await self.news.wait()
            except TimeoutError:
                pass
            missed = self.session.missed_since(n)
        told = {"reload": True} if missed is None else {"missed": missed}
        return self._json({**told, "counts": self.session.counts()})

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


def _file(name: str) -> Response:
    path = STATIC / name
    if not _NAME.fullmatch(name) or path.suffix not in _TYPES or not path.is_file():
        return _error(404, "unknown", "there is no such file")
    return FileResponse(path, media_type=_TYPES[path.suffix])


def _document(document: Any) -> dict[str, Any]:
    direction = "rtl" if is_rtl(document.lang) else "ltr"
    return {"name": document.name, "lang": document.lang, "dir": direction, "length": len(document.text)}
