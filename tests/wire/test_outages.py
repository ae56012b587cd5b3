"""A process that was away for longer than Telegram keeps what people send."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlmodel import Session

from bot.app import App
from bot.playground.server import LoopbackTelegram
from storage import updates
from tests.conftest import House, Place
from tests.couples import set_up
from tests.phones import Phone

AWAY = "I was away for more than a day"


@pytest.fixture
async def starts(sqlite_place: Place, telegram: LoopbackTelegram) -> AsyncIterator[list[App]]:
    """Every start of a bot in this place."""
    started: list[App] = []
    yield started
    for app in started[-1:]:
        await app.stop()


async def start(starts: list[App], place: Place, telegram: LoopbackTelegram) -> House:
    if starts:
        await starts[-1].stop()
    starts.append(App(place.settings(telegram), random=Random(7)))
    await starts[-1].start()
    return House(starts[-1], telegram)


async def polled_last(house: House, ago: timedelta) -> None:
    """Let the last note that somebody polled be this old."""
    at = datetime.now(UTC) - ago

    def note(session: Session) -> None:
        updates.note_poll(session, holder="earlier", now=at)

    await asyncio.wrap_future(house.app.units.submit(note))


@pytest.mark.parametrize(("ago", "told"), [(timedelta(hours=30), 1), (timedelta(hours=20), 0)])
async def test_after_more_than_a_day_whoever_writes_next_is_told_once(
    starts: list[App], sqlite_place: Place, telegram: LoopbackTelegram, ago: timedelta, told: int
) -> None:
    house = await start(starts, sqlite_place, telegram)
    ann = house.phone("Ann")
    ben = house.phone("Ben")
    await set_up(ann)
    await set_up(ben)
    await polled_last(house, ago)
    house = await start(starts, sqlite_place, telegram)
    ann, ben = (Phone(phone.account, settle=house.settle) for phone in (ann, ben))
    await ann.say("/today")
    await ann.say("/today")
    assert ann.times_shown(AWAY) == told
    assert not ben.shows(AWAY)
    await house.pass_time(hours=49)
    await ben.say("/today")
    assert not ben.shows(AWAY)


async def test_after_a_day_without_telegram_in_one_life_it_is_told_as_well(
    starts: list[App], sqlite_place: Place, telegram: LoopbackTelegram
) -> None:
    house = await start(starts, sqlite_place, telegram)
    ann = house.phone("Ann")
    await set_up(ann)
    await ann.say("/today")
    assert not ann.shows(AWAY)
    house.app._noted = asyncio.get_running_loop().time() - timedelta(hours=25).total_seconds()
    for _ in range(3):
        await ann.say("/today")
    assert ann.times_shown(AWAY) == 1
