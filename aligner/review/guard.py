"""Who gets in: exact host and origin, a token for every call, small bodies, and headers that let nothing out."""

from __future__ import annotations

import hmac
import re
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 1 << 20
_OPEN = ("/api/session",)
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; font-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _CSP, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store", "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin", "X-Frame-Options": "DENY",
}  # fmt: skip
_MESSAGES = {
    "forbidden": "only the page of this very address may ask",
    "token": "open the address that the terminal shows again",
    "large": "more than 1 MiB was sent",
    "json": "send application/json",
}
_CODE = re.compile(r"[A-Za-z0-9_-]{20,60}")


class Keys:
    """One-use codes and the tokens that they were exchanged for."""

    def __init__(self) -> None:
        self._codes: set[str] = set()
        self._tokens: list[str] = []

    def new_code(self) -> str:
        """A code for one tab."""
        code = secrets.token_urlsafe(24)
        self._codes.add(code)
        return code

    def exchange(self, code: object) -> str | None:
        """The token for a code that was not used before, of 256 bits; None for any other."""
        if not isinstance(code, str) or not _CODE.fullmatch(code) or code not in self._codes:
            return None
        self._codes.discard(code)
        self._tokens.append(secrets.token_urlsafe(32))
        return self._tokens[-1]

    def lets_in(self, authorization: str) -> bool:
        """Whether the header holds one of the tokens."""
        given = authorization.removeprefix("Bearer ").encode("utf-8", "replace")
        return any([hmac.compare_digest(given, token.encode()) for token in self._tokens])


class Guard:
    """Refuses what does not come from our own page, for static files too."""

    def __init__(self, app: ASGIApp, keys: Keys, port: int) -> None:
        self.app, self.keys = app, keys
        self.hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an error, or let the request through with a bounded body."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        status, error = self._refusal(scope)
        if error:
            answer = JSONResponse({"error": error, "message": _MESSAGES[error]}, status)
            await answer(scope, receive, send_guarded)
            return
        await self.app(scope, receive, send_guarded)

    def _refusal(self, scope: Scope) -> tuple[int, str]:
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if (
            headers.getlist("host") not in [[host] for host in self.hosts]
            or (origin is not None and origin not in {f"http://{host}" for host in self.hosts})
            or headers.get("sec-fetch-site", "none") not in ("same-origin", "none")
        ):
            return 403, "forbidden"
        path: str = scope["path"]
        if not path.startswith("/api/"):
            return 0, ""
        if path not in _OPEN and not self.keys.lets_in(headers.get("authorization", "")):
            return 401, "token"
        if scope["method"] in ("POST", "PUT"):
            if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
                return 415, "json"
            if (
                not headers.get("content-length", "").isdigit()
                or int(headers["content-length"]) > LARGEST_BODY
            ):
                return 413, "large"
        return 0, ""
