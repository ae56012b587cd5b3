"""G15: whoever blocked the bot is left alone, in whatever order it learns of it; the other is told nothing."""

import asyncio

import pytest
from sqlmodel import Session, select

from bot.playground import faults
from bot.playground.calls import Call
from storage import people
from storage.tables import Person
from tests.conftest import House
from tests.couples import couple
from tests.evenings import to_evening
from tests.phones import Phone

HERS, HIS = "Tea outside.", "The first coffee."
ORDERS = [("update",), ("refusal",), ("update", "refusal"), ("refusal", "update"), ("update", "update", "refusal")]


@pytest.fixture
def house(sqlite_house: House) -> House:
    """The database makes no difference here."""
    return sqlite_house


async def linked(house: House) -> tuple[Phone, Phone]:
    """Two people of one city, with a question open."""
    ann, ben = house.phone("Ann"), house.phone("Ben")
    await couple(ann, ben, cities=("Berlin", "Berlin"))
    return ann, ben


def moved(phone: Phone, status: str) -> dict[str, object]:
    """What Telegram says when somebody stops the bot, or starts it again."""
    bot = {"id": 6_123_456_789, "is_bot": True, "first_name": "Side by Side", "username": "side_by_side_bot"}
    other = "member" if status == "kicked" else "kicked"
    return {
        "my_chat_member": {
            "chat": {"id": phone.id, "type": "private", "first_name": phone.name},
            "from": {"id": phone.id, "is_bot": False, "first_name": phone.name},
            "date": 1_760_000_000,
            "old_chat_member": {"user": bot, "status": other, **({"until_date": 0} if other == "kicked" else {})},
            "new_chat_member": {"user": bot, "status": status, **({"until_date": 0} if status == "kicked" else {})},
        }
    }


async def unreachable(house: House) -> dict[str, bool]:
    def read(session: Session) -> dict[str, bool]:
        return {people.name(session, person): person.unreachable for person in session.exec(select(Person))}

    return await asyncio.wrap_future(house.app.units.submit(read))


def to(house: House, phone: Phone) -> list[Call]:
    """Everything that was written to somebody, or tried."""
    return [call for call in house.telegram.calls if call.chat_id == phone.id]


async def learns(house: House, phone: Phone, how: str) -> None:
    """One of the two ways in which the bot learns that somebody has blocked it."""
    if how == "update":
        house.telegram.inject(moved(phone, "kicked"))
        await house.settle()
    else:
        await to_evening(house)  # something is to be said to them


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
async def test_in_every_order_there_is_one_attempt_at_most_and_then_silence(
    house: House, order: tuple[str, ...]
) -> None:
    ann, ben = await linked(house)
    for phone in (ann, ben):
        await phone.tap("Not today")
    before, his = len(to(house, ann)), len(ben.from_bot)
    house.telegram.faults.add(faults.blocked(), chat=ann.id)
    for how in order:
        await learns(house, ann, how)
    assert len(to(house, ann)) - before <= 1
    tried = len(to(house, ann))
    for _ in range(3):
        await to_evening(house)
    assert len(to(house, ann)) == tried, "somebody who blocked the bot was not left alone"
    assert await unreachable(house) == {"Ann": True, "Ben": False}
    asked = [message for message in ben.from_bot[his:] if "Not today" in message.versions[0].labels]
    assert ben.from_bot[his:] == asked, "the other was told something"


@pytest.mark.parametrize("back", ["update", "message"])
async def test_whoever_comes_back_in_either_way_has_everything_again(house: House, back: str) -> None:
    ann, ben = await linked(house)
    await ann.say(HERS)
    await ann.tap("Share")
    rule = house.telegram.faults.add(faults.blocked(), chat=ann.id)
    await learns(house, ann, "update")
    await ben.say(HIS)
    await ben.tap("Share")
    assert ann.times_shown(HIS) == 0
    house.telegram.faults.remove(rule)
    if back == "update":
        house.telegram.inject(moved(ann, "member"))
        await house.settle()
    else:
        await ann.say("/help")
    assert await unreachable(house) == {"Ann": False, "Ben": False}
    assert ann.times_shown(HIS) == 1
    await to_evening(house)
    assert "Not today" in ann.last.labels
    assert ann.times_shown(HIS) == 1


async def test_an_old_word_of_a_block_that_is_over_is_followed_by_the_next(house: House) -> None:
    """Blocked and let in again while the bot was away: both words come at once, in order."""
    ann, _ = await linked(house)
    for _ in range(3):
        house.telegram.inject(moved(ann, "kicked"))
        house.telegram.inject(moved(ann, "member"))
    await house.settle()
    assert await unreachable(house) == {"Ann": False, "Ben": False}
    await to_evening(house)
    assert "Not today" in ann.last.labels


async def test_an_account_that_is_deactivated_is_left_alone(house: House) -> None:
    ann, _ = await linked(house)
    ann.account.deactivate()
    await to_evening(house)
    tried = len(to(house, ann))
    for _ in range(3):
        await to_evening(house)
    assert len(to(house, ann)) == tried
    assert await unreachable(house) == {"Ann": True, "Ben": False}
