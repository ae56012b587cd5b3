"""Backups: all rows of the database in one SQLite file, which is there whole and checked, or not at all.

Keys are not in it. It opens only as long as the key store does, so that whoever is erased is erased in every backup.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, inspect

from storage import migrating
from storage.copying import TABLES, compare_rows, copy_rows, count_rows
from storage.database import is_sqlite
from storage.units import ignore
from storage.whole_files import (
    UNWRITTEN,
    Damaged,
    backing_up,
    check_sound,
    in_place_of,
    is_sqlite_file,
    opened,
    reason,
    stands,
    write_sqlite,
)


class NotRestored(Exception):
    """Nothing was restored, and what was there is as it was; the sentence says why."""


def back_up(source: Engine, to: Path, *, point: Callable[[str], None] = ignore) -> int:
    """Write every row into the file `to`, in the place of a former backup; gives how many rows there are.

    They are those of one instant. Whoever writes waits meanwhile on SQLite, which has one connection, and nobody does
    on PostgreSQL. `point` is told "backing_up" when all is written, and when it is checked. Raises NotBackedUp,
    SchemaMismatch.
    """
    with backing_up(to, of=str(source.url.database) if is_sqlite(source) else None) as part:
        migrating.check_schema(source)
        (write_sqlite if is_sqlite(source) else _write_rows)(source, part)
        point("backing_up")
        count = _count_sound(part)
        point("backing_up")
    return count


def restore_file(backup: Path, to: Path) -> int:
    """Put a copy of a backup in the place `to`, where no file is, with this program's schema; gives how many rows.

    Raises NotRestored, SchemaMismatch.
    """
    try:
        if stands(to):
            raise NotRestored(f"There is a database {to} already: move it away first, with all that stands beside it.")
        if not backup.is_file() or not is_sqlite_file(backup):
            raise _no_backup(backup)
        with in_place_of(to) as part:
            shutil.copyfile(backup, part)
            with opened(part) as engine:
                if not inspect(engine).has_table("alembic_version"):
                    raise _no_backup(backup)
                migrating.migrate(engine)
            return _count_sound(part)
    except Damaged as error:
        raise NotRestored(f"{backup} is damaged; nothing was restored.") from error
    except BlockingIOError as error:
        raise NotRestored(f"Another process writes into {to.parent}; nothing was restored.") from error
    except UNWRITTEN as error:
        raise NotRestored(f"{backup} cannot be restored: {reason(error)}.") from error


def _no_backup(file: Path) -> NotRestored:
    return NotRestored(f"{file} is no backup of this bot; nothing was restored.")


def _write_rows(source: Engine, part: Path) -> None:
    """Row by row out of PostgreSQL, as they are at one instant, and compared. Raises Damaged."""
    instant = source.execution_options(isolation_level="REPEATABLE READ")
    with opened(part) as target, instant.begin() as here, migrating.transaction(target) as there:
        migrating.upgrade(there)
        for table in TABLES:
            copy_rows(here, there, table)
        for table in TABLES:
            compare_rows(here, there, table)


def _count_sound(part: Path) -> int:
    """How many rows there are in a file that is in order. Raises Damaged."""
    check_sound(part)
    with opened(part) as engine, engine.begin() as connection:
        return sum(count_rows(connection, table) for table in TABLES)
