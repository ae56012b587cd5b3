"""Claims: who holds which chat, and that nobody waits for what somebody else holds."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from bot.practice.owing import REPLY, SCHEDULED, owe
from storage import claiming, deliveries, people
from storage.claiming import REVEAL, URGENCIES, Claimed
from storage.tables import Chat, Delivery
from tests.inside import Inside
from tests.post import CLAIMS_LAST, Mailbox, Post


@pytest.fixture
def post(inside: Inside) -> Post:
    return Post(inside)


def owed(post: Post, to: Mailbox, key: str, *, ago: float = 0.0, urgency: int = REPLY) -> None:
    due = post.clock.now() - timedelta(seconds=ago)

    def write(session: Session) -> None:
        owe(session, people.person(session, to.person_id), "info.help", due=due, key=key, urgency=urgency)

    post.do(write)


def claims(
    post: Post, holder: str, *, later: timedelta = timedelta(), urgencies: tuple[int, ...] = URGENCIES
) -> list[Claimed]:
    now = post.clock.now() + later
    return post.do(
        lambda session: claiming.claim(
            session, holder=holder, now=now, until=now + CLAIMS_LAST, limit=16, busy=(), urgencies=urgencies
        )
    )


def key_of(post: Post, claimed: Claimed) -> str:
    return post.do(lambda session: session.get_one(Delivery, claimed.id).key)


def test_what_others_have_claimed_is_in_nobodys_way(post: Post) -> None:
    for number, box in enumerate([post.person(f"P{number}") for number in range(17)]):
        owed(post, box, f"k{number}", ago=60 - number)
    assert len(claims(post, "another")) == 16
    assert [key_of(post, each) for each in claims(post, "this one")] == ["k16"]


def test_a_claim_that_ends_too_late_to_be_true_is_none(post: Post) -> None:
    """A process with a wrong clock claimed a chat and died."""
    owed(post, post.person("Ann"), "k")
    assert claims(post, "wrong", later=timedelta(days=400))
    assert claims(post, "right")


def test_whoever_wakes_after_the_end_of_a_claim_leaves_it_to_the_next(post: Post) -> None:
    ann = post.person("Ann")
    owed(post, ann, "k")
    frozen = claims(post, "frozen")[0]
    after = CLAIMS_LAST + timedelta(seconds=1)
    assert claims(post, "next", later=after)[0].id == frozen.id
    due = post.clock.now()
    for wakes in (
        lambda session: deliveries.postpone(session, frozen, due=due, surely_unsent=True),
        lambda session: deliveries.send_anew(session, frozen, now=due),
        lambda session: deliveries.hold(session, frozen, due=due, wanted=due),
        lambda session: deliveries.mark_sent(session, frozen, message_id=7, now=due),
    ):
        post.do(wakes)
        assert claims(post, "third", later=after) == []


def test_what_is_held_does_not_slip_through_with_a_reply(post: Post) -> None:
    ann = post.person("Ann")
    owed(post, ann, "scheduled", ago=5, urgency=SCHEDULED)
    owed(post, ann, "reply")
    found = claims(post, "this one", urgencies=(REPLY, REVEAL))
    assert [key_of(post, each) for each in found] == ["reply"]


def test_a_chat_whose_address_does_not_open_is_given_up_alone(post: Post) -> None:
    ann, ben = post.person("Ann"), post.person("Ben")

    def break_address(session: Session) -> None:
        broken = update(Chat).where(col(Chat.id) == people.person(session, ann.person_id).chat_id)
        session.execute(broken.values(address_sealed=b"\x01" + b"x" * 40))

    post.do(break_address)
    owed(post, ann, "anns", ago=1)
    owed(post, ben, "bens")
    assert [key_of(post, each) for each in claims(post, "this one")] == ["bens"]
    states = post.do(lambda session: dict(session.exec(select(Delivery.key, Delivery.state)).all()))
    assert states["anns"] == "failed"


def owed_edit(post: Post, to: Mailbox, key: str, *, message_id: int) -> None:
    def write(session: Session) -> None:
        person = people.person(session, to.person_id)
        owe(session, person, "info.help", due=post.clock.now(), key=key, urgency=REPLY, message_id=message_id)

    post.do(write)


def test_of_many_changes_of_one_message_only_the_last_one_waits(post: Post) -> None:
    """So one partner who taps and taps keeps the other waiting for nothing."""
    ann = post.person("Ann")
    for number in range(5):
        owed_edit(post, ann, f"k{number}", message_id=7)
    owed_edit(post, ann, "another", message_id=8)
    waiting = select(Delivery.key).where(Delivery.state == "waiting")
    assert post.do(lambda session: set(session.exec(waiting))) == {"k4", "another"}


def test_a_change_that_was_put_off_does_not_come_after_a_newer_one(post: Post) -> None:
    ann = post.person("Ann")
    owed_edit(post, ann, "older", message_id=7)
    older = claims(post, "this one")[0]
    owed_edit(post, ann, "newer", message_id=7)
    due = post.clock.now() + timedelta(seconds=3)
    post.do(lambda session: deliveries.postpone(session, older, due=due, surely_unsent=True))
    found = claims(post, "this one", later=timedelta(seconds=5))
    assert [key_of(post, each) for each in found] == ["newer"]
