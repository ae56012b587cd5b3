"""The loopback Telegram: a server on 127.0.0.1, and the people on the other side."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.playground.accounts import Chat, User
from bot.playground.desk import Desk
from bot.playground.limits import Limits
from bot.playground.people import Account
from bot.playground.saving import from_json, to_json
from bot.playground.state import State
from bot.playground.webhook import Pusher

BOT_ID = 6_123_456_789
TOKEN = f"{BOT_ID}:AAloopback-Telegram_0123456789abcdef"
HOST = "127.0.0.1"
_MOST_BYTES = 64 * 1024 * 1024


class LoopbackTelegram(Desk):
    """The Bot API for one bot.

    `now` gives the dates of messages (aware UTC). `limits` are Telegram's unless others are given; `unlimited`, or
    setting the attribute to None, lets the bot write as much as it likes. `keep` bounds the messages remembered of
    each chat, `keep_calls` the recorded calls. `webhook_second` is how long a second of the pauses lasts after which a
    webhook is tried again.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        token: str = TOKEN,
        name: str = "Side by Side",
        username: str = "side_by_side_bot",
        limits: Limits | None = None,
        unlimited: bool = False,
        keep: int | None = None,
        keep_calls: int = 20_000,
        webhook_second: float = 1.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        bot = User(int(token.partition(":")[0]), name, username=username, is_bot=True)
        super().__init__(
            State(bot, now=now, keep=keep),
            token,
            limits=None if unlimited else limits or Limits(),
            keep_calls=keep_calls,
            monotonic=monotonic,
        )
        self.port = 0
        self._webhook_second = webhook_second
        self._runner: web.AppRunner | None = None
        self._pushing: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """What BOT_API_URL must be: calls go to <url>/bot<token>/<method>."""
        return f"http://{HOST}:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The settings by which a bot talks to this Telegram."""
        return {"BOT_TOKEN": self.token, "BOT_API_URL": self.url}

    @property
    def pending(self) -> int:
        """How many updates the bot has not confirmed."""
        return self.state.updates.pending

    async def start(self, port: int = 0) -> None:
        """Listen; without a port on the one used before, or any that is free."""
        self._stopped.clear()
        application = web.Application(client_max_size=_MOST_BYTES)
        application.router.add_route("*", "/bot{token}/{method}", self.answer)
        application.router.add_get("/file/bot{token}/{path:.+}", self.download)
        self._runner = web.AppRunner(application, handler_cancellation=True, access_log=None, shutdown_timeout=0.02)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, port or self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self._pushing = asyncio.create_task(Pusher(self.state.updates, second=self._webhook_second).run())

    async def stop(self) -> None:
        """Telegram is away; everything is remembered for the next start."""
        self._stopped.set()
        if self._pushing:
            self._pushing.cancel()
            self._pushing = None
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    def person(
        self, name: str, language: str | None = "en", username: str | None = None, *, last_name: str | None = None
    ) -> Account:
        """A new person who has not opened the bot yet."""
        user = self.state.chats.add_person(name, language=language, username=username, last_name=last_name)
        return Account(self.state, user)

    def people(self) -> list[Account]:
        """Everybody, the oldest account first."""
        return [Account(self.state, user) for user in self.state.chats.users.values() if not user.is_bot]

    def group(self, title: str) -> Chat:
        """A new group without the bot."""
        return self.state.chats.add_group(title)

    def channel(self, title: str, username: str | None = None) -> Chat:
        """A new channel without the bot."""
        return self.state.chats.add_group(title, kind="channel", username=username)

    def inject(self, update: Any) -> int:
        """Queue a raw update, however malformed."""
        return self.state.updates.inject(update)

    def to_json(self) -> str:
        """All that is remembered, for `restore` in another process."""
        return to_json(self.state)

    def restore(self, saved: str) -> None:
        """Remember what `to_json` gave; before `start`. Accounts from before belong to the old state."""
        self.state = from_json(saved, now=self.state.now, keep=self.state.chats.keep)
