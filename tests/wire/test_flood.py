"""G17: one person cannot starve the others."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.flood import MOST, REMEMBERED, WITHIN, Flood, Verdict
from tests.conftest import House
from tests.couples import set_up
from tests.figures import reached, times
from tests.phones import Phone
from tests.waiting import until

pytestmark = pytest.mark.every_database

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
TOO_MUCH = 400
PILED_UP = 80  # one batch holds a hundred


def test_so_many_a_minute_are_let_in_and_then_it_is_said_once() -> None:
    flood = Flood(lambda: NOW)
    verdicts = [flood.verdict(1, number, None) for number in range(MOST + 3)]
    assert verdicts == [Verdict.IN] * MOST + [Verdict.TOLD, Verdict.OUT, Verdict.OUT]
    assert flood.verdict(2, 99, None) is Verdict.IN, "nobody else is concerned"
    assert flood.verdict(1, 100, NOW + WITHIN) is Verdict.IN


def test_what_is_tried_again_is_let_in_again_however_often() -> None:
    """A database that is away must not cost anybody a message."""
    flood = Flood(lambda: NOW)
    for _ in range(10 * MOST):
        assert flood.verdict(1, 7, None) is Verdict.IN
    assert flood.verdict(1, 8, None) is Verdict.IN


def test_what_piled_up_while_the_bot_was_away_is_no_flood() -> None:
    flood = Flood(lambda: NOW)
    verdicts = [flood.verdict(1, number, NOW + timedelta(seconds=3 * number)) for number in range(10 * MOST)]
    assert set(verdicts) == {Verdict.IN}


def test_chats_long_quiet_are_forgotten() -> None:
    flood = Flood(lambda: NOW)
    for number in range(MOST + 1):
        flood.verdict(0, number, None)
    for chat in range(1, REMEMBERED + 2):
        flood.verdict(chat, chat, None)
    assert flood.verdict(0, -1, None) is Verdict.IN
    assert len(flood._chats) == REMEMBERED


def test_whoever_was_quiet_for_a_minute_takes_no_memory() -> None:
    now = [NOW]
    flood = Flood(lambda: now[0])
    for chat in range(10):
        flood.verdict(chat, chat, None)
        now[0] += WITHIN / 5
    assert set(flood._chats) == {5, 6, 7, 8, 9}


async def test_others_are_answered_while_somebody_floods(house: House, ann: Phone, ben: Phone) -> None:
    await set_up(ann)
    await set_up(ben)
    await house.pass_time(minutes=2)
    for number in range(times(TOO_MUCH)):
        ann.account.write(f"Flood {number}")
        if number % (times(TOO_MUCH) // 5) == 0:
            ben.account.write("/help")
    before = len(house.telegram.calls)
    await until(lambda: not house.telegram.pending)
    await house.settle()
    assert answered(house, ben, before) == 5
    assert answered(house, ann, before) <= 2 * MOST, "the flood was let in"
    reached("updates", times(TOO_MUCH))
    assert ann.times_shown("That was a lot in a short time") == 1
    await house.pass_time(minutes=2)
    await ann.say("/help")
    assert "/settings" in ann.last.text
    await ann.block()
    await ann.unblock()


async def test_what_piled_up_for_one_person_keeps_nobody_else_waiting(house: House, ann: Phone, ben: Phone) -> None:
    """All of it is let in, since it was written over hours; somebody whose message came last is answered first."""
    await ann.start()
    await ben.start()
    written = [command(ann, number) for number in range(PILED_UP)]
    for update in [*written, command(ben, PILED_UP)]:
        house.telegram.inject(update)
    await house.settle()
    order = [call.chat_id for call in house.telegram.calls.of("sendMessage")[2:]]
    assert order.count(ann.id) == PILED_UP
    assert order.index(ben.id) < PILED_UP // 2


def answered(house: House, phone: Phone, before: int) -> int:
    """How many messages somebody got after so many calls."""
    calls = list(house.telegram.calls)[before:]
    return sum(call.method == "sendMessage" and call.chat_id == phone.id for call in calls)


def command(phone: Phone, number: int) -> dict[str, object]:
    """A command that is not known, written some minutes after the one before."""
    person = {"id": phone.id, "is_bot": False, "first_name": phone.name}
    return {
        "message": {
            "message_id": 5_000 + number,
            "date": 1_760_000_000 + 300 * number,
            "chat": {"id": phone.id, "type": "private", "first_name": phone.name},
            "from": person,
            "text": "/nosuch",
            "entities": [{"type": "bot_command", "offset": 0, "length": 7}],
        }
    }
