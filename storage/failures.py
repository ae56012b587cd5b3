"""What can be wrong with a database itself, told apart from what is wrong with the work done in it."""

import sqlite3
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# Primary result codes of SQLite that say "not now" or "not this file", whatever the statement was.
_SQLITE_AWAY = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)
# Classes of PostgreSQL's SQLSTATE: connection, rollback, resources, not in state, operator, system, internal, and a
# read-only transaction (a standby). Then what undid a transaction for a reason that passes; what may follow a COMMIT.
_POSTGRES_AWAY = ("08", "40", "53", "55", "57", "58", "XX", "25006")
_PASSING = ("40001", "40P01")
_UNSETTLED = ("08", "40003", "57", "58", "XX")


class DatabaseAway(Exception):
    """The database could not do its part; nothing of the unit is kept, and it may work later."""


class ConnectionLost(DatabaseAway):
    """The connection broke before the commit."""


class CommitUnknown(DatabaseAway):
    """The connection broke during the commit: the unit is kept whole or not at all, and nobody knows which."""


class DatabaseInUse(DatabaseAway):
    """Another process has the SQLite file open."""


def as_away(error: BaseException) -> DatabaseAway:
    """The same failure as DatabaseAway, with its cause."""
    if isinstance(error, DatabaseAway):
        return error
    away = DatabaseAway("The database could not do this now.")
    away.__cause__ = error
    return away


def is_away(error: BaseException) -> bool:
    """Whether this error, or one that led to it, was the database's own."""
    return any(isinstance(cause, DatabaseAway | PoolTimeout) or _is_own(cause) for cause in _causes(error))


def can_run_again(error: BaseException) -> bool:
    """Whether PostgreSQL surely undid the transaction for a reason that passes: deadlock, conflict, lost connection."""
    return not isinstance(error, CommitUnknown) and any(
        isinstance(cause, ConnectionLost) or _is_lost(cause) or _state(cause) in _PASSING for cause in _causes(error)
    )


def is_unsettled(error: BaseException) -> bool:
    """Whether a COMMIT that failed on PostgreSQL may have happened after all."""
    return _is_lost(error) or _state(error).startswith(_UNSETTLED)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _state(error: BaseException) -> str:
    """PostgreSQL's five letters, empty where there are none."""
    return (getattr(error.orig, "sqlstate", None) or "") if isinstance(error, DBAPIError) else ""


def _is_lost(error: BaseException) -> bool:
    """Whether the connection to a server broke or could not be made."""
    if not isinstance(error, DBAPIError) or isinstance(error.orig, sqlite3.Error):
        return False
    return error.connection_invalidated or (isinstance(error, OperationalError | InterfaceError) and not _state(error))


def _is_own(error: BaseException) -> bool:
    origin = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(origin, sqlite3.Error):
        code = getattr(origin, "sqlite_errorcode", 0)  # absent when the driver itself refused
        return code & 0xFF in _SQLITE_AWAY or (isinstance(error, DBAPIError) and error.connection_invalidated)
    return _is_lost(error) or _state(error).startswith(_POSTGRES_AWAY)
