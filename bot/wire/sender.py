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
    """What is to be sent of what was claimed, whether more may be due already, and if not, when the next will be."""

    jobs: Sequence[Job] = ()
    more: bool = False
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
        self._flying: dict[UUID, asyncio.Task[bool]] = {}
        self._claiming = asyncio.Lock()
        self._looks = 0
        self._has_all = False  # when it last looked, it found all that was due
        self._next_due: datetime | None = None
        self._free_at = float("inf")  # when one of the chats is free again that were passed over, on the loop's clock
        self._stopping = False

    def wake(self) -> None:
        """Look at what is due; call it on the loop."""
        self._quiet.clear()
        self._woken.set()

    async def run(self) -> None:
        """Send until `stop`."""
        while not self._stopping:
            self._woken.clear()
            if not await self._claim_and_start():
                await self._rest()

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
        if self._next_due is not None and self._next_due <= self._clock.now():
            self.wake()
        await self._quiet.wait()

    # -- claiming

    async def _claim_and_start(self) -> bool:
        """Look for what is due; tells whether another look may find more at once."""
        self._has_all = False
        loop_now = asyncio.get_running_loop().time()
        room = min(self._pace.room(loop_now, AHEAD_SECONDS), IN_FLIGHT - len(self._flying), MOST_AT_ONCE)
        if room <= 0:
            await self._wait_for_room()
            return True
        resting, paced = self._pace.resting(loop_now), self._pace.busy(loop_now)
        busy = paced | self._flying.keys()
        urgencies = URGENCIES if self._is_steady() else tuple(u for u in URGENCIES if u != SCHEDULED)
        now = self._clock.now()
        self._looks += 1
        async with self._claiming:
            taken = await self._travel.unit(
                lambda session: self._claim(session, now, self._pace.share(session, room), busy, urgencies)
            )
            self._pace.keep(taken.places)
            for job in taken.jobs:
                self._start(job)
        self._next_due, self._has_all = taken.next_due, not taken.more and not resting
        self._free_at = min((self._pace.chat_free_at(chat, loop_now) for chat in paced), default=float("inf"))
        await asyncio.sleep(0)  # they get in line, before it is asked how much room is left
        if taken.more and not taken.jobs:  # other processes take all the room, or what was found
            await self._wait_for_room()
        self._note_quiet()
        return taken.more

    def _claim(self, session: Session, now: datetime, room: int, busy: set[UUID], urgencies: tuple[int, ...]) -> Taken:
        if room <= 0:
            return Taken(more=True)
        until = now + timedelta(seconds=CLAIM_SECONDS)
        claimed, more = claiming.claim(
            session,
            holder=self._holder,
            now=now,
            until=until,
            limit=room,
            busy=busy,
            urgencies=urgencies,
            kept=self._pace.chats_kept,
        )
        next_due = None if more else claiming.next_due(session, after=now)
        if not claimed:
            return Taken(more=more, next_due=next_due)
        jobs = apart.together(
            session,
            claimed,
            lambda some: self._rendered(session, some),
            failed=lambda one: _give_up(session, one, "card_broke"),
        )
        sendable = [job for job in jobs if not self._ends_unsent(session, job, now)]
        session.info["owes"] = session.info.get("owes", False) or len(sendable) < len(claimed)
        return Taken(sendable, more, next_due, self._pace.book(session, len(sendable)))

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

    async def _rest(self) -> None:
        """Until a commit wakes the sender, a chat is free again or the next delivery is due."""
        pause = min(LONGEST_REST, self._free_at - asyncio.get_running_loop().time())
        if self._next_due is not None:
            pause = min(pause, (self._next_due - self._clock.now()).total_seconds())
        try:
            await asyncio.wait_for(self._woken.wait(), timeout=max(pause, 0.002))
        except TimeoutError:
            return

    # -- sending

    def _start(self, job: Job) -> None:
        task, looks = asyncio.create_task(self._travel.deliver(job)), self._looks
        self._flying[job.claimed.chat_id] = task
        task.add_done_callback(lambda ended: self._landed(job.claimed, ended, looks))

    def _landed(self, claimed: Claimed, task: "asyncio.Task[bool]", looks: int) -> None:
        """The chat is free again: look for more to send there, unless it is known that there is nothing."""
        self._flying.pop(claimed.chat_id, None)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.error("delivery_broke", delivery=claimed.id, card=claimed.card, error=type(error).__name__)
        stands = not task.cancelled() and error is None and task.result()
        passed_over = looks != self._looks or self._pace.chats_kept is not None  # by a look here, or elsewhere
        if not stands or claimed.followed or passed_over:
            self.wake()
        else:
            self._note_quiet()

    def _note_quiet(self) -> None:
        """All that was due has been sent, and nothing has come since."""
        if self._has_all and not self._flying and not self._woken.is_set():
            self._quiet.set()


def _give_up(session: Session, claimed: Claimed, event: str) -> None:
    log.error(event, delivery=claimed.id, card=claimed.card)
    deliveries.mark_failed(session, claimed)
