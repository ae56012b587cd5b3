"""Persons as rows: who is gone, and instants that say in which zone they are."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import StatementError
from sqlmodel import Session

from storage import people
from storage.tables import ProcessedUpdate
from tests.inside import Inside


def test_nobody_is_found_by_the_id_of_somebody_who_is_gone(sqlite_inside: Inside) -> None:
    with pytest.raises(LookupError):
        sqlite_inside.do(lambda session: people.person(session, uuid4()))


def test_somebody_who_is_gone_can_be_locked_along_with_others(inside: Inside) -> None:
    ann = inside.person("Ann")
    assert ann in inside.do(lambda session: people.lock(session, ann, uuid4()))


def test_somebody_who_is_deleted_while_a_lock_is_waited_for_is_not_there(postgres_inside: Inside) -> None:
    ann, ben = postgres_inside.person("Ann"), postgres_inside.person("Ben")

    def lock(session: Session) -> tuple[Collection[UUID], bool]:
        of = people.person(session, ann)
        with postgres_inside.engine.begin() as other:
            for table in ("delivery", "message", "expectation", "checkin", "person"):
                column = "id" if table == "person" else "person_id"
                other.execute(text(f"DELETE FROM {table} WHERE {column} = :ann"), {"ann": ann})
        return people.lock(session, ann, ben), of in session

    assert postgres_inside.do(lock) == ({ben}, False)


def test_an_instant_without_a_zone_is_refused(inside: Inside) -> None:
    def keep(session: Session) -> None:
        session.add(ProcessedUpdate(update_id=1, at=datetime.combine(date(2026, 3, 4), datetime.min.time())))

    with pytest.raises(StatementError, match="naive"):
        inside.do(keep)


def test_an_instant_comes_back_in_utc(inside: Inside) -> None:
    at = datetime(2026, 3, 4, 12, tzinfo=UTC)
    inside.do(lambda session: session.add(ProcessedUpdate(update_id=1, at=at)))
    assert inside.do(lambda session: session.get_one(ProcessedUpdate, 1).at) == at
