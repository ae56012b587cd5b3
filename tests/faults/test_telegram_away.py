"""Telegram cannot be reached: at the start, for an hour, for a week. What is still wanted comes once and in order."""

import asyncio
import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.playground import faults
from bot.playground.server import LoopbackTelegram
from bot.wire import receiver, request
from bot.wire.request import AiohttpRequest, Api, NotSent
from tests.conftest import House, Place
from tests.couples import couple, open_answers, set_up
from tests.evenings import to_evening
from tests.faults.conftest import StartBot
from tests.phones import Phone
from tests.waiting import Heard, until

UNKNOWN = "I don't know that command."


async def hours_pass(house: House, hours: float, *, steps: int) -> None:
    """The bot's clock goes on while nothing can be sent: nobody can wait for that."""
    for _ in range(steps):
        house.app._clock.move(timedelta(hours=hours / steps))
        await house.app.alarms.ring_all()


def questions(phone: Phone, since: int) -> int:
    """How many questions came after so many messages."""
    return sum("Not today" in labels for message in phone.from_bot[since:] for labels in [message.versions[0].labels])


async def test_a_bot_that_starts_before_telegram_waits_and_then_works(
    start_bot: StartBot, sqlite_place: Place, telegram: LoopbackTelegram, heard: Heard
) -> None:
    await telegram.stop()
    starting = asyncio.create_task(start_bot(sqlite_place))
    await heard.hears("telegram_away", times=2)
    assert not starting.done()
    await telegram.start()
    house = await starting
    ann = house.phone("Ann")
    await ann.start()
    assert "want to be close" in ann.last.text


async def test_an_hour_without_telegram_loses_nothing_and_brings_everything_in_order(sqlite_house: House) -> None:
    house = sqlite_house
    ann, ben = house.phone("Ann"), house.phone("Ben")
    await couple(ann, ben, cities=("Berlin", "Berlin"))
    await open_answers(ann, ben)
    await to_evening(house, minute=19 * 60 + 30)
    before = {phone.name: len(phone.from_bot) for phone in (ann, ben)}
    await house.telegram.stop()
    for text in ("/nosuch", "/help", "/nosuch"):
        ann.account.write(text)
    await hours_pass(house, 1, steps=6)
    await house.telegram.start()
    await until(lambda: not house.telegram.pending)
    await house.settle()
    assert [questions(phone, before[phone.name]) for phone in (ann, ben)] == [1, 1]
    new = [message.text for message in ann.from_bot[before["Ann"] :] if "Not today" not in message.labels]
    assert [UNKNOWN in text for text in new] == [True, False, True]
    assert "/settings" in new[1]
    assert len(ben.from_bot) == before["Ben"] + 1


async def test_after_a_week_without_telegram_there_is_no_flood(sqlite_house: House) -> None:
    """The bot has run all the time: what is no longer wanted is not sent, and one question waits at most."""
    house = sqlite_house
    ann, ben = house.phone("Ann"), house.phone("Ben")
    await couple(ann, ben, cities=("Berlin", "Berlin"))
    await open_answers(ann, ben)
    await to_evening(house)
    before = {phone.name: len(phone.from_bot) for phone in (ann, ben)}
    await house.telegram.stop()
    await hours_pass(house, 7 * 24, steps=7)
    await house.telegram.start()
    await ann.say("/nosuch")
    assert [questions(phone, before[phone.name]) for phone in (ann, ben)] == [1, 1]
    assert len(ann.from_bot) == before["Ann"] + 2
    assert len(ben.from_bot) == before["Ben"] + 1
    await to_evening(house)
    assert [questions(phone, before[phone.name]) for phone in (ann, ben)] == [2, 2]


async def test_a_message_that_surely_did_not_leave_is_sent_once_however_often_it_was_tried(
    sqlite_house: House, heard: Heard
) -> None:
    house = sqlite_house
    ann = house.phone("Ann")
    await set_up(ann)
    await ann.tap("Not today")
    await to_evening(house, minute=19 * 60 + 59)
    await house.telegram.stop()
    await hours_pass(house, 1 / 30, steps=1)
    await heard.hears("not_sent", times=2)
    await house.telegram.start()
    await until(lambda: questions(ann, 0) == 2)
    await house.settle()
    await house.pass_time(minutes=10)
    assert questions(ann, 0) == 2


async def test_a_poll_that_is_never_answered_is_given_up_and_asked_again(
    sqlite_house: House, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when somebody between forgets a connection; half a minute is shortened to a second."""
    house = sqlite_house
    ann = house.phone("Ann")
    await ann.start()
    with monkeypatch.context() as shorter:
        shorter.setattr(receiver, "POLL_SECONDS", -9)
        house.telegram.faults.add(faults.unanswered(after_effect=True), method="getUpdates", times=1)
        ann.account.write("/nosuch")
        await heard.hears("poll_failed")
    await ann.say("/nosuch")
    assert ann.times_shown(UNKNOWN) == 2


@pytest.fixture
def full_door() -> Iterator[str]:
    """An address where connections are neither taken nor refused."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(door.getsockname())
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        for one in waiting:
            one.close()


async def test_whoever_does_not_even_open_the_door_was_surely_not_told(
    full_door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request, "CONNECT_SECONDS", 0.2)
    backend = AiohttpRequest()
    await backend.initialize()
    with pytest.raises(NotSent):
        await Api(backend, f"{full_door}/bot1:x").call("sendMessage", {"chat_id": 1, "text": "Tea"})
    await backend.shutdown()
