"""What becomes of a message when Telegram refuses, doubts or is silent (the table of faults), over the wire."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import pytest
from sqlmodel import Session, col, select

from bot.playground import faults
from storage import deliveries
from storage.tables import Delivery
from tests.conftest import House
from tests.phones import Phone

T = TypeVar("T")
UNKNOWN = "I don't know that command."


async def rows(house: House, read: Callable[[Session], T]) -> T:
    return await asyncio.wrap_future(house.app.units.submit(read))


def states(session: Session) -> list[tuple[str, int]]:
    return [(row.state, row.attempts) for row in session.exec(select(Delivery).order_by(col(Delivery.id)))]


@pytest.fixture
async def open_chat(house: House, ann: Phone) -> Phone:
    await ann.start()
    return ann


async def test_a_reply_leaves_without_waiting_for_a_tick(open_chat: Phone) -> None:
    await open_chat.say("/nosuch")
    assert UNKNOWN in open_chat.last.text


@pytest.mark.parametrize(
    "fault", [faults.server_error(502), faults.server_error(500), faults.reset(after_effect=False)]
)
async def test_a_doubtful_message_is_sent_again_after_a_minute(
    house: House, open_chat: Phone, fault: faults.Fault
) -> None:
    house.telegram.faults.add(fault, method="sendMessage", times=1)
    await open_chat.say("/nosuch")
    assert not open_chat.shows(UNKNOWN)
    await house.pass_time(seconds=61)
    assert open_chat.times_shown(UNKNOWN) == 1


async def test_a_message_that_arrived_without_an_answer_is_shown_twice_at_worst(house: House, open_chat: Phone) -> None:
    house.telegram.faults.add(faults.reset(after_effect=True), method="sendMessage", times=1)
    await open_chat.say("/nosuch")
    await house.pass_time(seconds=61)
    await house.pass_time(minutes=10)
    assert open_chat.times_shown(UNKNOWN) == 2


async def test_a_message_in_doubt_three_times_is_given_up_and_counted(house: House, open_chat: Phone) -> None:
    house.telegram.faults.add(faults.server_error(), method="sendMessage", times=10)
    await open_chat.say("/nosuch")
    for _ in range(5):
        await house.pass_time(seconds=61)
    assert (await rows(house, states))[-1] == ("failed", 4)
    assert len(house.telegram.calls.of("sendMessage")) == 1 + 3


async def test_telegram_asking_to_wait_is_obeyed(house: House, open_chat: Phone) -> None:
    house.telegram.faults.add(faults.flood(1), method="sendMessage", times=1)
    loop = asyncio.get_running_loop()
    start = loop.time()
    await open_chat.say("/nosuch")
    while not open_chat.shows(UNKNOWN):
        await asyncio.sleep(0.05)
        await house.pass_time(seconds=0.2)
        assert loop.time() - start < 10
    assert loop.time() - start >= 1.0
    assert open_chat.times_shown(UNKNOWN) == 1


async def test_a_person_who_blocked_the_bot_is_sent_nothing_more(house: House, open_chat: Phone) -> None:
    house.telegram.faults.add(faults.blocked(), method="sendMessage", times=1)
    await open_chat.say("/nosuch")
    before = len(house.telegram.calls.of("sendMessage"))
    await house.pass_time(hours=72)
    assert len(house.telegram.calls.of("sendMessage")) == before
    assert all(state == "blocked" for state, _ in (await rows(house, states))[-1:])


async def test_a_sentence_that_telegram_cannot_take_ends_its_delivery(house: House, open_chat: Phone) -> None:
    house.telegram.faults.add(
        faults.refused(400, "Bad Request: can't parse entities: oh"), method="sendMessage", times=1
    )
    await open_chat.say("/nosuch")
    assert (await rows(house, states))[-1][0] == "failed"
    await open_chat.say("/nosuch")
    assert open_chat.shows(UNKNOWN)


async def test_replies_in_one_chat_come_in_the_order_of_the_messages(house: House, open_chat: Phone) -> None:
    open_chat.account.write("/nosuch")
    open_chat.account.send("sticker")
    open_chat.account.write("/nosuch")
    await house.settle()
    said = [message.text.split()[0] for message in open_chat.from_bot[-3:]]
    assert said == ["I", "Press", "I"]


async def test_telegram_being_away_loses_nothing(house: House, open_chat: Phone) -> None:
    open_chat.account.write("/nosuch")
    await house.telegram.stop()
    await asyncio.sleep(0.3)
    await house.telegram.start()
    await house.settle()
    await house.pass_time(seconds=61)
    assert open_chat.times_shown(UNKNOWN) >= 1


async def test_a_card_that_cannot_be_made_holds_nobody_up(house: House, open_chat: Phone, ben: Phone) -> None:
    await ben.start()
    now = house.now()

    def owe_a_broken_one(session: Session) -> None:
        chat = session.exec(select(Delivery.chat_id).order_by(col(Delivery.id)).limit(1)).one()
        broken = {"card": "refusal.said", "about": "nosuch", "language": "en", "due": now}
        deliveries.add(session, key="broken:1", chat_id=chat, **broken)

    await rows(house, owe_a_broken_one)
    await open_chat.say("/nosuch")
    await ben.say("/nosuch")
    assert open_chat.times_shown(UNKNOWN) == ben.times_shown(UNKNOWN) == 1
    assert ("failed", 1) in await rows(house, states)
