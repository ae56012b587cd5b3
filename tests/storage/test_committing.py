"""What happens to units when the database fails them: for real, on both databases."""

import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlmodel import Session

from storage.database import connect
from storage.failures import CommitUnknown, DatabaseAway
from storage.keys import KeyStore
from storage.tables import Lease
from storage.units import Units
from tests.postgres import Server, postgres_server
from tests.storage.cut_connection import cutting_proxy
from tests.storage.kept import NOON, SOON, Refused, files_may_grow_to, keep, keep_and_fail, kept, together


def counted(ran: Counter[int], number: int) -> Callable[[Session], int]:
    """A unit that keeps a number and counts how often it ran."""

    def work(session: Session) -> int:
        ran[number] += 1
        return keep(number)(session)

    return work


def write_until_interrupted(session: Session) -> None:
    """A statement that takes long, and somebody who loses patience."""
    driver: Any = session.connection().connection.driver_connection
    enough = threading.Event()

    def interrupt() -> None:
        while not enough.wait(0.05):
            driver.interrupt()

    impatience = threading.Thread(target=interrupt)
    impatience.start()
    count = "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n LIMIT 100000000)"
    try:
        session.connection().execute(text(f"INSERT INTO processed_update {count} SELECT i, i FROM n"))
    finally:
        enough.set()
        impatience.join()


# -- SQLite undoes a whole transaction behind our back


@pytest.fixture
def small_engine(sqlite_engine: Engine) -> Engine:
    """A database on a disk that is nearly full."""
    with sqlite_engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        pages = raw.execute("PRAGMA page_count").fetchone()[0]
        raw.execute(f"PRAGMA max_page_count={pages + 2}")
    return sqlite_engine


def hog(session: Session) -> None:
    """A unit that needs more than there is."""
    session.add(Lease(name="hog", holder="x" * 200_000, until=NOON))
    session.flush()


def test_a_full_disk_fails_only_the_unit_that_does_not_fit(small_engine: Engine, keys: KeyStore) -> None:
    ran: Counter[int] = Counter()
    units = Units(small_engine, keys=keys)
    first, full, last = together(units, counted(ran, 1), hog, counted(ran, 3))
    units.close()
    assert (first.result(), last.result()) == (1, 3)
    assert isinstance(full.exception(), DatabaseAway)
    assert ran[1] == 2, "SQLite did not roll back the whole batch: the test tests nothing"
    assert kept(small_engine) == [1, 3]


def test_a_unit_that_hides_a_full_disk_leaves_nothing(small_engine: Engine, keys: KeyStore) -> None:
    def hides(session: Session) -> None:
        keep(2)(session)
        with suppress(SQLAlchemyError):
            session.connection().execute(text(f"INSERT INTO lease VALUES ('hog', '{'x' * 200_000}', '2030-01-01')"))
        session.connection().execute(text("INSERT INTO processed_update VALUES (4, '2030-01-01 12:00:00')"))

    units = Units(small_engine, keys=keys)
    first, hiding, last = together(units, keep(1), hides, keep(3))
    units.close()
    assert (first.result(), last.result()) == (1, 3)
    assert isinstance(hiding.exception(), DatabaseAway)
    assert kept(small_engine) == [1, 3]


def test_an_interrupted_statement_has_the_whole_batch_run_again(sqlite_engine: Engine, keys: KeyStore) -> None:
    ran: Counter[int] = Counter()

    def interrupted(session: Session) -> int:
        ran[2] += 1
        if ran[2] == 1:
            write_until_interrupted(session)
        return keep(2)(session)

    units = Units(sqlite_engine, keys=keys)
    results = [future.result() for future in together(units, counted(ran, 1), interrupted, counted(ran, 3))]
    units.close()
    assert results == [1, 2, 3]
    assert ran == {1: 2, 2: 2, 3: 1}
    assert kept(sqlite_engine) == [1, 2, 3]


def test_an_interrupt_of_a_unit_alone_fails_it_as_the_databases_failure(sqlite_engine: Engine, keys: KeyStore) -> None:
    def interrupted(session: Session) -> None:
        keep(1)(session)
        session.flush()
        write_until_interrupted(session)

    units = Units(sqlite_engine, keys=keys)
    with pytest.raises(DatabaseAway):
        units.submit(interrupted).result(SOON)
    assert units.submit(keep(2)).result(SOON) == 2
    units.close()
    assert kept(sqlite_engine) == [2]


def test_when_the_commit_itself_fails_nobody_is_told_it_succeeded(
    sqlite_engine: Engine, keys: KeyStore, tmp_path: Path
) -> None:
    units = Units(sqlite_engine, keys=keys)
    units.submit(keep(1)).result(SOON)
    with files_may_grow_to((tmp_path / "rows.db-wal").stat().st_size):
        lost = together(units, keep(2), keep(3))
    assert all(isinstance(future.exception(), DatabaseAway) for future in lost)
    assert units.submit(keep(4)).result(SOON) == 4
    units.close()
    assert kept(sqlite_engine) == [1, 4]


def test_a_unit_that_only_the_commit_refuses_fails_alone(sqlite_engine: Engine, keys: KeyStore) -> None:
    with sqlite_engine.begin() as connection:
        link = "FOREIGN KEY (parent) REFERENCES lease (name) DEFERRABLE INITIALLY DEFERRED"
        connection.execute(text(f"CREATE TABLE child (parent VARCHAR, {link})"))

    def orphan(session: Session) -> None:
        session.connection().execute(text("INSERT INTO child VALUES ('nobody')"))

    units = Units(sqlite_engine, keys=keys)
    first, refused, last = together(units, keep(1), orphan, keep(3))
    units.close()
    assert (first.result(), last.result()) == (1, 3)
    assert isinstance(refused.exception(), IntegrityError)
    assert kept(sqlite_engine) == [1, 3]


# What a unit may do in the random test below.
PLAIN, FAILS, ROLLS_BACK_ONCE, ROLLS_BACK, HIDES_IT, INNER = range(6)


def unit_of(kind: int, number: int, before: Counter[int]) -> Callable[[Session], int]:
    """A unit of this kind; OR ROLLBACK makes SQLite undo the whole transaction, as a full disk does."""

    def work(session: Session) -> int:
        before[number] += 1
        keep(number)(session)
        session.flush()
        if kind == FAILS:
            raise Refused
        if kind == INNER:
            with suppress(Refused), session.begin_nested():
                keep_and_fail(number + 1000)(session)
        if kind in (ROLLS_BACK, HIDES_IT) or (kind == ROLLS_BACK_ONCE and before[number] == 1):
            with suppress(IntegrityError) if kind == HIDES_IT else nothing():
                session.connection().execute(text("INSERT OR ROLLBACK INTO processed_update VALUES (0, 0)"))
            keep(number + 2000)(session)
        return number

    return work


@contextmanager
def nothing() -> Iterator[None]:
    yield


@given(kinds=some.lists(some.integers(PLAIN, INNER), min_size=1, max_size=12), most=some.integers(1, 6))
def test_what_is_reported_and_what_is_kept_are_the_same_whatever_fails(
    sqlite_engine: Engine, keys: KeyStore, kinds: list[int], most: int
) -> None:
    with sqlite_engine.begin() as connection:
        connection.execute(text("DELETE FROM processed_update"))
        connection.execute(text("INSERT INTO processed_update VALUES (0, '2030-01-01 12:00:00')"))
    units = Units(sqlite_engine, keys=keys, most_together=most)
    before: Counter[int] = Counter()
    futures = together(units, *(unit_of(kind, number, before) for number, kind in enumerate(kinds, 1)))
    units.close()
    reported = [future.result() for future in futures if not future.exception()]
    assert kept(sqlite_engine) == [0, *reported]
    for future, kind in zip(futures, kinds, strict=True):
        if kind in (PLAIN, INNER):
            assert not future.exception()
        elif kind in (ROLLS_BACK, HIDES_IT):
            assert isinstance(future.exception(), DatabaseAway)


def test_a_database_that_cannot_be_read_fails_all_as_the_databases_failure(
    tmp_path: Path, keys: KeyStore, sqlite_url: str
) -> None:
    engine = connect(sqlite_url)
    units = Units(engine, keys=keys)
    engine.dispose()
    other = sqlite3.connect(tmp_path / "rows.db", isolation_level=None)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN IMMEDIATE")
    away = together(units, keep(1), keep(2))
    assert all(isinstance(future.exception(), DatabaseAway) for future in away)
    other.close()
    assert units.submit(keep(3)).result(SOON) == 3
    units.close()
    engine.dispose()


# -- PostgreSQL


def test_of_two_units_that_wait_for_each_other_both_end_well(postgres_engine: Engine, keys: KeyStore) -> None:
    units = Units(postgres_engine, keys=keys, workers=2)
    leases = [Lease(name=name, holder="", until=NOON) for name in "ab"]
    units.submit(lambda session: session.add_all(leases)).result(SOON)
    meeting, tries = threading.Barrier(2), Counter[str]()

    def crossing(first: str, second: str) -> Callable[[Session], None]:
        def work(session: Session) -> None:
            tries[first] += 1
            session.execute(text("SET LOCAL deadlock_timeout='50ms'"))
            change = text("UPDATE lease SET holder = holder || :by WHERE name = :name")
            session.execute(change, {"by": first, "name": first})
            if tries[first] == 1:
                meeting.wait(SOON)
            session.execute(change, {"by": first, "name": second})

        return work

    for future in [units.submit(crossing("a", "b")), units.submit(crossing("b", "a"))]:
        future.result(SOON)
    assert tries.total() == 3, "nobody was in anybody's way: the test tests nothing"
    holders = units.submit(lambda session: sorted(session.scalars(text("SELECT holder FROM lease")).all())).result(SOON)
    assert [sorted(holder) for holder in holders] == [["a", "b"], ["a", "b"]]
    units.close()


def test_of_two_units_that_contradict_each_other_one_runs_again(postgres_engine: Engine, keys: KeyStore) -> None:
    units = Units(postgres_engine, keys=keys, workers=2)
    meeting, tries = threading.Barrier(2), Counter[int]()

    def count(number: int) -> Callable[[Session], int]:
        def work(session: Session) -> int:
            tries[number] += 1
            session.execute(text("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"))
            seen = session.scalar(text("SELECT count(*) FROM processed_update"))
            if tries[number] == 1:
                meeting.wait(SOON)
            keep(number)(session)
            return int(seen or 0)

        return work

    seen = [future.result(SOON) for future in [units.submit(count(1)), units.submit(count(2))]]
    assert sorted(seen) == [0, 1]
    assert tries.total() == 3
    units.close()


def test_a_conflict_that_does_not_pass_ends_as_the_databases_failure(postgres_engine: Engine, keys: KeyStore) -> None:
    units = Units(postgres_engine, keys=keys)
    tries: list[int] = []

    def conflict(session: Session) -> None:
        tries.append(1)
        session.execute(text("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$"))

    with pytest.raises(DatabaseAway):
        units.submit(conflict).result(SOON)
    units.close()
    assert len(tries) == 5


def lose_connection(session: Session) -> None:
    """What an administrator or a failing network does to a connection."""
    session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


def test_a_unit_whose_connection_breaks_runs_again_on_another(postgres_engine: Engine, keys: KeyStore) -> None:
    units, tries = Units(postgres_engine, keys=keys), Counter[int]()

    def work(session: Session) -> int:
        tries[1] += 1
        keep(1)(session)
        session.flush()
        if tries[1] == 1:
            lose_connection(session)
        return 1

    assert units.submit(work).result(SOON) == 1
    units.close()
    assert tries[1] == 2
    assert kept(postgres_engine) == [1]


def test_a_unit_that_hides_a_broken_connection_runs_again(postgres_engine: Engine, keys: KeyStore) -> None:
    units, tries = Units(postgres_engine, keys=keys), Counter[int]()

    def work(session: Session) -> int:
        tries[1] += 1
        session.connection().execute(text("INSERT INTO processed_update VALUES (1, now())"))
        if tries[1] == 1:
            with suppress(DBAPIError):
                session.connection().execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return 1

    assert units.submit(work).result(SOON) == 1
    units.close()
    assert tries[1] == 2
    assert kept(postgres_engine) == [1]


def test_a_unit_that_hides_a_failed_statement_is_not_reported_as_done(postgres_engine: Engine, keys: KeyStore) -> None:
    def work(session: Session) -> None:
        keep(1)(session)
        session.flush()
        with suppress(IntegrityError):
            session.connection().execute(text("INSERT INTO processed_update VALUES (1, now())"))

    units = Units(postgres_engine, keys=keys)
    with pytest.raises(RuntimeError, match="begin_nested"):
        units.submit(work).result(SOON)
    units.close()
    assert kept(postgres_engine) == []


def test_a_unit_that_only_the_commit_refuses_fails_with_that_error(postgres_engine: Engine, keys: KeyStore) -> None:
    with postgres_engine.begin() as connection:
        connection.execute(text("ALTER TABLE lease ADD CONSTRAINT one UNIQUE (holder) DEFERRABLE INITIALLY DEFERRED"))

    def twice(session: Session) -> None:
        session.add_all(Lease(name=name, holder="same", until=NOON) for name in "ab")

    units = Units(postgres_engine, keys=keys)
    with pytest.raises(IntegrityError):
        units.submit(twice).result(SOON)
    assert units.submit(keep(1)).result(SOON) == 1
    units.close()


def test_a_connection_that_breaks_during_the_commit_is_said_to_be_unknown(
    postgres: Server, postgres_url: str, keys: KeyStore
) -> None:
    with cutting_proxy(postgres.socket(), before_answer_to=b"COMMIT\0") as port:
        database = postgres_url.partition("?")[0].rpartition("/")[2]
        engine = connect(f"postgresql://postgres@127.0.0.1:{port}/{database}")
        units = Units(engine, keys=keys)
        with pytest.raises(CommitUnknown):
            units.submit(keep(1)).result(SOON)
        units.close()
        engine.dispose()
    engine = connect(postgres_url)
    assert kept(engine) == [1], "the commit was in fact done: whoever took this for a failure would do it twice"
    engine.dispose()


def test_a_connection_that_breaks_right_before_the_commit_may_not_be_tried_again(
    postgres_engine: Engine, keys: KeyStore
) -> None:
    def break_all(name: str) -> None:
        if name == "before_commit":
            with postgres_engine.connect() as connection:
                connection.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                )

    units = Units(postgres_engine, keys=keys, point=break_all)
    with pytest.raises(CommitUnknown):
        units.submit(keep(1)).result(SOON)
    units.close()
    assert kept(postgres_engine) == []


def test_a_server_that_went_away_and_came_back_needs_no_new_start(
    tmp_path_factory: pytest.TempPathFactory, keys: KeyStore
) -> None:
    server = postgres_server(tmp_path_factory.mktemp("outage"))
    engine = connect(server.fresh_database())
    units = Units(engine, keys=keys)
    assert units.submit(keep(1)).result(SOON) == 1
    server.halt()
    with pytest.raises(DatabaseAway):
        units.submit(keep(2)).result(SOON)
    server.resume()
    assert units.submit(keep(3)).result(SOON) == 3
    assert kept(engine) == [1, 3]
    units.close()
    engine.dispose()
    server.stop()
