"""Rows in bulk: into an SQLite file whose safety does not matter yet, or by COPY into PostgreSQL."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol, TypeAlias
from uuid import UUID

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import Engine, insert
from sqlmodel import SQLModel

from storage.rows import core

Row: TypeAlias = dict[str, Any]
Wrapped: TypeAlias = tuple[UUID, bytes, bytes]  # owner, fingerprint of the master, wrapped key
# a gigabyte of cache, no journal, no waiting for the disk, and no check of what is right by the way it is made
IN_A_HURRY = ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000", "foreign_keys=OFF", "secure_delete=OFF")


class Bulk(Protocol):
    """Where rows go."""

    def add(self, table: type[SQLModel], rows: Sequence[Row]) -> None:
        """Insert rows; each names the same columns."""

    def add_keys(self, keys: Sequence[Wrapped]) -> None:
        """Insert data keys into the key store."""


class IntoSqlite:
    """Into the database that `engine` opens, and the files of a key store that nobody has open."""

    def __init__(self, engine: Engine, keys: Sequence[Path]) -> None:
        self._connection = engine.connect()
        self._keys = [sqlite3.connect(path) for path in keys]
        driver: Any = self._connection.connection.driver_connection
        for each in (driver, *self._keys):
            for pragma in IN_A_HURRY:
                each.execute(f"PRAGMA {pragma}").fetchall()

    def add(self, table: type[SQLModel], rows: Sequence[Row]) -> None:
        """Insert rows by `executemany`."""
        if rows:
            self._connection.execute(insert(core(table)), list(rows))

    def add_keys(self, keys: Sequence[Wrapped]) -> None:
        """The same into the store and its backup, which stay equal."""
        rows = [(owner.hex, master, wrapped) for owner, master, wrapped in keys]
        for each in self._keys:
            each.executemany("INSERT INTO data_key (owner, master, wrapped) VALUES (?, ?, ?)", rows)

    def close(self) -> None:
        """Keep everything."""
        self._connection.commit()
        self._connection.close()
        for each in self._keys:
            with closing(each):
                each.commit()


class IntoPostgres:
    """By COPY into a database and a key store of the same server."""

    def __init__(self, url: str, keys_url: str) -> None:
        self._rows, self._keys = psycopg.connect(url), psycopg.connect(keys_url)
        self._rows.execute("SET session_replication_role = replica")  # foreign keys are right by the way rows are made
        for each in (self._rows, self._keys):
            each.execute("SET timezone = 'UTC'")

    def add(self, table: type[SQLModel], rows: Sequence[Row]) -> None:
        """Insert rows by COPY."""
        if rows:
            _copy(self._rows, core(table).name, list(rows[0]), [tuple(row.values()) for row in rows])

    def add_keys(self, keys: Sequence[Wrapped]) -> None:
        """Insert them by COPY."""
        _copy(self._keys, "data_key", ["owner", "master", "wrapped"], keys)

    def close(self) -> None:
        """Keep everything, and let the planner know what there is."""
        for each in (self._rows, self._keys):
            each.commit()
            each.autocommit = True
            each.execute("VACUUM ANALYZE")
            each.close()


def _copy(
    connection: "psycopg.Connection[Any]", table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    statement = SQL("COPY {} ({}) FROM STDIN").format(Identifier(table), SQL(", ").join(map(Identifier, columns)))
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
