"""The pace of several processes: whatever their clocks say, however long anything takes, no second holds too many."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import TypeVar
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlmodel import Session

from bot.wire.shared_pace import AHEAD, GOOD_FOR, DatabaseClock, Moment, SharedPace
from storage import leases
from storage.leases import Places
from tests.inside import Inside, postgres_inside

__all__ = ["postgres_inside"]
T = TypeVar("T")
RATE = 30


@dataclass
class Booked:
    """The row, and the clock of the database, which is the true one here."""

    until: float = 0.0

    def book(self, now: float, count: int, apart: float, lead: float) -> float:
        first = max(self.until, now + lead)
        self.until = first + count * apart
        return first


@dataclass
class Process:
    """One that books and sends, with a monotonic clock of its own."""

    booked: Booked
    behind: float  # by how much its clock is behind the true one
    pace: SharedPace = field(default_factory=lambda: SharedPace(RATE))

    def moments(self, now: float, count: int, *, there: float, back: float) -> list[Moment]:
        """Book at `now`; the request takes a while there, the answer a while back. In true time."""
        at = now + there
        first = self.booked.book(at, count, self.pace._apart, self.pace._lead)
        places = Places(count, self.pace._apart, first, at, now - self.behind, at + back - self.behind)
        self.pace._clock.learn(places.now, places.before, places.after)
        found = self.pace._placed(places)
        return [Moment(each.opens + self.behind, each.closes + self.behind) for each in found]


@given(
    some.lists(some.tuples(some.integers(0, 2), some.integers(1, 16), some.floats(0, 0.3)), min_size=1, max_size=60),
    some.integers(0, 2**32),
)
def test_no_second_holds_more_whoever_books_and_whenever_each_uses_its_moments(
    bookings: list[tuple[int, int, float]], seed: int
) -> None:
    random = Random(seed)
    booked = Booked()
    processes = [Process(booked, random.uniform(-1e6, 1e6)) for _ in range(3)]
    now, written = 0.0, []
    for who, count, pause in bookings:
        now += pause
        took = random.uniform(0, GOOD_FOR / 4), random.uniform(0, GOOD_FOR / 4)
        for moment in processes[who].moments(now, count, there=took[0], back=took[1]):
            assert moment.opens < moment.closes
            written.append(random.choice([moment.opens, moment.closes, random.uniform(moment.opens, moment.closes)]))
    written.sort()
    for first, last in zip(written, written[RATE:], strict=False):
        assert last - first >= 1.0


def test_a_slow_network_makes_moments_short_but_leaves_them_usable() -> None:
    process = Process(Booked(), 1000.0)
    for moment in process.moments(5.0, 3, there=0.4, back=0.4):
        assert moment.closes - moment.opens == pytest.approx(GOOD_FOR / 2)


def test_a_clock_that_was_set_is_believed_from_then_on() -> None:
    clock = DatabaseClock()
    clock.learn(1000.0, 10.0, 10.002)
    clock.learn(2000.0, 11.0, 11.002)
    least, most = clock.ahead(within=1.0)
    assert least <= 1989.0 <= most
    clock.learn(2010.0, 21.0, 21.002)
    assert len(clock._seen) == 1, "what is long ago says nothing of now"


# -- with a database


def fine() -> None:
    """It may be written."""


async def run(inside: Inside, work: Callable[[Session], T]) -> T:
    return await asyncio.wrap_future(inside.units.submit(work))


async def test_units_at_the_same_time_never_book_the_same_moment(postgres_inside: Inside) -> None:
    futures = [
        postgres_inside.units.submit(
            lambda session, count=count: leases.book(session, count=count, apart=0.01, lead=0.0)
        )
        for count in (1, 2, 3, 4) * 10
    ]
    places = sorted((future.result(20) for future in futures), key=lambda each: each.first)
    for each, after in pairwise(places):
        assert after.first >= each.first + each.count * 0.01 - 1e-4


async def test_what_is_booked_far_ahead_by_a_wrong_clock_holds_nobody_up(postgres_inside: Inside) -> None:
    postgres_inside.do(lambda session: leases.book(session, count=1000, apart=1.0, lead=0.0))
    assert postgres_inside.do(leases.booked) == 0.0
    again = postgres_inside.do(lambda session: leases.book(session, count=1, apart=0.01, lead=0.0))
    assert again.first - again.now < 1.0


async def test_nothing_is_claimed_while_much_is_booked(postgres_inside: Inside) -> None:
    pace = SharedPace(RATE)
    loop = asyncio.get_running_loop()
    assert postgres_inside.do(lambda session: pace.share(session, 5)) == 5
    assert postgres_inside.do(lambda session: pace.share(session, 500)) == int(AHEAD / pace._apart)
    assert pace.room(loop.time(), AHEAD) == int(AHEAD / pace._apart)
    postgres_inside.do(lambda session: leases.book(session, count=10, apart=1.0, lead=0.0))
    assert postgres_inside.do(lambda session: pace.share(session, 5)) == 0
    assert pace.room(loop.time(), AHEAD) == 0
    assert loop.time() < pace.room_at(loop.time(), AHEAD) < loop.time() + 10.0


async def test_a_pause_that_telegram_asked_for_is_kept(postgres_inside: Inside) -> None:
    pace, loop = SharedPace(RATE), asyncio.get_running_loop()
    begun = loop.time()
    pace.pause_all(0.2, begun)
    assert pace.room(begun, AHEAD) == 0
    await pace.turn(uuid4(), lambda work: run(postgres_inside, work), fine)
    assert loop.time() - begun >= 0.2


async def test_a_moment_that_passed_unused_is_followed_by_another(postgres_inside: Inside) -> None:
    """As when the process was frozen."""
    pace, chat, begun = SharedPace(RATE), uuid4(), asyncio.get_running_loop().time()
    over = begun - 1.0
    pace._moments.extend([Moment(over - 1.0, over), Moment(over, over + 0.5)])
    await asyncio.gather(*(pace.turn(chat, lambda work: run(postgres_inside, work), fine) for _ in range(4)))
    assert pace.chat_free_at(chat, begun) >= begun + 1.0, "each of the four was counted"


async def test_who_may_not_write_any_more_leaves_the_moment_to_the_next() -> None:
    pace, loop = SharedPace(RATE), asyncio.get_running_loop()

    def over() -> None:
        raise TimeoutError

    async def unit(work: Callable[[Session], T]) -> T:
        raise AssertionError("there is a moment already")

    pace._moments.append(Moment(loop.time(), loop.time() + 60.0))
    with pytest.raises(TimeoutError):
        await pace.turn(uuid4(), unit, over)
    await pace.turn(uuid4(), unit, fine)
    assert not pace._moments
