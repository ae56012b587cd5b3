"""Whether the bot pays for writing faster than Telegram lets it for nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

from bot.app import App
from bot.playground.limits import Limits
from bot.playground.server import LoopbackTelegram
from tests.conftest import Hands, House, Place
from tests.phones import Phone

MORE_THAN_FREE = 40


@asynccontextmanager
async def bot(place: Place, telegram: LoopbackTelegram, hands: Hands, *, pays: bool) -> AsyncIterator[House]:
    """A bot without a pace of its own, at a Telegram whose second does not end."""
    telegram.limits = Limits()
    telegram._monotonic = lambda: 100.0
    app = App(place.settings(telegram, paid_broadcasts=pays), random=Random(7))
    await app.start()
    hands.read = app.now
    try:
        yield House(app, telegram)
    finally:
        await app.stop()


async def test_a_bot_that_pays_writes_to_more_than_thirty_in_one_second(
    sqlite_place: Place, telegram: LoopbackTelegram, hands: Hands
) -> None:
    async with bot(sqlite_place, telegram, hands, pays=True) as house:
        people: list[Phone] = [house.phone(f"P{number}") for number in range(MORE_THAN_FREE)]
        for each in people:
            await each.start()
        assert all(each.shows("Side by Side") for each in people)
    sent = telegram.calls.of("sendMessage")
    assert len(sent) == MORE_THAN_FREE
    assert {call.outcome for call in sent} == {"ok"}
    assert {call.parameters["allow_paid_broadcast"] for call in sent} == {"true"}


async def test_it_pays_for_messages_only(sqlite_place: Place, telegram: LoopbackTelegram, hands: Hands) -> None:
    async with bot(sqlite_place, telegram, hands, pays=True) as house:
        ann = house.phone("Ann")
        await ann.start()
        await ann.tap("Begin")
    edits = telegram.calls.of("editMessageText")
    assert edits
    assert not any("allow_paid_broadcast" in call.parameters for call in edits)


async def test_nobody_pays_unless_the_operator_says_so(
    sqlite_place: Place, telegram: LoopbackTelegram, hands: Hands
) -> None:
    async with bot(sqlite_place, telegram, hands, pays=False) as house:
        await house.phone("Ann").start()
    (sent,) = telegram.calls.of("sendMessage")
    assert "allow_paid_broadcast" not in sent.parameters
