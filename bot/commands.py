"""What the running bot does for whoever asks over its control socket: the operator's commands, and the playground."""

import asyncio
import os
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import structlog

from bot import rotation
from bot.wire.control import Command
from bot.wire.points import BACKING_UP, Points
from storage import upcoming
from storage.keys import KeyStore
from storage.units import Units
from storage.whole_files import NotBackedUp

OTHER_MASTERS = "The bot runs with other MASTER_KEYS; nothing was rotated. Restart it with these first."
log = structlog.get_logger("commands")


class Running(Protocol):
    """What a command needs of `bot.app.App`."""

    units: Units
    keys: KeyStore

    def now(self) -> datetime:
        """The bot's time, UTC."""

    async def settle(self) -> None:
        """Wait until everything that has arrived is handled, and everything due is sent that Telegram lets be sent."""

    async def move_clock(self, by: timedelta) -> None:
        """Move the clock, ring every job and send what is due."""


class Commands:
    """The commands of one bot.

    `has_given_keys` where they come from MASTER_KEYS; `copies` write the database or the keys into a file beside it.
    """

    def __init__(
        self,
        bot: Running,
        *,
        points: Points,
        folder: Path,
        has_given_keys: bool,
        copies: Mapping[str, Callable[[], Path]],
    ) -> None:
        self._bot, self._points, self._copies = bot, points, copies
        self._folder, self._has_given_keys = folder, has_given_keys
        self._rotating = asyncio.Lock()

    def by_name(self, *, playground: bool) -> Mapping[str, Command]:
        """Everything that can be asked; time is moved and the process killed at the playground only."""
        commands: dict[str, Command] = {"status": self._status, "rotate": self.rotate, "copy": self.copy}
        if playground:
            commands |= {"move": self._move, "next": self._next, "settle": self._settle, "die_at": self._die_at}
        return commands

    async def rotate(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """Wrap all keys anew, in chunks, beside everything else; only `to` the first master that the bot knows."""
        wanted = request.get("to")
        if wanted is not None and wanted != self._bot.keys.first_master.hex():
            return {"ok": False, "error": OTHER_MASTERS}
        count = 0
        steps = rotation.chunks(self._bot.keys, self._folder, given=self._has_given_keys, point=self._points.reached)
        async with self._rotating:
            while (wrapped := await asyncio.to_thread(next, steps, None)) is not None:
                count += wrapped
        log.info("keys_rotated", count=count)
        return {"count": count}

    async def copy(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """Write a copy of the "database" or the "keys" for a backup; who writes meanwhile is answered after it."""
        write = self._copies[request["of"]]
        try:
            file = await asyncio.to_thread(write)
        except NotBackedUp as error:
            log.warning("not_copied", where=request["of"], error=type(error).__name__)
            return {"ok": False, "error": str(error)}
        self._points.reached(BACKING_UP)
        log.info("copied", where=request["of"])
        return {"file": str(file)}

    async def _status(self, _: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"now": self._bot.now().isoformat(), "pid": os.getpid()}

    async def _move(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        await self._bot.move_clock(timedelta(seconds=float(request["seconds"])))
        return {"now": self._bot.now().isoformat()}

    async def _next(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """When something happens next; with `weekly`, a Telegram id, their next weekly conversation."""
        now = self._bot.now()
        if "weekly" in request:
            account = int(request["weekly"])
            asked = self._bot.units.submit(
                lambda session: upcoming.next_weekly(session, telegram_id=account, after=now)
            )
        else:
            asked = self._bot.units.submit(lambda session: upcoming.next_occasion(session, after=now))
        at = await asyncio.wrap_future(asked)
        return {"at": at.isoformat() if at else None}

    async def _settle(self, _: Mapping[str, Any]) -> Mapping[str, Any]:
        await self._bot.settle()
        return {}

    async def _die_at(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        self._points.die_at(str(request["point"]), int(request.get("countdown", 1)))
        return {}
