"""`python -m benchmarks.planner <instant>`: asks everybody who is due at that instant, as the bot's own job does.

Its settings come from the environment, as the bot's. It says "ready", waits for a line, and prints its figures as JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from benchmarks.ticks import PLAN, Ringing, opened
from bot.settings import read_settings
from schedules import JOBS
from schedules.clock import Alarm, Ring


class Undone(Exception):
    """Raised in a unit, so that nothing of it stays."""


def main(instant: str) -> None:
    """Ring until nothing more is due."""
    plan = next(alarm for alarm in JOBS if alarm.name == PLAN)
    with opened(read_settings(_env_file=None)) as units:
        ring = Ringing(units, datetime.fromisoformat(instant))
        with suppress(Undone):
            ring.once(Alarm(PLAN, _rehearse(plan), 1))
        print("ready", flush=True)
        sys.stdin.readline()
        took, more, used = [], True, time.process_time()
        while more:
            milliseconds, more = ring.once(plan)
            took.append(milliseconds)
        said = {"longest": max(took), "busy": time.process_time() - used, "ended": time.monotonic()}
    print(json.dumps(said))


def _rehearse(alarm: Alarm) -> Callable[[Ring], bool]:
    """The same once and undone, so that what is done for the first time is not measured."""

    def job(ring: Ring) -> bool:
        alarm.job(ring)
        raise Undone

    return job


if __name__ == "__main__":
    main(sys.argv[1])
