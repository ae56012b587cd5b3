"""G17: one person cannot starve the others."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

from handlers.flood import MOST, REMEMBERED, WITHIN, Flood, Verdict
from tests.conftest import House
from tests.couples import set_up
from tests.phones import Phone

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
TOO_MUCH = 400
LONGEST = 60.0  # seconds until others are answered, on a machine with other work


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


async def test_others_are_answered_while_somebody_floods(house: House, ann: Phone, ben: Phone) -> None:
    await set_up(ann)
    await set_up(ben)
    await house.pass_time(minutes=2)
    for number in range(TOO_MUCH):
        ann.account.write(f"Flood {number}")
    for _ in range(5):
        before, begun = len(ben.from_bot), time.monotonic()
        ben.account.write("/help")
        while len(ben.from_bot) == before:
            assert time.monotonic() - begun < LONGEST
            await asyncio.sleep(0.01)
    await house.settle()
    assert ann.times_shown("That was a lot in a short time") == 1
    await house.pass_time(minutes=2)
    await ann.say("/help")
    assert "/settings" in ann.last.text
    await ann.block()
    await ann.unblock()
