"""When a local time comes: instants are aware UTC, a local date always goes with its zone."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from bot.practice.rules import change_between, rules
from bot.practice.typed_times import parse_time, parse_weekday_time

__all__ = ["instant", "local_date", "local_minute", "next_occurrence", "parse_time", "parse_weekday_time"]

_EVERY_DAY = 127
_DAY = timedelta(days=1)


def local_date(at: datetime, zone: str) -> date:
    """The date that it is in the zone at an aware instant; ValueError for a naive one."""
    return _aware(at).astimezone(rules(zone)).date()


def local_minute(at: datetime, zone: str) -> int:
    """The minute of the local day (0 to 1439) at an aware instant; ValueError for a naive one."""
    local = _aware(at).astimezone(rules(zone))
    return local.hour * 60 + local.minute


def instant(on: date, minute: int, zone: str) -> datetime:
    """The UTC instant of a minute (0 to 1439) of a local date.

    A minute that a zone skips is the first instant after the gap, one that comes twice is the first of the two.
    """
    return _instant(on, minute, zone)


def next_occurrence(after: datetime, *, minute: int, days: int, zone: str) -> tuple[date, datetime]:
    """The next local date of these days and its instant (UTC), always later than the aware `after`.

    `days` is a mask: Monday 1, Tuesday 2 … Sunday 64; ValueError if it holds no day. Every local date that exists
    comes exactly once. Memoised by the UTC day of `after`.
    """
    coming = _coming(_aware(after).astimezone(UTC).date(), minute, days, zone)
    place = 0
    while coming[place][1] <= after:
        place += 1
    return coming[place]


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return at


# Due rows come in the order of their instants, so few combinations are alive at once.
@lru_cache(maxsize=4096)
def _coming(day: date, minute: int, days: int, zone: str) -> tuple[tuple[date, datetime], ...]:
    """All that can be next during a UTC day: from the local date before it until one lies behind its end."""
    if not days & _EVERY_DAY:
        raise ValueError("a rhythm needs at least one day of the week")
    end = datetime.combine(day, time(), UTC) + _DAY
    found: list[tuple[date, datetime]] = []
    on = day - _DAY
    while not found or found[-1][1] < end:
        if days >> on.weekday() & 1 and _exists(on, zone):
            found.append((on, _instant(on, minute, zone)))
        on += _DAY
    return tuple(found)


def _exists(on: date, zone: str) -> bool:
    """False for a date that the zone skipped, such as 2011-12-30 in Samoa."""
    return _instant(on, 0, zone) < _instant(on + _DAY, 0, zone)


@lru_cache(maxsize=4096)
def _instant(on: date, minute: int, zone: str) -> datetime:
    wall = datetime.combine(on, time(*divmod(minute, 60)), rules(zone))
    before, after = _offset(wall), _offset(wall.replace(fold=1))
    utc = wall.replace(tzinfo=UTC)
    if before < after:
        return change_between(utc - after, utc - before, rules(zone))
    return utc - before


def _offset(wall: datetime) -> timedelta:
    return wall.utcoffset() or timedelta()
