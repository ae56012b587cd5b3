"""The playground's page over HTTP: its files, its acts, and what happens, as it happens.

It speaks to nobody but a page that it served itself: other host names (a rebound DNS name) and other origins (a page of
a stranger) are refused, and the page may load nothing from elsewhere.
"""

import asyncio
import inspect
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.playground.acts import ACTS
from bot.playground.feed import News
from bot.playground.given import Given
from bot.playground.people import NotPossible
from bot.playground.server import HOST
from bot.playground.stage import Stage
from bot.playground.views import message_view, served

WEB = (Path(__file__).parent / "web").resolve()
HEARTBEAT_SECONDS = 10.0
PORTS_TRIED = 50
MOST_BYTES = 256 * 1024
_NAMES = (HOST, "localhost")
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_OWN_SITE = (None, "same-origin", "none")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self';"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_STRANGE = re.compile(r"[^A-Za-z0-9._-]")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Page:
    """Serves one stage on 127.0.0.1."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._runner: web.AppRunner | None = None
        self._ending = asyncio.Event()
        self.port = 0

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://{HOST}:{self.port}/"

    async def open(self, port: int) -> None:
        """Listen on this port, or the next free one. Raises OSError if there is none near."""
        application = web.Application(client_max_size=MOST_BYTES, middlewares=[self._guard])
        application.router.add_post("/acts", self._act)
        application.router.add_get("/events", self._events)
        application.router.add_get("/files/{file}", self._file)
        application.router.add_get("/{path:.*}", _static)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        self.port = await self._listen(port)

    async def close(self) -> None:
        """Stop serving; open pages notice."""
        self._ending.set()
        if self._runner:
            await self._runner.cleanup()

    async def _listen(self, port: int) -> int:
        assert self._runner is not None
        for candidate in range(port, min(port + PORTS_TRIED, 65536)) if port else (0,):
            with suppress(OSError):
                await web.TCPSite(self._runner, HOST, candidate).start()
                return int(self._runner.addresses[0][1])
        raise OSError(f"no port from {port} to {port + PORTS_TRIED - 1} is free")

    # -- who may come in

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not self._is_welcome(request):
            return web.Response(status=403, text="This playground is only for this computer.", headers=_HEADERS)
        try:
            response = await handler(request)
        except web.HTTPException as error:
            error.headers.update(_HEADERS)
            raise
        if not response.prepared:
            response.headers.update({**_HEADERS, **response.headers})
        return response

    def _is_welcome(self, request: web.Request) -> bool:
        hosts = {f"{name}:{self.port}" for name in _NAMES}
        host, origin = request.headers.get("Host", "").lower(), request.headers.get("Origin")
        if host not in hosts or (origin is not None and origin.lower() != f"http://{host}"):
            return False
        is_plain = request.method in ("GET", "HEAD")
        if not is_plain and request.content_type != "application/json":
            return False
        is_walked_in = is_plain and request.path == "/"
        return is_walked_in or request.headers.get("Sec-Fetch-Site") in _OWN_SITE

    # -- acts

    async def _act(self, request: web.Request) -> web.Response:
        try:
            fields = await request.json()
            act = ACTS[fields["do"]]
        except (ValueError, KeyError, TypeError):
            return _refusal("The page asked for something unknown. Reload it.", status=400)
        try:
            done = act(self._stage, Given(self._stage, fields))
            if inspect.isawaitable(done):
                await done
        except NotPossible as reason:
            return _refusal(_sentence(str(reason)))
        finally:
            self._stage.save()
        return web.json_response({"ok": True})

    # -- what happens

    async def _events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={**_HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        with self._stage.feed.watched() as watcher, suppress(ConnectionError):
            await response.write(_event({"all": True, "room": self._stage.room(), "whole": self._everybody()}))
            while not self._ending.is_set():
                news = await self._or_ending(watcher.wait(HEARTBEAT_SECONDS))
                await response.write(_event(self._told(news)) if news else b": still here\n\n")
        return response

    async def _or_ending(self, waiting: Awaitable[News | None]) -> News | None:
        """What `waiting` gives, or None as soon as the page closes."""
        task, ending = asyncio.ensure_future(waiting), asyncio.ensure_future(self._ending.wait())
        try:
            await asyncio.wait({task, ending}, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            task.cancel()
            ending.cancel()

    def _everybody(self) -> list[dict[str, Any]]:
        return [self._whole(person) for person in self._stage.seats.people()]

    def _whole(self, person: int) -> dict[str, Any]:
        seats = self._stage.seats
        return {"phone": seats.shown(person), "messages": seats.messages(person)}

    def _told(self, news: News) -> dict[str, Any]:
        """The news as they are by now; a phone that is told as a whole needs no parts."""
        seats = self._stage.seats
        people = set(seats.people())
        parts = sorted(place for place in news.messages if place[0] in people - news.whole)
        online = [place for place in parts if not seats.seat(place[0]).offline]
        told: dict[str, Any] = {
            "whole": [self._whole(person) for person in sorted(news.whole & people)],
            "phones": [seats.shown(person) for person in sorted((news.phones & people) - news.whole)],
            "messages": [self._message(*place) for place in online],
            "gestures": news.gestures,
        }
        if news.room:
            told["room"] = self._stage.room()
        return {name: value for name, value in told.items() if value}

    def _message(self, person: int, number: int) -> dict[str, Any]:
        state = self._stage.telegram.state
        message = state.chats.message(person, number)
        if message is None or not message.is_visible:
            return {"phone": person, "gone": number}
        return {"phone": person, "message": message_view(message, self._stage.seats.account(person), state)}

    # -- files

    async def _file(self, request: web.Request) -> web.Response:
        stored = self._stage.telegram.state.files.by_id.get(request.match_info["file"])
        if stored is None:
            raise web.HTTPNotFound
        kind, is_shown = served(stored)
        name = _STRANGE.sub("", str(stored.about.get("file_name", stored.path)))
        disposition = "inline" if is_shown else f'attachment; filename="{name}"'
        headers = {"Content-Disposition": disposition, "Content-Security-Policy": "default-src 'none'; sandbox"}
        return web.Response(body=stored.content, content_type=kind, headers=headers)


async def _static(request: web.Request) -> web.Response:
    path = (WEB / (request.match_info["path"] or "index.html")).resolve()
    if WEB not in path.parents or path.suffix not in _TYPES or not path.is_file():
        raise web.HTTPNotFound
    return web.Response(body=path.read_bytes(), content_type=_TYPES[path.suffix], charset="utf-8")


def _event(told: Mapping[str, Any]) -> bytes:
    return b"data: " + json.dumps(told).encode() + b"\n\n"


def _refusal(sentence: str, *, status: int = 200) -> web.Response:
    return web.json_response({"ok": False, "error": sentence}, status=status)


def _sentence(reason: str) -> str:
    """The reason as a sentence of its own."""
    reason = reason[:1].upper() + reason[1:]
    return reason if reason.endswith((".", "?", "!")) else f"{reason}."
