"""The process is dead for an hour, for a month, for anything between; then it starts and floods nobody (G6)."""

import asyncio
from random import Random

from tests.harness import path
from tests.harness.ending import check_end
from tests.harness.runs import Runs
from tests.harness.world import World
from tests.phones import Phone

SHORTEST, LONGEST = 1.0, 30 * 24.0  # hours
MOST = 4  # messages in all: a question, the weekly invitation, a weekly page, and what became of an old thing


def through_outages(runs: Runs, random: Random, *, outages: int) -> None:
    """A couple lives on; between their days the process is dead for drawn times."""
    place = runs.grounds.place(runs.kind)
    asyncio.run(_through(runs, World(place, nursery=runs.nursery), random, outages))
    runs.grounds.remove(place)


async def _through(runs: Runs, world: World, random: Random, outages: int) -> None:
    async with world:
        two = path.two_in(world)
        await path.walk(two, (*path.SETTING_UP, *path.RHYTHM))
        for _ in range(outages):
            await path.pass_to_evening(world, path.ZONES["Ann"])
            await _be_away(world, hours=SHORTEST * (LONGEST / SHORTEST) ** random.random())
        await check_end(world)
        runs.count(world)


async def _be_away(world: World, *, hours: float) -> None:
    await world.kill()
    before = {phone.name: (len(phone.from_bot), questions(phone)) for phone in world.phones}
    await world.pass_time(hours=hours)
    for phone in world.phones:
        messages, asked = before[phone.name]
        assert questions(phone) - asked <= 1, f"after {hours:.1f} hours {phone.name} was asked more than once"
        came = [message.text for message in phone.from_bot[messages:]]
        assert len(came) <= MOST, f"after {hours:.1f} hours {phone.name} got {came}"


def questions(phone: Phone) -> int:
    """How many questions of the day were ever sent to somebody."""
    return sum(any("Not today" in state.labels for state in message.versions) for message in phone.from_bot)
