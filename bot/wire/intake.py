"""What comes in, however it came: parsed by itself, in order within a chat, done when it is committed or parked."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import Any, Protocol, TypeAlias

import structlog
from telegram import Bot, Update

from bot.wire.soundness import NUMBERS, check_sound
from bot.wire.turns import Turns
from storage.failures import DatabaseAway

ALLOWED = ["message", "edited_message", "channel_post", "callback_query", "my_chat_member"]
ATTEMPTS = 3
AWAY_SECONDS = 1.0

Raw: TypeAlias = Mapping[str, Any]
log = structlog.get_logger("intake")


class Door(Protocol):
    """What takes an update from here."""

    async def process(self, update: Update) -> None:
        """Handle one update; raises what its unit raised."""

    async def park(self, update: Update, failure: str) -> None:
        """Set an update aside and tell its sender so."""


class Intake:
    """Takes raw updates to the door, and returns when all of them are settled.

    Who `is_patient` waits for a database that is away, until `ending`; others get DatabaseAway at once.
    """

    def __init__(self, *, bot: Bot, door: Door, point: Callable[[str], None], is_patient: bool) -> None:
        self._bot, self._door, self._point, self._is_patient = bot, door, point, is_patient
        self._turns = Turns()
        self.ending = False

    async def take(self, raw: Iterable[Raw]) -> None:
        """Handle updates: in order within a chat, at the same time across chats. Raises DatabaseAway."""
        parsed = [update for one in raw if (update := self._parse(one)) is not None]
        parsed.sort(key=_chat)
        chats = [list(updates) for _, updates in groupby(parsed, key=_chat)]
        await asyncio.gather(*(self._settle_all(updates) for updates in chats))
        self._point("batch_done")

    def _parse(self, raw: Raw) -> Update | None:
        """One update; None for one that this program cannot read, which is logged by id and skipped."""
        try:
            check_sound(raw)
            return Update.de_json(dict(raw), self._bot)
        except Exception as error:  # whatever a malformed update makes the parser do
            log.warning("malformed_update", update=update_id(raw), error=type(error).__name__)
            return None

    async def _settle_all(self, updates: list[Update]) -> None:
        """The updates of one chat, which may have others at work or waiting."""
        async with self._turns.turn(_chat(updates[0]), updates[0].update_id):
            for update in updates:
                await self._settle(update)

    async def _settle(self, update: Update) -> None:
        """Until the update's unit is committed or the update is parked."""
        failures = 0
        while True:
            try:
                if failures < ATTEMPTS:
                    return await self._door.process(update)
                return await self._door.park(update, "handler")
            except DatabaseAway as error:
                log.warning("database_away", update=update.update_id, error=type(error).__name__)
                if not self._is_patient:
                    raise
                await asyncio.sleep(AWAY_SECONDS)
                if self.ending:
                    raise
            except Exception as error:  # a handler may fail in any way; it is tried again, then parked
                failures += 1
                log.error("handler_failed", update=update.update_id, error=type(error).__name__, attempt=failures)
                if failures > ATTEMPTS + 2:
                    return None


def update_id(raw: object) -> int | None:
    """The number of a raw update; None if it has none that can be one."""
    value = raw.get("update_id") if isinstance(raw, Mapping) else None
    return value if type(value) is int and 0 <= value < NUMBERS else None


def _chat(update: Update) -> int:
    return update.effective_chat.id if update.effective_chat else 0
