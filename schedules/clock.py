"""The alarm clock: APScheduler rings, the rows decide what is due."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from secrets import randbelow
from typing import TypeAlias

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from sqlmodel import Session

from bot.clock import Clock
from bot.practice.prompts import Library
from storage import leases
from storage.failures import DatabaseAway
from storage.units import Units

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
RESTS_WITHIN = 2.0  # seconds that a stop waits for a chunk
LONGEST_RUN = 10_000  # chunks in one ring, so that a broken job cannot spin for ever
log = structlog.get_logger("schedules")


@dataclass(frozen=True, slots=True)
class Ring:
    """What a job receives: its unit, and the moment it rings in (UTC)."""

    session: Session
    now: datetime
    library: Library
    random: Random


Job: TypeAlias = Callable[[Ring], bool]  # does one chunk; tells whether more may wait


@dataclass(frozen=True, slots=True)
class Alarm:
    """A row of the table JOBS."""

    name: str
    job: Job
    seconds: float  # between two rings


class Every(BaseTrigger):  # type: ignore[misc] # APScheduler has no types
    """Fires at an interval, counted from an instant that jobs share, so that those of one moment need one waking.

    What a jump of the clock passed over is one occasion, not one for each interval.
    """

    def __init__(self, seconds: float, *, since: datetime) -> None:
        self._interval, self._since = timedelta(seconds=seconds), since

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """The next one after `now`, whenever the one before was."""
        passed = (now - self._since) // self._interval
        return self._since + (passed + 1) * self._interval


class AlarmClock:
    """Rings every job at its interval, and all of them when the clock was moved."""

    def __init__(
        self,
        alarms: Sequence[Alarm],
        *,
        units: Units,
        clock: Clock,
        library: Library,
        random: Random,
        is_steady: Callable[[], bool],
    ) -> None:
        self._alarms: Mapping[str, Alarm] = {alarm.name: alarm for alarm in alarms}
        self._units, self._clock, self._library, self._random = units, clock, library, random
        self._is_steady = is_steady  # else nothing rings: what is done at a wrong time stays done
        self._since = EPOCH + timedelta(milliseconds=randbelow(1000))  # several processes need not ring at once
        self._ringing = asyncio.Lock()
        self._rung: list[str] = []  # since jobs began that are at work
        self._resting = False
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Start ringing."""
        for alarm in self._alarms.values():
            self._scheduler.add_job(
                self._ring, Every(alarm.seconds, since=self._since), args=[alarm.name], id=alarm.name
            )
        self._scheduler.start()

    async def come_to_rest(self) -> None:
        """Begin nothing more, and let the chunk that is being done come to its end, unless it takes too long."""
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        self._resting = True
        await asyncio.sleep(0)  # whatever rang just now waits for its turn, too
        with suppress(TimeoutError):
            async with asyncio.timeout(RESTS_WITHIN), self._ringing:
                return

    def stop(self) -> None:
        """Ring no more; what has not come to rest is cut off."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def reschedule(self) -> None:
        """After a jump of the clock: look for the next occasions from now on."""
        for alarm in self._alarms.values():
            self._scheduler.reschedule_job(alarm.name, trigger=Every(alarm.seconds, since=self._since))

    async def ring_all(self) -> None:
        """Run every job until nothing is left to do at this moment."""
        async with self._ringing:
            await self._run(list(self._alarms))

    async def _ring(self, name: str) -> None:
        """Run a job, together with those that ring at the same moment."""
        self._rung.append(name)
        await asyncio.sleep(0)
        async with self._ringing:
            names, self._rung = self._rung, []
            await self._run(names)

    async def _run(self, names: Sequence[str]) -> None:
        """A chunk of each, and again of those that have more to do."""
        for number in range(LONGEST_RUN):
            # most find nothing to do; those that have more let people's units come between theirs
            together = number == 0 and self._units.share_commits
            names = await (self._round_at_once(names) if together else self._round(names))
            if not names:
                return

    async def _round(self, names: Sequence[str]) -> Sequence[str]:
        """One chunk of each after the other; those that have more to do."""
        return [name for name in names if self._goes_on and await self._chunk(name)]

    async def _round_at_once(self, names: Sequence[str]) -> Sequence[str]:
        if not self._goes_on:
            return []
        more = await asyncio.gather(*(self._chunk(name) for name in names))
        return [name for name, has_more in zip(names, more, strict=True) if has_more]

    @property
    def _goes_on(self) -> bool:
        return not self._resting and self._is_steady()

    async def _chunk(self, name: str) -> bool:
        """One unit of a job; whether it has more to do."""
        now = self._clock.now()

        def work(session: Session) -> bool:
            leases.await_turn(session)  # other processes ring the same jobs
            return self._alarms[name].job(Ring(session, now, self._library, self._random))

        try:
            return await asyncio.wrap_future(self._units.submit(work))
        except DatabaseAway as error:
            log.warning("job_waits", job=name, error=type(error).__name__)
        except Exception as error:  # a job may fail in any way; it rings again
            log.error("job_failed", job=name, error=type(error).__name__)
        return False
