"""429 from Telegram: what it refused for a while is not lost, and nothing more is written before the while is over."""

import asyncio
from collections import Counter

from sqlmodel import Session, col, select

from bot.playground import faults
from bot.playground.calls import Call
from bot.playground.limits import Limits
from storage.tables import Delivery
from tests.conftest import House
from tests.phones import Phone
from tests.waiting import until

UNKNOWN = "I don't know that command."
SECONDS = 2
STORM = 40
OVERALL = 10


async def strangers(house: House, count: int) -> list[Phone]:
    phones = [house.phone(f"Person {number}") for number in range(count)]
    for phone in phones:
        phone.account.start()
    await house.settle()
    return phones


def refused(house: House) -> list[Call]:
    return [call for call in house.telegram.calls.of("sendMessage") if "Too Many" in str(call.outcome)]


def arrivals(house: House) -> list[float]:
    return [call.arrived for call in house.telegram.calls.of("sendMessage")]


async def states(house: House) -> Counter[str]:
    query = select(Delivery.state).where(col(Delivery.card) == "common.unknown_command")
    return Counter(await asyncio.wrap_future(house.app.units.submit(lambda session: _all(session, query))))


def _all(session: Session, query: object) -> list[str]:
    return list(session.exec(query))  # type: ignore[call-overload]


async def test_one_chat_that_is_refused_waits_alone(sqlite_house: House) -> None:
    house = sqlite_house
    ann, ben = await strangers(house, 2)
    house.telegram.faults.add(faults.flood(3600), method="sendMessage", chat=ann.id, times=1)
    ann.account.write("/nosuch")
    await until(lambda: bool(refused(house)))
    await ben.say("/nosuch")
    assert ben.shows(UNKNOWN), "nobody waits for an hour until all is settled"
    await house.pass_time(minutes=30)
    assert not ann.shows(UNKNOWN)


async def test_when_several_chats_are_refused_nothing_is_written_before_the_pause_is_over(sqlite_house: House) -> None:
    house = sqlite_house
    phones = await strangers(house, 8)
    for phone in phones[:2]:
        house.telegram.faults.add(faults.flood(SECONDS), method="sendMessage", chat=phone.id, times=1)
        phone.account.write("/nosuch")
    await until(lambda: house.app._pace._all_paused > 0)
    before = len(arrivals(house))
    second = max(call.arrived for call in refused(house))
    for phone in phones[2:]:
        phone.account.write("/nosuch")
    await until(lambda: all(phone.shows(UNKNOWN) for phone in phones))
    await house.settle()
    assert min(arrivals(house)[before:]) >= second + SECONDS
    assert [phone.times_shown(UNKNOWN) for phone in phones] == [1] * len(phones)


async def test_in_a_storm_nothing_is_lost_nor_given_up_and_nobody_hammers(sqlite_house: House) -> None:
    """The bot writes as fast as it can, to a Telegram that takes ten messages a second."""
    house = sqlite_house
    phones = await strangers(house, STORM)
    house.telegram.limits = Limits(overall=OVERALL)
    for phone in phones:
        phone.account.write("/nosuch")
    await until(lambda: all(phone.shows(UNKNOWN) for phone in phones))
    house.telegram.limits = None
    await house.settle()
    assert [phone.times_shown(UNKNOWN) for phone in phones] == [1] * STORM
    assert await states(house) == {"sent": STORM}
    assert refused(house), "there was no storm"
    assert len(refused(house)) <= STORM, "it went on writing while it was asked to wait"
