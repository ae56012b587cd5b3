from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from typing import Any, TypeAlias
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from bot.practice import pairing
from bot.practice.refusals import (
    AlreadyLinked,
    Closed,
    NotLinked,
    NotReady,
    NotYours,
    OwnInvite,
    Refusal,
    TooMany,
)
from storage import pairing as invites
from storage.tables import Chat, FailedAttempt, Invite, Membership, Opening, Person
from tests.figures import reached, times
from tests.inside import LIBRARY, Inside

Work: TypeAlias = Callable[[Session], Any]


@pytest.fixture
def ann(inside: Inside) -> UUID:
    return inside.person("Ann")


@pytest.fixture
def ben(inside: Inside) -> UUID:
    return inside.person("Ben", "America/New_York")


@pytest.fixture
def cleo(inside: Inside) -> UUID:
    return inside.person("Cleo")


# -- inviting


def test_a_person_has_one_invite_at_a_time(inside: Inside, ann: UUID) -> None:
    assert inside.invite(ann) == inside.invite(ann)


def test_an_invite_ends_after_48_hours_and_a_new_one_is_made(inside: Inside, ann: UUID) -> None:
    first, _ = inside.invite(ann)
    inside.later(hours=48)
    second, _ = inside.invite(ann)
    assert second != first


def test_who_is_not_set_up_cannot_invite(inside: Inside) -> None:
    newcomer = inside.newcomer("Dee")
    with pytest.raises(NotReady):
        inside.invite(newcomer)


def test_who_is_linked_cannot_invite(inside: Inside, ann: UUID, ben: UUID) -> None:
    inside.link(ann, ben)
    for person in (ann, ben):
        with pytest.raises(AlreadyLinked):
            inside.invite(person)


def test_a_cancelled_link_is_dead_and_a_new_one_differs(inside: Inside, ann: UUID, ben: UUID) -> None:
    invite_id, token = inside.invite(ann)
    cancel(inside, ann, invite_id)
    assert inside.open(ben, token) is None
    assert inside.invite(ann)[1] != token
    with pytest.raises(Closed):
        cancel(inside, ann, invite_id)


def test_only_the_inviter_cancels(inside: Inside, ann: UUID, ben: UUID) -> None:
    invite_id, _ = inside.invite(ann)
    with pytest.raises(NotYours):
        cancel(inside, ben, invite_id)
    with pytest.raises(Closed):
        cancel(inside, ann, uuid4())


def test_an_invite_whose_time_is_over_cannot_be_cancelled(inside: Inside, ann: UUID) -> None:
    invite_id, _ = inside.invite(ann)
    inside.later(hours=48)
    with pytest.raises(Closed):
        cancel(inside, ann, invite_id)


# -- opening a link


def test_a_link_leads_to_its_invite(inside: Inside, ann: UUID, ben: UUID) -> None:
    invite_id, token = inside.invite(ann)
    assert inside.open(ben, token) == invite_id
    assert inside.open(ben, token) == invite_id


def test_ones_own_link_is_recognized_as_long_as_it_seems_open(inside: Inside, ann: UUID, ben: UUID) -> None:
    invite_id, token = inside.invite(ann)
    with pytest.raises(OwnInvite):
        inside.open(ann, token)
    inside.open(ben, token)
    decline(inside, ben, invite_id)
    with pytest.raises(OwnInvite):
        inside.open(ann, token)
    cancel(inside, ann, invite_id)
    assert inside.open(ann, token) is None


def test_whoever_is_linked_is_told_so_whatever_the_link(inside: Inside, ann: UUID, ben: UUID, cleo: UUID) -> None:
    _, token = inside.invite(cleo)
    inside.link(ann, ben)
    for text in (token, "nonsense"):
        with pytest.raises(AlreadyLinked):
            inside.open(ann, text)


def test_every_dead_link_is_the_same(inside: Inside, ann: UUID, ben: UUID, cleo: UUID) -> None:
    cancelled = inside.invite(ann)
    cancel(inside, ann, cancelled[0])
    declined = inside.invite(ann)
    inside.open(ben, declined[1])
    decline(inside, ben, declined[0])
    assert inside.open(cleo, "unknown") is None
    assert inside.open(cleo, cancelled[1]) is None
    assert inside.open(cleo, declined[1]) is None


def test_a_link_is_dead_after_48_hours(inside: Inside, ann: UUID, ben: UUID) -> None:
    _, token = inside.invite(ann)
    inside.later(hours=47, minutes=59)
    assert inside.open(ben, token)
    inside.later(minutes=1)
    assert inside.open(ben, token) is None


def test_a_link_that_somebody_accepted_is_dead_for_everybody(inside: Inside, ann: UUID, ben: UUID, cleo: UUID) -> None:
    _, token = inside.invite(ann)
    inside.accepted(ann, ben)
    assert inside.open(cleo, token) is None
    assert inside.open(ben, token) is None


def test_the_sixth_dead_link_within_an_hour_is_too_many(inside: Inside, ann: UUID, ben: UUID) -> None:
    _, token = inside.invite(ann)
    for _ in range(5):
        assert inside.open(ben, "guess") is None
    for text in ("guess", token):
        with pytest.raises(TooMany):
            inside.open(ben, text)
    inside.later(hours=1)
    assert inside.open(ben, token)


def test_tried_links_are_forgotten_after_an_hour(inside: Inside, ben: UUID) -> None:
    inside.open(ben, "guess")
    inside.later(minutes=59)
    end_all(inside)
    assert inside.do(lambda session: len(session.exec(select(FailedAttempt)).all())) == 1
    inside.later(minutes=1)
    end_all(inside)
    assert inside.do(lambda session: session.exec(select(FailedAttempt)).all()) == []


# -- accepting


def test_only_who_opened_a_link_can_answer_it(inside: Inside, ann: UUID, ben: UUID) -> None:
    invite_id, _ = inside.invite(ann)
    with pytest.raises(Closed):
        inside.accept(ben, invite_id)
    with pytest.raises(Closed):
        inside.accept(ben, uuid4())
    with pytest.raises(Closed):
        decline(inside, ben, invite_id)


def test_the_inviter_is_asked_about_whoever_accepted(inside: Inside, ann: UUID, ben: UUID) -> None:
    invite_id = inside.accepted(ann, ben)
    assert inside.owed(ann).count("pairing.confirm") == 1
    assert inside.state(invite_id) == "accepted"
    assert inside.partner(ann) is None


def test_the_first_acceptance_wins(inside: Inside, ann: UUID, ben: UUID, cleo: UUID) -> None:
    invite_id, token = inside.invite(ann)
    inside.open(ben, token)
    inside.open(cleo, token)
    assert inside.accept(cleo, invite_id)
    with pytest.raises(Closed):
        inside.accept(ben, invite_id)


def test_a_newcomers_acceptance_counts_after_set_up(inside: Inside, ann: UUID) -> None:
    chat = inside.chat()
    invite_id, token = inside.invite(ann)
    inside.do(lambda session: pairing.open_link(session, chat, None, token, now=inside.now))
    assert not inside.do(lambda session: pairing.want(session, chat, None, invite_id, now=inside.now))
    assert inside.state(invite_id) == "open"
    dee = inside.newcomer("Dee", chat)
    assert inside.state(invite_id) == "open"
    inside.settle_in(dee)
    assert inside.state(invite_id) == "accepted"
    assert inside.owed(ann).count("pairing.confirm") == 1


def test_a_newcomer_who_was_too_slow_is_told_and_set_up_all_the_same(inside: Inside, ann: UUID, ben: UUID) -> None:
    chat = inside.chat()
    invite_id, token = inside.invite(ann)
    inside.do(lambda session: pairing.open_link(session, chat, None, token, now=inside.now))
    inside.do(lambda session: pairing.want(session, chat, None, invite_id, now=inside.now))
    inside.accepted(ann, ben)
    dee = inside.person("Dee", chat=chat)
    assert "refusal.said" in inside.owed(dee)
    assert inside.state(invite_id) == "accepted"


def test_the_last_of_several_accepted_invites_counts(inside: Inside, ann: UUID, ben: UUID, cleo: UUID) -> None:
    first = inside.accepted(ann, cleo)
    second = inside.accepted(ben, cleo)
    assert inside.state(first) == "withdrawn"
    with pytest.raises(Closed):
        inside.confirm(ann, first)
    inside.confirm(ben, second)
    assert inside.partner(cleo) == ben


def test_an_acceptance_can_be_taken_back_until_it_is_confirmed(inside: Inside, ann: UUID, ben: UUID) -> None:
    invite_id = inside.accepted(ann, ben)
    take_back(inside, ben)
    with pytest.raises(Closed):
        inside.confirm(ann, invite_id)
    with pytest.raises(Closed):
        take_back(inside, ben)
    assert inside.owed(ann).count("pairing.confirm") == 1


def test_somebody_with_an_open_invite_can_accept_another(inside: Inside, ann: UUID, ben: UUID, cleo: UUID) -> None:
    _, token = inside.invite(ben)
    inside.link(ann, ben)
    assert inside.partner(ben) == ann
    assert inside.open(cleo, token) is None


# -- declining and blocking


def test_a_declined_invite_looks_open_to_its_inviter(inside: Inside, ann: UUID, ben: UUID) -> None:
    before = inside.invite(ann)
    inside.open(ben, before[1])
    owed = inside.owed(ann)
    decline(inside, ben, before[0])
    assert inside.invite(ann) == before
    assert inside.owed(ann) == owed
    with pytest.raises(Closed):
        decline(inside, ben, before[0])


def test_a_blocked_persons_links_are_dead(inside: Inside, ann: UUID, ben: UUID, cleo: UUID) -> None:
    invite_id, token = inside.invite(ann)
    inside.open(ben, token)
    decline(inside, ben, invite_id, block=True)
    cancel(inside, ann, invite_id)
    _, token = inside.invite(ann)
    assert inside.open(ben, token) is None
    assert inside.open(cleo, token)


def test_whoever_blocks_after_accepting_is_not_linked(inside: Inside, ann: UUID, ben: UUID) -> None:
    invite_id = inside.accepted(ann, ben)
    decline(inside, ben, invite_id, block=True)
    with pytest.raises(Closed):
        inside.confirm(ann, invite_id)


def test_blocking_one_person_takes_back_nothing_from_another(inside: Inside, ann: UUID, ben: UUID, cleo: UUID) -> None:
    first = inside.accepted(ann, ben)
    second = inside.accepted(cleo, ben)
    decline(inside, ben, first, block=True)
    assert inside.state(second) == "accepted"
    inside.confirm(cleo, second)


def test_a_blocked_person_cannot_open_a_link_of_whoever_blocked_them(inside: Inside, ann: UUID, ben: UUID) -> None:
    invite_id, token = inside.invite(ann)
    inside.open(ben, token)
    decline(inside, ben, invite_id, block=True)
    _, token = inside.invite(ben)
    assert inside.open(ann, token) is None


def test_blocking_is_possible_after_the_link_is_dead(inside: Inside, ann: UUID, ben: UUID, cleo: UUID) -> None:
    invite_id, token = inside.invite(ann)
    inside.open(ben, token)
    inside.accepted(ann, cleo)
    decline(inside, ben, invite_id, block=True)
    assert inside.state(invite_id) == "accepted"
    refuse(inside, ann, invite_id)
    _, token = inside.invite(ann)
    assert inside.open(ben, token) is None


# -- confirming


def test_a_confirmed_invite_links_two_and_tells_the_other(inside: Inside, ann: UUID, ben: UUID) -> None:
    inside.link(ann, ben)
    assert (inside.partner(ann), inside.partner(ben)) == (ben, ann)
    assert inside.owed(ben).count("pairing.linked") == 1


def test_only_the_inviter_confirms_and_only_once(inside: Inside, ann: UUID, ben: UUID, cleo: UUID) -> None:
    invite_id = inside.accepted(ann, ben)
    for person in (ben, cleo):
        with pytest.raises(NotYours):
            inside.confirm(person, invite_id)
        with pytest.raises(NotYours):
            refuse(inside, person, invite_id)
    inside.confirm(ann, invite_id)
    with pytest.raises(Closed):
        inside.confirm(ann, invite_id)
    assert inside.couples() == 1


def test_an_invite_that_nobody_accepted_cannot_be_confirmed(inside: Inside, ann: UUID) -> None:
    invite_id, _ = inside.invite(ann)
    with pytest.raises(Closed):
        inside.confirm(ann, invite_id)


def test_a_refused_one_is_not_told_and_waits_until_the_time_is_over(inside: Inside, ann: UUID, ben: UUID) -> None:
    invite_id = inside.accepted(ann, ben)
    owed = inside.owed(ben)
    refuse(inside, ann, invite_id)
    assert inside.owed(ben) == owed
    assert waits(inside, ben)
    inside.later(hours=48)
    end_all(inside)
    assert inside.owed(ben) == [*owed, "pairing.ended"]
    assert not waits(inside, ben)


def test_an_unconfirmed_invite_ends_48_hours_after_it_was_accepted(inside: Inside, ann: UUID, ben: UUID) -> None:
    invite_id, token = inside.invite(ann)
    inside.open(ben, token)
    inside.later(hours=47)
    inside.accept(ben, invite_id)
    inside.later(hours=47)
    end_all(inside)
    assert inside.state(invite_id) == "accepted"
    inside.later(hours=1)
    with pytest.raises(Closed):
        inside.confirm(ann, invite_id)
    end_all(inside)
    assert inside.state(invite_id) is None
    assert inside.owed(ben)[-1] == "pairing.ended"
    assert inside.do(lambda session: session.exec(select(Opening)).all()) == []


def test_a_refused_and_an_unanswered_acceptance_leave_the_same_traces(inside: Inside, ann: UUID, ben: UUID) -> None:
    cleo, dee = inside.person("Cleo"), inside.person("Dee")
    refused, _ = inside.accepted(ann, ben), inside.accepted(cleo, dee)
    refuse(inside, ann, refused)
    for step in (timedelta(), timedelta(hours=47), timedelta(hours=1)):
        inside.now += step
        end_all(inside)
        assert inside.owed(ben) == inside.owed(dee)
        assert waits(inside, ben) == waits(inside, dee)


def test_a_taken_back_acceptance_ends_without_a_word(inside: Inside, ann: UUID, ben: UUID) -> None:
    inside.accepted(ann, ben)
    take_back(inside, ben)
    owed = inside.owed(ben)
    inside.later(hours=48)
    end_all(inside)
    assert inside.owed(ben) == owed


def test_an_inviter_who_links_elsewhere_leaves_the_others_unanswered(
    inside: Inside, ann: UUID, ben: UUID, cleo: UUID
) -> None:
    mine = inside.accepted(ann, cleo)
    inside.link(ben, ann)
    with pytest.raises(Closed):
        inside.confirm(ann, mine)
    assert waits(inside, cleo)
    inside.later(hours=48)
    end_all(inside)
    assert inside.owed(cleo)[-1] == "pairing.ended"


def test_an_invitee_who_links_elsewhere_cannot_be_confirmed(inside: Inside, ann: UUID, ben: UUID, cleo: UUID) -> None:
    # Ben's own invite is accepted by Cleo while Ben waits for Ann
    waiting = inside.accepted(ann, ben)
    inside.link(ben, cleo)
    with pytest.raises(Closed):
        inside.confirm(ann, waiting)
    assert inside.partner(ann) is None
    inside.later(hours=48)
    end_all(inside)
    assert "pairing.ended" not in inside.owed(ben)


@pytest.mark.parametrize("first", [0, 1])
def test_crossed_invites_link_once(inside: Inside, ann: UUID, ben: UUID, first: int) -> None:
    crossed = [(ann, inside.accepted(ann, ben)), (ben, inside.accepted(ben, ann))]
    inside.confirm(*crossed[first])
    with pytest.raises(Refusal):
        inside.confirm(*crossed[1 - first])
    assert inside.couples() == 1
    inside.later(hours=48)
    end_all(inside)
    assert "pairing.ended" not in inside.owed(ann) + inside.owed(ben)


def test_a_cancelled_acceptance_looks_unanswered(inside: Inside, ann: UUID, ben: UUID) -> None:
    invite_id = inside.accepted(ann, ben)
    cancel(inside, ann, invite_id)
    assert waits(inside, ben)
    with pytest.raises(Closed):
        inside.confirm(ann, invite_id)


def test_an_ended_invite_that_was_extended_meanwhile_is_kept(inside: Inside, ann: UUID) -> None:
    invite_id, _ = inside.invite(ann)

    def end_what_is_not_over(session: Session) -> None:
        found = session.get(Invite, invite_id)
        assert found is not None
        pairing._end(session, invite_id, now=inside.now)
        pairing._end(session, uuid4(), now=inside.now)

    inside.do(end_what_is_not_over)
    assert inside.state(invite_id) == "open"


def test_many_ended_invites_go_chunk_by_chunk(inside: Inside, ann: UUID, ben: UUID) -> None:
    inside.invite(ann)
    inside.invite(ben)
    inside.later(hours=48)
    assert inside.do(lambda session: pairing.end_invites(session, now=inside.now, limit=1))
    assert inside.do(lambda session: pairing.end_invites(session, now=inside.now, limit=2)) is False


# -- leaving


@pytest.mark.every_database
def test_unlinking_is_in_force_at_once_for_both(inside: Inside, ann: UUID, ben: UUID) -> None:
    couple_id = inside.link(ann, ben)
    inside.unlink(ann, couple_id)
    assert inside.partner(ann) is inside.partner(ben) is None
    with pytest.raises(NotLinked):
        inside.unlink(ben, couple_id)


def test_leaving_quietly_tells_the_other_once_at_their_next_tap(inside: Inside, ann: UUID, ben: UUID) -> None:
    owed_before = {}
    couple_id = inside.link(ann, ben)
    owed_before[ben] = inside.owed(ben)
    inside.unlink(ann, couple_id)
    assert inside.owed(ben) == owed_before[ben]
    assert learns(inside, ben)
    assert not learns(inside, ben)
    assert not learns(inside, ann)


def test_leaving_aloud_tells_the_other_once_and_now(inside: Inside, ann: UUID, ben: UUID) -> None:
    inside.unlink(ann, inside.link(ann, ben), tell=True)
    assert inside.owed(ben).count("pairing.farewell") == 1
    assert not learns(inside, ben)


def test_whoever_cannot_be_reached_learns_it_at_their_next_tap(inside: Inside, ann: UUID, ben: UUID) -> None:
    couple_id = inside.link(ann, ben)
    inside.do(lambda session: setattr(session.get(Person, ben), "unreachable", True))
    inside.unlink(ann, couple_id, tell=True)
    assert "pairing.farewell" not in inside.owed(ben)
    assert learns(inside, ben)


def test_an_old_button_does_not_end_a_new_link(inside: Inside, ann: UUID, ben: UUID, cleo: UUID) -> None:
    old = inside.link(ann, ben)
    inside.unlink(ann, old)
    inside.link(ann, cleo)
    with pytest.raises(Closed):
        inside.unlink(ann, old)
    assert inside.partner(ann) == cleo


def test_two_can_link_again_the_same_day_with_a_fresh_invite(inside: Inside, ann: UUID, ben: UUID) -> None:
    first = inside.accepted(ann, ben)
    couple_id = inside.confirm(ann, first)
    inside.unlink(ben, couple_id)
    with pytest.raises(Closed):
        inside.confirm(ann, first)
    inside.link(ann, ben)
    assert inside.partner(ann) == ben
    inside.unlink(ann, inside.do(lambda session: membership(session, ann).couple_id), tell=True)
    assert inside.couples() == 2


# -- races: 200 in all on each database


@pytest.mark.every_database
def test_many_concurrent_acceptances_have_one_winner(inside: Inside) -> None:
    ann, others = inside.person("Ann"), [inside.person(name) for name in ("Ben", "Cleo", "Dee")]
    chats = {each: inside.chat_of(each) for each in others}
    for _ in rounds(60):
        invite_id, token = inside.invite(ann)
        for each in others:
            inside.open(each, token)
        outcomes = race(inside, [accepting(inside, each, chats[each], invite_id) for each in others])
        assert outcomes.count(True) == 1
        assert inside.state(invite_id) == "accepted"
        refuse(inside, ann, invite_id)


@pytest.mark.every_database
def test_many_concurrent_confirmations_link_once(inside: Inside) -> None:
    ann, ben = inside.person("Ann"), inside.person("Ben")
    for _ in rounds(25):
        crossed = [(ann, inside.accepted(ann, ben)), (ben, inside.accepted(ben, ann))]
        outcomes = race(inside, [confirming(inside, who, which) for who, which in crossed + crossed])
        won = [each for each in outcomes if isinstance(each, UUID)]
        assert len(won) == 1
        inside.unlink(ann, won[0])
        learns(inside, ben)


@pytest.mark.every_database
def test_accepting_and_cancelling_at_once_leaves_one_outcome(inside: Inside) -> None:
    ann, ben = inside.person("Ann"), inside.person("Ben")
    chat = inside.chat_of(ben)
    for _ in rounds(50):
        invite_id, token = inside.invite(ann)
        inside.open(ben, token)
        accepted, cancelled = race(
            inside, [accepting(inside, ben, chat, invite_id), cancelling(inside, ann, invite_id)]
        )
        assert cancelled is None
        assert accepted is True or isinstance(accepted, Closed)
        assert inside.state(invite_id) == "cancelled"
        inside.do(lambda session: invites.withdraw(session, person_id=ben))


@pytest.mark.every_database
def test_confirming_and_taking_back_at_once_links_or_does_not(inside: Inside) -> None:
    ann, ben = inside.person("Ann"), inside.person("Ben")
    for _ in rounds(50):
        invite_id = inside.accepted(ann, ben)
        taken_back, couple_id = race(inside, [taking_back(inside, ben), confirming(inside, ann, invite_id)])
        linked = isinstance(couple_id, UUID)
        assert inside.partner(ann) == (ben if linked else None)
        assert isinstance(taken_back, Closed) == linked
        if linked:
            inside.unlink(ann, couple_id)
            learns(inside, ben)


@pytest.mark.every_database
def test_both_leaving_at_once_leaves_one_ending(inside: Inside) -> None:
    ann, ben = inside.person("Ann"), inside.person("Ben")
    for _ in rounds(20):
        couple_id = inside.link(ann, ben)
        race(inside, [leaving(inside, who, couple_id) for who in (ann, ben)])
        assert inside.partner(ann) is inside.partner(ben) is None
        assert [learns(inside, ann), learns(inside, ben)].count(True) == 1


def accepting(inside: Inside, who: UUID, chat: Chat, invite_id: UUID) -> Work:
    return lambda session: pairing.want(session, chat, inside.get(session, who), invite_id, now=inside.now)


def confirming(inside: Inside, who: UUID, invite_id: UUID) -> Work:
    return lambda session: (
        pairing.confirm(
            session, inside.get(session, who), invite_id, library=LIBRARY, random=inside.random(), now=inside.now
        ).id
    )


def cancelling(inside: Inside, who: UUID, invite_id: UUID) -> Work:
    return lambda session: pairing.cancel_invite(session, inside.get(session, who), invite_id, now=inside.now)


def taking_back(inside: Inside, who: UUID) -> Work:
    return lambda session: pairing.take_back(session, inside.get(session, who))


def leaving(inside: Inside, who: UUID, couple_id: UUID) -> Work:
    return lambda session: pairing.unlink(session, inside.get(session, who), couple_id, tell=False, now=inside.now)


# -- in the words of these tests


def rounds(small: int) -> range:
    """So many races, or more of them in a soak."""
    reached("races", times(small))
    return range(times(small))


def race(inside: Inside, works: list[Work]) -> list[Any]:
    """Run units at the same time; what each gave or raised. Only refusals are expected."""
    futures: list[Future[Any]] = [inside.units.submit(work) for work in works]
    outcomes = [future.exception(20) or future.result() for future in futures]
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and not isinstance(outcome, Refusal):
            raise outcome
    return outcomes


def cancel(inside: Inside, person_id: UUID, invite_id: UUID) -> None:
    inside.do(lambda session: pairing.cancel_invite(session, inside.get(session, person_id), invite_id, now=inside.now))


def decline(inside: Inside, person_id: UUID, invite_id: UUID, *, block: bool = False) -> None:
    chat = inside.chat_of(person_id)
    inside.do(lambda session: pairing.decline(session, chat, invite_id, block=block, now=inside.now))


def refuse(inside: Inside, person_id: UUID, invite_id: UUID) -> None:
    inside.do(lambda session: pairing.refuse(session, inside.get(session, person_id), invite_id, now=inside.now))


def take_back(inside: Inside, person_id: UUID) -> None:
    inside.do(lambda session: pairing.take_back(session, inside.get(session, person_id)))


def waits(inside: Inside, person_id: UUID) -> bool:
    return inside.do(
        lambda session: invites.invite_waited_for(session, person_id=person_id, now=inside.now) is not None
    )


def learns(inside: Inside, person_id: UUID) -> bool:
    return inside.do(lambda session: pairing.learn_farewell(session, inside.get(session, person_id)))


def end_all(inside: Inside) -> None:
    while inside.do(lambda session: pairing.end_invites(session, now=inside.now)):
        pass


def membership(session: Session, person_id: UUID) -> Membership:
    return session.exec(select(Membership).where(Membership.person_id == person_id, Membership.open)).one()
