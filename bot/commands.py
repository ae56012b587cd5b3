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
from bot.wire.points import Points
from storage import upcoming
from storage.keys import KeyStore
from storage.migrating import SchemaMismatch
from storage.units import Units
from storage.whole_files import NotBackedUp

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

    `has_given_keys` where they come from MASTER_KEYS; `back_up` writes the database into a file and gives how many rows
    it has.
    """

    def __init__(
        self, bot: Running, *, points: Points, folder: Path, has_given_keys: bool, back_up: Callable[[Path], int]
    ) -> None:
        self._bot, self._points, self._back_up = bot, points, back_up
        self._folder, self._has_given_keys = folder, has_given_keys
        self._rotating = asyncio.Lock()

    def by_name(self, *, playground: bool) -> Mapping[str, Command]:
        """Everything that can be asked; time is moved and the process killed at the playground only."""
        commands: dict[str, Command] = {"status": self._status, "rotate": self.rotate, "backup": self.back_up}
        if playground:
            commands |= {"move": self._move, "next": self._next, "settle": self._settle, "die_at": self._die_at}
        return commands

    async def rotate(self, _: Mapping[str, Any]) -> Mapping[str, Any]:
        """Wrap all keys anew, in chunks, beside everything else."""
        count = 0
        steps = rotation.chunks(self._bot.keys, self._folder, given=self._has_given_keys, point=self._points.reached)
        async with self._rotating:
            while (wrapped := await asyncio.to_thread(next, steps, None)) is not None:
                count += wrapped
        log.info("keys_rotated", count=count)
        return {"count": count}

    async def back_up(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """Write a backup of the database, or of the `keys`, to a file; who writes meanwhile is answered after it."""
        to = Path(str(request["to"]))
        try:
            if request.get("keys"):
                await asyncio.to_thread(self._bot.keys.back_up, to)
                log.info("keys_backed_up")
                return {}
            count = await asyncio.to_thread(self._back_up, to)
        except (NotBackedUp, SchemaMismatch) as error:
            return {"ok": False, "error": str(error)}
        log.info("backed_up", rows=count)
        return {"count": count}

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
