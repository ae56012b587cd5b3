"""The jobs of the daily question."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlmodel import Session, SQLModel, select

from bot.practice import times, windows
from schedules import JOBS, daily
from schedules.clock import Ring
from storage.tables import Checkin, Delivery, Occasion, Person
from tests.inside import LIBRARY, Inside
from tests.post import Mailbox, Post

pytestmark = pytest.mark.every_database

ROWS: Sequence[type[SQLModel]] = (Checkin, Delivery, Occasion, Person)


def ring(post: Post, session: Session) -> Ring:
    return Ring(session, post.clock.now(), LIBRARY, post.random)


def rows(session: Session) -> list[str]:
    return sorted(str(row) for table in ROWS for row in session.exec(select(table)))


@pytest.fixture
def post(inside: Inside) -> Post:
    post = Post(inside)
    ann, ben = post.person("Ann"), post.person("Ben", "America/New_York")
    post.link(ann, ben)
    _, at = times.next_occurrence(post.clock.now(), minute=20 * 60, days=127, zone="Europe/Berlin")
    post.clock.move(at - post.clock.now())
    return post


def test_the_jobs_ring(post: Post) -> None:
    assert {"plan": 1, "windows": 60}.items() <= {each.name: each.seconds for each in JOBS}.items()


@pytest.mark.parametrize("later", [timedelta(), timedelta(hours=6), timedelta(days=3)])
def test_a_second_run_at_the_same_time_changes_nothing(post: Post, later: timedelta) -> None:
    post.clock.move(later)
    for job in (daily.plan, daily.close_windows):
        assert not post.do(lambda session, job=job: job(ring(post, session)))  # type: ignore[misc]
        once = post.do(rows)
        assert not post.do(lambda session, job=job: job(ring(post, session)))  # type: ignore[misc]
        assert post.do(rows) == once


def test_closing_says_when_more_may_wait(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "CHUNK", 1)
    post.clock.move(timedelta(days=3))
    assert post.do(lambda session: daily.close_windows(ring(post, session)))


def test_whoever_cannot_be_asked_keeps_nobody_waiting_and_is_asked_later(inside: Inside) -> None:
    post = Post(inside)
    carl = post.person("Carl", "America/New_York")
    ann, ben = post.person("Ann"), post.person("Ben", "America/New_York")
    post.link(ann, ben)
    _, at = times.next_occurrence(post.clock.now(), minute=20 * 60, days=127, zone="Europe/Berlin")
    post.pass_to(at)

    def asked(box: Mailbox) -> int:
        query = select(Checkin).where(Checkin.person_id == box.person_id, Checkin.kind == "daily")
        return len(post.do(lambda session: session.exec(query).all()))

    def live_in(session: Session, zone: str) -> None:
        session.get_one(Person, ben.person_id).zone = zone

    post.do(lambda session: live_in(session, "Nowhere/Land"))
    _, at = times.next_occurrence(post.clock.now(), minute=20 * 60, days=127, zone="America/New_York")
    post.pass_to(at)
    assert (asked(ben), asked(carl)) == (0, 1)

    post.do(lambda session: live_in(session, "America/New_York"))
    post.pass_time(minutes=31)
    assert asked(ben) == 1
