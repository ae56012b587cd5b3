"""Moves all rows of a SQLite database into an empty PostgreSQL: one transaction, compared row by row before it ends."""

from collections.abc import Callable

from sqlalchemy import Connection, Engine, Table, func, inspect, select
from sqlalchemy.exc import DBAPIError

from storage import migrating
from storage.copying import TABLES, NotCopied, compare_rows, copy_rows
from storage.units import ignore


class NotMoved(Exception):
    """Nothing was moved; the sentence says why."""


def move(source: Engine, target: Engine, *, point: Callable[[str], None] = ignore) -> int:
    """Copy every row; gives how many there are. Raises NotMoved or SchemaMismatch, and then the target is as it was."""
    complete = False
    try:
        migrating.check_schema(source)
        with source.begin() as here, migrating.transaction(target) as there:
            _make_room(there)
            count = 0
            for table in TABLES:
                count += copy_rows(here, there, table)
                point("moving")
            for table in TABLES:
                compare_rows(here, there, table)
                _go_on_counting(there, table)
            complete = True
            point("moving")
    except NotCopied as error:
        raise NotMoved(f"{error}; nothing was moved.") from error
    except DBAPIError as error:
        raise _not_moved(complete=complete) from error
    return count


def _make_room(there: Connection) -> None:
    """Every table, empty, and nobody else's until the end. Raises NotMoved."""
    found = set(inspect(there).get_table_names())
    if not found:
        migrating.upgrade(there)
    elif found != {"alembic_version", *(table.name for table in TABLES)} or not migrating.is_current(there):
        raise NotMoved("The PostgreSQL is not empty: it has tables already; nothing was moved.")
    names = ", ".join(f'"{table.name}"' for table in TABLES)
    there.exec_driver_sql(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
    for table in TABLES:
        if there.execute(select(table).limit(1)).first() is not None:
            raise NotMoved(f"The PostgreSQL is not empty: the table {table.name} has rows; nothing was moved.")


def _go_on_counting(there: Connection, table: Table) -> None:
    """Let the numbers that PostgreSQL gives out begin behind those that came along."""
    column = table.autoincrement_column
    last = there.execute(select(func.max(column))).scalar() if column is not None else None
    if column is not None and last is not None:
        name = there.execute(select(func.pg_get_serial_sequence(f'"{table.name}"', column.name))).scalar_one()
        there.exec_driver_sql(f"ALTER SEQUENCE {name} RESTART WITH {last + 1}")  # undone with the rest


def _not_moved(*, complete: bool) -> NotMoved:
    if complete:
        return NotMoved(
            "The connection to PostgreSQL broke at the very end: all was moved or nothing. Start the command again; "
            "if it finds rows there, all was."
        )
    return NotMoved("A database failed in the middle; nothing was moved. Start the command again.")
