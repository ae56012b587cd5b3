"""Updates in by polling: fetched raw, acknowledged only when their units are committed or parked."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import structlog
from telegram.error import Conflict, TelegramError

from bot.wire.intake import ALLOWED, Intake, Raw, update_id
from bot.wire.lease import Turn
from bot.wire.request import Api, TooMany

POLL_SECONDS = 25
LONGEST_PAUSE = 30.0
CONFIRMS_WITHIN = 1.0  # seconds; a stop takes less than five in all

log = structlog.get_logger("receiver")


class NoUpdates(TelegramError):
    """What came leads no further."""


class Receiver:
    """Polls until it is told to stop."""

    def __init__(self, *, api: Api, intake: Intake, polled: Callable[[], Awaitable[None]], turn: Turn) -> None:
        self._api, self._intake, self._polled, self._turn = api, intake, polled, turn
        self._offset: int | None = None
        self._poll: asyncio.Task[Any] | None = None
        self._stopping = False
        self._away = 0
        self.polling = asyncio.Event()  # set while everything fetched is done

    async def open(self) -> None:
        """Nothing has to be ready before it polls."""

    async def run(self) -> None:
        """Poll until `stop`."""
        while not self._stopping:
            if not self._turn.is_mine:
                await self._stand_back()
                continue
            raw = await self._fetch()
            if raw:
                self.polling.clear()
                await self._intake.take(raw)
                await self._go_past(raw)

    async def settle(self) -> None:
        """Wait until everything that was fetched is done."""
        await self.polling.wait()

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
        self._stopping = self._intake.ending = True
        self.give_way()

    async def confirm(self) -> None:
        """Tell Telegram what is done, so that it need not send it again at the next start."""
        if self._offset is not None and self._turn.is_mine:
            try:
                async with asyncio.timeout(CONFIRMS_WITHIN):
                    await self._api.call("getUpdates", {"offset": self._offset, "timeout": 0, "limit": 1})
            except (TelegramError, TimeoutError) as error:
                log.info("not_confirmed", error=type(error).__name__)

    async def _fetch(self) -> list[Raw]:
        """One poll; an empty list if there is nothing or Telegram could not be asked."""
        parameters = {"offset": self._offset, "timeout": POLL_SECONDS, "limit": 100, "allowed_updates": ALLOWED}
        call = self._api.call("getUpdates", parameters, read_timeout=POLL_SECONDS + 10)
        self._poll = asyncio.ensure_future(call)
        self.polling.set()
        try:
            raw: list[Raw] = await self._poll
            if not isinstance(raw, list):
                raise NoUpdates("an answer that is no list")
            if not raw:
                self._away = 0
            await self._polled()
            return raw
        except asyncio.CancelledError:
            if not self._stopping and self._turn.is_mine:
                raise
        except TelegramError as error:
            await self._wait_after(error)
        return []

    async def _go_past(self, raw: Iterable[Raw]) -> None:
        """The next poll asks for what comes after these; if none of them has a number, the same come again at once."""
        offset = _next_offset(raw, self._offset)
        if offset == self._offset:
            self.polling.set()
            await self._wait_after(NoUpdates("updates without a number"))
        else:
            self._offset, self._away = offset, 0

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


def _next_offset(raw: Iterable[Raw], offset: int | None) -> int | None:
    ids = [one for each in raw if (one := update_id(each)) is not None]
    return max(ids) + 1 if ids else offset
