"""S30: no time zone, travel or local time of a partner can be read from windows, cards or deliveries."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from bot.practice.planning import plan_next
from storage import people
from storage.tables import Checkin, Occasion, Reveal
from tests.inside import LIBRARY
from tests.lives import Life, Lives, trace

BERLIN = "Europe/Berlin"


def ann_lives(life: Life, zone: str, minute: int) -> None:
    def move(session: Session) -> None:
        person = people.person(session, life.ann.person_id)
        person.zone, person.daily_minute = zone, minute
        plan_next(person, after=life.post.clock.now())

    life.post.do(move)


def a_week(zone: str, minute: int) -> Callable[[Life], None]:
    """Ben's days in Berlin, while Ann lives somewhere; every hour passes."""

    def live(life: Life) -> None:
        ann_lives(life, zone, minute)
        for hour in range(24 * 5):
            life.post.pass_time(hours=1)
            if hour % 24 == 12 and life.ben.offers("Not today"):
                life.ben.say("Tea.")
                if "Share" in life.ben.last.labels:
                    life.ben.tap("Share")
                life.ben.command("today")

    return live


@pytest.mark.parametrize(
    ("zone", "minute"),
    [("Asia/Tokyo", 7 * 60), ("America/Los_Angeles", 23 * 60), ("Pacific/Auckland", 0), (BERLIN, 60)],
)
def test_the_partners_cards_are_the_same_wherever_one_lives(lives: Lives, zone: str, minute: int) -> None:
    _, here = lives.lived("here", a_week(BERLIN, 20 * 60))
    _, there = lives.live(a_week(zone, minute))
    assert there == here


def test_the_end_of_a_shared_window_cannot_be_found_by_pressing(lives: Lives) -> None:
    """Ann was asked 13 hours before Ben: her window ends before his, and his buttons go on as if it had not."""
    states = []

    def live(life: Life, *, asked_before: bool, ann_shares: bool) -> None:
        ann_lives(life, BERLIN, 7 * 60 if asked_before else 20 * 60)
        for day in range(12):
            if asked_before:
                life.evening(minute=7 * 60)
            life.evening()
            if day > 1 and life.post.do(lambda session: is_shared(session, life)):
                break
        if ann_shares:
            life.ann.say("From Ann.")
            life.ann.tap("Share")
        life.post.pass_time(hours=36)  # 49 hours after Ann's question, 36 after Ben's
        before = len(trace(life.ben))
        life.ben.say("Tea.", reply_to=life.ben.newest("Not today").id)
        life.ben.tap("Share")
        life.ben.tap("Take back")
        life.ben.tap("Share")
        states.append(trace(life.ben)[before:])
        reveals = life.post.do(lambda session: len(session.exec(select(Reveal)).all()))
        assert reveals == 0 if asked_before or not ann_shares else reveals == 1

    lives.live(lambda life: live(life, asked_before=True, ann_shares=True))
    lives.live(lambda life: live(life, asked_before=True, ann_shares=False))
    lives.live(lambda life: live(life, asked_before=False, ann_shares=False))
    assert states[0] == states[1] == states[2]


def is_shared(session: Session, life: Life) -> bool:
    query = select(Checkin).where(Checkin.person_id == life.ben.person_id, Checkin.kind == "daily")
    newest = session.exec(query.order_by(col(Checkin.turn).desc())).first()
    return newest is not None and newest.occasion_id is not None and not LIBRARY.prompt(newest.prompt_id).aloud


def test_a_window_belongs_to_ones_own_question(lives: Lives) -> None:
    def live(life: Life) -> None:
        ann_lives(life, "Asia/Tokyo", 7 * 60)
        for day in range(12):
            life.evening("Asia/Tokyo", 7 * 60)
            life.evening()
            if day > 1 and life.post.do(lambda session: is_shared(session, life)):
                break
        bens, occasion = life.post.do(lambda session: windows(session, life))
        assert bens == life.post.clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=48)
        assert bens is not None
        assert occasion < bens

    lives.live(live)


def windows(session: Session, life: Life) -> tuple[datetime | None, datetime]:
    query = select(Checkin).where(Checkin.person_id == life.ben.person_id).order_by(col(Checkin.turn).desc())
    checkin = session.exec(query).first()
    assert checkin is not None
    assert checkin.occasion_id is not None
    return checkin.closes, session.get_one(Occasion, checkin.occasion_id).closes
