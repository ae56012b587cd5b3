"""Backups: all rows of the database in one SQLite file, which is there whole and checked, or not at all.

Keys are not in it. It opens only as long as the key store does, so that whoever is erased is erased in every backup.
"""

import shutil
from collections.abc import Callable, Collection
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine, inspect, text
from sqlmodel import Session, select

from storage import migrating
from storage.copying import TABLES, compare_rows, copy_rows, count_rows
from storage.fitting import fits
from storage.keys import KeyGone, KeyStore
from storage.tables import Person
from storage.units import ignore
from storage.whole_files import (
    BESIDE,
    UNWRITTEN,
    Damaged,
    backing_up,
    check_same_people,
    check_sound,
    has_table,
    opened,
    placed_at,
    reason,
    stands,
)

_TABLE = "alembic_version"  # what every database of the bot has
_ANYBODY = "SELECT 1 FROM former.chat LIMIT 1"
_SHARED = "SELECT 1 FROM main.chat JOIN former.chat USING (lookup) LIMIT 1"


class NotRestored(Exception):
    """Nothing was restored, and what was there is as it was; the sentence says why."""


def back_up_copy(copy: Path, to: Path, *, but: Collection[Path], point: Callable[[str], None] = ignore) -> int:
    """Let a file of `whole_files.write_copy` take the place of a former backup; gives how many rows it has.

    `but` are files that it must not replace. `point` is told "backing_up" when all is written, and when the place is
    taken. Raises NotBackedUp.
    """
    with backing_up(to, table=_TABLE, but=but) as part:
        shutil.copyfile(copy, part)
        count = _count_to_replace(part, to, point)
    point("backing_up")
    return count


def back_up_rows(source: Engine, to: Path, *, but: Collection[Path], point: Callable[[str], None] = ignore) -> int:
    """The same row by row out of PostgreSQL, as they are at one instant, and compared. Raises SchemaMismatch, too."""
    with backing_up(to, table=_TABLE, but=but) as part:
        _write_rows(source, part)
        count = _count_to_replace(part, to, point)
    point("backing_up")
    return count


def restore_file(backup: Path, to: Path, *, keys: KeyStore) -> tuple[int, int]:
    """Put a copy of a backup in the place `to`, where no file is, with this program's schema.

    Gives how many rows it has, and how many people in it have no key although nobody erased them. Raises NotRestored,
    SchemaMismatch.
    """
    try:
        if stands(to):
            raise _already(to)
        if not backup.is_file() or not has_table(backup, _TABLE):
            raise NotRestored(f"{backup} is no backup of this bot; nothing was restored.")
        if backup.name.endswith(".part"):
            raise NotRestored(f"{backup} was never completed; nothing was restored.")
        with placed_at(to) as part:
            for end in BESIDE[:3]:  # a log belongs to a file that was not closed
                if (found := Path(f"{backup}{end}")).exists():
                    shutil.copyfile(found, f"{part}{end}")
            with opened(part) as engine:
                migrating.migrate(engine)
                keyless = _check_keys(engine, keys)
            check_sound(part)
            return _count(part), keyless
    except Damaged as error:
        raise NotRestored(f"{backup} is damaged; nothing was restored.") from error
    except FileExistsError as error:
        raise _already(to) from error
    except BlockingIOError as error:
        raise NotRestored(f"Another process writes into {to.parent}; nothing was restored.") from error
    except UNWRITTEN as error:
        raise NotRestored(f"{backup} cannot be restored: {reason(error)}.") from error


def _already(to: Path) -> NotRestored:
    return NotRestored(f"There is a database {to} already: move it away first, with all that stands beside it.")


def _write_rows(source: Engine, part: Path) -> None:
    # The locks come before the first look, which is the instant: tables that are rebuilt later would look empty.
    names = ", ".join(f'"{table.name}"' for table in TABLES)
    instant = source.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    migrating.check_schema(source)
    with opened(part) as target, instant.begin() as here, migrating.transaction(target) as there:
        here.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        here.execute(text(f"LOCK TABLE {names} IN ACCESS SHARE MODE"))
        migrating.upgrade(there)
        for table in TABLES:
            copy_rows(here, there, table)
        for table in TABLES:
            compare_rows(here, there, table)
        if not migrating.is_current(here):
            raise Damaged("The database was migrated meanwhile")


def _count_to_replace(part: Path, to: Path, point: Callable[[str], None]) -> int:
    """How many rows there are, if the file is in order and of the people who are in a former backup."""
    check_sound(part)
    check_same_people(part, to, anybody=_ANYBODY, shared=_SHARED)
    point("backing_up")
    return _count(part)


def _count(part: Path) -> int:
    with opened(part) as engine, engine.begin() as connection:
        names = set(inspect(connection).get_table_names())  # an older schema has fewer
        return sum(count_rows(connection, table) for table in TABLES if table.name in names)


def _check_keys(engine: Engine, keys: KeyStore) -> int:
    """How many people have no key although nobody erased them. Raises NotRestored if the keys are of another bot."""
    erased = _all_erased(keys)
    with Session(engine, info={"keys": keys}) as session:
        if not fits(session, keys):
            raise NotRestored("The key store is not the one of this backup; nothing was restored.")
        people = session.exec(select(Person.id).execution_options(yield_per=1000))
        return sum(person_id not in erased and not _has_key(keys, person_id) for person_id in people)


def _all_erased(keys: KeyStore) -> set[UUID]:
    found: set[UUID] = set()
    after = None
    while some := keys.erased(after=after):
        found.update(owner for owner, _ in some)
        after = some[-1][0]
    return found


def _has_key(keys: KeyStore, owner: UUID) -> bool:
    try:
        keys.data_key(owner)
    except KeyGone:
        return False
    return True
