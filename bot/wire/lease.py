"""One poller: of several processes on one PostgreSQL, whoever holds the lease asks Telegram for updates.

The lease runs by the clock of the database, and what this process knows of it by its own monotonic clock, so clocks
that differ do no harm. Whoever held it too long, because it was frozen, finds it gone before it asks again; a batch
that it still has in its hands was handled by the next one too, and each update counts once.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

import structlog
from sqlmodel import Session

from storage import leases
from storage.failures import DatabaseAway
from storage.units import Units, nothing

SECONDS = 10.0  # how long it is held without being renewed: the longest silence after a poller was killed
MARGIN = 1.0  # given up so much earlier than others may take it
RENEWED_EVERY = 2.5
TRIED_EVERY = 2.0
log = structlog.get_logger("lease")


class Turn(Protocol):
    """Whose turn it is to poll."""

    @property
    def is_mine(self) -> bool:
        """Whether this process may poll now."""

    async def comes(self) -> None:
        """Wait until it may, or ends."""


class Alone:
    """The turn of a process that shares its database with no other."""

    is_mine = True

    async def comes(self) -> None:
        """It always is."""


class PollLease:
    """Holds the lease, or waits for it, until it is told to stop."""

    def __init__(self, *, units: Units, holder: str) -> None:
        self._units, self._holder = units, holder
        self.lost: Callable[[], None] = nothing  # called when another process polls from now on
        self._until = float("-inf")  # on the loop's clock
        self._came, self._stopping = asyncio.Event(), asyncio.Event()

    @property
    def is_mine(self) -> bool:
        """Whether the lease is held, and surely not over."""
        return asyncio.get_running_loop().time() < self._until

    async def comes(self) -> None:
        """Wait until the lease is this process's own, or it stops."""
        while not (self.is_mine or self._stopping.is_set()):
            self._came.clear()
            await self._came.wait()

    async def run(self) -> None:
        """Renew it or try to get it, until `stop`."""
        while not self._stopping.is_set():
            await self.look()
            try:
                await asyncio.wait_for(self._stopping.wait(), RENEWED_EVERY if self.is_mine else TRIED_EVERY)
            except TimeoutError:
                continue

    async def look(self) -> None:
        """Take or renew the lease, or learn that somebody else has it."""
        asked, had = asyncio.get_running_loop().time(), self._until > float("-inf")
        try:
            mine = await asyncio.wrap_future(self._units.submit(self._take))
        except DatabaseAway as error:
            log.warning("lease_unknown", error=type(error).__name__)
            mine = self.is_mine
        else:
            self._until = asked + SECONDS - MARGIN if mine else float("-inf")
        if mine and not had:
            log.info("polling_begins")
        elif had and not mine:
            log.warning("polling_ends")
            self._until = float("-inf")
            self.lost()
        self._came.set()

    def stop(self) -> None:
        """Renew it no more; it stays this process's own for some seconds."""
        self._stopping.set()
        self._came.set()

    async def give_back(self) -> None:
        """Let another process poll at once."""
        if self.is_mine:
            self._until = float("-inf")
            try:
                await asyncio.wrap_future(self._units.submit(self._leave))
            except DatabaseAway as error:
                log.info("lease_not_given_back", error=type(error).__name__)

    def _take(self, session: Session) -> bool:
        return leases.take(session, name=leases.POLLER, holder=self._holder, seconds=SECONDS)

    def _leave(self, session: Session) -> None:
        leases.give_back(session, name=leases.POLLER, holder=self._holder)
