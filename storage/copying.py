"""Copies all rows of one database into another, and compares them."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select
from sqlalchemy.exc import DataError, IntegrityError

from storage import tables
from storage.whole_files import Damaged

CHUNK = 500
TABLES = tuple(tables.Table.metadata.sorted_tables)  # those that others point at first


class NotCopied(Damaged):
    """The rows did not arrive as they were; says which, as a sentence without its full stop."""


def copy_rows(here: Connection, there: Connection, table: Table) -> int:
    """Copy a table into its empty twin; gives how many rows. Raises NotCopied."""
    count = 0
    for rows in _chunks(here, table):
        try:
            there.execute(insert(table), rows)
        except (DataError, IntegrityError) as error:
            raise NotCopied(f"A row of {table.name} cannot be stored there as it is") from error
        count += len(rows)
    return count


def compare_rows(here: Connection, there: Connection, table: Table) -> None:
    """Raise NotCopied unless both hold the same rows."""
    (key,) = table.primary_key
    count = 0
    for rows in _chunks(here, table):
        wanted = {row[key.name]: row for row in rows}
        found = there.execute(select(table).where(key.in_(list(wanted)))).mappings()
        if wanted != {row[key.name]: dict(row) for row in found}:
            raise NotCopied(f"Not every row of {table.name} arrived as it was")
        count += len(rows)
    if count_rows(there, table) != count:
        raise NotCopied(f"Rows came into {table.name} that were not there before")


def count_rows(connection: Connection, table: Table) -> int:
    """How many rows a table has."""
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _chunks(here: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    rows = here.execute(select(table), execution_options={"yield_per": CHUNK}).mappings()
    for part in rows.partitions():
        yield [dict(row) for row in part]
