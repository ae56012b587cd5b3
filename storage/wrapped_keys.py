"""Where wrapped keys are kept: an SQLite file whose backup is always its equal, or tables in PostgreSQL."""

import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Executable,
    LargeBinary,
    MetaData,
    Table,
    Uuid,
    bindparam,
    insert,
    inspect,
    select,
    union,
)
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.database import empty_log, make_private, open_engine, parsed
from storage.failures import DatabaseAway, as_away, is_away
from storage.whole_files import NotBackedUp, backing_up, check_same_people, check_sound, copy_of, erase, write_copy

SYSTEM, LOOKUP = UUID(int=0), UUID(int=1)  # owners of the keys of the bot itself
_PEOPLE = f"owner NOT IN ('{SYSTEM.hex}', '{LOOKUP.hex}')"
_ANYBODY = f"SELECT 1 FROM former.data_key WHERE {_PEOPLE} LIMIT 1"  # noqa: S608
_SHARED = f"""
    SELECT 1 FROM former.data_key WHERE {_PEOPLE}
    AND owner IN (SELECT owner FROM main.data_key UNION SELECT owner FROM main.erased) LIMIT 1
"""  # noqa: S608
_FIND = "SELECT master, wrapped FROM data_key WHERE owner = ?"
_OPENING = 5_115_020_261  # the number of a lock, any that nobody else uses


class MissingKeyStore(Exception):
    """The key store is gone, but its backup is there."""


class ForeignBackup(Exception):
    """Beside the key store lies the backup of another one."""


class MasterForgotten(Exception):
    """No key may be wrapped by this master any more: another process has rotated it away."""


class WrappedKeys:
    """The rows of the key store; every write is durable when it returns. All methods may raise DatabaseAway."""

    def __init__(self, url: str) -> None:
        """Open or create; raises BadDatabaseUrl, DatabaseInUse, MissingKeyStore, ForeignBackup."""
        address = parsed(url)
        self._store, self._backups = _Store(None), [_Store("backup")] if address.drivername == "sqlite" else []
        self.name = str(address.database) if self._backups else address.render_as_string(hide_password=True)
        backup = _backup_beside(Path(self.name)) if self._backups else None
        self._engine = open_engine(address, prepare=lambda cursor: _prepare(cursor, backup), workers=2)
        keys = self._store.keys
        self._find = select(keys.c.master, keys.c.wrapped).where(keys.c.owner == bindparam("owner"))
        try:
            self._open()
        except BaseException:
            self._engine.dispose()
            raise

    def _open(self) -> None:
        with self._connection() as connection:
            _await_turn(connection)
            for store in (self._store, *self._backups):
                store.metadata.create_all(connection)
            self._even_out(connection)
        self._empty_log()

    def find(self, owner: UUID) -> tuple[bytes, bytes] | None:
        """The fingerprint of the master and the wrapped key."""
        if self._backups:
            return self._find_in_file(owner)
        with self._connection() as connection:
            row = connection.execute(self._find, {"owner": owner}).first()
        return (row.master, row.wrapped) if row else None

    def _find_in_file(self, owner: UUID) -> tuple[bytes, bytes] | None:
        """The same by the driver alone and without a transaction: every key that is not in memory is read here."""
        with self._own_failures(), closing(self._engine.raw_connection()) as connection:
            driver: Any = connection.driver_connection
            found: tuple[bytes, bytes] | None = driver.execute(_FIND, (owner.hex,)).fetchone()
        return found

    def add(self, owner: UUID, master: bytes, wrapped: bytes) -> None:
        """Keep a key; if the owner has one, that one stays. Raises MasterForgotten."""
        masters = self._store.masters.c.fingerprint
        in_use = select(masters).where(masters == master).with_for_update(read=True)  # until the key is there
        with suppress(IntegrityError), self._connection() as connection:
            if connection.execute(in_use).first() is None:
                raise MasterForgotten("This master key is not used any more.")
            self._change(
                connection, lambda store: insert(store.keys).values(owner=owner, master=master, wrapped=wrapped)
            )

    def replace(self, owner: UUID, master: bytes, wrapped: bytes) -> None:
        """Keep the same key, wrapped anew; nothing happens if it is gone."""
        self._write(
            lambda store: store.keys.update().where(store.keys.c.owner == owner).values(master=master, wrapped=wrapped)
        )

    def remove(self, owner: UUID) -> None:
        """Overwrite and forget a key; it is in no file any more."""
        self._write(lambda store: store.keys.delete().where(store.keys.c.owner == owner))
        self._empty_log()
        if self._backups:
            erase(copy_of(Path(self.name)))  # of a backup that was killed

    def list_erased(self, owner: UUID) -> None:
        """Remember that this owner's key was erased; the list is only ever added to."""
        with suppress(IntegrityError):
            self._write(lambda store: insert(store.erased).values(owner=owner, settled=False))

    def settle_erased(self, owner: UUID) -> None:
        """Remember that everything else of theirs is gone as well."""
        self._write(lambda store: store.erased.update().where(store.erased.c.owner == owner).values(settled=True))

    def erased(self, after: UUID, *, most: int, unsettled: bool) -> Sequence[tuple[UUID, bool]]:
        """The erased owners behind `after`, in order, and whether each is settled; only those who are not, if asked."""
        erased = self._store.erased
        with self._connection() as connection:
            query = select(erased.c.owner, erased.c.settled).where(erased.c.owner > after)
            query = query.where(erased.c.settled.is_(False)) if unsettled else query
            return [(row.owner, row.settled) for row in connection.execute(query.order_by(erased.c.owner).limit(most))]

    def wrapped_by_others(self, master: bytes, *, most: int) -> Sequence[tuple[UUID, bytes, bytes]]:
        """Some keys that this master has not wrapped: owner, fingerprint, wrapped key."""
        keys = self._store.keys
        others = self.masters() - {master}
        with self._connection() as connection:
            query = select(keys.c.owner, keys.c.master, keys.c.wrapped).where(keys.c.master.in_(others)).limit(most)
            return [(row.owner, row.master, row.wrapped) for row in connection.execute(query)]

    def masters(self) -> set[bytes]:
        """The fingerprints of the masters that may have wrapped a key."""
        with self._connection() as connection:
            return self._masters(connection)

    def use(self, fingerprints: Sequence[bytes]) -> bool:
        """Note the first of these masters before it wraps its first key; False if others may have wrapped some."""
        with self._connection() as connection:
            _await_turn(connection)
            used = self._masters(connection)
            if used <= set(fingerprints) and fingerprints[0] not in used:
                self._change(connection, lambda store: insert(store.masters).values(fingerprint=fingerprints[0]))
            return used <= set(fingerprints)

    def keep_only_master(self, fingerprint: bytes) -> bool:
        """Forget all masters but this one; False, and all stay, if another has wrapped a key meanwhile."""
        keys, masters = self._store.keys.c, self._store.masters.c.fingerprint
        with self._connection() as connection:
            # whoever is about to add a key is waited for, and whoever comes later finds their master gone
            connection.execute(select(masters).with_for_update()).all()
            if connection.execute(select(keys.owner).where(keys.master != fingerprint).limit(1)).first() is not None:
                return False
            self._change(
                connection, lambda store: store.masters.delete().where(store.masters.c.fingerprint != fingerprint)
            )
        self._empty_log()
        return True

    def write_copy(self) -> Path:
        """Write the file anew beside it; gives where. Raises NotBackedUp, also where it is a PostgreSQL."""
        if not self._backups:
            raise NotBackedUp("The keys are in a PostgreSQL (KEYS_URL): back that up with its own tools.")
        return write_copy(self._engine)

    def close(self) -> None:
        """Let go of the file or the server."""
        self._engine.dispose()

    def _write(self, statement: Callable[["_Store"], Executable]) -> None:
        """Do the same in the store and in its backup."""
        with self._connection() as connection:
            self._change(connection, statement)

    def _change(self, connection: Connection, statement: Callable[["_Store"], Executable]) -> None:
        self._even_out(connection)
        for store in (self._store, *self._backups):
            connection.execute(statement(store))
        self._count_change(connection)

    def _masters(self, connection: Connection) -> set[bytes]:
        return set(connection.execute(select(self._store.masters.c.fingerprint)).scalars())

    def _even_out(self, connection: Connection) -> None:
        """Write the store or its backup anew, whichever has seen fewer changes: they are not committed at once.

        The store itself has seen fewer if an older copy was put in its place, or one without its log.
        """
        for backup in self._backups:
            ahead = backup.changes(connection) - self._store.changes(connection)
            if ahead == 0:
                continue
            newer, older = (backup, self._store) if ahead > 0 else (self._store, backup)
            if _are_strangers(connection, newer, older):
                raise ForeignBackup(
                    f"{_mirror_of(Path(self.name))} is of another key store than {self.name}: move it away."
                )
            for new, old in zip(newer.tables, older.tables, strict=True):
                connection.execute(old.delete())
                connection.execute(old.insert().from_select(list(new.c.keys()), select(new)))
            self._count_change(connection)

    def _count_change(self, connection: Connection) -> None:
        for backup in self._backups:
            number = max(self._store.changes(connection), backup.changes(connection)) + 1
            self._store.set_changes(connection, number)
            backup.set_changes(connection, number)

    def _empty_log(self) -> None:
        with self._own_failures():
            empty_log(self._engine)

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        with self._own_failures(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _own_failures(self) -> Iterator[None]:
        """Let what is the database's own fault be DatabaseAway."""
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:
            if is_away(error):
                raise as_away(error) from error
            raise


def is_there(url: str) -> bool:
    """Whether keys are kept at this address already. Raises BadDatabaseUrl, DatabaseInUse, DatabaseAway."""
    address = parsed(url)
    if address.drivername == "sqlite":
        return _has_content(Path(str(address.database)))
    engine = open_engine(address, prepare=lambda _: None, workers=1)
    try:
        return inspect(engine).has_table(_Store(None).keys.name)
    finally:
        engine.dispose()


def check_backup(url: str) -> None:
    """Raise MissingKeyStore if of the key store at this address only the backup is left; raises BadDatabaseUrl."""
    address = parsed(url)
    if address.drivername == "sqlite":
        _backup_beside(Path(str(address.database)))


def files_of(url: str) -> Sequence[Path]:
    """The files of a key store at this address: none for a PostgreSQL. Raises BadDatabaseUrl."""
    address = parsed(url)
    path = Path(str(address.database))
    return (path, _mirror_of(path)) if address.drivername == "sqlite" else ()


def back_up_copy(copy: Path, to: Path, *, but: Collection[Path]) -> None:
    """Let a file of `write_copy` take the place of a former copy, none of the files `but`. Raises NotBackedUp."""
    # a former copy may open what was deleted since
    with backing_up(to, table=_Store(None).keys.name, but=but, erasing=True) as part:
        shutil.copyfile(copy, part)
        check_sound(part)
        check_same_people(part, to, anybody=_ANYBODY, shared=_SHARED)


class _Store:
    """The tables in the store itself, or in its attached backup."""

    def __init__(self, schema: str | None) -> None:
        self._schema = schema or "main"
        self.metadata = MetaData(schema=schema)
        self.keys = Table(
            "data_key",
            self.metadata,
            Column("owner", Uuid, primary_key=True),
            Column("master", LargeBinary, nullable=False, index=True),
            Column("wrapped", LargeBinary, nullable=False),
        )
        self.masters = Table("master_in_use", self.metadata, Column("fingerprint", LargeBinary, primary_key=True))
        self.erased = Table(
            "erased",
            self.metadata,
            Column("owner", Uuid, primary_key=True),
            Column("settled", Boolean, nullable=False),
        )
        self.tables = (self.keys, self.masters, self.erased)

    def changes(self, connection: Connection) -> int:
        """How often this file was changed; SQLite only."""
        return int(connection.exec_driver_sql(f"PRAGMA {self._schema}.user_version").scalar_one())

    def set_changes(self, connection: Connection, number: int) -> None:
        """Note how often this file was changed, together with the change."""
        connection.exec_driver_sql(f"PRAGMA {self._schema}.user_version={number}")


def _are_strangers(connection: Connection, one: _Store, other: _Store) -> bool:
    """Whether both know people, and have nobody in common: neither is an older state of the other."""
    people = [select(store.keys.c.owner).where(store.keys.c.owner.not_in((SYSTEM, LOOKUP))) for store in (one, other)]
    if any(connection.execute(each.limit(1)).first() is None for each in people):
        return False
    of_other = union(select(other.keys.c.owner), select(other.erased.c.owner))
    erased_since = one.erased.c.owner.in_(select(other.keys.c.owner))
    shared = (
        people[0].where(one.keys.c.owner.in_(select(of_other.subquery().c.owner))),
        select(one.erased.c.owner).where(erased_since),
    )
    return all(connection.execute(each.limit(1)).first() is None for each in shared)


def _await_turn(connection: Connection) -> None:
    """Let one process at a time come past here, until its transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_OPENING})")


def _backup_beside(path: Path) -> Path:
    """The file of the backup; raises MissingKeyStore if only that one is left."""
    backup = _mirror_of(path)
    if _has_content(backup) and not _has_content(path):
        raise MissingKeyStore(f"The key store {path} is missing, its backup is not: copy {backup} to {path}.")
    return backup


def _mirror_of(path: Path) -> Path:
    return path.with_suffix(".backup" + path.suffix)


def _has_content(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _prepare(cursor: sqlite3.Cursor, backup: Path | None) -> None:
    """Set up a connection to the file and attach its backup."""
    # The store keeps a log, so that a new key costs little. The backup keeps none: its file is complete at any time.
    # TRUNCATE, because under an exclusive lock DELETE would leave the journal as it is, and the erased bytes in it.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}").fetchall()
    make_private(Path(str(backup)))
    try:
        cursor.execute("ATTACH ? AS backup", (str(backup),))
        cursor.execute("PRAGMA backup.journal_mode=TRUNCATE").fetchall()
        cursor.execute("PRAGMA backup.synchronous=FULL").fetchall()
        cursor.execute("PRAGMA backup.secure_delete=ON").fetchall()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_NOTADB:
            raise
        raise DatabaseAway(
            f"The backup {backup} is damaged: remove it, and it is written anew from the key store."
        ) from error
