"""The pace: a window for all, an allowance for each chat, and a line in which nobody is passed."""

import asyncio
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wire.pacing import WINDOW, Pace, RunsUnit
from tests import leaping
from tests.leaping import Leaping

AHEAD = 0.5
MINUTE = 60.0


def written(pace: Pace, chats: list[UUID], until: float) -> list[float]:
    """Write as fast as the pace allows, to one chat after the other, and tell when."""
    now, times = 0.0, []
    while now < until:
        free = pace.free_at(now)
        if free > now:
            now = free
            continue
        pace.wrote(chats[len(times) % len(chats)], now)
        times.append(now)
        now += 0.001
    return times


def most_in_a_second(times: list[float]) -> int:
    return max(bisect_left(times, start + 1.0) - place for place, start in enumerate(times))


def test_never_more_than_the_rate_in_any_second_and_nearly_as_many() -> None:
    times = written(Pace(30), [uuid4() for _ in range(100)], 20.0)
    assert most_in_a_second(times) <= 30
    assert len(times) / 20.0 > 29


def test_a_chat_may_burst_a_little_and_then_gets_one_a_second() -> None:
    pace, chat = Pace(30), uuid4()
    for _ in range(4):
        assert pace.chat_free_at(chat, 0.0) == 0.0
        pace.wrote(chat, 0.0)
    assert chat in pace.busy(0.0)
    assert 0.9 < pace.chat_free_at(chat, 0.0) <= 1.0
    assert chat not in pace.busy(1.01)


def test_a_refused_chat_waits_alone_but_two_make_all_wait() -> None:
    pace, one, other = Pace(30), uuid4(), uuid4()
    pace.pause(one, 10.0, 0.0)
    assert pace.busy(1.0) == {one}
    assert pace.free_at(1.0) == 1.0
    pace.pause(other, 5.0, 1.0)
    assert pace.free_at(1.0) == 6.0
    assert pace.room(1.0, 0.5) == 0


def test_chats_at_rest_are_forgotten() -> None:
    pace = Pace(1000)
    for number in range(5000):
        pace.wrote(uuid4(), number * 1.0)
    assert len(pace._chats) < 600


def test_no_limit_leaves_room_unless_telegram_asked_for_a_pause() -> None:
    pace = Pace(0)
    pace.wrote(uuid4(), 0.0)
    assert pace.room(0.0, 0.5) > 1000
    pace.pause_all(3.0, 0.0)
    assert pace.room(1.0, 0.5) == 0
    assert pace.free_at(1.0) == 3.0


@given(st.integers(1, 40), st.lists(st.floats(0, 0.2), min_size=1, max_size=200))
def test_whatever_the_gaps_no_window_holds_more_than_the_rate(rate: int, gaps: list[float]) -> None:
    pace, now, times = Pace(rate), 0.0, []
    for gap in gaps:
        now = max(now + gap, pace.free_at(now + gap))
        pace.wrote(uuid4(), now)
        times.append(now)
    for index, at in enumerate(times):
        assert sum(1 for other in times[index:] if other < at + WINDOW - 1e-6) <= rate


# -- in line, on a clock of its own


class Over(Exception):
    """What was to be written may not be written any more."""


async def no_unit(work: object) -> None:
    """This pace needs no database."""
    raise AssertionError(work)


def fine() -> None:
    """Whatever it is may be written."""


def over() -> None:
    raise Over


@dataclass
class Bot:
    """Claims as the sender does, as much as there is room for; each message that it writes takes a while to arrive."""

    pace: Pace
    random: Random
    unit: RunsUnit
    second_in: float = 0.0  # how many messages are followed by another in the same chat, as a nudge is by its edit
    checks: Callable[[], None] = fine
    written: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    async def work(self, seconds: float) -> None:
        """There is always more to send."""
        loop = asyncio.get_running_loop()
        while loop.time() < seconds:
            room = min(self.pace.room(loop.time(), AHEAD), 64 - len(self.tasks), 16)
            for _ in range(room):
                task = asyncio.create_task(self._deliver())
                self.tasks.add(task)
                task.add_done_callback(self.tasks.discard)
            await asyncio.sleep(0)
            if room <= 0:
                await asyncio.sleep(max(0.005, self.pace.room_at(loop.time(), AHEAD) - loop.time()))
        for task in self.tasks:
            task.cancel()

    async def _deliver(self) -> None:
        await self._write()
        if self.random.random() < self.second_in:
            await self._write()

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        came = loop.time()
        try:
            await self.pace.turn(uuid4(), self.unit, self.checks)
        except Over:
            return
        self.written.append(loop.time())
        self.waits.append(loop.time() - came)
        await asyncio.sleep(self.random.uniform(0.01, 0.3))

    async def on_a_busy_machine(self, seconds: float, longest: float) -> None:
        """Now and then the processor is away for a while."""
        loop = asyncio.get_running_loop()
        assert isinstance(loop, Leaping)
        work = asyncio.create_task(self.work(seconds))
        while not work.done():
            await asyncio.sleep(self.random.uniform(0.0, 1.0))
            loop.stall(self.random.uniform(0.0, longest))


@pytest.mark.parametrize("second_in", [0.0, 0.5])
def test_nobody_waits_much_longer_than_the_bot_claims_ahead(second_in: float) -> None:
    bot = Bot(Pace(30), Random(7), no_unit, second_in=second_in)
    leaping.run(bot.work(MINUTE))
    assert max(bot.waits) < 2 * AHEAD + WINDOW
    assert most_in_a_second(bot.written) <= 30
    assert len(bot.written) / MINUTE > 29.5


def test_a_machine_that_is_away_for_a_while_wastes_only_that_while() -> None:
    bot = Bot(Pace(30), Random(7), no_unit, second_in=0.2)
    leaping.run(bot.on_a_busy_machine(10 * MINUTE, longest=0.2))
    assert most_in_a_second(bot.written) <= 30
    assert max(bot.waits) < 5.0, "by then its claim would not last for the request"
    assert len(bot.written) / (10 * MINUTE) > 25


def test_who_may_not_write_any_more_takes_no_place_from_others() -> None:
    random = Random(3)
    bot = Bot(Pace(30), random, no_unit, checks=lambda: over() if random.random() < 0.5 else None)
    leaping.run(bot.work(MINUTE))
    assert most_in_a_second(bot.written) <= 30
    assert len(bot.written) / MINUTE > 29.5


def test_who_comes_first_writes_first() -> None:
    pace, written = Pace(30), []

    async def write(number: int) -> None:
        await pace.turn(uuid4(), no_unit, fine)
        written.append(number)

    async def all_at_once() -> None:
        await asyncio.gather(*(write(number) for number in range(200)))

    leaping.run(all_at_once())
    assert written == list(range(200))


def test_what_waits_already_leaves_no_room_for_more() -> None:
    async def rooms() -> tuple[int, int, int]:
        pace, loop = Pace(30), asyncio.get_running_loop()
        empty = pace.room(loop.time(), AHEAD)
        waiting = [asyncio.create_task(pace.turn(uuid4(), no_unit, fine)) for _ in range(45)]
        await asyncio.sleep(0.6)  # thirty are written, fifteen wait
        full = pace.room(loop.time(), AHEAD)
        await asyncio.gather(*waiting)
        return empty, full, pace.room(loop.time() + AHEAD, AHEAD)

    assert leaping.run(rooms()) == (30, 15, 15)
