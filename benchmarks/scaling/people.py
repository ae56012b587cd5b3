"""Couples: where they live, what they have set, and when the bot's own planner brings them something."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np

from benchmarks.scaling import assumptions
from benchmarks.scaling.deliveries import NUMBER
from benchmarks.scaling.packed import MOST_PEOPLE, joined, pack
from bot.practice import asking, planning, preferences, summary, times
from bot.practice.rules import rules
from storage.tables import Person

BEGINS = datetime(2027, 1, 10, tzinfo=UTC)  # a Sunday; no zone changes its clocks in the days that follow
WARM_UP = 1  # days that are lived and not counted, so that the week does not begin with empty chats
DAYS = 7
SECONDS = (WARM_UP + DAYS) * 86400
ENDS = BEGINS + timedelta(seconds=SECONDS)
FIRST_DATE = BEGINS.date() - timedelta(days=1)  # what is Saturday still, somewhere
DATES = WARM_UP + DAYS + 2
WEEK, HALF_A_WEEK, SUNDAY_EVENING = 7 * 86400, 7 * 43200, 18 * 3600
NEVER = -1
ALIKE = 5000  # couples whose weeks of shared, own and spoken days are drawn; the others have one of these
SHARED, SOLO, ALOUD = "shared", "solo", "aloud"
OF_A_DAY = (SHARED, SOLO, ALOUD)


@dataclass(frozen=True)
class People:
    """One row a person; the two of a couple stand next to each other."""

    zone: np.ndarray  # a place in `zones`
    zones: tuple[str, ...]
    daily_minute: np.ndarray
    days: np.ndarray  # a mask
    weekly_day: np.ndarray
    weekly_minute: np.ndarray
    wants_summary: np.ndarray
    ahead: np.ndarray  # of UTC, seconds
    shift: np.ndarray  # 0 to 1: a person's own place in the minutes over which due times may be spread
    kind_of_day: np.ndarray  # of a couple and a date

    @property
    def count(self) -> int:
        """People, not couples."""
        return len(self.zone)


def settle(couples: int, seed: int, *, zone: str | None = None) -> People:
    """So many couples, the same for the same seed; all in one zone if it is given."""
    people = 2 * couples
    if people > MOST_PEOPLE:
        raise ValueError(f"at most {MOST_PEOPLE // 2:,} couples")
    random = np.random.default_rng([seed, 1])
    default = _somebody()
    zones, weights = ((zone,), [1.0]) if zone else where_people_live()
    homes = np.repeat(_pick(random, range(len(zones)), weights, couples), 2)
    elsewhere = np.flatnonzero(random.random(couples) < assumptions.APART) * 2
    homes[elsewhere] = _pick(random, range(len(zones)), weights, len(elsewhere))
    minutes = _times(random, assumptions.HOURS, people)
    weekly = random.random(people) < assumptions.KEEP_WEEKLY_TIME
    masks = [preferences.RHYTHMS[name] for name in assumptions.RHYTHMS]
    return People(
        zone=homes,
        zones=tuple(zones),
        daily_minute=np.where(random.random(people) < assumptions.KEEP_DAILY_TIME, default.daily_minute, minutes),
        days=_pick(random, masks, assumptions.RHYTHMS.values(), people),
        weekly_day=np.where(weekly, default.weekly_day, _choose(random, assumptions.WEEKLY_DAYS, people)),
        weekly_minute=np.where(weekly, default.weekly_minute, _times(random, assumptions.WEEKLY_HOURS, people)),
        wants_summary=random.random(people) < assumptions.WANT_SUMMARY,
        ahead=np.array([_ahead(name) for name in zones])[homes],
        shift=random.random(people),
        kind_of_day=_kinds_of_days(seed)[random.integers(ALIKE, size=couples)],
    )


def planned(people: People, *, spread: int) -> np.ndarray:
    """All that the bot's planner brings in these days, packed, by time; so many minutes later at most."""
    late = shift_of(people, spread)
    everybody = np.arange(people.count)
    wanting = np.flatnonzero(people.wants_summary)
    return joined(
        [
            _planned("question", _daily(people), everybody, late),
            _planned("invitation", _weekly(people), everybody, late),
            _planned("preview", _sundays(people, wanting), wanting, late),
        ]
    )


def shift_of(people: People, spread: int) -> np.ndarray:
    """By how many seconds each person's due times are later than the minute they chose."""
    return (people.shift * spread * 60).astype(np.int64)


@cache
def where_people_live() -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Zones, and thousands of people who live in their cities (see the head of the file)."""
    with Path(__file__).with_name("zones.csv").open() as lines:
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    return tuple(row["zone"] for row in rows), tuple(float(row["thousands"]) for row in rows)


# -- what they have set


def _somebody(**values: Any) -> Person:
    """A person as the bot makes them, with its defaults; only what its planner looks at."""
    return Person(**values)


def _pick(random: np.random.Generator, of: Iterable[int], weights: Iterable[float], size: int) -> np.ndarray:
    chances = np.fromiter(weights, dtype=np.float64)
    return np.fromiter(of, dtype=np.int64)[random.choice(len(chances), size=size, p=chances / chances.sum())]


def _choose(random: np.random.Generator, chances: Mapping[int, float], size: int) -> np.ndarray:
    return _pick(random, chances.keys(), chances.values(), size)


def _times(random: np.random.Generator, hours: Mapping[int, float], size: int) -> np.ndarray:
    return _choose(random, hours, size) * 60 + _choose(random, assumptions.MINUTES, size)


@cache
def _ahead(zone: str) -> int:
    offset = BEGINS.astimezone(rules(zone)).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


@cache
def _kinds_of_days(seed: int) -> np.ndarray:
    """What the dates are for some couples, drawn as the bot draws it."""
    ids = np.random.default_rng([seed, 2]).bytes(16 * ALIKE)
    dates = [FIRST_DATE + timedelta(days=place) for place in range(DATES)]
    table = [
        [OF_A_DAY.index(planning.kind_of_day(UUID(bytes=ids[at : at + 16]), on)) for on in dates]
        for at in range(0, len(ids), 16)
    ]
    return np.array(table, dtype=np.int8)


# -- when something comes


def _daily(people: People) -> np.ndarray:
    return _by_wish(people.zones, _questions, people.zone, people.daily_minute, people.days)


def _weekly(people: People) -> np.ndarray:
    return _by_wish(people.zones, _invitations, people.zone, people.weekly_minute, people.weekly_day)


def _sundays(people: People, wanting: np.ndarray) -> np.ndarray:
    return _by_wish(people.zones, _evenings, people.zone[wanting])


def _questions(zone: str, minute: int, days: int) -> Iterator[tuple[int, datetime]]:
    """Local dates, counted, and when the bot's planner asks on them."""
    person = _somebody(zone=zone, daily_minute=minute, days=days)
    planning.plan_next(person, after=BEGINS - timedelta(seconds=1))
    while person.next_question is not None and person.next_question < ENDS:
        at, person.asked_on = person.next_question, asking.date_of(person.next_question, person)
        yield (person.asked_on - FIRST_DATE).days, at
        planning.plan_next(person, after=at)


def _invitations(zone: str, minute: int, day: int) -> Iterator[tuple[int, datetime]]:
    person = _somebody(zone=zone, weekly_minute=minute, weekly_day=day)
    planning.plan_weekly(person, after=BEGINS - timedelta(seconds=1))
    while person.next_weekly is not None and person.next_weekly < ENDS:
        at, person.weekly_on = person.next_weekly, times.local_date(person.next_weekly, zone)
        yield _week_of(at), at
        planning.plan_weekly(person, after=at)


def _evenings(zone: str) -> Iterator[tuple[int, datetime]]:
    person = _somebody(zone=zone)
    at = summary.next_evening(person, after=BEGINS - timedelta(seconds=1))
    while at < ENDS:
        yield _week_of(at), at
        at = summary.next_evening(person, after=at)


def _week_of(at: datetime) -> int:
    """Which Sunday evening is the nearest, wherever they live: two weekly times near one belong together."""
    return (_second(at) - SUNDAY_EVENING + HALF_A_WEEK) // WEEK


def _second(at: datetime) -> int:
    return int((at - BEGINS).total_seconds())


def _by_wish(
    zones: Sequence[str], comes: Callable[..., Iterator[tuple[int, datetime]]], *wishes: np.ndarray
) -> np.ndarray:
    """A row a person, a column a date or week: the second at which something comes, else NEVER.

    The planner is asked once for each different wish; zones whose clocks show the same in these days are one.
    """
    alike = {name: next(other for other in zones if _ahead(other) == _ahead(name)) for name in zones}
    place_of = {name: place for place, name in enumerate(zones)}
    homes = np.array([place_of[alike[name]] for name in zones])[wishes[0]]
    different, whose = np.unique(np.stack([homes, *wishes[1:]]), axis=1, return_inverse=True)
    table = np.full((different.shape[1], DATES), NEVER, dtype=np.int32)
    for row, (home, *wish) in enumerate(different.T.tolist()):
        for column, at in comes(zones[home], *wish):
            table[row, column] = _second(at)
    return table[whose.reshape(-1)]


def _planned(kind: str, table: np.ndarray, persons: np.ndarray, late: np.ndarray) -> np.ndarray:
    rows, columns = np.nonzero(table != NEVER)
    whom = persons[rows]
    return pack(table[rows, columns] + late[whom], NUMBER[kind], columns, whom)
