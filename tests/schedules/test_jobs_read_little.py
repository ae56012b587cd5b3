"""However many people there are, a job that finds nothing to do must not read a whole table to find that out."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest
from sqlalchemy import Engine, event, text
from sqlmodel import Session

from bot.practice import control
from schedules import JOBS
from schedules.clock import Alarm, Ring
from storage import daily, expectations, retention
from storage.tables import Answer
from tests.inside import LIBRARY, Inside

# a row or a few at most, whoever uses the bot: masters, the schema's revision, parked updates, bad tokens of an hour,
# erasures under way
SMALL = {"master_in_use", "alembic_version", "parked_update", "failed_attempt", "erasure"}
PARTIAL = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'"


@pytest.mark.parametrize("alarm", JOBS, ids=lambda alarm: alarm.name)
def test_a_job_with_nothing_to_do_reads_no_table_from_end_to_end(sqlite_inside: Inside, alarm: Alarm) -> None:
    keeps_words_for_a_month(sqlite_inside)
    with whole_tables(sqlite_inside.engine) as read:
        ring(sqlite_inside, alarm)
    assert read - SMALL == set()


def test_a_whole_table_is_noticed(sqlite_inside: Inside) -> None:
    with whole_tables(sqlite_inside.engine) as read, sqlite_inside.engine.connect() as connection:
        connection.exec_driver_sql("SELECT id FROM checkin WHERE closed IS 0 AND closes < 'x' ORDER BY closes").all()
    assert read == {"checkin"}


def test_what_typed_words_are_for_is_found_by_its_index(sqlite_inside: Inside) -> None:
    def look(session: Session) -> None:
        expectations.await_words(session, person_id=person_id, kind="zone")
        expectations.awaited(session, person_id=person_id)
        expectations.kind_awaited(session, person_id=person_id)
        daily.held(session, person_id=person_id, about=person_id)
        daily.newest_held(session, person_id=person_id)
        expectations.forget(session, person_id=person_id)

    person_id = sqlite_inside.person("Ann")
    with whole_tables(sqlite_inside.engine) as read:
        sqlite_inside.do(look)
    assert read == set()


def test_postgresql_too_can_find_by_its_index_who_wants_words_removed(postgres_inside: Inside) -> None:
    def plan(session: Session) -> list[str]:
        session.execute(text("SET LOCAL enable_seqscan = off"))  # as if the table were large
        with explained(session) as found:
            retention.wishes(session)
            retention.expired(session, Answer, days=30, before=postgres_inside.now.date(), limit=1)
        return found

    assert ["ix_person_retention" in rows for rows in postgres_inside.do(plan)] == [True, True]


def keeps_words_for_a_month(inside: Inside) -> None:
    """Somebody for whom old words are looked for, and finds none."""
    person_id = inside.person("Ann")
    inside.do(lambda session: control.keep_words_for(inside.get(session, person_id), 30))


def ring(inside: Inside, alarm: Alarm) -> None:
    inside.do(lambda session: alarm.job(Ring(session, inside.now, LIBRARY, Random(7))))


@contextmanager
def explained(session: Session) -> Iterator[list[str]]:
    """How PostgreSQL goes about what is asked meanwhile."""
    found: list[str] = []

    def explain(connection, _cursor, statement, parameters, _context, _many) -> None:
        found.append(
            str(connection.connection.driver_connection.execute(f"EXPLAIN {statement}", parameters).fetchall())
        )

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", explain)
    try:
        yield found
    finally:
        event.remove(connection, "before_cursor_execute", explain)


@contextmanager
def whole_tables(engine: Engine) -> Iterator[set[str]]:
    """The tables of which SQLite reads every row for what is asked meanwhile, as it says itself."""
    found: set[str] = set()

    def explain(connection, _cursor, statement, parameters, _context, many) -> None:
        driver: sqlite3.Connection = connection.connection.driver_connection
        if not many and statement.startswith(("SELECT", "UPDATE", "DELETE", "INSERT")):
            partial = {
                name for (name,) in driver.execute(PARTIAL)
            }  # its rows are those that something is to be done for
            plan = [row[3].split() for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            found.update(words[1] for words in plan if words[0] == "SCAN" and not partial & set(words))

    event.listen(engine, "before_cursor_execute", explain)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", explain)
        found -= {"CONSTANT", "(subquery-1)"}  # of an empty list
