"""How fast the bot may write: so many messages a second overall, about one a second to each chat.

Everything is measured on the event loop's own clock, in seconds. `bot.wire.shared_pace` is the same for several
processes.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from sqlmodel import Session

from storage.leases import Places

T = TypeVar("T")

WINDOW = 1.005  # a little over a second, since Telegram's clock is not ours
CHAT_BURST = 4.0
CHAT_RATE = 1.0
REMEMBERED = 512  # chats whose allowance is worth keeping before those at rest are forgotten
UNPACED = 10_000


class RunsUnit(Protocol):
    """Runs one unit, and waits for a database that is away."""

    async def __call__(self, work: Callable[[Session], T]) -> T:
        """What the work gives, after the commit."""


class Pace:
    """A sliding window for all chats together, a small allowance for each, and pauses that Telegram asked for."""

    chats_kept: timedelta | None = None  # how long what this process knows of a chat must stay its own

    def __init__(self, per_second: int) -> None:
        self._per_second = per_second
        self._written: deque[float] = deque(maxlen=max(per_second, 1))
        self._chats: dict[UUID, tuple[float, float]] = {}  # chat -> allowance, when it was counted
        self._paused: dict[UUID, float] = {}
        self._all_paused = 0.0
        self._waiting = 0  # messages in line, or on their way into it
        self._line = asyncio.Lock()  # first come, first served

    def free_at(self, now: float) -> float:
        """When the next message may be written, not before `now`."""
        start = max(now, self._all_paused)
        if self._per_second == 0 or len(self._written) < self._per_second:
            return start
        return max(start, self._written[0] + WINDOW)

    def room(self, now: float, within: float) -> int:
        """How many messages more may be written in the next `within` seconds than wait for it already."""
        if self._all_paused > now + within:
            return 0
        if self._per_second == 0:
            return UNPACED
        taken = sum(1 for at in self._written if at > now + within - WINDOW)
        return max(0, self._per_second - taken - self._waiting)

    def room_at(self, now: float, within: float) -> float:
        """When it is worth looking for the next message, not before `now`."""
        opens = self._all_paused
        if self._per_second and len(self._written) == self._per_second:
            opens = max(opens, self._written[min(self._waiting, self._per_second - 1)] + WINDOW)
        return max(now, opens - within)

    def share(self, session: Session, most: int) -> int:
        """How many of these messages other processes leave to this one, as a unit that claims them finds it."""
        return most

    def book(self, session: Session, count: int) -> Places | None:
        """Book moments for so many messages as the last thing in the unit that claims them."""
        return None

    def keep(self, places: Places | None) -> None:
        """Use what was booked in a unit, now that it is committed."""

    async def turn(self, chat: UUID, unit: RunsUnit, check: Callable[[], None]) -> None:
        """Wait in line for the moment in which a message to this chat may be written, and count it.

        What `check` raises then is raised here; nothing was counted, and whoever is next has the moment.
        """
        self._waiting += 1
        try:
            await self._prepare(unit)
            async with self._line:
                await self._moment(unit)
                check()
                self.wrote(chat, asyncio.get_running_loop().time())
        finally:
            self._waiting -= 1

    async def _prepare(self, unit: RunsUnit) -> None:
        """What can be done before this message is the first in line."""

    async def _moment(self, unit: RunsUnit) -> None:
        """Wait, as the first in line, until a message may be written."""
        loop = asyncio.get_running_loop()
        while (free := self.free_at(loop.time())) > loop.time():
            await asyncio.sleep(free - loop.time())

    def wrote(self, chat: UUID, now: float) -> None:
        """Count a message that is being written now."""
        if self._per_second:
            self._written.append(now)
            self._count(chat, now)

    def _count(self, chat: UUID, now: float) -> None:
        """Take one from the allowance of a chat."""
        self._chats[chat] = (self._allowance(chat, now) - 1.0, now)
        if len(self._chats) > REMEMBERED:
            self._forget(now)

    def chat_free_at(self, chat: UUID, now: float) -> float:
        """When the next message to this chat may be written."""
        lacking = max(0.0, 1.0 - self._allowance(chat, now))
        return max(now + lacking / CHAT_RATE, self._paused.get(chat, 0.0))

    def pause(self, chat: UUID, seconds: float, now: float) -> None:
        """Telegram refused this chat for a while; if it refuses several, everything pauses."""
        self._paused = {held: until for held, until in self._paused.items() if until > now}
        if self._paused and chat not in self._paused:
            self._all_paused = max(self._all_paused, now + seconds)
        self._paused[chat] = now + seconds

    def pause_all(self, seconds: float, now: float) -> None:
        """Write nothing for a while."""
        self._all_paused = max(self._all_paused, now + seconds)

    def busy(self, now: float) -> set[UUID]:
        """The chats that have to wait."""
        return self.resting(now) | {chat for chat, until in self._paused.items() if until > now}

    def resting(self, now: float) -> set[UUID]:
        """The chats that just had as many messages as are good for them, and are free again within a second."""
        return {chat for chat in self._chats if self._allowance(chat, now) < 1.0}

    def _allowance(self, chat: UUID, now: float) -> float:
        left, at = self._chats.get(chat, (CHAT_BURST, now))
        return min(CHAT_BURST, left + (now - at) * CHAT_RATE)

    def _forget(self, now: float) -> None:
        self._chats = {
            chat: (left, at) for chat, (left, at) in self._chats.items() if left + (now - at) * CHAT_RATE < CHAT_BURST
        }
