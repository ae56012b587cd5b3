"""Claims: who holds which chat, and that nobody waits for what somebody else holds."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from bot.practice.owing import REPLY, SCHEDULED, owe
from storage import claiming, deliveries, people
from storage.claiming import LONGEST_HOLD, REVEAL, URGENCIES, Claimed
from storage.deliveries import Standing
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
    post: Post,
    holder: str,
    *,
    later: timedelta = timedelta(),
    urgencies: tuple[int, ...] = URGENCIES,
    kept: timedelta | None = None,
) -> list[Claimed]:
    now = post.clock.now() + later
    return post.do(
        lambda session: (
            claiming.claim(
                session,
                holder=holder,
                now=now,
                until=now + CLAIMS_LAST,
                limit=16,
                busy=(),
                urgencies=urgencies,
                kept=kept,
            ).found
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


def test_what_was_claimed_and_not_tried_keeps_its_place(post: Post) -> None:
    """Its process was frozen, or waited too long for its turn; meanwhile more was owed to the same chat."""
    ann = post.person("Ann")
    owed(post, ann, "first", ago=3)
    owed(post, ann, "second", ago=2)
    late = claims(post, "late")[0]
    post.do(lambda session: deliveries.give_back(session, late))
    (found,) = claims(post, "next", later=timedelta(seconds=5))
    assert (key_of(post, found), found.attempts) == ("first", 1)


def test_nothing_overtakes_in_its_chat_what_has_to_wait(post: Post) -> None:
    first, ann = two_owed(post)
    until = post.clock.now() + timedelta(seconds=5)
    post.do(lambda session: deliveries.give_back(session, first, until=until))
    owed(post, ann, "third")
    assert [key_of(post, each) for each in claims(post, "this one")] == ["bens"]
    (found,) = claims(post, "next", later=timedelta(seconds=5))
    assert (key_of(post, found), found.attempts) == ("first", 1)


def test_a_chat_waits_for_some_minutes_at_most(post: Post) -> None:
    first, _ = two_owed(post)
    until = post.clock.now() + timedelta(days=1)
    post.do(lambda session: deliveries.give_back(session, first, until=until))
    assert "first" not in [key_of(post, each) for each in claims(post, "this one")]
    assert "first" in [key_of(post, each) for each in claims(post, "this one", later=LONGEST_HOLD + CLAIMS_LAST)]


def test_a_process_that_starts_anew_waits_as_telegram_asked(post: Post) -> None:
    first, _ = two_owed(post)
    claims(post, "died")  # Ben's
    until = post.clock.now() + timedelta(seconds=50)
    post.do(lambda session: deliveries.give_back(session, first, until=until))
    post.do(claiming.release_all)
    assert [key_of(post, each) for each in claims(post, "anew")] == ["bens"]
    assert [key_of(post, each) for each in claims(post, "anew", later=timedelta(seconds=50))] == ["first", "bens"]


def test_what_is_in_doubt_holds_nothing_up(post: Post) -> None:
    first, _ = two_owed(post)
    due = post.clock.now() + timedelta(seconds=5)
    post.do(lambda session: deliveries.postpone(session, first, due=due))
    assert [key_of(post, each) for each in claims(post, "this one")] == ["second", "bens"]


def two_owed(post: Post) -> tuple[Claimed, Mailbox]:
    """Two things are owed to Ann and one to Ben; gives the first, which is claimed."""
    ann, ben = post.person("Ann"), post.person("Ben")
    owed(post, ann, "first", ago=3)
    first = claims(post, "this one")[0]
    owed(post, ann, "second", ago=2)
    owed(post, ben, "bens", ago=1)
    return first, ann


def test_whoever_wakes_after_the_end_of_a_claim_leaves_it_to_the_next(post: Post) -> None:
    ann = post.person("Ann")
    owed(post, ann, "k")
    frozen = claims(post, "frozen")[0]
    after = CLAIMS_LAST + timedelta(seconds=1)
    assert claims(post, "next", later=after)[0].id == frozen.id
    due = post.clock.now()
    for wakes in (
        lambda session: deliveries.postpone(session, frozen, due=due),
        lambda session: deliveries.give_back(session, frozen),
        lambda session: deliveries.give_back(session, frozen, until=due),
        lambda session: deliveries.send_anew(session, frozen, now=due),
        lambda session: deliveries.hold(session, frozen, due=due, wanted=due),
        lambda session: deliveries.mark_sent(session, Standing(frozen, 7, due)),
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
    post.do(lambda session: deliveries.postpone(session, older, due=due))
    found = claims(post, "this one", later=timedelta(seconds=5))
    assert [key_of(post, each) for each in found] == ["newer"]


# -- a chat that is kept by whoever wrote to it

KEPT = timedelta(seconds=10)


def sends(post: Post, holder: str, **given: timedelta) -> list[str]:
    """Claim what can be claimed and send it; gives its keys."""
    found = claims(post, holder, kept=KEPT, **given)
    for one in found:
        post.do(
            lambda session, one=one: deliveries.mark_sent(session, Standing(one, one.id, post.clock.now()))  # type: ignore[misc]
        )
    return [key_of(post, each) for each in found]


def test_for_a_while_only_who_wrote_to_a_chat_writes_there_again(post: Post) -> None:
    ann, ben = post.person("Ann"), post.person("Ben")
    owed(post, ann, "a1", ago=2)
    assert sends(post, "this one") == ["a1"]
    owed(post, ann, "a2", ago=1)
    owed(post, ben, "b1")
    assert sends(post, "another") == ["b1"]
    assert sends(post, "this one") == ["a2"]
    owed(post, ann, "a3")
    assert sends(post, "another", later=KEPT / 2) == []
    assert sends(post, "another", later=KEPT * 2) == ["a3"]


def test_whoever_ends_leaves_its_chats_but_those_that_just_had_many(post: Post) -> None:
    ann, ben = post.person("Ann"), post.person("Ben")
    for box in (ann, ben):
        owed(post, box, f"{box.address}-1", ago=2)
    assert len(sends(post, "this one")) == 2
    for box in (ann, ben):
        owed(post, box, f"{box.address}-2", ago=1)
    many = post.do(lambda session: people.person(session, ann.person_id).chat_id)
    post.do(lambda session: claiming.leave(session, holder="this one", but={many}))
    assert sends(post, "another") == [f"{ben.address}-2"]


def test_a_chat_kept_for_too_long_to_be_true_is_not(post: Post) -> None:
    owed(post, post.person("Ann"), "k", ago=1)
    kept = claims(post, "wrong", later=timedelta(days=400), kept=KEPT)[0]
    post.do(lambda session: deliveries.give_back(session, kept))
    assert claims(post, "right", kept=KEPT)


def test_who_wrote_to_a_chat_is_forgotten_within_minutes(post: Post) -> None:
    boxes = [post.person(name) for name in ("Ann", "Ben", "Cleo")]
    for box in boxes:
        owed(post, box, f"{box.address}")
    sends(post, "this one")
    now = post.clock.now()
    assert not post.do(lambda session: claiming.forget_kept(session, now=now))
    kept = select(Chat.id).where(col(Chat.kept_for).is_not(None))
    assert len(post.do(lambda session: session.exec(kept).all())) == 3
    assert post.do(lambda session: claiming.forget_kept(session, now=now + KEPT * 2, limit=2))
    assert not post.do(lambda session: claiming.forget_kept(session, now=now + KEPT * 2, limit=2))
    assert post.do(lambda session: session.exec(kept).all()) == []
