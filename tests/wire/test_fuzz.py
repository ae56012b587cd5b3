"""G16: whatever arrives, the bot goes on, and the next message is answered."""

import asyncio
from random import Random
from typing import Any

import pytest

from tests.conftest import House
from tests.couples import set_up
from tests.figures import drawn, reached, times
from tests.phones import Phone

pytestmark = pytest.mark.every_database

ROUNDS = 2_500  # on each of two databases
STRANGE: tuple[Any, ...] = (
    None,
    True,
    -1,
    2**63,
    2**200,
    1.5,
    "",
    "x" * 65_536,
    "\ud800",
    "\u202etxt\u0000",
    [],
    [[]],
    {},
    {"id": None},
)


def an_update(person: int, random: Random) -> dict[str, Any]:
    chat = {"id": person, "type": "private", "first_name": "Ann"}
    user = {"id": person, "is_bot": False, "first_name": "Ann", "language_code": "en"}
    message = {
        "message_id": random.randrange(1, 999),
        "date": 1_760_000_000 + 60 * random.randrange(1_000_000),  # written apart, so that it is no flood
        "chat": chat,
        "from": user,
        "text": "hello",
    }
    return random.choice(
        [
            {"message": message},
            {"edited_message": message},
            {"message": {**message, "sticker": {"file_id": "1", "file_unique_id": "2", "width": 1, "height": 1}}},
            {"message": {**message, "voice": {"file_id": "1", "file_unique_id": "2", "duration": 1}}},
            {"message": {**message, "entities": [{"type": "bot_command", "offset": 0, "length": 5}], "text": "/help"}},
            {"callback_query": {"id": "1", "from": user, "message": message, "chat_instance": "1", "data": "1:o:x:y"}},
            {"my_chat_member": {"chat": chat, "from": user, "date": 1_760_000_000}},
            {"channel_post": {**message, "chat": {"id": -100, "type": "channel", "title": "News"}}},
            {"poll": {"id": "1"}},
        ]
    )


def broken(value: Any, random: Random, *, top: bool = False) -> Any:
    """The same with one thing somewhere in it missing or strange."""
    if not isinstance(value, dict) or not value or (not top and random.random() < 0.2):
        return random.choice(STRANGE)
    name = random.choice(sorted(value))
    if random.random() < 0.2:
        return {key: each for key, each in value.items() if key != name}
    return {**value, name: broken(value[name], random)}


async def test_thousands_of_broken_updates_harm_nothing(house: House, ann: Phone) -> None:
    await set_up(ann)
    random = Random(drawn(1))
    for start in range(0, times(ROUNDS), 100):
        batch = [
            {
                "update_id": 800_000_000 + start + number,
                **broken(an_update(ann.id + number % 7, random), random, top=True),
            }
            if random.random() < 0.9
            else {**an_update(ann.id, random), "update_id": random.choice(STRANGE)}
            for number in range(100)
        ]
        await asyncio.wait_for(house.app.intake.take(batch), 120)
        reached("updates", len(batch))
    house.telegram.complaints.clear()
    await ann.say("/help")
    assert ann.shows("/settings")


async def test_a_batch_of_nothing_but_rubbish_is_passed_over(house: House, ann: Phone) -> None:
    await set_up(ann)
    for rubbish in ({}, {"update_id": "x"}, {"message": []}):
        house.telegram.inject(rubbish)
    await ann.say("/help")
    assert ann.shows("/settings")
