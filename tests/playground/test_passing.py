"""Time at the playground, with the real bot."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.playground.feed import Watcher
from bot.playground.hands import Hands, Pace
from bot.playground.stage import Stage
from bot.playground.tour import QUESTION, Tour, inviting, linking, setting_up

BERLIN = ZoneInfo("Europe/Berlin")


async def linked(stage: Stage) -> Tour:
    tour = Tour(stage, say=lambda _: None, pace=Pace.none())
    await setting_up(tour)
    await inviting(tour)
    await linking(tour)
    return tour


def questions(hands: Hands) -> list[datetime]:
    return [datetime.fromtimestamp(each.date, UTC) for each in hands.from_bot if QUESTION in each.labels]


async def test_a_day_leaves_nothing_out_that_would_have_come(stage: Stage) -> None:
    tour = await linked(stage)
    before = len(questions(tour.ann)), len(questions(tour.ben))
    await stage.time.by(timedelta(days=2))
    assert len(questions(tour.ann)) > before[0]
    assert len(questions(tour.ben)) > before[1]
    late = [at.astimezone(BERLIN) for at in questions(tour.ann)[before[0] :]]
    assert all((at.hour, at.minute) == (20, 0) for at in late)


@pytest.mark.waits_for_check
async def test_the_week_is_walked_to_sunday_evening(stage: Stage) -> None:
    tour = await linked(stage)
    await stage.time.to_weekly(tour.ann.account.id)
    there = stage.clock.now().astimezone(BERLIN)
    assert (there.isoweekday(), there.hour, there.minute) == (7, 18, 0)
    await stage.time.to_summary(tour.ann.account.id)
    there = stage.clock.now().astimezone(BERLIN)
    assert (there.isoweekday(), there.hour, there.minute) == (7, 20, 0)


async def test_phones_are_put_away_when_time_passes(stage: Stage) -> None:
    tour = await linked(stage)
    await stage.time.by(timedelta(minutes=1))
    assert not stage.seats.seat(tour.ann.account.id).locked
    await stage.time.by(timedelta(hours=1))
    assert stage.seats.seat(tour.ann.account.id).locked


async def test_nothing_is_planned_for_people_whom_the_bot_does_not_know(stage: Stage) -> None:
    assert not await stage.time.to_next(stage.seats.pairs[0].people)


async def test_a_killed_bot_wakes_up_in_the_same_time(stage: Stage) -> None:
    tour = await linked(stage)
    await stage.kill_bot()
    await stage.time.by(timedelta(days=1))
    await tour.ann.say("Are you there?", heard=False)
    await stage.start_bot()
    await tour.ann.settle()
    theirs = datetime.fromisoformat((await stage.child.ask("status"))["now"])
    assert abs(theirs - stage.clock.now()) < timedelta(seconds=2)
    assert tour.ann.from_bot[-1].date >= int((stage.clock.now() - timedelta(minutes=1)).timestamp())


@pytest.mark.waits_for_check
async def test_a_dropped_connection_loses_nothing(stage: Stage) -> None:
    tour = await linked(stage)
    stage.panel.switch("drop", "next")
    await tour.ann.say("/help")
    assert stage.panel.modes()["drop"] == "off"
    assert not any("/privacy" in message.text for message in tour.ann.from_bot)
    await stage.time.by(timedelta(minutes=2))
    assert sum("/privacy" in message.text for message in tour.ann.from_bot) == 1


@pytest.mark.waits_for_check
async def test_pages_hear_when_the_time_has_passed(stage: Stage) -> None:
    told: list[bool] = []

    async def look_on(watcher: Watcher) -> None:
        while await watcher.wait(10):
            told.append(stage.room()["busy"])

    with stage.feed.watched() as watcher:
        looking = asyncio.create_task(look_on(watcher))
        await stage.time.by(timedelta(minutes=1))
        for _ in range(3):
            await asyncio.sleep(0)
        looking.cancel()
    assert told[0] is True
    assert told[-1] is False
