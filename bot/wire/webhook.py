"""Updates in by webhook: a small server that answers 200 only when an update's unit is committed or parked.

TLS ends before it, in the operator's reverse proxy. Stopping leaves the webhook where it is: other processes may be
behind the same address, and what waits is sent again. A process that polls removes it.
"""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Annotated
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from pydantic import BaseModel, Field, ValidationError
from telegram.error import BadRequest, TelegramError

from bot.wire.intake import ALLOWED, Intake
from bot.wire.request import Api, TooMany
from storage.failures import DatabaseAway

MOST_BYTES = 1024 * 1024  # an update of Telegram's has a fraction of it
MOST_CONNECTIONS = 100  # as many as Telegram opens
LOOK_SECONDS = 60.0
LONGEST_PAUSE = 30.0
ENDS_WITHIN = 2.0  # seconds for what is at work when the bot stops
HEADER = "X-Telegram-Bot-Api-Secret-Token"
SOON = {"Retry-After": "1"}
HEALTH = "/health"
log = structlog.get_logger("webhook")


class Info(BaseModel):
    """What Telegram says of a webhook."""

    url: str = ""
    waiting: Annotated[int, Field(alias="pending_update_count")] = 0
    failed_at: Annotated[int, Field(alias="last_error_date")] = 0
    failure: Annotated[str, Field(alias="last_error_message")] = ""


class Webhook:
    """Listens for updates, and sees to it that Telegram sends them here. `reached`: Telegram can reach us."""

    def __init__(
        self,
        *,
        api: Api,
        intake: Intake,
        url: str,
        secret: str,
        host: str,
        port: int,
        reached: Callable[[], Awaitable[None]],
    ) -> None:
        self._api, self._intake, self._reached = api, intake, reached
        self._url, self._path, self._secret = url, urlsplit(url).path or "/", secret
        self._host, self._port = host, port
        self._runner: web.AppRunner | None = None
        self._at_work = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._ending = asyncio.Event()
        self._is_set = self._has_come = False
        self._fails = self._told = 0

    async def open(self) -> None:
        """Listen. Raises OSError."""
        application = web.Application(client_max_size=MOST_BYTES)
        application.router.add_route("*", "/{path:.*}", self._meet)
        # nothing is unpacked: Telegram packs nothing, and a small packed body may be a huge one
        self._runner = web.AppRunner(application, access_log=None, auto_decompress=False, shutdown_timeout=ENDS_WITHIN)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        log.info("listening", port=self._port)

    async def run(self) -> None:
        """Look after the webhook until `stop`."""
        pause = 0.0
        while not await self._ends_within(pause):
            try:
                await self.look()
                self._fails, pause = 0, LOOK_SECONDS
            except (TelegramError, ValidationError) as error:
                pause = self._pause_after(error)

    async def settle(self) -> None:
        """Wait until every update that came is answered."""
        await self._idle.wait()

    async def stop(self) -> None:
        """Take nothing more in; what is at work ends first. The webhook stays."""
        self._intake.ending = True
        self._ending.set()
        if self._runner is not None:
            await self._runner.cleanup()

    async def confirm(self) -> None:
        """Every answer has confirmed its update already."""

    # -- what comes in

    async def _meet(self, request: web.Request) -> web.Response:
        """Who is not Telegram learns nothing, not even whether there is a webhook."""
        if request.method == "GET" and request.rel_url.raw_path == HEALTH:
            return web.Response(status=503 if self._ending.is_set() else 200)
        if not self._is_telegram(request):
            log.info("stranger_refused")
            return web.Response(status=404)
        if self._ending.is_set():
            return web.Response(status=503, headers=SOON)
        self._at_work += 1
        self._idle.clear()
        try:
            return await self._take(request)
        finally:
            self._at_work -= 1
            if not self._at_work:
                self._idle.set()

    def _is_telegram(self, request: web.Request) -> bool:
        given = request.headers.get(HEADER, "").encode("utf-8", "surrogateescape")
        is_secret = hmac.compare_digest(given, self._secret.encode())
        return is_secret and request.method == "POST" and request.rel_url.raw_path == self._path

    async def _take(self, request: web.Request) -> web.Response:
        """200 for what is done, and for what would be no better if it came again."""
        self._has_come = True
        try:
            raw = json.loads(await request.read())
        except web.HTTPRequestEntityTooLarge:
            log.warning("update_too_long")
            return web.Response(status=413)
        except ConnectionError:  # it broke in the middle, and nobody hears the answer
            return web.Response(status=503, headers=SOON)
        except (ValueError, RecursionError) as error:
            log.warning("malformed_update", error=type(error).__name__)
            return web.Response()
        try:
            await self._intake.take([raw])
        except DatabaseAway:
            return web.Response(status=503, headers=SOON)
        return web.Response()

    # -- where Telegram sends to

    async def look(self) -> None:
        """Set the webhook unless it stands, and log what Telegram says of it. Raises TelegramError, ValidationError."""
        info = await self._info() if self._is_set else Info()
        if info.url != self._url:
            if self._is_set:
                log.warning("webhook_was_gone")
            await self._set()
            info = await self._info()
        if info.waiting and info.failed_at > self._told:
            self._told = info.failed_at
            log.warning("webhook_fails", count=info.waiting, error=info.failure)
        if self._has_come or not info.waiting:
            self._has_come = False
            await self._reached()

    async def _info(self) -> Info:
        return Info.model_validate(await self._api.call("getWebhookInfo", {}))

    async def _set(self) -> None:
        parameters = {
            "url": self._url,
            "secret_token": self._secret,
            "allowed_updates": ALLOWED,
            "max_connections": MOST_CONNECTIONS,
            "drop_pending_updates": False,
        }
        await self._api.call("setWebhook", parameters)
        self._is_set = True
        log.info("webhook_set")

    def _pause_after(self, error: TelegramError | ValidationError) -> float:
        self._fails += 1
        pause = error.seconds if isinstance(error, TooMany) else min(0.25 * 2 ** min(self._fails, 10), LONGEST_PAUSE)
        words = error.message if isinstance(error, BadRequest) else type(error).__name__
        log.warning("webhook_look_failed", error=words, pause=pause)
        return pause

    async def _ends_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._ending.wait(), seconds)
        except TimeoutError:
            return False
        return True
