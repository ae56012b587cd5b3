"""`python -m bot db move`: the command as an operator runs it, and the bot after it."""

import asyncio
import os
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import inspect

from bot import moving
from bot.app import App
from bot.opening import CannotStart
from bot.playground.server import LoopbackTelegram
from bot.settings import Settings
from storage import migrating
from storage.copying import TABLES
from storage.database import connect
from tests.conftest import Hands, House, Place
from tests.couples import couple, open_answers, set_up
from tests.evenings import shared_evening
from tests.phones import Phone
from tests.postgres import Server
from tests.storage.children import ROOT, output_of
from tests.storage.test_moving import contents, fill

WORDS = "Tea outside."
NOBODY = "postgresql://somebody:hushhush@127.0.0.1:9/nowhere"
WITHIN = 60.0

MOVE = """
import sys
from pathlib import Path
from bot.moving import move_database
from bot.settings import Settings
from bot.wire.points import Points
folder, to, countdown = sys.argv[1:]
points = Points()
points.die_at("moving", int(countdown))
move_database(Settings(_env_file=None, data_dir=Path(folder)), to, point=points.reached)
"""


@pytest.fixture
def target(postgres: Server) -> Iterator[str]:
    """The address of a PostgreSQL without a table."""
    url = postgres.fresh_database(empty=True)
    yield url
    postgres.drop_database(url)


@pytest.fixture
def filled(sqlite_place: Place) -> Place:
    """A place with rows in every table."""
    engine = connect(sqlite_place.database_url)
    fill(engine)
    engine.dispose()
    return sqlite_place


def settings(place: Place, **given: object) -> Settings:
    return Settings(_env_file=None, data_dir=place.folder, **given)  # type: ignore[arg-type]


def rows(url: str) -> dict[str, list[str]]:
    engine = connect(url)
    try:
        return contents(engine)
    finally:
        engine.dispose()


def tables(url: str) -> list[str]:
    engine = connect(url)
    try:
        return inspect(engine).get_table_names()
    finally:
        engine.dispose()


async def spawned(folder: Path, *arguments: str, stdin: int = DEVNULL, **more: str) -> Process:
    """The command in a process of its own, with its settings in its environment."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATA_DIR": str(folder), **more}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "db", "move", *arguments),
        cwd=folder,
        env=environment,
        stdin=stdin,
        stdout=PIPE,
        stderr=STDOUT,
        start_new_session=True,  # without a terminal of its own, it asks where its input comes from
    )


async def command(folder: Path, *arguments: str, **more: str) -> tuple[int, str]:
    """The command's exit code and all that it prints."""
    process = await spawned(folder, *arguments, **more)
    printed, _ = await asyncio.wait_for(process.communicate(), WITHIN)
    assert process.returncode is not None
    return process.returncode, printed.decode()


# -- the bot after it


async def started(apps: list[App], place: Place, telegram: LoopbackTelegram, hands: Hands, **given: object) -> House:
    """A bot that runs in this place."""
    apps.append(App(place.settings(telegram, **given), random=Random(7)))
    await apps[-1].start()
    hands.read = apps[-1].now
    return House(apps[-1], telegram)


async def test_after_the_move_the_two_phones_go_on_where_they_were(
    sqlite_place: Place, telegram: LoopbackTelegram, hands: Hands, apps: list[App], target: str
) -> None:
    house = await started(apps, sqlite_place, telegram, hands)
    ann, ben = house.phone("Ann"), house.phone("Ben")
    await couple(ann, ben, cities=("Berlin", "Berlin"))
    await open_answers(ann, ben)
    await shared_evening(house, ann, ben)
    await ann.say("A walk by the river.")
    now = house.now()
    await apps.pop().stop()
    code, printed = await command(sqlite_place.folder, MOVE_TO=target)
    assert code == 0, printed
    assert "Next: set DATABASE_URL" in printed
    ahead = (now - datetime.now(UTC)).total_seconds()
    house = await started(apps, sqlite_place, telegram, hands, database_url=target, playground_ahead=ahead)
    ann, ben = (Phone(phone.account, settle=house.settle) for phone in (ann, ben))
    await ann.tap("Share")
    await ben.say("The late train home.")
    await ben.tap("Share")
    assert "late train" in ann.last.text
    assert "by the river" in ben.last.text
    await ben.say("/memories")
    assert WORDS in ben.last.text


# -- a bot that is killed while it moves


@pytest.mark.parametrize("moment", [len(TABLES) // 2, len(TABLES) + 1])
def test_killed_anywhere_before_its_end_nothing_is_there_and_it_can_be_started_again(
    filled: Place, target: str, moment: int
) -> None:
    before = rows(filled.database_url)
    with pytest.raises(subprocess.CalledProcessError) as died:
        output_of(MOVE, filled.folder, target, moment)
    assert died.value.returncode == -9
    assert tables(target) == []
    assert rows(filled.database_url) == before
    moving.move_database(settings(filled), target)
    assert rows(target) == before


# -- what the command refuses and says


async def test_it_says_what_to_do_next_and_keeps_the_password_to_itself(filled: Place, postgres: Server) -> None:
    url = postgres.fresh_database(empty=True)
    given = url.replace("postgres:@", "postgres:hushhush@")
    assert given != url
    code, printed = await command(filled.folder, "--to", given)
    assert code == 0, printed
    assert f"{3 * len(TABLES)} rows are in postgresql://postgres:***@" in printed
    assert "The keys stay where they are: " + str(filled.folder / "keys.db") in printed
    assert "hushhush" not in printed
    assert rows(url) == rows(filled.database_url)
    postgres.drop_database(url)


async def test_it_asks_for_an_address_that_nobody_gave_it(filled: Place, target: str) -> None:
    ours, theirs = os.openpty()
    process = await spawned(filled.folder, stdin=theirs)
    assert process.stdout is not None
    await asyncio.wait_for(process.stdout.readuntil(b": "), WITHIN)
    os.write(ours, target.encode() + b"\n")
    printed, _ = await asyncio.wait_for(process.communicate(), WITHIN)
    assert process.returncode == 0, printed
    assert b"postgresql" in printed
    assert rows(target) == rows(filled.database_url)
    os.close(ours)
    os.close(theirs)


async def test_where_nobody_can_type_the_address_is_needed(filled: Place) -> None:
    assert await command(filled.folder) == (
        2,
        "MOVE_TO: is needed, the address of the empty PostgreSQL: postgresql://user:password@host/name.\n",
    )


async def test_while_the_bot_runs_nothing_is_moved(
    sqlite_place: Place, telegram: LoopbackTelegram, hands: Hands, apps: list[App], target: str
) -> None:
    house = await started(apps, sqlite_place, telegram, hands)
    assert await command(sqlite_place.folder, MOVE_TO=target) == (1, "A bot runs on this data; stop it first.\n")
    assert tables(target) == []
    await set_up(house.phone("Ann"))


async def test_a_file_that_another_process_has_open_is_not_moved(filled: Place, target: str) -> None:
    engine = connect(filled.database_url)
    code, printed = await command(filled.folder, MOVE_TO=target)
    engine.dispose()
    assert code == 1
    assert "in use by another process; stop that one first." in printed
    assert tables(target) == []


def refused(place: Place, to: str, **given: object) -> tuple[int, str]:
    """The exit code and the sentence with which a move is refused."""
    with pytest.raises(CannotStart) as refusal:
        moving.move_database(settings(place, **given), to)
    assert str(refusal.value).endswith(".")
    return refusal.value.code, str(refusal.value)


@pytest.mark.parametrize("to", ["sqlite:////tmp/other.db", "mysql://a:hushhush@b/c", "nonsense"])
def test_only_a_postgresql_can_be_moved_into(filled: Place, to: str) -> None:
    code, sentence = refused(filled, to)
    assert (code, sentence.partition(":")[0]) == (2, "MOVE_TO, or --to")
    assert "hushhush" not in sentence


def test_a_postgresql_that_does_not_answer_is_named_without_its_password(filled: Place) -> None:
    code, sentence = refused(filled, NOBODY)
    assert code == 1
    assert sentence.startswith("The database nowhere cannot be opened: ")
    assert "hushhush" not in sentence


def test_a_postgresql_with_rows_is_left_alone(filled: Place, target: str) -> None:
    moving.move_database(settings(filled), target)
    before = rows(target)
    code, sentence = refused(filled, target)
    assert (code, sentence) == (1, "The PostgreSQL is not empty: the table bot_account has rows; nothing was moved.")
    assert rows(target) == before


def test_without_a_file_there_is_nothing_to_move_and_none_is_made(filled: Place) -> None:
    file = filled.folder / "side-by-side.db"
    file.unlink()
    assert refused(filled, NOBODY) == (2, f"DATA_DIR: there is no database {file} that could be moved.")
    assert not file.exists()


def test_a_bot_that_is_on_postgresql_already_moves_no_old_file(filled: Place) -> None:
    code, sentence = refused(filled, NOBODY, database_url=NOBODY)
    assert (code, sentence) == (2, "DATABASE_URL: names a PostgreSQL; a move begins at a SQLite file.")


def test_an_address_of_the_source_that_makes_no_sense_is_named(filled: Place) -> None:
    code, sentence = refused(filled, NOBODY, database_url="mysql://a:hushhush@b/c")
    assert (code, sentence.partition(":")[0]) == (2, "DATABASE_URL")
    assert "hushhush" not in sentence


def test_an_older_schema_is_migrated_first(filled: Place, target: str) -> None:
    engine = connect(filled.database_url)
    with migrating.transaction(engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    engine.dispose()
    code, sentence = refused(filled, target)
    assert code == 1
    assert "older schema (0001)" in sentence
    assert "python -m bot migrate" in sentence
    assert tables(target) == []


def test_a_file_that_is_no_database_is_named(filled: Place, target: str) -> None:
    (filled.folder / "side-by-side.db").write_bytes(b"no database at all, only words" * 100)
    code, sentence = refused(filled, target)
    assert code == 1
    assert "side-by-side.db cannot be opened" in sentence


def test_where_the_keys_are_is_said(filled: Place, target: str) -> None:
    moved = moving.move_database(settings(filled, keys_url="postgresql://a:hushhush@b/keys"), target)
    assert "The keys stay where they are: KEYS_URL." in moved.told
    assert "hushhush" not in moved.told
