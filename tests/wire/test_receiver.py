"""Updates in: parsed one by one, applied once, in order within a chat, acknowledged after the commit."""

import asyncio
from datetime import UTC, datetime
from random import Random

import pytest
from sqlmodel import Session, col, select
from telegram import Chat as TelegramChat
from telegram import Message, Update, User

from bot.app import App
from bot.messages import payload
from bot.messages.buttons import Agree
from bot.playground import faults
from bot.playground.server import LoopbackTelegram
from storage import people
from storage.tables import ParkedUpdate, Person, ProcessedUpdate
from tests.conftest import House, Place
from tests.couples import set_up
from tests.phones import Phone

UNKNOWN = "I don't know that command."


def processed(session: Session) -> list[int]:
    return list(session.exec(select(ProcessedUpdate.update_id).order_by(col(ProcessedUpdate.update_id))))


def parked(session: Session) -> list[str]:
    return list(session.exec(select(ParkedUpdate.failure)))


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"message": 5},
        {"message": {"message_id": "x"}},
        {"message": {"message_id": 1, "date": 99999999999999999, "chat": {"id": 1, "type": "private"}}},
        {"callback_query": {"id": "1"}},
        {"unheard_of": {"id": 1}},
        {"message": None, "callback_query": []},
    ],
)
async def test_a_malformed_update_is_passed_over_and_the_next_one_served(house: House, ann: Phone, raw: object) -> None:
    await ann.start()
    house.telegram.inject(raw)
    await ann.say("/nosuch")
    assert UNKNOWN in ann.last.text


async def test_an_update_that_comes_twice_is_applied_once(house: House, ann: Phone) -> None:
    await ann.start()
    update = {
        "update_id": 700_000_000,
        "message": {
            "message_id": 900,
            "date": 1_760_000_000,
            "chat": {"id": ann.id, "type": "private", "first_name": "Ann"},
            "from": {"id": ann.id, "is_bot": False, "first_name": "Ann"},
            "text": "/nosuch",
            "entities": [{"type": "bot_command", "offset": 0, "length": 7}],
        },
    }
    await house.app.intake.take([update, update])
    await house.app.intake.take([update])
    await house.settle()
    assert ann.times_shown(UNKNOWN) == 1
    assert (await asyncio.wrap_future(house.app.units.submit(processed))).count(700_000_000) == 1


async def test_a_poll_that_fails_is_tried_again(house: House, ann: Phone) -> None:
    await ann.start()
    house.telegram.faults.add(faults.server_error(), method="getUpdates", times=1)
    await ann.say("/nosuch")
    await ann.say("/nosuch")
    assert ann.times_shown(UNKNOWN) == 2


async def test_a_group_is_told_to_talk_privately_and_left(house: House, ann: Phone) -> None:
    group = house.telegram.group("Friends")
    ann.account.add_bot(group)
    await house.settle()
    assert house.telegram.calls.of("leaveChat")
    said = [call.parameters["text"] for call in house.telegram.calls.of("sendMessage")]
    assert any("privately" in text for text in said)
    assert await asyncio.wrap_future(house.app.units.submit(parked)) == []


async def test_a_message_that_cannot_be_kept_is_parked_and_its_sender_is_told(
    house: House, ann: Phone, ben: Phone
) -> None:
    """As when the key store has lost a key: the handler fails each time, and the next ones go on."""
    await set_up(ann)
    await set_up(ben)

    def lose_the_key(session: Session) -> None:
        for person in session.exec(select(Person)):
            if people.name(session, person) == "Ann":
                session.info["keys"].erase(person.id)

    await asyncio.wrap_future(house.app.units.submit(lose_the_key))
    await ann.say("Tea in the morning.")
    await ben.say("Rain on the roof.")
    assert "couldn't save that" in ann.last.text
    assert ben.shows("Rain on the roof.")
    assert await asyncio.wrap_future(house.app.units.submit(parked)) == ["handler"]


async def test_what_is_parked_twice_is_told_once(house: House, ann: Phone) -> None:
    """A commit of which nobody knows whether it happened is tried again."""
    await ann.start()
    update = Update(
        810_000_000,
        message=Message(
            910, datetime(2026, 3, 4, tzinfo=UTC), TelegramChat(ann.id, "private"), from_user=User(ann.id, "Ann", False)
        ),
    )
    for _ in range(2):
        await house.app._door.park(update, "handler")
    await house.settle()
    assert ann.times_shown("couldn't save that") == 1


async def test_a_webhook_that_was_left_behind_is_removed_and_nothing_that_waits_is_lost(
    sqlite_place: Place, telegram: LoopbackTelegram
) -> None:
    telegram.state.updates.point_to("http://127.0.0.1:9/nobody", "")
    phone = Phone(telegram.person("Ann"))
    phone.account.start()
    app = App(sqlite_place.settings(telegram), random=Random(7))
    await app.start()
    try:
        await House(app, telegram).settle()
        assert "two people who want to be close" in phone.last.text
    finally:
        await app.stop()


async def test_a_press_in_a_group_makes_nobody_a_person(house: House, ann: Phone) -> None:
    await ann.start()
    group = {"id": -100_200, "type": "supergroup", "title": "Friends"}
    press = {
        "id": "1",
        "from": {"id": ann.id, "is_bot": False, "first_name": "Ann"},
        "chat_instance": "x",
        "data": payload.pack(Agree()),
        "message": {"message_id": 5, "date": 1_760_000_000, "chat": group, "text": "Read this"},
    }
    await house.app.intake.take([{"update_id": 820_000_000, "callback_query": press}])
    assert await asyncio.wrap_future(house.app.units.submit(lambda session: session.exec(select(Person)).all())) == []
