"""`python -m benchmarks.jobs_per_person <jobs> <due>`: the usual way, a job of an alarm clock for each person.

APScheduler in memory, with a cron trigger in each person's zone. So many of its jobs become due in one moment, first
with its usual grace, then without a limit. Prints JSON.
"""

import asyncio
import json
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from random import Random

from apscheduler.events import EVENT_JOB_MISSED
from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from benchmarks.people import ZONES
from benchmarks.stage import resident_megabytes

SOON = timedelta(seconds=1)
STEP = 0.01  # seconds of a timer that notices when the loop is blocked


class Clock:
    """The alarm clock, and what came of its jobs."""

    def __init__(self, jobs: int) -> None:
        self.asked = self.missed = 0
        self._random = Random(7)
        self.scheduler = AsyncIOScheduler(timezone="UTC")
        self.scheduler.add_listener(self._miss, EVENT_JOB_MISSED)
        self.jobs = [self._add() for _ in range(jobs)]

    def _add(self) -> Job:
        minute = self._random.randrange(60)
        return self.scheduler.add_job(self._ask, "cron", hour=20, minute=minute, timezone=self._random.choice(ZONES))

    async def _ask(self) -> None:
        self.asked += 1

    def _miss(self, _: object) -> None:
        self.missed += 1

    async def let_be_due(self, jobs: list[Job], **grace: int | None) -> tuple[float, float]:
        """Seconds from the moment until each is asked or missed, and for how many of them the loop was blocked."""
        self.scheduler.pause()
        at = datetime.now(UTC) + SOON
        for job in jobs:
            job.modify(next_run_time=at, **grace)
        over = self.asked + self.missed + len(jobs)
        self.scheduler.resume()
        longest, last = 0.0, time.monotonic()
        while self.asked + self.missed < over:
            await asyncio.sleep(STEP)
            longest, last = max(longest, time.monotonic() - last - STEP), time.monotonic()
        return (datetime.now(UTC) - at).total_seconds(), longest


async def main(jobs: int, due: int) -> None:
    """Start, then twice what is due."""
    started = time.monotonic()
    clock = Clock(jobs)
    clock.scheduler.start()
    seconds = time.monotonic() - started
    megabytes = resident_megabytes(os.getpid())
    await clock.let_be_due(clock.jobs[:due])
    dropped = clock.missed
    took, blocked = await clock.let_be_due(clock.jobs[:due], misfire_grace_time=None)
    said = {"start": seconds, "megabytes": megabytes, "dropped": dropped, "due": took, "blocked": blocked}
    print(json.dumps(said))
    clock.scheduler.shutdown(wait=False)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
