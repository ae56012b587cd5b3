"""S11: a reveal opens for both or for neither. See also tests/practice/test_daily_machine.py."""

from collections.abc import Callable, Sequence
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from bot.practice import daily, reveals
from storage import people
from storage.tables import Answer, Checkin, Delivery, Reveal
from tests.conftest import House
from tests.couples import couple
from tests.figures import reached, times
from tests.inside import Inside
from tests.phones import Phone
from tests.post import Mailbox, Post

pytestmark = pytest.mark.every_database

RACES = 12


async def test_both_see_it_at_once(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    await ann.say("From Ann.")
    await ann.tap("Share")
    assert not ann.shows("Touch to read")
    assert not ben.shows("Touch to read")
    await ben.say("From Ben.")
    await ben.tap("Share")
    assert ann.shows("From Ben.")
    assert ben.shows("From Ann.")


async def test_somebody_who_blocked_the_bot_can_read_it_later(house: House, ann: Phone, ben: Phone) -> None:
    """Open is a committed fact: that one of two could not be reached then changes nothing."""
    await couple(ann, ben)
    await ann.say("From Ann.")
    await ann.tap("Share")
    await ann.block()
    await ben.say("From Ben.")
    await ben.tap("Share")
    assert ben.shows("From Ann.")
    await ann.unblock()
    await ann.say("/today")
    assert "From Ben." in ann.last.text


def test_two_who_share_at_the_same_moment_open_it_once(inside: Inside) -> None:
    """Without the locks, most of these races on PostgreSQL end with nothing open."""
    post = Post(inside)
    for _ in range(times(RACES)):
        pair = (post.person("Ann"), post.person("Ben"))
        post.link(*pair)
        for box in pair:
            box.say(f"From {box.address}.")
        firsts = [first_of(post, box) for box in pair]
        units = [sharing(post, box, first) for box, first in zip(pair, firsts, strict=True)]
        done = [inside.units.submit(unit) for unit in units]
        assert [each.exception(20) for each in done] == [None, None]
        assert opened(post, firsts) == (1, 2)
        reached("races", 1)


def first_of(post: Post, box: Mailbox) -> UUID:
    query = select(Checkin.id).where(Checkin.person_id == box.person_id, Checkin.kind == "first")
    return post.do(lambda session: session.exec(query).one())


def sharing(post: Post, box: Mailbox, checkin_id: UUID) -> Callable[[Session], None]:
    """The unit in which somebody shares, locked as a handler locks it."""
    now = post.clock.now()

    def share(session: Session) -> None:
        people.lock(session, box.person_id)
        daily.share_answer(session, people.person(session, box.person_id), checkin_id, now=now)

    return share


def opened(post: Post, checkins: Sequence[UUID]) -> tuple[int, int]:
    """How many reveals there are of these check-ins, and how many deliveries of them."""

    def count(session: Session) -> tuple[int, int]:
        occasions = select(Checkin.occasion_id).where(col(Checkin.id).in_(checkins))
        found = session.exec(select(Reveal).where(col(Reveal.occasion_id).in_(occasions))).all()
        owed = select(Delivery).where(Delivery.card == "daily.reveal")
        return len(found), sum(len(session.exec(owed.where(Delivery.about == str(each.id))).all()) for each in found)

    return post.do(count)


def test_asking_again_whether_both_share_opens_nothing_twice(inside: Inside) -> None:
    post = Post(inside)
    ann, ben = post.person("Ann"), post.person("Ben")
    post.link(ann, ben)
    for box in (ann, ben):
        box.say("Words.")
        box.tap("Share")

    def again(session: Session) -> int:
        checkin_id = session.exec(select(Answer.checkin_id)).first()
        assert checkin_id is not None
        reveals.open_if_both(session, session.get_one(Checkin, checkin_id).occasion_id, now=post.clock.now())
        return len(session.exec(select(Reveal)).all())

    assert inside.do(again) == 1
