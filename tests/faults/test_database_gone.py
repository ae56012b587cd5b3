"""PostgreSQL goes and comes back while people write: all is applied once, and everybody is answered."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from bot.app import App
from bot.playground.server import LoopbackTelegram
from storage.database import connect
from storage.tables import Delivery, ProcessedUpdate
from tests.conftest import Hands, House, Place
from tests.couples import couple, set_up
from tests.faults.conftest import StartBot
from tests.phones import Phone
from tests.postgres import Server, postgres_server
from tests.waiting import Heard, until

UNKNOWN = "I don't know that command."
PEOPLE = 4
ROUNDS = 6  # of messages from everybody; less than what the bot takes for a flood


@pytest.fixture
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A PostgreSQL that no other test uses."""
    server = postgres_server(tmp_path_factory.mktemp("outage"))
    yield server
    server.stop()


def place_on(server: Server, folder: Path) -> Place:
    folder.chmod(0o700)
    return Place("postgresql", folder, server.fresh_database(), f"sqlite:///{folder / 'keys.db'}")


async def writing(phones: list[Phone], rounds: int) -> None:
    """Everybody writes again and again, without waiting for an answer."""
    for _ in range(rounds):
        for phone in phones:
            phone.account.write("/nosuch")
        await asyncio.sleep(0.02)


def updates_of(engine: Engine) -> int:
    with Session(engine) as session:
        return len(session.exec(select(ProcessedUpdate)).all())


async def test_a_server_that_goes_and_comes_back_under_load_costs_nothing_but_time(
    start_bot: StartBot, own_server: Server, tmp_path: Path, heard: Heard
) -> None:
    place = place_on(own_server, tmp_path)
    house = await start_bot(place)
    phones = [house.phone(f"Person {number}") for number in range(PEOPLE)]
    for phone in phones:
        await set_up(phone)
    load = asyncio.create_task(writing(phones, ROUNDS))
    await until(lambda: phones[0].shows(UNKNOWN))
    await asyncio.to_thread(own_server.halt)
    await load
    phones[-1].account.write("/nosuch")
    await heard.hears("database_away")
    assert house.telegram.pending, "what is not kept was acknowledged"
    await asyncio.to_thread(own_server.resume)
    await until(lambda: not house.telegram.pending)
    await house.pass_time(seconds=30)  # a claim whose commit nobody knows of ends by itself
    wanted = [ROUNDS] * (PEOPLE - 1) + [ROUNDS + 1]
    assert [phone.times_shown(UNKNOWN) for phone in phones] == wanted
    await phones[0].say("Tea in the morning.")
    assert phones[0].shows("Tea in the morning.")
    engine = connect(place.database_url)
    with Session(engine) as session:
        states = Counter(session.exec(select(Delivery.state).where(col(Delivery.card) == "common.unknown_command")))
    engine.dispose()
    assert states == {"sent": sum(wanted)}


async def test_a_server_that_goes_while_the_bot_starts_is_waited_for(
    telegram: LoopbackTelegram, hands: Hands, own_server: Server, tmp_path: Path, heard: Heard
) -> None:
    app = App(place_on(own_server, tmp_path).settings(telegram), random=Random(7))
    hands.read = app.now
    await asyncio.to_thread(own_server.halt)
    starting = asyncio.create_task(app.start())
    await heard.hears("database_away")
    assert not starting.done()
    await asyncio.to_thread(own_server.resume)
    await asyncio.wait_for(starting, 60)
    house = House(app, telegram)
    ann = house.phone("Ann")
    await ann.start()
    assert "Side by Side" in ann.everything()
    await app.stop()


async def test_the_bot_is_asked_to_stop_while_its_database_is_gone(
    start_bot: StartBot, own_server: Server, tmp_path: Path, heard: Heard
) -> None:
    place = place_on(own_server, tmp_path)
    house = await start_bot(place)
    ann = house.phone("Ann")
    await ann.start()
    await asyncio.to_thread(own_server.halt)
    ann.account.write("/nosuch")
    await heard.hears("database_away")
    await house.app.stop()
    assert not any(part._log_traceback for part in house.app._tasks), "a stop is no failure, and not logged as one"
    await asyncio.to_thread(own_server.resume)
    house = await start_bot(place)
    await house.settle()
    assert ann.times_shown(UNKNOWN) == 1


async def test_a_key_store_that_goes_and_comes_back_costs_nothing_but_time(
    start_bot: StartBot, sqlite_place: Place, own_server: Server, heard: Heard
) -> None:
    sqlite_place.keys_url = own_server.fresh_database(empty=True)
    house = await start_bot(sqlite_place)
    ann, ben = house.phone("Ann"), house.phone("Ben")
    await couple(ann, ben)
    await ann.say("Tea outside.")
    await ann.tap("Share")
    house.app.keys._cache.clear()  # as after a minute
    await asyncio.to_thread(own_server.halt)
    ben.account.write("The first coffee.")
    carl = house.phone("Carl")
    carl.account.start()
    await heard.hears("database_away")
    await asyncio.to_thread(own_server.resume)
    await until(lambda: not house.telegram.pending)
    await house.settle()
    assert ben.times_shown("The first coffee.") == 1
    assert carl.times_shown("want to be close") == 1
    await ben.tap("Share")
    assert "The first coffee." in ann.last.text
    assert "Tea outside." in ben.last.text
    assert heard.times("card_broke") + heard.times("part_broke") + heard.times("parked") == 0


async def test_a_table_that_somebody_holds_locked_delays_and_loses_nothing(
    start_bot: StartBot, postgres: Server, tmp_path: Path
) -> None:
    place = place_on(postgres, tmp_path)
    house = await start_bot(place)
    ann, ben = house.phone("Ann"), house.phone("Ben")
    await set_up(ann)
    await set_up(ben)
    engine = connect(place.database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("LOCK TABLE processed_update IN ACCESS EXCLUSIVE MODE")
        for phone in (ann, ben):
            phone.account.write("/nosuch")
        await asyncio.to_thread(wait_for_waiters, engine, 2)
        assert not ann.shows(UNKNOWN)
    await house.settle()
    assert ann.times_shown(UNKNOWN) == ben.times_shown(UNKNOWN) == 1
    engine.dispose()
    postgres.drop_database(place.database_url)


def wait_for_waiters(engine: Engine, count: int) -> None:
    """Until so many statements wait for a lock."""
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'processed_update'::regclass"
    for _ in range(3000):
        with engine.connect() as connection:
            if connection.exec_driver_sql(waiting).scalar_one() >= count:
                return
    raise AssertionError("nobody waits for the table")
