"""How the bot reaches its database."""

import os
import threading
from pathlib import Path
from random import Random
from time import sleep
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from storage.database import BadDatabaseUrl, connect, empty_log, is_sqlite, parsed
from storage.failures import DatabaseAway, DatabaseInUse
from storage.tables import Lease
from tests.storage.children import child, line, output_of
from tests.storage.kept import NOON, SOON, kept

HOLD = """
import sys
from storage.database import connect
engine = connect(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""

KEEP = """
import sys
from pathlib import Path
from storage.database import connect
from storage.keys import KeyStore
from storage.masters import masters_in
from storage.units import Units
from tests.storage.kept import keep
url, folder, number = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
units = Units(connect(url), keys=KeyStore(f"sqlite:///{folder / 'keys.db'}", masters_in(folder)))
futures = []
while True:
    futures.append(units.submit(keep(number)))
    number += 1
    if len(futures) > 50:
        print(futures.pop(0).result(), flush=True)
"""


@pytest.mark.parametrize(
    "url",
    [
        "",
        "side-by-side",
        "mysql://bot:secret@localhost/bot",
        "postgresql+asyncpg://bot:secret@localhost/bot",
        "sqlite+aiosqlite:///bot.db",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite://secret/bot.db",
        "sqlite:///bot.db?timeout=secret",
        "postgresql://bot:secret@localhost:port/bot",
    ],
)
def test_an_address_that_makes_no_sense_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(BadDatabaseUrl, match=r"^The database address is not understood: .*\.$") as refusal:
        connect(url)
    assert "secret" not in str(refusal.value)
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_is_understood(scheme: str) -> None:
    assert parsed(f" {scheme}://bot:secret@db/bot\n").drivername == "postgresql+psycopg"


def test_each_database_knows_what_it_is(engine: Engine, database_url: str) -> None:
    assert is_sqlite(engine) == database_url.startswith("sqlite")


def pragma(engine: Engine, name: str) -> object:
    with engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_sqlite_is_durable_exclusive_and_forgets_what_is_deleted(sqlite_engine: Engine) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "locking_mode", "secure_delete")
    assert [pragma(sqlite_engine, name) for name in names] == ["wal", 2, 1, "exclusive", 1]


def test_only_the_owner_can_read_what_is_created(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        engine = connect(f"sqlite:///{tmp_path / 'data' / 'rows.db'}")
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE x (y)"))
        modes = {file.name: oct(file.stat().st_mode & 0o777) for file in (tmp_path / "data").iterdir()}
        assert modes == {"rows.db": "0o600", "rows.db-wal": "0o600"}
        assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
        engine.dispose()
    finally:
        os.umask(before)


def test_a_second_process_is_told_in_one_sentence(sqlite_url: str, tmp_path: Path) -> None:
    with child(HOLD, sqlite_url) as process:
        assert line(process) == "open"
        with pytest.raises(DatabaseInUse, match=r"^The database .*rows\.db is in use by another process;[^.]*\.$"):
            connect(sqlite_url)


def test_after_the_first_process_was_killed_the_file_opens_again(sqlite_url: str) -> None:
    with child(HOLD, sqlite_url) as process:
        assert line(process) == "open"
    engine = connect(sqlite_url)
    assert kept(engine) == []
    engine.dispose()


def test_what_was_reported_before_a_kill_is_there_after_it(database_url: str, tmp_path: Path) -> None:
    random, reported = Random(database_url), []
    for start in (0, 100_000, 200_000):
        with child(KEEP, database_url, tmp_path, start) as process:
            reported += [int(line(process)) for _ in range(random.randrange(1, 300))]
        engine = connect(database_url)
        assert set(reported) <= set(kept(engine))
        engine.dispose()


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "rows.db").write_text("Dear diary, " * 500)
    with pytest.raises(DatabaseAway, match=r"rows\.db cannot be opened: file is not a database\.$"):
        connect(f"sqlite:///{tmp_path / 'rows.db'}")


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "rows.db").mkdir()
    with pytest.raises(DatabaseAway, match=r"rows\.db cannot be opened"):
        connect(f"sqlite:///{tmp_path / 'rows.db'}")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(DatabaseAway, match=r"^The database .*rows\.db cannot be opened: [\w ]+\.$"):
        connect(f"sqlite:///{tmp_path / 'data' / 'rows.db'}")


def test_a_server_that_does_not_answer_is_named_without_the_password() -> None:
    with pytest.raises(DatabaseAway, match=r"^The database rows cannot be opened: .*[^.]\.$") as failure:
        connect("postgresql://bot:secret@127.0.0.1:1/rows")
    assert "secret" not in str(failure.value)
    assert "\n" not in str(failure.value)


def test_a_log_that_cannot_be_written_is_no_second_process(tmp_path: Path) -> None:
    (tmp_path / "rows.db-wal").mkdir()
    with pytest.raises(DatabaseAway, match=r"rows\.db cannot be opened") as failure:
        connect(f"sqlite:///{tmp_path / 'rows.db'}")
    assert not isinstance(failure.value, DatabaseInUse)


def test_whoever_asks_while_the_connection_is_in_use_waits(sqlite_engine: Engine) -> None:
    seen: list[list[int]] = []
    reader = threading.Thread(target=lambda: seen.append(kept(sqlite_engine)))
    with sqlite_engine.begin() as connection:
        reader.start()
        sleep(0.05)
        assert seen == []
        connection.execute(text("INSERT INTO processed_update VALUES (1, '2030-01-01 12:00:00')"))
    reader.join(SOON)
    assert seen == [[1]]


def test_what_is_deleted_is_in_no_file_once_the_log_is_empty(sqlite_engine: Engine, tmp_path: Path) -> None:
    planted = [f"planted-{number:04}-words" for number in range(300)]
    with Session(sqlite_engine) as session:
        session.add_all(Lease(name=word, holder="x", until=NOON) for word in planted)
        session.commit()
    with Session(sqlite_engine) as session:
        session.execute(text("DELETE FROM lease WHERE name < 'planted-0290'"))
        session.commit()
    empty_log(sqlite_engine)
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert [word for word in planted if word.encode() in content] == planted[290:]


def test_postgresql_needs_no_emptying(postgres_engine: Engine) -> None:
    empty_log(postgres_engine)
    assert kept(postgres_engine) == []


def setting(engine: Engine, name: str) -> Any:
    with engine.connect() as connection:
        return connection.execute(text(f"SELECT current_setting('{name}')")).scalar_one()


def test_connections_to_postgresql_say_who_they_are_and_speak_utc(postgres_engine: Engine) -> None:
    assert setting(postgres_engine, "application_name") == "side-by-side"
    assert setting(postgres_engine, "TimeZone") == "UTC"


def test_what_the_address_says_about_a_connection_is_kept(postgres_url: str) -> None:
    engine = connect(f"{postgres_url}&application_name=mine&options=-c%20work_mem%3D5MB")
    assert setting(engine, "application_name") == "mine"
    assert setting(engine, "work_mem") == "5MB"
    assert setting(engine, "TimeZone") == "UTC"
    engine.dispose()


def test_the_values_of_a_failed_statement_are_not_in_its_message(engine: Engine) -> None:
    with pytest.raises(Exception, match="nowhere") as failure, Session(engine) as session:
        session.execute(text("INSERT INTO nowhere VALUES (:words)"), {"words": "secret"})
    assert "secret" not in str(failure.value)


def test_a_bot_on_sqlite_never_loads_the_driver_of_postgresql_nor_alembic(sqlite_url: str) -> None:
    program = """
import sys
from storage.database import connect
from storage import migrating, units
engine = connect(sys.argv[1])
migrating.migrate(engine)
migrating.check_schema(engine)
print([name for name in ("psycopg", "alembic", "mako") if name in sys.modules])
"""
    assert output_of(program, sqlite_url) == "[]\n"
