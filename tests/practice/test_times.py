"""Exactly one occurrence for every local date that exists, checked by walking UTC minute by minute."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate, pairwise
from random import Random
from zoneinfo import ZoneInfoNotFoundError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.practice.rules import rules, zone_names
from bot.practice.times import instant, local_date, next_occurrence

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
EVERY_DAY = 127
QUARTER_HOURS = range(0, 1440, 15)
FIRST, LAST = datetime(2011, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)
NOTORIOUS = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Godthab",
    "America/Scoresbysund",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Gaza",
    "Asia/Pyongyang",
    "Australia/Lord_Howe",
    "Europe/Helsinki",
    "Pacific/Apia",
    "Pacific/Fakaofo",
)


class SlowCalendar:
    """What the clocks of a zone showed at every UTC minute of some days; the oracle, with no arithmetic of its own."""

    def __init__(self, zone: str, start: datetime, end: datetime) -> None:
        table = rules(zone)
        self.minutes = [start + MINUTE * count for count in range((end - start) // MINUTE)]
        walls = [minute.astimezone(table).replace(tzinfo=None) for minute in self.minutes]
        self.dates = sorted({wall.date() for wall in walls})[1:]  # the first one may have begun before the walk
        self.latest_walls = list(accumulate(walls, max))

    def occurrences(self, minute: int, days: int = EVERY_DAY) -> Iterator[tuple[date, datetime]]:
        """For each date that the clocks showed, the first UTC minute at which they showed this time or a later one."""
        for on in self.dates:
            wall = datetime(on.year, on.month, on.day, minute // 60, minute % 60)
            place = bisect_left(self.latest_walls, wall)
            if 1 << on.weekday() & days and place < len(self.minutes):
                yield on, self.minutes[place]


@cache
def transitions(zone: str) -> Sequence[datetime]:
    """The UTC minutes from 2011 to 2037 at which a zone's offset changed."""
    table = rules(zone)
    looks = [FIRST + DAY * 7 * count for count in range((LAST - FIRST) // (DAY * 7) + 1)]
    seen = [(at, at.astimezone(table).utcoffset()) for at in looks]
    return [_halve(before, at, zone) for (before, old), (at, new) in pairwise(seen) if old != new]


def _halve(early: datetime, late: datetime, zone: str) -> datetime:
    old = early.astimezone(rules(zone)).utcoffset()
    while late - early > MINUTE:
        middle = early + (late - early) // MINUTE // 2 * MINUTE
        early, late = (middle, late) if middle.astimezone(rules(zone)).utcoffset() == old else (early, middle)
    return late


def check_around(zone: str, transition: datetime, minutes: Iterable[int]) -> int:
    """Follow the occurrences over a transition for each minute; the number of minutes checked."""
    calendar = SlowCalendar(zone, transition - 3 * DAY, transition + 3 * DAY)
    checked = 0
    for minute in minutes:
        expected = list(calendar.occurrences(minute))
        found = [next_occurrence(expected[0][1] - MINUTE, minute=minute, days=EVERY_DAY, zone=zone)]
        while found[-1][0] < expected[-1][0]:
            found.append(next_occurrence(found[-1][1], minute=minute, days=EVERY_DAY, zone=zone))
        assert found == expected, (zone, transition, minute)
        checked += 1
    return checked


def check_every_transition(zones: Iterable[str], minutes: Iterable[int] = QUARTER_HOURS) -> int:
    """The soak: every transition of these zones, every quarter hour; over all zones about 1.1 million checks."""
    return sum(check_around(zone, at, minutes) for zone in zones for at in transitions(zone))


def test_every_date_comes_once_around_20_000_sampled_transitions_minutes_and_instants() -> None:
    random = Random(20_000)
    zones = [*NOTORIOUS, *random.sample(sorted(zone for zone in zone_names() if transitions(zone)), 70)]
    around = [(zone, at) for zone in zones for at in random.sample(transitions(zone), min(3, len(transitions(zone))))]
    each = 20_000 // len(around) + 1
    for zone, transition in around:
        calendar = SlowCalendar(zone, transition - 2 * DAY, transition + 3 * DAY)
        for _ in range(each):
            minute = random.choice([random.randrange(1440), random.choice(QUARTER_HOURS)])
            expected = list(calendar.occurrences(minute))
            after = transition + random.choice([MINUTE, 15 * MINUTE]) * random.randint(-90, 90)
            after = random.choice([after, transition, random.choice(expected[:-1])[1]])
            following = next(occurrence for occurrence in expected if occurrence[1] > after)
            assert next_occurrence(after, minute=minute, days=EVERY_DAY, zone=zone) == following, (zone, after, minute)


@pytest.mark.parametrize("zone", NOTORIOUS)
def test_the_occurrences_of_a_notorious_zone_follow_each_other_over_its_transitions(zone: str) -> None:
    for transition in Random(zone).sample(transitions(zone), min(3, len(transitions(zone)))):
        assert check_around(zone, transition, [0, 1, 15, 30, 59, 60, 119, 120, 135, 150, 180, 1380, 1410, 1439]) == 14


@settings(max_examples=40, deadline=None)
@given(
    zone=st.sampled_from(sorted(zone_names())),
    after=st.datetimes(datetime(2011, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC)),
    minute=st.integers(0, 1439),
    days=st.integers(1, 127),
)
def test_any_rhythm_in_any_zone_finds_the_next_of_its_days(zone: str, after: datetime, minute: int, days: int) -> None:
    calendar = SlowCalendar(zone, after.replace(second=0, microsecond=0) - 3 * DAY, after + 17 * DAY)
    following = next(occurrence for occurrence in calendar.occurrences(minute, days) if occurrence[1] > after)
    assert next_occurrence(after, minute=minute, days=days, zone=zone) == following


def test_a_skipped_minute_comes_at_the_first_instant_after_the_gap() -> None:
    assert instant(date(2026, 3, 29), 150, "Europe/Berlin") == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert instant(date(2026, 4, 24), 15, "Africa/Cairo") == datetime(2026, 4, 23, 22, tzinfo=UTC)
    assert instant(date(2026, 10, 4), 135, "Australia/Lord_Howe") == datetime(2026, 10, 3, 15, 30, tzinfo=UTC)


def test_a_minute_that_comes_twice_is_the_first_of_the_two() -> None:
    assert instant(date(2026, 10, 25), 210, "Europe/Helsinki") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    between_the_two = datetime(2026, 10, 25, 1, tzinfo=UTC)
    on, _ = next_occurrence(between_the_two, minute=210, days=EVERY_DAY, zone="Europe/Helsinki")
    assert on == date(2026, 10, 26)


def test_samoa_has_no_question_on_the_date_that_it_skipped() -> None:
    on, at = next_occurrence(datetime(2011, 12, 29, 20, tzinfo=UTC), minute=600, days=EVERY_DAY, zone="Pacific/Apia")
    assert (on, at) == (date(2011, 12, 31), datetime(2011, 12, 30, 20, tzinfo=UTC))


def test_a_week_without_its_friday_waits_for_the_next_friday() -> None:
    on, _ = next_occurrence(datetime(2011, 12, 25, tzinfo=UTC), minute=600, days=16, zone="Pacific/Apia")
    assert on == date(2012, 1, 6)


def test_the_next_occurrence_is_never_the_instant_itself() -> None:
    at = instant(date(2026, 5, 1), 1200, "Asia/Kathmandu")
    assert next_occurrence(at, minute=1200, days=EVERY_DAY, zone="Asia/Kathmandu")[0] == date(2026, 5, 2)
    just_before = at - timedelta(microseconds=1)
    assert next_occurrence(just_before, minute=1200, days=EVERY_DAY, zone="Asia/Kathmandu") == (date(2026, 5, 1), at)


def test_an_instant_in_another_zone_counts_like_its_utc_one() -> None:
    late = datetime(2026, 5, 1, 23, 30, tzinfo=rules("America/New_York"))
    expected = (date(2026, 5, 2), datetime(2026, 5, 2, 4, tzinfo=UTC))
    assert next_occurrence(late, minute=0, days=EVERY_DAY, zone="America/Chicago")[0] == date(2026, 5, 2)
    assert next_occurrence(late, minute=0, days=EVERY_DAY, zone="America/New_York") == expected


def test_the_local_date_is_that_of_the_zone() -> None:
    at = datetime(2026, 5, 1, 12, tzinfo=UTC)
    assert local_date(at, "Pacific/Kiritimati") == date(2026, 5, 2)
    assert local_date(at, "Pacific/Pago_Pago") == date(2026, 5, 1)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        local_date(datetime(2026, 5, 1), "Europe/Berlin")
    with pytest.raises(ValueError, match="time zone"):
        next_occurrence(datetime(2026, 5, 1), minute=0, days=EVERY_DAY, zone="Europe/Berlin")


def test_a_rhythm_without_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="one day"):
        next_occurrence(datetime(2026, 5, 1, tzinfo=UTC), minute=0, days=0, zone="Europe/Berlin")


@pytest.mark.parametrize("name", ["", "Factory", "localtime", "europe/berlin", "../zones", "Mars/Olympus"])
def test_only_zones_of_the_iana_tables_have_rules(name: str) -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        rules(name)


def test_the_rules_are_those_of_the_installed_package_and_not_of_the_machine() -> None:
    december = datetime(2027, 12, 1, tzinfo=UTC)
    assert december.astimezone(rules("America/Vancouver")).utcoffset() == timedelta(hours=-7)
