"""409: somebody else asks for the same updates. The bot notices, waits a little, and goes on once they are gone."""

from bot.playground import faults
from tests.conftest import House
from tests.waiting import Heard, until

UNKNOWN = "I don't know that command."
REFUSED = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


async def test_a_twin_that_polls_is_noticed_and_nothing_is_lost_or_done_twice(
    sqlite_house: House, heard: Heard
) -> None:
    house, updates = sqlite_house, sqlite_house.telegram.state.updates
    ann = house.phone("Ann")
    await ann.start()
    for number in (1, 2):
        await until(lambda: updates._poll is not None and not updates._poll.done())  # the bot waits for news
        await updates.poll()  # the twin asks, and confirms nothing
        await heard.hears("another_bot_polls", times=number)
        ann.account.write("/nosuch")
        assert len(await updates.poll()) == 1, "it is taken by the twin as well"
    await house.settle()
    assert ann.times_shown(UNKNOWN) == 2
    assert heard.times("part_broke") == 0


async def test_a_refused_poll_does_not_forget_where_it_was(sqlite_house: House, heard: Heard) -> None:
    """What was done before the conflict is not asked for again, and what came during it is there after it."""
    house = sqlite_house
    ann, ben = house.phone("Ann"), house.phone("Ben")
    await ann.start()
    house.telegram.faults.add(faults.refused(409, REFUSED), method="getUpdates", times=2)
    await ann.say("/nosuch")
    await ben.start()
    await ann.say("/nosuch")
    await heard.hears("another_bot_polls", times=2)
    await house.settle()
    assert ann.times_shown(UNKNOWN) == 2
    assert ben.times_shown("want to be close") == 1
