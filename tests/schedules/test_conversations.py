"""The jobs of the weekly conversation and of agreements."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlmodel import Session, SQLModel, select

from schedules import JOBS, agreements, conversations
from schedules.clock import Ring
from storage.tables import Agreement, Conversation, Delivery, Participation, Person
from tests.inside import LIBRARY, Inside
from tests.weeks import Weeks, linked

pytestmark = pytest.mark.every_database

ROWS: Sequence[type[SQLModel]] = (Agreement, Conversation, Delivery, Participation, Person)
OURS = (conversations.invite, conversations.find_back, conversations.close, agreements.settle)


def rows(session: Session) -> list[str]:
    return sorted(str(row) for table in ROWS for row in session.exec(select(table)))


@pytest.fixture
def weeks(inside: Inside) -> Weeks:
    """An agreement on trial, and a week that is still open."""
    weeks = linked(inside)
    weeks.sunday()
    weeks.one_card_each()
    weeks.ben.tap("Try one week")
    return weeks


def test_the_jobs_ring() -> None:
    assert {each.job for each in JOBS} >= set(OURS)


@pytest.mark.parametrize("later", [timedelta(), timedelta(days=7), timedelta(days=9)])
def test_a_second_run_at_the_same_time_changes_nothing(weeks: Weeks, later: timedelta) -> None:
    weeks.post.clock.move(later)

    def ring(session: Session, job) -> bool:  # type: ignore[no-untyped-def]
        return job(Ring(session, weeks.post.clock.now(), LIBRARY, weeks.post.random))

    for job in OURS:
        assert not weeks.post.do(lambda session, job=job: ring(session, job))  # type: ignore[misc]
        once = weeks.post.do(rows)
        assert not weeks.post.do(lambda session, job=job: ring(session, job))  # type: ignore[misc]
        assert weeks.post.do(rows) == once
