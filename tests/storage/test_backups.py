"""A backup is every row as it was at one instant, in a file that is there whole or not at all."""

import fcntl
import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from storage import backups, migrating, sealing, wrapped_keys
from storage.backups import NotRestored
from storage.copying import TABLES
from storage.database import connect, is_sqlite
from storage.keys import KeyGone, KeyStore
from storage.masters import masters_in
from storage.migrating import SchemaMismatch
from storage.tables import Chat, Lease
from storage.whole_files import NotBackedUp, remove, write_copy
from tests.postgres import Server
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


def back_up(engine: Engine, to: Path, **more: Any) -> int:
    """A backup, as the command makes it; gives how many rows it has."""
    if not is_sqlite(engine):
        return backups.back_up_rows(engine, to, but=(), **more)
    copy = write_copy(engine)
    try:
        return backups.back_up_copy(copy, to, but=(Path(str(engine.url.database)),), **more)
    finally:
        remove(copy)


def rows_in(file: Path) -> dict[str, list[str]]:
    """Every row of a backup."""
    engine = connect(f"sqlite:///{file}")
    try:
        return contents(engine)
    finally:
        engine.dispose()


def test_every_row_is_in_it_as_it_was(full: Engine, to: Path) -> None:
    assert back_up(full, to) == ROWS * len(TABLES)
    assert os.listdir(to.parent) == [to.name]
    assert to.stat().st_mode & 0o777 == 0o600
    assert rows_in(to) == contents(full)


def test_it_takes_the_place_of_a_former_one(full: Engine, to: Path) -> None:
    back_up(full, to)
    (to.parent / f"{to.name}-wal").write_bytes(b"of a process that looked into it and was killed")
    (to.parent / f"{to.name}.part").write_bytes(b"of a process that was killed on the way")
    with full.begin() as connection:
        connection.execute(text("UPDATE person SET zone = 'Europe/Paris'"))
    back_up(full, to)
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
        counts = [back_up(engine, to) for _ in range(3)]
        found = rows_in(to)
    finally:
        enough.set()
        writer.join()
    assert counts == sorted(counts)
    assert counts[-1] > 0
    assert len(found["chat"]) == len(found["lease"]) == counts[-1] // 2


def test_what_the_bot_works_with_is_not_written_over(sqlite_engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(NotBackedUp, match="is a file that the bot works with"):
        back_up(sqlite_engine, tmp_path / "rows.db")


def test_a_backup_of_other_people_is_not_replaced(full: Engine, to: Path, migrated: Path, tmp_path: Path) -> None:
    """As when the disk with the database is not there, and the bot began anew."""
    back_up(full, to)
    former = to.read_bytes()
    shutil.copy(migrated, tmp_path / "new.db")
    new = connect(f"sqlite:///{tmp_path / 'new.db'}")
    for _ in range(2):
        with pytest.raises(NotBackedUp, match=r"^Nobody who is in .* is here; it stays as it is\."):
            back_up(new, to)
        assert to.read_bytes() == former
        with Session(new) as session:
            session.add(Chat(lookup=uuid4().bytes, address_sealed=b"x"))
            session.commit()
    new.dispose()


@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_a_former_backup_that_has_two_names_is_not_lost(
    full: Engine, to: Path, link: Callable[[Path, Path], None]
) -> None:
    """As those have who keep many backups."""
    back_up(full, to)
    former = to.read_bytes()
    monday = to.with_name("monday.db")
    if link is os.link:
        os.link(to, monday)
    else:
        to.rename(monday)
        to.symlink_to(monday)
    with full.begin() as connection:
        connection.execute(text("UPDATE person SET zone = 'Europe/Paris'"))
    back_up(full, to)
    assert rows_in(to) == contents(full)
    assert to.is_symlink() == (link is os.symlink)
    assert (monday.read_bytes() == former) == (link is os.link)


def a_folder(to: Path) -> None:
    to.mkdir()


def another_file(to: Path) -> None:
    to.write_text("my notes")


def a_key_store(to: Path) -> None:
    with sqlite3.connect(to) as connection:
        connection.execute("CREATE TABLE data_key (owner)")
    connection.close()


def a_device(to: Path) -> None:
    to.symlink_to("/dev/null")


def no_folder(to: Path) -> None:
    to.parent.rmdir()


@pytest.mark.parametrize(
    ("stands_there", "sentence"),
    [
        (a_folder, "is a folder; name a file in it."),
        (another_file, "is no such backup and stays as it is; name another file."),
        (a_key_store, "is no such backup and stays as it is; name another file."),
        (a_device, "is no such backup and stays as it is; name another file."),
        (no_folder, r"No backup was written to .*: no such file or directory: .*\."),
    ],
)
def test_what_is_no_backup_stays_as_it_is(
    full: Engine, to: Path, stands_there: Callable[[Path], None], sentence: str
) -> None:
    stands_there(to)
    with pytest.raises(NotBackedUp, match=sentence):
        back_up(full, to)
    assert [path.name for path in to.parent.glob("*")] == ([] if stands_there is no_folder else [to.name])


def test_a_full_disk_leaves_the_former_one(full: Engine, to: Path) -> None:
    back_up(full, to)
    former = to.read_bytes()
    says = rf"^(No backup was written to {re.escape(str(to))}|.*/rows\.db could not be copied): .*\.$"
    with files_may_grow_to(100_000), pytest.raises(NotBackedUp, match=says):
        back_up(full, to)
    assert to.read_bytes() == former
    assert os.listdir(to.parent) == [to.name]


def test_a_file_that_was_damaged_on_the_way_does_not_take_its_place(full: Engine, to: Path) -> None:
    back_up(full, to)
    former = to.read_bytes()

    def spoil(_: str) -> None:
        part = to.with_name(f"{to.name}.part")
        content = bytearray(part.read_bytes())
        content[20_000:24_000] = bytes(4_000)
        part.write_bytes(content)

    with pytest.raises(NotBackedUp, match=r"no backup was written\.$|No backup was written to"):
        back_up(full, to, point=spoil)
    assert to.read_bytes() == former


def test_two_at_once_do_not_write_one_file(full: Engine, to: Path) -> None:
    folder = os.open(to.parent, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        with pytest.raises(NotBackedUp, match="Another backup is being written into"):
            back_up(full, to)
    finally:
        os.close(folder)
    assert os.listdir(to.parent) == []


def test_a_postgresql_of_another_version_is_not_backed_up(postgres_engine: Engine, to: Path) -> None:
    with postgres_engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaMismatch, match="newer schema"):
        back_up(postgres_engine, to)
    assert os.listdir(to.parent) == []


def test_a_file_can_be_backed_up_before_a_new_version_migrates_it(tmp_path: Path, to: Path) -> None:
    engine = older(tmp_path / "rows.db")
    assert back_up(engine, to) == 0
    engine.dispose()
    assert to.exists()


def test_no_table_is_migrated_while_it_is_read(postgres_engine: Engine, to: Path) -> None:
    """To an older snapshot, a table that was rebuilt looks empty."""
    fill(postgres_engine)
    refused: list[str] = []

    def rebuild(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM person" in statement and not refused:
            with connect(str(postgres_engine.url)).connect() as other:
                other.execute(text("SET lock_timeout = '50ms'"))
                with pytest.raises(OperationalError, match="lock timeout") as failure:
                    other.execute(text("ALTER TABLE person ALTER COLUMN zone TYPE text"))
            refused.append(str(failure.value))

    event.listen(postgres_engine, "before_cursor_execute", rebuild)
    assert back_up(postgres_engine, to) == ROWS * len(TABLES)
    assert len(refused) == 1


def older(file: Path) -> Engine:
    """A database as the first version made it."""
    engine = connect(f"sqlite:///{file}")
    with migrating.transaction(engine) as connection:
        migrating.run_migrations(connection, lambda scripts, revision: scripts._upgrade_revs("0001", revision))
    return engine


# -- restoring


@pytest.fixture
def known(full: Engine, keys: KeyStore) -> Engine:
    """The same, with chats that these keys open."""
    with Session(full, info={"keys": keys}) as session:
        for number, chat in enumerate(session.exec(select(Chat)).all(), 1):
            chat.lookup = keys.lookup(number)
            sealing.seal(session, chat, "address_sealed", str(number), owner=keys.system)
        session.commit()
    return full


@pytest.fixture
def backup(known: Engine, to: Path) -> Path:
    """A backup of a full database."""
    back_up(known, to)
    return to


KEYLESS = ROWS - 1  # people, of whom the first has the number of one of the bot's own keys


def test_what_is_restored_is_every_row_as_it_was(known: Engine, keys: KeyStore, backup: Path, tmp_path: Path) -> None:
    place, before = tmp_path / "restored.db", backup.read_bytes()
    assert backups.restore_file(backup, place, keys=keys) == (ROWS * len(TABLES), KEYLESS)
    assert rows_in(place) == contents(known)
    assert backup.read_bytes() == before
    assert place.stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob("restored.db.part*"))


def test_who_was_erased_since_is_not_missed(keys: KeyStore, backup: Path, tmp_path: Path) -> None:
    keys.erase(UUID(int=2))
    keys.create(UUID(int=3))
    assert backups.restore_file(backup, tmp_path / "restored.db", keys=keys) == (ROWS * len(TABLES), 0)


def test_with_the_keys_of_another_bot_nothing_is_restored(backup: Path, tmp_path: Path) -> None:
    others = KeyStore(f"sqlite:///{tmp_path / 'others.db'}", masters_in(tmp_path))
    with pytest.raises(NotRestored, match=r"^The key store is not the one of this backup; nothing was restored\.$"):
        backups.restore_file(backup, tmp_path / "restored.db", keys=others)
    others.close()
    assert not list(tmp_path.glob("restored.db*"))


@pytest.mark.parametrize("end", ["", "-wal"])
def test_a_database_that_is_there_is_left_alone(keys: KeyStore, backup: Path, tmp_path: Path, end: str) -> None:
    there = tmp_path / f"restored.db{end}"
    there.write_bytes(b"rows")
    with pytest.raises(NotRestored, match="already: move it away first"):
        backups.restore_file(backup, tmp_path / "restored.db", keys=keys)
    assert there.read_bytes() == b"rows"


def test_a_database_that_comes_meanwhile_is_left_alone(
    keys: KeyStore, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "restored.db"
    found = keys.erased

    def while_it_is_looked_at(**given: Any) -> Any:
        place.write_bytes(b"rows of a bot that just began")
        return found(**given)

    monkeypatch.setattr(keys, "erased", while_it_is_looked_at)
    with pytest.raises(NotRestored, match="already: move it away first"):
        backups.restore_file(backup, place, keys=keys)
    assert place.read_bytes() == b"rows of a bot that just began"


def test_what_stands_in_a_log_beside_a_copied_file_is_restored(keys: KeyStore, tmp_path: Path, to: Path) -> None:
    """Files that somebody copied while a process had them open, or after it was killed."""
    engine = connect(f"sqlite:///{tmp_path / 'rows.db'}")
    migrating.migrate(engine)
    with Session(engine) as session:
        session.add(Lease(name="late", holder="x", until=NOON))
        session.commit()
    for end in ("", "-wal"):
        shutil.copy(tmp_path / f"rows.db{end}", f"{to}{end}")
    engine.dispose()
    assert backups.restore_file(to, tmp_path / "restored.db", keys=keys) == (1, 0)
    assert len(rows_in(tmp_path / "restored.db")["lease"]) == 1


def test_an_older_backup_gets_the_schema_of_today(keys: KeyStore, tmp_path: Path) -> None:
    older(tmp_path / "old.db").dispose()
    assert backups.restore_file(tmp_path / "old.db", tmp_path / "restored.db", keys=keys) == (0, 0)
    restored = connect(f"sqlite:///{tmp_path / 'restored.db'}")
    migrating.check_schema(restored)
    restored.dispose()


def test_a_backup_of_a_newer_program_is_not_restored(keys: KeyStore, backup: Path, tmp_path: Path) -> None:
    with sqlite3.connect(backup) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(SchemaMismatch, match="newer schema"):
        backups.restore_file(backup, tmp_path / "restored.db", keys=keys)
    assert not list(tmp_path.glob("restored.db*"))


def test_a_damaged_backup_is_not_restored(keys: KeyStore, backup: Path, tmp_path: Path) -> None:
    content = bytearray(backup.read_bytes())
    content[20_000:24_000] = bytes(4_000)
    backup.write_bytes(content)
    with pytest.raises(NotRestored, match=r"(is damaged; nothing was restored|cannot be restored: .*)\.$"):
        backups.restore_file(backup, tmp_path / "restored.db", keys=keys)
    assert not list(tmp_path.glob("restored.db*"))


@pytest.mark.parametrize("content", [None, b"", b"my notes", "a table"])
def test_what_is_no_backup_is_named(keys: KeyStore, tmp_path: Path, content: bytes | str | None) -> None:
    file = tmp_path / "other.db"
    if content == "a table":
        with sqlite3.connect(file) as connection:
            connection.execute("CREATE TABLE other (id)")
        connection.close()
    elif isinstance(content, bytes):
        file.write_bytes(content)
    with pytest.raises(NotRestored, match="is no backup of this bot; nothing was restored"):
        backups.restore_file(file, tmp_path / "restored.db", keys=keys)


def test_a_file_that_was_never_completed_is_not_restored(keys: KeyStore, backup: Path) -> None:
    part = backup.rename(f"{backup}.part")
    with pytest.raises(NotRestored, match="was never completed"):
        backups.restore_file(part, backup, keys=keys)
    assert part.exists()


# -- the key store


def copy_keys(keys: KeyStore, to: Path, *, but: Sequence[Path] = ()) -> None:
    copy = keys.write_copy()
    try:
        wrapped_keys.back_up_copy(copy, to, but=but)
    finally:
        remove(copy)


def test_a_copy_of_the_key_store_opens_what_the_store_opens(keys: KeyStore, tmp_path: Path, to: Path) -> None:
    kept, gone = uuid4(), uuid4()
    key = keys.create(kept)
    keys.create(gone)
    copy_keys(keys, to)
    keys.erase(gone)
    copy_keys(keys, to)
    assert os.listdir(to.parent) == [to.name]
    copy = KeyStore(f"sqlite:///{to}", masters_in(tmp_path))
    assert copy.data_key(kept) == key
    assert copy.erased() == [(gone, False)]
    with pytest.raises(KeyGone):
        copy.data_key(gone)
    copy.close()


def test_a_copy_that_a_killed_command_left_goes_with_the_next_key_that_is_erased(keys: KeyStore) -> None:
    owner = uuid4()
    keys.create(owner)
    with keys.write_copy().open("rb") as left:
        assert owner.hex.encode() in left.read()
        keys.erase(owner)
        left.seek(0)
        assert left.read().strip(b"\0") == b""
    assert not Path(left.name).exists()


def test_an_older_copy_does_not_bring_an_erased_key_back(keys: KeyStore, tmp_path: Path, to: Path) -> None:
    """The backup beside the store knows better, as long as it is there."""
    owner = uuid4()
    keys.create(owner)
    copy_keys(keys, to)
    keys.erase(owner)
    keys.close()
    for path in tmp_path.glob("keys.db*"):
        path.unlink()
    shutil.copy(to, tmp_path / "keys.db")
    again = KeyStore(f"sqlite:///{tmp_path / 'keys.db'}", masters_in(tmp_path))
    with pytest.raises(KeyGone):
        again.data_key(owner)
    again.close()


@pytest.mark.parametrize("is_kept", [False, True])
def test_what_a_former_copy_of_the_keys_had_is_overwritten(keys: KeyStore, to: Path, is_kept: bool) -> None:
    """It may open what has been deleted since; but not where somebody keeps it on purpose."""
    keys.create(uuid4())
    copy_keys(keys, to)
    if is_kept:
        os.link(to, to.with_name("kept.db"))
    with to.open("rb") as former:
        before = former.read()
        copy_keys(keys, to)
        former.seek(0)
        assert former.read() == (before if is_kept else bytes(len(before)))


@pytest.mark.parametrize("name", ["keys.db", "keys.backup.db"])
def test_the_key_store_itself_is_not_written_over(keys: KeyStore, tmp_path: Path, name: str) -> None:
    with pytest.raises(NotBackedUp, match="is a file that the bot works with"):
        copy_keys(keys, tmp_path / name, but=wrapped_keys.files_of(f"sqlite:///{tmp_path / 'keys.db'}"))


def test_a_copy_of_other_keys_is_not_replaced(keys: KeyStore, tmp_path: Path, to: Path) -> None:
    owner = uuid4()
    keys.create(owner)
    copy_keys(keys, to)
    former = to.read_bytes()
    new = KeyStore(f"sqlite:///{tmp_path / 'new.db'}", masters_in(tmp_path))
    new.create(uuid4())
    with pytest.raises(NotBackedUp, match=r"^Nobody who is in .* is here; it stays as it is\."):
        copy_keys(new, to)
    new.close()
    assert to.read_bytes() == former
    keys.erase(owner)
    keys.create(uuid4())
    copy_keys(keys, to)
    assert to.read_bytes() != former


def test_keys_in_a_postgresql_are_left_to_its_own_tools(postgres_url: str, tmp_path: Path, to: Path) -> None:
    keys = KeyStore(postgres_url, masters_in(tmp_path))
    with pytest.raises(NotBackedUp, match="back that up with its own tools"):
        copy_keys(keys, to)
    keys.close()
    assert os.listdir(to.parent) == []


def test_whether_there_are_keys_is_seen_without_making_any(postgres: Server, tmp_path: Path) -> None:
    empty = postgres.fresh_database(empty=True)
    for url in (f"sqlite:///{tmp_path / 'new.db'}", empty):
        assert not wrapped_keys.is_there(url)
        assert not (tmp_path / "new.db").exists()
        KeyStore(url, masters_in(tmp_path)).close()
        assert wrapped_keys.is_there(url)
        (tmp_path / "new.db").unlink(missing_ok=True)
    postgres.drop_database(empty)
