"""The sender marks what stands while a use case takes it away: whichever comes first, one of them sees the other."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeAlias

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.practice.owing import REVEAL, owe
from storage import claiming, deliveries, people, showing
from storage.claiming import Claimed
from tests.inside import Inside
from tests.post import CLAIMS_LAST, Mailbox, Post

CARD, ABOUT, NUDGE = "daily.reveal", "0" * 32, 5
SECONDS = 20
Moment: TypeAlias = Callable[[], None]
Unit: TypeAlias = Callable[[Session, Moment], bool]


@pytest.fixture
def ann(inside: Inside) -> Mailbox:
    return Post(inside).person("Ann")


@pytest.fixture
def claimed(ann: Mailbox) -> Claimed:
    """A delivery on its way."""
    post, now = ann.post, ann.post.clock.now()

    def write(session: Session) -> Claimed:
        owe(session, people.person(session, ann.person_id), CARD, ABOUT, due=now, key="k", urgency=REVEAL)
        found = claiming.claim(
            session, holder="me", now=now, until=now + CLAIMS_LAST, limit=16, busy=(), urgencies=(REVEAL,)
        ).found
        return found[0]

    return post.do(write)


def sender(ann: Mailbox, claimed: Claimed) -> Unit:
    """Marks the nudge, then looks whether the card may still be shown."""

    def unit(session: Session, before_commit: Moment) -> bool:
        deliveries.mark_nudged(session, claimed, nudge_id=NUDGE)
        hidden = people.person(session, ann.person_id).discreet
        before_commit()
        return hidden

    return unit


def withdrawal(ann: Mailbox) -> Unit:
    """Lets nothing be shown any more (here: by a mark on the person), then looks where it stands."""

    def unit(session: Session, before_commit: Moment) -> bool:
        people.person(session, ann.person_id).discreet = True
        session.flush()
        found = NUDGE in dict(showing.places(session, person_id=ann.person_id, card=CARD, about=ABOUT))
        before_commit()
        return found

    return unit


def crossing(inside: Inside, first: Unit, second: Unit) -> tuple[bool, bool]:
    """Run both; the second starts right before the first is committed, and comes as far as it can meanwhile."""
    started: list[Future[bool]] = []

    def outer(session: Session) -> bool:
        def before_commit() -> None:
            started[:] = [inside.units.submit(lambda other: second(other, lambda: None))]
            until_it_waits(session, started[0])

        return first(session, before_commit)

    return inside.do(outer), started[0].result(SECONDS)


def until_it_waits(session: Session, other: "Future[Any]") -> None:
    """Until the other unit is done, or waits for a lock of this one; on SQLite it has not begun."""
    if session.get_bind().dialect.name != "postgresql":
        return
    end = time.monotonic() + SECONDS
    while not other.done() and not session.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar():
        assert time.monotonic() < end, "the other unit neither ends nor waits"


def test_one_of_them_sees_the_other_when_the_sender_comes_first(inside: Inside, ann: Mailbox, claimed: Claimed) -> None:
    hidden, found = crossing(inside, sender(ann, claimed), withdrawal(ann))
    assert hidden or found


def test_one_of_them_sees_the_other_when_the_withdrawal_comes_first(
    inside: Inside, ann: Mailbox, claimed: Claimed
) -> None:
    found, hidden = crossing(inside, withdrawal(ann), sender(ann, claimed))
    assert hidden or found
