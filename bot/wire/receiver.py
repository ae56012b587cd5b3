"""Updates in: fetched raw, parsed one by one, acknowledged only when their units are committed or parked."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from itertools import groupby
from typing import Any, Protocol, TypeAlias

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, TelegramError

from bot.wire.lease import Turn
from bot.wire.request import Api, TooMany
from bot.wire.soundness import check_sound
from storage.failures import DatabaseAway

POLL_SECONDS = 25
ATTEMPTS = 3
LONGEST_PAUSE = 30.0
CONFIRMS_WITHIN = 1.0  # seconds; a stop takes less than five in all
ALLOWED = ["message", "edited_message", "channel_post", "callback_query", "my_chat_member"]

Raw: TypeAlias = Mapping[str, Any]
log = structlog.get_logger("receiver")


class Door(Protocol):
    """What takes an update from here."""

    async def process(self, update: Update) -> None:
        """Handle one update; raises what its unit raised."""

    async def park(self, update: Update, failure: str) -> None:
        """Set an update aside and tell its sender so."""


class Receiver:
    """Polls until it is told to stop."""

    def __init__(
        self,
        *,
        api: Api,
        bot: Bot,
        door: Door,
        point: Callable[[str], None],
        polled: Callable[[], Awaitable[None]],
        turn: Turn,
    ) -> None:
        self._api, self._bot, self._door, self._point, self._polled = api, bot, door, point, polled
        self._turn = turn
        self._offset: int | None = None
        self._poll: asyncio.Task[Any] | None = None
        self._stopping = False
        self._away = 0
        self.polling = asyncio.Event()  # set while everything fetched is done

    async def run(self) -> None:
        """Poll until `stop`."""
        while not self._stopping:
            if not self._turn.is_mine:
                await self._stand_back()
                continue
            raw = await self._fetch()
            if raw:
                self.polling.clear()
                await self.take(raw)
                self._offset = _next_offset(raw, self._offset)

    def give_way(self) -> None:
        """Another process polls from now on: end the waiting poll."""
        if self._poll is not None:
            self._poll.cancel()

    async def _stand_back(self) -> None:
        """Let another process poll until it is this one's turn; what is done there, it asks Telegram."""
        self._offset = None
        self.polling.set()
        await self._turn.comes()

    async def stop(self) -> None:
        """End the waiting poll; updates at work end first. What was done is confirmed."""
        self._stopping = True
        self.give_way()

    async def confirm(self) -> None:
        """Tell Telegram what is done, so that it need not send it again at the next start."""
        if self._offset is not None and self._turn.is_mine:
            try:
                async with asyncio.timeout(CONFIRMS_WITHIN):
                    await self._api.call("getUpdates", {"offset": self._offset, "timeout": 0, "limit": 1})
            except (TelegramError, TimeoutError) as error:
                log.info("not_confirmed", error=type(error).__name__)

    async def take(self, raw: Iterable[Raw]) -> None:
        """Handle a batch: in order within a chat, at the same time across chats; returns when all are settled."""
        parsed = [update for one in raw if (update := self._parse(one)) is not None]
        parsed.sort(key=_chat)
        chats = [list(updates) for _, updates in groupby(parsed, key=_chat)]
        await asyncio.gather(*(self._settle_all(updates) for updates in chats))
        self._point("batch_done")

    async def _fetch(self) -> list[Raw]:
        """One poll; an empty list if there is nothing or Telegram could not be asked."""
        parameters = {"offset": self._offset, "timeout": POLL_SECONDS, "limit": 100, "allowed_updates": ALLOWED}
        call = self._api.call("getUpdates", parameters, read_timeout=POLL_SECONDS + 10)
        self._poll = asyncio.ensure_future(call)
        self.polling.set()
        try:
            raw: list[Raw] = await self._poll
            self._away = 0
            await self._polled()
            return raw
        except asyncio.CancelledError:
            if not self._stopping and self._turn.is_mine:
                raise
        except TelegramError as error:
            await self._wait_after(error)
        return []

    async def _wait_after(self, error: TelegramError) -> None:
        self._away += 1
        pause = min(0.25 * 2 ** min(self._away, 10), LONGEST_PAUSE)
        if isinstance(error, TooMany):
            pause = error.seconds
        if isinstance(error, Conflict) and "webhook" in error.message.lower():
            await self._leave_webhook()
            return
        event = "another_bot_polls" if isinstance(error, Conflict) else "poll_failed"
        log.warning(event, error=type(error).__name__, pause=pause)
        await asyncio.sleep(pause)

    async def _leave_webhook(self) -> None:
        """An earlier program left a webhook behind, and Telegram gives nothing to a poll; what waits is kept."""
        log.warning("webhook_removed")
        try:
            await self._api.call("deleteWebhook", {"drop_pending_updates": False})
        except TelegramError as error:
            log.warning("webhook_not_removed", error=type(error).__name__)
            await asyncio.sleep(LONGEST_PAUSE)

    def _parse(self, raw: Raw) -> Update | None:
        """One update; None for one that this program cannot read, which is logged by id and skipped."""
        try:
            check_sound(raw)
            return Update.de_json(dict(raw), self._bot)
        except Exception as error:  # whatever a malformed update makes the parser do
            log.warning("malformed_update", update=_id(raw), error=type(error).__name__)
            return None

    async def _settle_all(self, updates: list[Update]) -> None:
        for update in updates:
            await self._settle(update)

    async def _settle(self, update: Update) -> None:
        """Until the update's unit is committed or the update is parked; a database that is away is waited for."""
        failures = 0
        while True:
            try:
                if failures < ATTEMPTS:
                    return await self._door.process(update)
                return await self._door.park(update, "handler")
            except DatabaseAway as error:
                log.warning("database_away", update=update.update_id, error=type(error).__name__)
                await asyncio.sleep(1.0)
                if self._stopping:
                    raise
            except Exception as error:  # a handler may fail in any way; it is tried again, then parked
                failures += 1
                log.error("handler_failed", update=update.update_id, error=type(error).__name__, attempt=failures)
                if failures > ATTEMPTS + 2:
                    return None


def _chat(update: Update) -> int:
    return update.effective_chat.id if update.effective_chat else 0


def _id(raw: Raw) -> int | None:
    value = raw.get("update_id") if isinstance(raw, Mapping) else None
    return value if isinstance(value, int) else None


def _next_offset(raw: Iterable[Raw], offset: int | None) -> int | None:
    ids = [one for update in raw if (one := _id(update)) is not None]
    return max(ids) + 1 if ids else offset
