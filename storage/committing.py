"""How units reach the disk: on SQLite several in one transaction, on PostgreSQL each in its own.

What is told was committed. Whatever stops a commit, the units concerned run again or end with DatabaseAway.
"""

import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from time import perf_counter, sleep
from typing import Any, Generic, Literal, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from storage.failures import CommitUnknown, ConnectionLost, DatabaseAway, as_away, can_run_again, is_away, is_unsettled

T = TypeVar("T")
_PAUSES = (0.02, 0.1, 0.3, 0.6)  # seconds before PostgreSQL gets a unit again


class UnitSession(Session):
    """The session of a unit, which cannot end the unit early."""

    def commit(self) -> None:
        """Refuse: what is committed early could not be undone with the rest."""
        raise RuntimeError("a unit is committed when it returns; an inner part is begin_nested()")

    def rollback(self) -> None:
        """Refuse: on SQLite others share the transaction."""
        raise RuntimeError("a unit is undone by raising; an inner part is begin_nested()")

    def finish(self) -> None:
        """Write what is pending; ends the unit's own savepoint, if it has one."""
        super().commit()


class Job(Generic[T]):
    """A unit on its way: the work, how it went, and whom to tell."""

    def __init__(self, work: Callable[[Session], T]) -> None:
        self.work = work
        self.future: Future[T] = Future()
        self.result: T | None = None
        self.error: BaseException | None = None
        self.owes = False
        self.erases = False

    def run(self, session: UnitSession) -> None:
        """Do the work and write it; what came of it is kept here until `tell`."""
        self.error, self.owes, self.erases = None, False, False
        self.result = self.work(session)
        session.finish()
        self.owes = bool(session.info.get("owes"))
        self.erases = bool(session.info.get("erases"))

    def fail(self, error: BaseException) -> None:
        """Keep what went wrong until `tell`; the database's own failures become DatabaseAway."""
        self.result, self.owes, self.erases = None, False, False
        self.error = as_away(error) if is_away(error) else error

    def tell(self) -> None:
        """Resolve the future."""
        if self.error is None:
            self.future.set_result(self.result)  # type: ignore[arg-type]
        else:
            self.future.set_exception(self.error)


@dataclass(frozen=True)
class Surroundings:
    """What every unit runs in: the database, what its session carries, and who watches."""

    engine: Engine
    info: dict[str, Any]
    point: Callable[[str], None]
    observe: Callable[[float], None]

    def run(self, job: Job[Any], connection: Connection, join: Literal["create_savepoint", "rollback_only"]) -> None:
        """Run one unit within the connection's transaction; raises what the work raises."""
        started = perf_counter()
        try:
            with UnitSession(
                connection, join_transaction_mode=join, expire_on_commit=False, info=self.info.copy()
            ) as session:
                job.run(session)
        finally:
            self.observe(perf_counter() - started)
        self.point("in_batch")


def commit_together(around: Surroundings, jobs: Sequence[Job[Any]]) -> None:
    """Commit these in one transaction of SQLite; if that is lost as a whole, each in one of its own, in order."""
    begun = False
    try:
        with around.engine.connect() as connection, connection.begin():
            begun = True
            _run_all(around, jobs, connection)
            around.point("before_commit")
    except Exception as error:  # told to whom it concerns
        if begun and len(jobs) > 1:
            for job in jobs:
                commit_together(around, [job])
            return
        for job in jobs:
            job.fail(error)
    else:
        around.point("after_commit")


def _run_all(around: Surroundings, jobs: Sequence[Job[Any]], connection: Connection) -> None:
    """Run each in a savepoint; raises DatabaseAway if SQLite has rolled everything back meanwhile.

    It does so when the disk is full or a statement is interrupted. Later savepoints then quietly start anew and COMMIT
    succeeds; but a savepoint that was set before can no longer be released, and that tells.
    """
    driver: Any = connection.connection.driver_connection
    _mark(driver, "SAVEPOINT batch")
    for job in jobs:
        _mark(driver, "SAVEPOINT unit")
        try:
            around.run(job, connection, "create_savepoint")
        except BaseException as error:  # told to whom it concerns
            job.fail(error)
            _mark(driver, "ROLLBACK TO unit")
        _mark(driver, "RELEASE unit")
    _mark(driver, "RELEASE batch")


def _mark(driver: sqlite3.Connection, statement: str) -> None:
    try:
        driver.execute(statement)
    except sqlite3.Error as error:
        raise DatabaseAway("SQLite has rolled back the whole transaction.") from error


def commit_apart(around: Surroundings, job: Job[Any]) -> None:
    """Commit this in a transaction of PostgreSQL, again and again if it was undone for a reason that passes."""
    pauses = iter(_PAUSES)
    while True:
        try:
            _transact(around, job)
            return
        except BaseException as error:  # told to whom it concerns
            job.fail(error)
            pause = next(pauses, None)
            if pause is None or not can_run_again(error):
                return
        sleep(pause)


def _transact(around: Surroundings, job: Job[Any]) -> None:
    with around.engine.connect() as connection:
        connection.begin()
        try:
            around.run(job, connection, "rollback_only")
            _check_usable(connection)
        except BaseException as error:
            if connection.invalidated:
                raise ConnectionLost("The connection to the database broke.") from error
            raise
        around.point("before_commit")
        _commit(connection)
    around.point("after_commit")


def _check_usable(connection: Connection) -> None:
    """Raise if the work hid an error: PostgreSQL would answer COMMIT with a silent rollback."""
    driver: Any = connection.connection.driver_connection
    if driver.info.transaction_status.name == "INERROR":
        raise RuntimeError("a unit went on after a failed statement; what may fail goes into begin_nested()")


def _commit(connection: Connection) -> None:
    try:
        connection.commit()
    except DBAPIError as error:
        if is_unsettled(error):
            raise CommitUnknown("The connection to the database broke during a commit.") from error
        raise
