"""Deliveries out: claimed by chat, rendered when they are sent, marked when they stand.

A commit that owes something wakes the sender; it waits for no tick.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlmodel import Session

from bot.clock import Clock
from bot.messages.card import Gone
from bot.practice import incoming
from bot.wire.pacing import Pace
from bot.wire.travel import Job, Renders, Travel
from storage import apart, claiming, deliveries
from storage.claiming import SCHEDULED, URGENCIES, Claimed
from storage.failures import DatabaseAway
from storage.leases import Places

CLAIM_SECONDS = 20.0  # longer than any request may take, and a wait for its turn
AHEAD_SECONDS = 0.5  # claim no more than this can send
MOST_AT_ONCE = 16
IN_FLIGHT = 64
LONGEST_REST = 1.0
STOPS_WITHIN = 2.0
EDIT_ATTEMPTS = 50

log = structlog.get_logger("sender")


class Taken(NamedTuple):
    """What was claimed: what is to be sent, how many were found due (some end unsent), and when the next is due."""

    jobs: Sequence[Job] = ()
    found: int = 0
    next_due: datetime | None = None
    places: Places | None = None


class Sender:
    """Sends what is due until it is told to stop."""

    def __init__(
        self, *, travel: Travel, clock: Clock, pace: Pace, renders: Renders, holder: str, is_steady: Callable[[], bool]
    ) -> None:
        self._travel, self._clock, self._pace, self._renders, self._holder = travel, clock, pace, renders, holder
        self._is_steady = is_steady  # else only replies and reveals are sent
        self._woken = asyncio.Event()
        self._quiet = asyncio.Event()
        self._flying: dict[UUID, asyncio.Task[None]] = {}
        self._claiming = asyncio.Lock()
        self._stopping = False

    def wake(self) -> None:
        """Look at what is due; call it on the loop."""
        self._quiet.clear()
        self._woken.set()

    async def run(self) -> None:
        """Send until `stop`."""
        while not self._stopping:
            self._woken.clear()
            started, next_due = await self._claim_and_start()
            if not started:
                await self._rest(next_due)

    async def stop(self) -> None:
        """Let what is in flight end, start nothing new."""
        self._stopping = self._travel.ending = True
        self._woken.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(STOPS_WITHIN), self._claiming:  # what is being claimed just now is still sent
                if self._flying:
                    await asyncio.wait(self._flying.values())
        await self._travel.hand_in()
        await self._leave_chats()

    async def _leave_chats(self) -> None:
        """Let others write at once to the chats that this process kept for itself, but those that just had many."""
        if self._pace.chats_kept is not None:
            many = self._pace.busy(asyncio.get_running_loop().time())
            try:
                await self._travel.unit(lambda session: claiming.leave(session, holder=self._holder, but=many))
            except DatabaseAway as error:
                log.info("chats_not_left", error=type(error).__name__)

    async def settle(self) -> None:
        """Wait until nothing due is left to send, but to chats for which Telegram asked to wait."""
        self.wake()
        await self._quiet.wait()

    # -- claiming

    async def _claim_and_start(self) -> tuple[int, datetime | None]:
        loop_now = asyncio.get_running_loop().time()
        room = min(self._pace.room(loop_now, AHEAD_SECONDS), IN_FLIGHT - len(self._flying), MOST_AT_ONCE)
        if room <= 0:
            await self._wait_for_room()
            return 1, None
        resting = self._pace.resting(loop_now)
        busy = self._pace.busy(loop_now) | self._flying.keys()
        urgencies = URGENCIES if self._is_steady() else tuple(u for u in URGENCIES if u != SCHEDULED)
        now = self._clock.now()
        async with self._claiming:
            taken = await self._travel.unit(
                lambda session: self._claim(session, now, self._pace.share(session, room), busy, urgencies)
            )
            self._pace.keep(taken.places)
            for job in taken.jobs:
                self._start(job)
        await asyncio.sleep(0)  # they get in line, before it is asked how much room is left
        if taken.next_due == now:  # other processes take all the room
            await self._wait_for_room()
            return 1, None
        if not taken.found and not self._flying and not resting and not self._woken.is_set():
            self._quiet.set()
        return taken.found, taken.next_due

    def _claim(self, session: Session, now: datetime, room: int, busy: set[UUID], urgencies: tuple[int, ...]) -> Taken:
        if room <= 0:
            return Taken(next_due=now)
        until = now + timedelta(seconds=CLAIM_SECONDS)
        claimed = claiming.claim(
            session,
            holder=self._holder,
            now=now,
            until=until,
            limit=room,
            busy=busy,
            urgencies=urgencies,
            kept=self._pace.chats_kept,
        )
        if not claimed:
            return Taken(next_due=claiming.next_due(session, after=now))
        jobs = apart.together(
            session,
            claimed,
            lambda some: self._rendered(session, some),
            failed=lambda one: _give_up(session, one, "card_broke"),
        )
        sendable = [job for job in jobs if not self._ends_unsent(session, job, now)]
        session.info["owes"] = session.info.get("owes", False) or len(sendable) < len(claimed)
        return Taken(sendable, len(claimed), None, self._pace.book(session, len(sendable)))

    def _rendered(self, session: Session, claimed: Sequence[Claimed]) -> list[Job]:
        self._renders.prepare(session, claimed)
        return [Job(one, self._renders.card(session, one)) for one in claimed]

    def _ends_unsent(self, session: Session, job: Job, now: datetime) -> bool:
        """Whether the delivery ends here, because nobody would have anything of it, or waits after all."""
        one = job.claimed
        untouched = one.mode == "send" and one.nudge_id is None
        stale = one.expires is not None and one.expires <= now
        if untouched and (stale or isinstance(job.card, Gone)):
            deliveries.mark_expired(session, one)
            return True
        if untouched and incoming.hold_back(session, one, now=now):
            return True
        limit = deliveries.FEW if untouched else EDIT_ATTEMPTS
        if one.attempts > limit:
            _give_up(session, one, "gave_up")
            return True
        return False

    async def _wait_for_room(self) -> None:
        """Until the pace allows more or something in flight has ended."""
        loop = asyncio.get_running_loop()
        pause = max(0.005, self._pace.room_at(loop.time(), AHEAD_SECONDS) - loop.time())
        if len(self._flying) >= IN_FLIGHT:
            await asyncio.wait(self._flying.values(), return_when=asyncio.FIRST_COMPLETED, timeout=LONGEST_REST)
        else:
            await asyncio.sleep(min(pause, LONGEST_REST))

    async def _rest(self, next_due: datetime | None) -> None:
        """Until a commit wakes the sender, a chat is free again or the next delivery is due."""
        loop_now = asyncio.get_running_loop().time()
        pause = LONGEST_REST
        if next_due is not None:
            pause = min(pause, (next_due - self._clock.now()).total_seconds())
        if paced := self._pace.busy(loop_now):
            pause = min(pause, *(self._pace.chat_free_at(chat, loop_now) - loop_now for chat in paced))
        try:
            await asyncio.wait_for(self._woken.wait(), timeout=max(pause, 0.002))
        except TimeoutError:
            return

    # -- sending

    def _start(self, job: Job) -> None:
        task = asyncio.create_task(self._travel.deliver(job))
        self._flying[job.claimed.chat_id] = task
        task.add_done_callback(lambda ended: self._landed(job.claimed, ended))

    def _landed(self, claimed: Claimed, task: "asyncio.Task[None]") -> None:
        self._flying.pop(claimed.chat_id, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("delivery_broke", delivery=claimed.id, card=claimed.card, error=type(error).__name__)
        self.wake()


def _give_up(session: Session, claimed: Claimed, event: str) -> None:
    log.error(event, delivery=claimed.id, card=claimed.card)
    deliveries.mark_failed(session, claimed)
