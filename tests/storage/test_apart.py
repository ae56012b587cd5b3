"""One row that cannot be worked on holds nobody up."""

import sqlite3
from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from storage import apart
from storage.failures import DatabaseAway
from storage.tables import Couple, Membership, ProcessedUpdate
from tests.inside import NOON, Inside


def kept(inside: Inside) -> set[int]:
    return inside.do(lambda session: set(session.exec(select(ProcessedUpdate.update_id))))


def note(session: Session, number: int) -> int:
    session.add(ProcessedUpdate(update_id=number, at=NOON))
    session.flush()
    if number % 10 == 3:
        raise RuntimeError("threes cannot be worked on")
    if number % 10 == 4:  # the database itself refuses this one
        session.add(Membership(couple_id=uuid4(), person_id=uuid4()))
        session.flush()
    return number * 2


def test_all_go_through_when_nothing_is_wrong(inside: Inside) -> None:
    failed: list[int] = []
    done = inside.do(lambda session: apart.each(session, [1, 2, 5], lambda n: note(session, n), failed=failed.append))
    assert (done, failed, kept(inside)) == ([2, 4, 10], [], {1, 2, 5})


def test_what_fails_is_undone_alone(inside: Inside) -> None:
    failed: list[int] = []
    work = [1, 3, 2, 4, 5, 13]
    done = inside.do(lambda session: apart.each(session, work, lambda n: note(session, n), failed=failed.append))
    assert (done, failed, kept(inside)) == ([2, 4, 10], [3, 4, 13], {1, 2, 5})
    assert inside.do(lambda session: session.exec(select(Couple)).all()) == []


@pytest.mark.parametrize("after", [0, 1])
def test_a_database_that_is_away_fails_the_whole_unit(inside: Inside, after: int) -> None:
    calls: list[int] = []

    def work(number: int) -> int:
        calls.append(number)
        if len(calls) > after:
            error = sqlite3.OperationalError("disk full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error
        raise RuntimeError("first something else")

    failed: list[int] = []
    with pytest.raises(DatabaseAway):
        inside.do(lambda session: apart.each(session, [1, 2], work, failed=failed.append))
    assert failed == []


def test_the_databases_refusal_is_an_integrity_error(inside: Inside) -> None:
    """What `note` relies on above."""
    with pytest.raises(IntegrityError):
        inside.do(lambda session: note(session, 4))
