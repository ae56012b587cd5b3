"""How the bot reaches its database: one SQLite file, or a PostgreSQL server."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError, DBAPIError

from storage.failures import DatabaseAway, DatabaseInUse

_POSTGRES = ("postgres", "postgresql", "postgresql+psycopg")

# A process that was frozen in the middle of a unit holds its rows no longer; the unit runs again when it wakes.
_FROZEN = "-c idle_in_transaction_session_timeout=15s"

Prepare = Callable[[sqlite3.Cursor], None]


class BadDatabaseUrl(Exception):
    """The text does not name a database that the bot can use."""


def connect(url: str, *, workers: int = 4) -> Engine:
    """Open the database that `url` names; raises BadDatabaseUrl, DatabaseInUse, DatabaseAway."""
    return open_engine(parsed(url), prepare=_set_up, workers=workers)


def is_sqlite(engine: Engine) -> bool:
    """Whether this database is one file with one connection."""
    return engine.dialect.name == "sqlite"


def empty_log(engine: Engine) -> None:
    """Empty SQLite's log, so that what was deleted before is in no file any more; PostgreSQL sees to its own."""
    if is_sqlite(engine):
        with engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def parsed(url: str) -> URL:
    """The address with the driver that the bot uses; raises BadDatabaseUrl, which never shows the text."""
    try:
        parts = make_url(url.strip())
    except (ArgumentError, ValueError):
        raise _bad_url() from None
    if "@" in (parts.host or ""):  # a part of the password, which nothing may show
        raise BadDatabaseUrl("The database address is not understood: write @ in a password as %40.")
    if parts.drivername in _POSTGRES:
        return parts.set(drivername="postgresql+psycopg")
    if parts.drivername != "sqlite" or parts.host or parts.query or parts.database in (None, "", ":memory:"):
        raise _bad_url()
    return parts


def open_engine(url: URL, *, prepare: Prepare, workers: int) -> Engine:
    """An engine for an address from `parsed`; `prepare` sets up a connection to SQLite before it takes its lock."""
    if url.drivername == "sqlite":
        return _sqlite(url, prepare)
    return _postgres(url, workers)


def _bad_url() -> BadDatabaseUrl:
    return BadDatabaseUrl(
        "The database address is not understood: use sqlite:///<file> or postgresql://<user>:<password>@<host>/<name>."
    )


def _postgres(url: URL, workers: int) -> Engine:
    # A server that vanishes without a word is noticed within about half a minute.
    arguments: dict[str, Any] = {
        "application_name": "side-by-side",
        "connect_timeout": 5,
        "keepalives_idle": 15,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 30_000,
    }
    settings = [_FROZEN, str(url.query.get("options", "")), "-c timezone=UTC"]
    arguments = {name: value for name, value in arguments.items() if name not in url.query}
    engine = create_engine(
        url.difference_update_query(["options"]),
        connect_args={**arguments, "options": " ".join(filter(None, settings))},
        pool_size=workers + 1,
        max_overflow=workers,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",  # whoever waited for a row lock reads what the other one wrote
        hide_parameters=True,
    )
    try:
        engine.connect().close()
    except DBAPIError as error:
        reason = (str(error.orig).splitlines() or ["no reason given"])[0].rstrip(".")
        raise DatabaseAway(f"The database {url.database} cannot be opened: {reason}.") from error
    _shorten_savepoints(engine, Connection.exec_driver_sql)
    return engine


def _sqlite(url: URL, prepare: Prepare) -> Engine:
    path = Path(str(url.database))
    # A pool of one instead of a shared connection: whoever asks while it is in use waits, and never lands inside
    # somebody else's transaction.
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=15,
        connect_args={"isolation_level": None, "timeout": 1, "cached_statements": 512},
        hide_parameters=True,
    )
    event.listen(engine, "connect", lambda connection, _record: _take(connection, path, prepare))
    event.listen(engine, "handle_error", _notice_lost_transaction)
    setattr(engine.dialect, "do_begin", _begin)  # noqa: B010 # whoever listens to "begin" is looked for at each statement
    _shorten_savepoints(engine, _run_by_driver)
    try:
        make_private(path)
        engine.connect().close()
    except (OSError, DBAPIError) as error:
        reason = error.strerror if isinstance(error, OSError) else error.orig
        raise DatabaseAway(f"The database {path} cannot be opened: {reason}.") from error
    return engine


def make_private(path: Path) -> None:
    """Make sure that the file exists, and that what is created for it is the owner's only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _set_up(cursor: sqlite3.Cursor) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}").fetchall()


def _take(connection: sqlite3.Connection, path: Path, prepare: Prepare) -> None:
    """Make the file this process's own for as long as the connection lives."""
    try:
        with closing(connection.cursor()) as cursor:
            cursor.execute("PRAGMA locking_mode=EXCLUSIVE").fetchall()
            prepare(cursor)
            cursor.execute("BEGIN EXCLUSIVE")
            cursor.execute("COMMIT")
    except Exception as error:  # of the file, or what the settings raise
        connection.close()
        if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            raise DatabaseInUse(f"The database {path} is in use by another process; stop that one first.") from error
        raise


def _begin(connection: Any) -> None:
    connection.driver_connection.execute("BEGIN IMMEDIATE")


def _notice_lost_transaction(context: ExceptionContext) -> None:
    """After a whole rollback by SQLite, begin again: what follows must not be committed statement by statement."""
    connection = context.connection
    if connection is None or not connection.in_transaction():
        return
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection) and not driver.in_transaction:
        driver.execute("BEGIN")


def _shorten_savepoints(engine: Engine, run: Callable[[Connection, str], object]) -> None:
    """Hand savepoints on as they are: compiling them each time was a sixth of a unit's cost on SQLite."""

    def plainly(verb: str) -> Callable[[Connection, str], object]:
        return lambda connection, name: run(connection, f"{verb} {name}")

    verbs = {"do_savepoint": "SAVEPOINT", "do_release_savepoint": "RELEASE", "do_rollback_to_savepoint": "ROLLBACK TO"}
    for method, verb in verbs.items():
        setattr(engine.dialect, method, plainly(verb))


def _run_by_driver(connection: Connection, statement: str) -> None:
    driver: Any = connection.connection.driver_connection
    driver.execute(statement)
