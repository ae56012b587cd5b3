"""Updates in by webhook: from Telegram alone, read whatever it is, applied once, acknowledged after the commit."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event
from typing import Any

import psycopg
import pytest
from aiohttp import ClientSession
from psycopg.sql import SQL, Identifier
from sqlmodel import Session

from bot.playground.server import LoopbackTelegram
from bot.wire.intake import ALLOWED
from bot.wire.webhook import Webhook
from tests.conftest import Hands, House, Place
from tests.couples import couple, open_answers, set_up
from tests.hooked import SECRET, Hook, in_unit, message, parked, post, processed, running, until
from tests.phones import Phone

UNKNOWN = "I don't know that command."
LONG = "Nothing of this may be lost. " * 50  # two of them fill a page of the file
PEOPLE = 6


@pytest.fixture
async def house(place: Place, telegram: LoopbackTelegram, hands: Hands, hook: Hook) -> AsyncIterator[House]:
    """The bot behind a webhook, on both databases."""
    async with running(place, telegram, **hook.settings) as house:
        hands.read = house.app.now
        yield house


# -- people


async def test_two_people_live_over_a_webhook(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    await open_answers(ann, ben)
    assert "The first coffee." in ann.last.text
    assert "Tea outside." in ben.last.text
    assert not house.telegram.state.updates.webhook_error
    assert await in_unit(house, parked) == []


async def test_it_registers_itself_with_what_it_reads(hooked: House, hook: Hook) -> None:
    await hooked.telegram.state.updates.polled(0)
    (call,) = hooked.telegram.calls.of("setWebhook")
    assert call.parameters == {
        "url": hook.address,
        "secret_token": SECRET,
        "allowed_updates": json.dumps(ALLOWED),
        "max_connections": "100",
        "drop_pending_updates": "false",
    }
    assert hooked.telegram.state.updates.allowed == frozenset(ALLOWED)


# -- what comes twice, in disorder, at a bad moment


async def test_what_is_sent_again_is_applied_once(house: House, hook: Hook, session: ClientSession, ann: Phone) -> None:
    await ann.start()
    update = message(900_000_000, ann, "/nosuch")
    statuses = await asyncio.gather(*(post(session, hook, update) for _ in range(5)))
    assert statuses == [200] * 5
    await house.settle()
    assert ann.times_shown(UNKNOWN) == 1


async def test_a_chat_is_served_in_the_order_of_the_numbers(hooked: House, hook: Hook, session: ClientSession) -> None:
    ann = hooked.phone("Ann")
    await set_up(ann)
    receiver = hooked.app.receiver
    assert isinstance(receiver, Webhook)
    released = Event()
    busy = asyncio.ensure_future(in_unit(hooked, lambda _: released.wait(60)))
    posts = []
    for count, number in enumerate((900_000_000, 900_000_003, 900_000_001, 900_000_002), start=1):
        update = message(number, ann, f"/time 20:0{number % 10}")
        posts.append(asyncio.ensure_future(post(session, hook, update)))
        await until(lambda count=count: receiver._at_work == count)  # type: ignore[misc]
    released.set()
    await busy
    assert await asyncio.gather(*posts) == [200] * 4
    await hooked.settle()
    assert ann.last.text.startswith("Your question comes at 20:03")


@asynccontextmanager
async def no_database(house: House, place: Place) -> AsyncIterator[None]:
    """The database is away for as long as the block lasts: its disk is full, or its server takes nobody in."""
    away, back = (_fill_disk, _empty_disk) if place.kind == "sqlite" else (_lock_out, _let_in)
    await away(house, place)
    try:
        yield
    finally:
        await back(house, place)


async def _fill_disk(house: House, _: Place) -> None:
    await _give_pages(house, 2)


async def _empty_disk(house: House, _: Place) -> None:
    await _give_pages(house, None)


async def _give_pages(house: House, more: int | None) -> None:
    def limit(session: Session) -> None:
        connection = session.connection()
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={1 << 30 if more is None else pages + more}")

    await in_unit(house, limit)


async def _lock_out(_: House, place: Place) -> None:
    name = place.database_url.partition("?")[0].rpartition("/")[2]
    _as_admin(place, SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false").format(Identifier(name)))
    _as_admin(place, SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}").format(name))


async def _let_in(_: House, place: Place) -> None:
    name = place.database_url.partition("?")[0].rpartition("/")[2]
    _as_admin(place, SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS true").format(Identifier(name)))


def _as_admin(place: Place, statement: Any) -> None:
    path, mark, query = place.database_url.partition("?")
    with psycopg.connect(path.rpartition("/")[0] + "/postgres" + mark + query, autocommit=True) as connection:
        connection.execute(statement)


async def test_while_the_database_is_away_telegram_is_told_to_come_again(house: House, place: Place) -> None:
    phones = [house.phone(f"Person {number}") for number in range(PEOPLE)]
    for phone in phones:
        await set_up(phone)
    async with no_database(house, place):
        for phone in phones:
            phone.account.write(f"{phone.name}: {LONG}")
        waiting = house.telegram.state.updates
        await until(lambda: bool(waiting.webhook_error) or not waiting.pending)
        assert waiting.pending, "what is not kept was acknowledged"
        assert waiting.webhook_error["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"
    await house.settle()
    assert [phone.times_shown(f"{phone.name}: Nothing") for phone in phones] == [1] * PEOPLE
    assert await in_unit(house, parked) == []


async def test_what_was_at_work_when_the_bot_stops_is_answered_and_nothing_else(
    sqlite_place: Place, telegram: LoopbackTelegram, hook: Hook, session: ClientSession
) -> None:
    async with running(sqlite_place, telegram, **hook.settings) as house:
        ann = house.phone("Ann")
        await ann.start()
        receiver = house.app.receiver
        assert isinstance(receiver, Webhook)
        released = Event()
        busy = asyncio.ensure_future(in_unit(house, lambda _: released.wait(60)))
        early = asyncio.ensure_future(post(session, hook, message(900_000_000, ann, "/nosuch")))
        await until(lambda: receiver._at_work == 1)
        receiver._ending.set()
        assert await post(session, hook, message(900_000_001, ann, "/nosuch")) == 503
        released.set()
        await busy
        assert await early == 200
    async with running(sqlite_place, telegram) as house:
        kept = await in_unit(house, processed)
        assert 900_000_000 in kept
        assert 900_000_001 not in kept
