"""A backup is every row as it was at one instant, in a file that is there whole or not at all."""

import fcntl
import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from storage import backups, migrating
from storage.backups import NotRestored
from storage.copying import TABLES
from storage.database import connect
from storage.keys import KeyGone, KeyStore
from storage.masters import masters_in
from storage.migrating import SchemaMismatch
from storage.tables import Chat, Lease
from storage.whole_files import NotBackedUp
from tests.storage.kept import NOON, files_may_grow_to
from tests.storage.test_moving import ROWS, contents, fill


@pytest.fixture
def full(engine: Engine) -> Engine:
    """Rows in every table, on either database."""
    fill(engine)
    return engine


@pytest.fixture
def to(tmp_path: Path) -> Path:
    """Where the backup goes: a folder of its own."""
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder / "side-by-side.db"


def rows_in(file: Path) -> dict[str, list[str]]:
    """Every row of a backup."""
    engine = connect(f"sqlite:///{file}")
    try:
        return contents(engine)
    finally:
        engine.dispose()


def test_every_row_is_in_it_as_it_was(full: Engine, to: Path) -> None:
    assert backups.back_up(full, to) == ROWS * len(TABLES)
    assert os.listdir(to.parent) == [to.name]
    assert to.stat().st_mode & 0o777 == 0o600
    assert rows_in(to) == contents(full)


def test_it_takes_the_place_of_a_former_one(full: Engine, to: Path) -> None:
    backups.back_up(full, to)
    (to.parent / f"{to.name}-wal").write_bytes(b"of a process that looked into it and was killed")
    (to.parent / f"{to.name}.part").write_bytes(b"of a process that was killed on the way")
    with full.begin() as connection:
        connection.execute(text("UPDATE person SET zone = 'Europe/Paris'"))
    backups.back_up(full, to)
    assert os.listdir(to.parent) == [to.name]
    assert rows_in(to) == contents(full)


def test_while_others_write_it_is_of_one_instant(engine: Engine, to: Path) -> None:
    """Two rows that always come together are both in it, or neither."""
    enough = Event()

    def write() -> None:
        while not enough.is_set():
            with Session(engine) as session:
                session.add(Chat(lookup=uuid4().bytes, address_sealed=b"x"))
                session.add(Lease(name=uuid4().hex, holder="x", until=NOON))
                session.commit()

    writer = Thread(target=write)
    writer.start()
    try:
        counts = [backups.back_up(engine, to) for _ in range(3)]
        found = rows_in(to)
    finally:
        enough.set()
        writer.join()
    assert counts == sorted(counts)
    assert counts[-1] > 0
    assert len(found["chat"]) == len(found["lease"]) == counts[-1] // 2


def test_the_database_itself_is_not_written_over(sqlite_engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(NotBackedUp, match="is the file itself"):
        backups.back_up(sqlite_engine, tmp_path / "rows.db")


def a_folder(to: Path) -> None:
    to.mkdir()


def another_file(to: Path) -> None:
    to.write_text("my notes")


def no_folder(to: Path) -> None:
    to.parent.rmdir()


@pytest.mark.parametrize(
    ("stands_there", "sentence"),
    [
        (a_folder, "is a folder; name a file in it."),
        (another_file, "is no backup and stays as it is; name another file."),
        (no_folder, r"No backup was written to .*: no such file or directory\."),
    ],
)
def test_what_is_no_backup_stays_as_it_is(
    full: Engine, to: Path, stands_there: Callable[[Path], None], sentence: str
) -> None:
    stands_there(to)
    with pytest.raises(NotBackedUp, match=sentence):
        backups.back_up(full, to)
    assert [path.name for path in to.parent.glob("*")] == ([] if stands_there is no_folder else [to.name])


def test_a_full_disk_leaves_the_former_one(full: Engine, to: Path) -> None:
    backups.back_up(full, to)
    former = to.read_bytes()
    with (
        files_may_grow_to(100_000),
        pytest.raises(NotBackedUp, match=rf"^No backup was written to {re.escape(str(to))}: .*\.$"),
    ):
        backups.back_up(full, to)
    assert to.read_bytes() == former
    assert os.listdir(to.parent) == [to.name]


def test_a_file_that_was_damaged_on_the_way_does_not_take_its_place(full: Engine, to: Path) -> None:
    backups.back_up(full, to)
    former = to.read_bytes()

    def spoil(_: str) -> None:
        part = to.with_name(f"{to.name}.part")
        content = bytearray(part.read_bytes())
        content[20_000:24_000] = bytes(4_000)
        part.write_bytes(content)

    with pytest.raises(NotBackedUp, match=r"no backup was written\.$|No backup was written to"):
        backups.back_up(full, to, point=spoil)
    assert to.read_bytes() == former


def test_two_at_once_do_not_write_one_file(full: Engine, to: Path) -> None:
    folder = os.open(to.parent, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        with pytest.raises(NotBackedUp, match="Another backup is being written into"):
            backups.back_up(full, to)
    finally:
        os.close(folder)
    assert os.listdir(to.parent) == []


def test_another_schema_is_not_backed_up(full: Engine, to: Path) -> None:
    with full.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaMismatch, match="newer schema"):
        backups.back_up(full, to)
    assert os.listdir(to.parent) == []


# -- restoring


@pytest.fixture
def backup(full: Engine, to: Path) -> Path:
    """A backup of a full database."""
    backups.back_up(full, to)
    return to


def test_what_is_restored_is_every_row_as_it_was(full: Engine, backup: Path, tmp_path: Path) -> None:
    place, before = tmp_path / "restored.db", backup.read_bytes()
    assert backups.restore_file(backup, place) == ROWS * len(TABLES)
    assert rows_in(place) == contents(full)
    assert backup.read_bytes() == before
    assert place.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("end", ["", "-wal"])
def test_a_database_that_is_there_is_left_alone(backup: Path, tmp_path: Path, end: str) -> None:
    there = tmp_path / f"restored.db{end}"
    there.write_bytes(b"rows")
    with pytest.raises(NotRestored, match="already: move it away first"):
        backups.restore_file(backup, tmp_path / "restored.db")
    assert there.read_bytes() == b"rows"


def test_an_older_backup_gets_the_schema_of_today(tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    engine = connect(f"sqlite:///{old}")
    with migrating.transaction(engine) as connection:
        migrating.run_migrations(connection, lambda scripts, revision: scripts._upgrade_revs("0001", revision))
    engine.dispose()
    assert backups.restore_file(old, tmp_path / "restored.db") == 0
    restored = connect(f"sqlite:///{tmp_path / 'restored.db'}")
    migrating.check_schema(restored)
    restored.dispose()


def test_a_backup_of_a_newer_program_is_not_restored(backup: Path, tmp_path: Path) -> None:
    with sqlite3.connect(backup) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(SchemaMismatch, match="newer schema"):
        backups.restore_file(backup, tmp_path / "restored.db")
    assert not list(tmp_path.glob("restored.db*"))


def test_a_damaged_backup_is_not_restored(backup: Path, tmp_path: Path) -> None:
    content = bytearray(backup.read_bytes())
    content[20_000:24_000] = bytes(4_000)
    backup.write_bytes(content)
    with pytest.raises(NotRestored, match=r"(is damaged; nothing was restored|cannot be restored: .*)\.$"):
        backups.restore_file(backup, tmp_path / "restored.db")
    assert not list(tmp_path.glob("restored.db*"))


@pytest.mark.parametrize("content", [None, b"", b"my notes", "a table"])
def test_what_is_no_backup_is_named(tmp_path: Path, content: bytes | str | None) -> None:
    file = tmp_path / "other.db"
    if content == "a table":
        with sqlite3.connect(file) as connection:
            connection.execute("CREATE TABLE other (id)")
        connection.close()
    elif isinstance(content, bytes):
        file.write_bytes(content)
    with pytest.raises(NotRestored, match="is no backup of this bot; nothing was restored"):
        backups.restore_file(file, tmp_path / "restored.db")


# -- the key store


def test_a_copy_of_the_key_store_opens_what_the_store_opens(keys: KeyStore, tmp_path: Path, to: Path) -> None:
    kept, gone = uuid4(), uuid4()
    key = keys.create(kept)
    keys.create(gone)
    keys.back_up(to)
    keys.erase(gone)
    keys.back_up(to)
    assert os.listdir(to.parent) == [to.name]
    copy = KeyStore(f"sqlite:///{to}", masters_in(tmp_path))
    assert copy.data_key(kept) == key
    assert copy.erased() == [(gone, False)]
    with pytest.raises(KeyGone):
        copy.data_key(gone)
    copy.close()


def test_an_older_copy_does_not_bring_an_erased_key_back(keys: KeyStore, tmp_path: Path, to: Path) -> None:
    """The backup beside the store knows better, as long as it is there."""
    owner = uuid4()
    keys.create(owner)
    keys.back_up(to)
    keys.erase(owner)
    keys.close()
    for path in tmp_path.glob("keys.db*"):
        path.unlink()
    shutil.copy(to, tmp_path / "keys.db")
    again = KeyStore(f"sqlite:///{tmp_path / 'keys.db'}", masters_in(tmp_path))
    with pytest.raises(KeyGone):
        again.data_key(owner)
    again.close()


def test_the_key_store_itself_is_not_written_over(keys: KeyStore, tmp_path: Path) -> None:
    with pytest.raises(NotBackedUp, match="is the file itself"):
        keys.back_up(tmp_path / "keys.db")


def test_keys_in_a_postgresql_are_left_to_its_own_tools(postgres_url: str, tmp_path: Path, to: Path) -> None:
    keys = KeyStore(postgres_url, masters_in(tmp_path))
    with pytest.raises(NotBackedUp, match="back that up with its own tools"):
        keys.back_up(to)
    keys.close()
    assert os.listdir(to.parent) == []
