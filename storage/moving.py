"""Moves all rows of a SQLite database into an empty PostgreSQL: one transaction, compared row by row before it ends."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, insert, inspect, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from storage import migrating, tables
from storage.units import ignore

CHUNK = 500
TABLES = tuple(tables.Table.metadata.sorted_tables)  # those that others point at first


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
                count += _copy(here, there, table)
                point("moving")
            for table in TABLES:
                _compare(here, there, table)
                _go_on_counting(there, table)
            complete = True
            point("moving")
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


def _copy(here: Connection, there: Connection, table: Table) -> int:
    count = 0
    for rows in _chunks(here, table):
        try:
            there.execute(insert(table), rows)
        except (DataError, IntegrityError) as error:
            raise NotMoved(f"PostgreSQL does not take a row of {table.name} as it is; nothing was moved.") from error
        count += len(rows)
    return count


def _compare(here: Connection, there: Connection, table: Table) -> None:
    """Raise NotMoved unless both hold the same rows."""
    (key,) = table.primary_key
    count = 0
    for rows in _chunks(here, table):
        wanted = {row[key.name]: row for row in rows}
        found = there.execute(select(table).where(key.in_(list(wanted)))).mappings()
        if wanted != {row[key.name]: dict(row) for row in found}:
            raise NotMoved(f"Not every row of {table.name} arrived as it was; nothing was moved.")
        count += len(rows)
    if there.execute(select(func.count()).select_from(table)).scalar_one() != count:
        raise NotMoved(f"Rows came into {table.name} that were not there before; nothing was moved.")


def _chunks(here: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    rows = here.execute(select(table), execution_options={"yield_per": CHUNK}).mappings()
    for part in rows.partitions():
        yield [dict(row) for row in part]


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
