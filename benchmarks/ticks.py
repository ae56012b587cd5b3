"""What the alarm clock costs while nothing is due: every job's unit, with many people and with a few."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from benchmarks.figures import Figure
from benchmarks.people import Wish
from benchmarks.scale import Scale
from benchmarks.worlds import many, worlds
from bot.messages.library import load as load_prompts
from bot.opening import open_database, open_keys
from bot.settings import Settings
from schedules import JOBS
from schedules.clock import Alarm, Ring
from storage.units import Units

PATIENCE = 5.0  # seconds for each job
PLAN = "plan"  # the job that looks for due questions, every second


async def measure(scale: Scale) -> list[Figure]:
    """The same ticks in both; the database is one that a bot could be running on."""
    with worlds() as made:
        kept = many(scale.many, made, one_in=scale.one_due_in)
        in_many = _ticks(made.copy(kept.folder), scale.looks)
        in_few = _ticks(made.fresh(Wish(scale.idle_people)), scale.looks)
    slowest = max(in_many, key=lambda name: in_many[name])
    each_second = sum(in_many[alarm.name] / alarm.seconds for alarm in JOBS)
    return [
        Figure(
            f"an idle tick with {scale.many:,} people",
            in_many[PLAN],
            "ms",
            target=1,
            dream=0.2,
            at_most=True,
            note=(
                f"processor time of the unit that looks for due questions, mean of {scale.looks:,};"
                f" {in_few[PLAN]:.2f} ms with {scale.idle_people:,}; all {len(JOBS)} jobs together take"
                f" {each_second:.2f} ms a second, the slowest of them, {slowest}, {in_many[slowest]:.2f} ms each time"
            ),
        )
    ]


def _ticks(data_dir: Path, times: int) -> Mapping[str, float]:
    """What each job's unit costs, from submitting it to its commit."""
    with opened(Settings(_env_file=None, data_dir=data_dir)) as units:
        ring = Ringing(units, datetime.now(UTC))
        return {alarm.name: _cost(ring, alarm, times) for alarm in JOBS}


def _cost(ring: "Ringing", alarm: Alarm, times: int) -> float:
    """Milliseconds of processor time for each of so many looks, or of as many as there is time for."""
    ring.once(alarm)  # what is done for the first time
    looks, used, until = 0, time.process_time(), time.perf_counter() + PATIENCE
    while looks < times and (not looks or time.perf_counter() < until):
        ring.once(alarm)
        looks += 1
    return 1000 * (time.process_time() - used) / looks


@contextmanager
def opened(settings: Settings) -> Iterator[Units]:
    """The database of a bot that does not run."""
    keys, engine = open_keys(settings), open_database(settings)
    units = Units(engine, keys=keys)
    try:
        yield units
    finally:
        units.close()
        keys.close()
        engine.dispose()


class Ringing:
    """Runs jobs as the alarm clock does, each in a unit, at one moment."""

    def __init__(self, units: Units, now: datetime) -> None:
        self._units, self._now = units, now
        self._library, self._random = load_prompts(), Random(7)

    def once(self, alarm: Alarm) -> tuple[float, bool]:
        """Milliseconds, and whether more may wait."""
        started = time.perf_counter()
        more = self._units.submit(
            lambda session: alarm.job(Ring(session, self._now, self._library, self._random))
        ).result()
        return 1000 * (time.perf_counter() - started), more
