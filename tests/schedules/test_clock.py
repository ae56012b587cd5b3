"""The alarm clock: a job that fails rings again, and one that has more to do goes on at once."""

import asyncio
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
import time_machine

from bot.clock import Clock
from schedules import clock as alarms
from schedules.clock import Alarm, AlarmClock, Every, Job, Ring
from storage.failures import DatabaseAway
from tests.inside import LIBRARY, NOON, Inside


def alarm_clock(
    inside: Inside, job: Job, *, seconds: float = 3600, is_steady: Callable[[], bool] = lambda: True
) -> AlarmClock:
    alarm = Alarm("work", job, seconds=seconds)
    return AlarmClock(
        [alarm], units=inside.units, clock=Clock(), library=LIBRARY, random=Random(7), is_steady=is_steady
    )


@pytest.mark.parametrize("failure", [RuntimeError("broken"), DatabaseAway("gone")])
async def test_a_job_that_failed_rings_again(sqlite_inside: Inside, failure: Exception) -> None:
    rings: list[Ring] = []

    def work(ring: Ring) -> bool:
        rings.append(ring)
        if len(rings) == 1:
            raise failure
        return False

    clock = alarm_clock(sqlite_inside, work)
    await clock.ring_all()
    await clock.ring_all()
    assert len(rings) == 2


async def test_one_that_never_began_can_be_stopped(sqlite_inside: Inside) -> None:
    """A bot that could not start stops all its parts."""
    rings: list[Ring] = []
    clock = alarm_clock(sqlite_inside, lambda ring: bool(rings.append(ring)))
    clock.stop()
    await clock.ring_all()
    assert len(rings) == 1


async def test_a_job_with_more_to_do_goes_on_in_another_unit(sqlite_inside: Inside) -> None:
    rings: list[Ring] = []

    def work(ring: Ring) -> bool:
        rings.append(ring)
        return len(rings) < 3

    await alarm_clock(sqlite_inside, work).ring_all()
    assert len({id(ring.session) for ring in rings}) == 3


async def test_of_jobs_with_more_to_do_none_waits_until_another_is_done(sqlite_inside: Inside) -> None:
    rung: list[str] = []

    def work(name: str, chunks: int) -> Job:
        def job(_: Ring) -> bool:
            rung.append(name)
            return rung.count(name) < chunks

        return job

    jobs = [Alarm(name, work(name, chunks), seconds=3600) for name, chunks in (("a", 3), ("b", 1), ("c", 2))]
    clock = AlarmClock(
        jobs, units=sqlite_inside.units, clock=Clock(), library=LIBRARY, random=Random(7), is_steady=lambda: True
    )
    await clock.ring_all()
    assert "".join(rung) == "abcaca"


async def test_a_job_that_never_ends_lets_the_others_ring(
    sqlite_inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alarms, "LONGEST_RUN", 5)
    rings: list[Ring] = []

    def work(ring: Ring) -> bool:
        rings.append(ring)
        return True

    await alarm_clock(sqlite_inside, work).ring_all()
    assert len(rings) == 5


async def test_after_a_step_back_of_the_clock_jobs_ring_on(sqlite_inside: Inside) -> None:
    rung, loop = asyncio.Event(), asyncio.get_running_loop()

    def work(ring: Ring) -> bool:
        loop.call_soon_threadsafe(rung.set)
        return False

    clock = alarm_clock(sqlite_inside, work, seconds=0.1)
    clock.start()
    await asyncio.wait_for(rung.wait(), 30)
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=1), tick=True):
        clock.reschedule()
        rung.clear()
        await asyncio.wait_for(rung.wait(), 30)
        clock.stop()
        clock.stop()


async def test_while_the_clock_is_not_to_be_relied_on_nothing_rings(sqlite_inside: Inside) -> None:
    steady, rings = [True, True, False], iter(range(10))

    def work(ring: Ring) -> bool:
        next(rings)
        return True

    await alarm_clock(sqlite_inside, work, is_steady=lambda: steady.pop(0)).ring_all()
    assert next(rings) == 2


def test_what_a_jump_forward_passed_over_is_one_occasion() -> None:
    """APScheduler counts the occasions that were missed one by one: over years, that would take all there is."""
    every, seen = Every(1.0, since=NOON), [NOON]
    later = NOON + timedelta(days=1)
    while seen[-1] <= later:
        seen.append(every.get_next_fire_time(seen[-1], later))
        assert len(seen) <= 3
    assert seen[-1] == later + timedelta(seconds=1)
    assert every.get_next_fire_time(None, NOON) == NOON + timedelta(seconds=1)
    assert every.get_next_fire_time(NOON, NOON) == NOON + timedelta(seconds=1)


def test_jobs_of_one_moment_ring_together() -> None:
    """Each waking of the process costs more than a look at what is due."""
    often, seldom = Every(1.0, since=NOON), Every(5.0, since=NOON)
    now = NOON + timedelta(seconds=4, microseconds=7)
    assert often.get_next_fire_time(None, now) == seldom.get_next_fire_time(None, now) == NOON + timedelta(seconds=5)


def slow_clock(inside: Inside, rings: list[Ring], begun: asyncio.Event, go_on: threading.Event) -> AlarmClock:
    """Rings at once, with a chunk that takes until it may go on, and more to do after it."""
    loop = asyncio.get_running_loop()

    def work(ring: Ring) -> bool:
        rings.append(ring)
        loop.call_soon_threadsafe(begun.set)
        assert go_on.wait(60)
        return True

    return alarm_clock(inside, work, seconds=0.01)


async def test_a_stop_lets_the_chunk_that_is_being_done_come_to_its_end(
    sqlite_inside: Inside, caplog: pytest.LogCaptureFixture
) -> None:
    rings: list[Ring] = []
    begun, go_on = asyncio.Event(), threading.Event()
    clock = slow_clock(sqlite_inside, rings, begun, go_on)
    clock.start()
    await asyncio.wait_for(begun.wait(), 60)
    resting = asyncio.create_task(clock.come_to_rest())
    await asyncio.sleep(0)
    go_on.set()
    await resting
    clock.stop()
    for _ in range(5):  # whatever was cut off would say so now
        await asyncio.sleep(0)
    assert len(rings) == 1
    assert [each.message for each in caplog.records if each.levelno >= logging.ERROR] == []


async def test_a_chunk_that_takes_too_long_is_not_waited_for(
    sqlite_inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alarms, "RESTS_WITHIN", 0.01)
    begun, go_on = asyncio.Event(), threading.Event()
    clock = slow_clock(sqlite_inside, [], begun, go_on)
    clock.start()
    await asyncio.wait_for(begun.wait(), 60)
    await clock.come_to_rest()
    clock.stop()
    go_on.set()


async def test_a_clock_that_was_never_started_is_at_rest(sqlite_inside: Inside) -> None:
    await alarm_clock(sqlite_inside, lambda _: False).come_to_rest()
