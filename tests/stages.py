"""The playground's stage by day, so that what a test finds does not depend on the hour at which it runs."""

from datetime import timedelta

from bot.playground.stage import Stage
from bot.practice import times

ZONE = "Europe/Berlin"
MORNING, NOON, AFTERNOON = 9 * 60, 12 * 60, 17 * 60  # whoever comes shortly before 20:00 has no question that evening


def begin_at_noon(stage: Stage) -> None:
    """Have a stage that has not opened yet, and remembers nothing, begin at the next noon in Berlin."""
    stage.clock.move(_to_noon(stage))


async def to_day(stage: Stage) -> None:
    """Go on to the next noon in Berlin, unless it is day there now. Raises BotBusy."""
    if not MORNING <= times.local_minute(stage.clock.now(), ZONE) < AFTERNOON:
        await stage.time.by(_to_noon(stage))


def _to_noon(stage: Stage) -> timedelta:
    now = stage.clock.now()
    _, noon = times.next_occurrence(now, minute=NOON, days=127, zone=ZONE)
    return noon - now
