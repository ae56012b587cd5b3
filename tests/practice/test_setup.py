from uuid import UUID

import pytest
from sqlmodel import Session

from bot.practice import setup
from bot.practice.refusals import AlreadyLinked, Closed, NotReady
from storage import expectations, people
from storage.rows import find
from storage.tables import Person
from tests.inside import Inside


def test_a_person_begins_with_a_sealed_name_and_a_question_for_the_zone(inside: Inside) -> None:
    ann = inside.newcomer("Ann")

    def look(session: Session) -> tuple[Person, str, str]:
        person = people.person(session, ann)
        awaited = expectations.awaited(session, person_id=ann)
        assert awaited is not None
        return person, people.name(session, person), awaited.kind

    person, name, kind = inside.do(look)
    assert (name, kind) == ("Ann", "zone")
    assert b"Ann" not in person.name_sealed
    assert not person.ready
    assert person.next_question is None


def test_settling_in_plans_and_asks_at_once(inside: Inside) -> None:
    ann = inside.person("Ann")
    person = inside.do(lambda session: people.person(session, ann))
    assert person.ready
    assert person.next_question is not None
    assert person.next_question > inside.now
    assert inside.owed(ann) == ["daily.question"]
    assert inside.do(lambda session: expectations.awaited(session, person_id=ann)) is None


def test_a_zone_that_is_none_changes_nothing(inside: Inside) -> None:
    ann = inside.newcomer("Ann")
    with pytest.raises(Closed):
        inside.settle_in(ann, "Mars/Base")
    assert not inside.do(lambda session: people.person(session, ann).ready)


def test_the_invited_one_gets_the_same_first_question(inside: Inside) -> None:
    ann = inside.person("Ann")
    invite_id, token = inside.invite(ann)
    ben = inside.newcomer("Ben")
    assert inside.open(ben, token) == invite_id
    assert not inside.accept(ben, invite_id)
    inside.settle_in(ben, "America/Lima")
    asked = [first_of(inside, who) for who in (ann, ben)]
    assert asked[0] is not None
    assert asked[0] == asked[1]


def test_the_choice_after_the_first_answer_is_offered_once(inside: Inside) -> None:
    ann = inside.person("Ann")
    answered(inside, ann, "a")
    answered(inside, ann, "b")
    assert inside.owed(ann).count("setup.next") == 1
    assert first_of(inside, ann) is None


def test_whoever_accepted_an_invite_is_told_what_they_wait_for(inside: Inside) -> None:
    ann, ben = inside.person("Ann"), inside.person("Ben")
    inside.accepted(ann, ben)
    answered(inside, ben, "a")
    assert inside.owed(ben)[-1] == "pairing.waiting"
    assert "setup.next" not in inside.owed(ben)


def test_whoever_is_linked_already_is_offered_nothing(inside: Inside) -> None:
    ann, ben = inside.person("Ann"), inside.person("Ben")
    inside.link(ann, ben)
    answered(inside, ann, "a")
    assert "setup.next" not in inside.owed(ann)


def test_starting_alone_needs_set_up_and_nobody_else(inside: Inside) -> None:
    ann, ben, dee = inside.person("Ann"), inside.person("Ben"), inside.newcomer("Dee")
    inside.do(lambda session: setattr(people.person(session, ann), "next_question", None))
    alone(inside, ann)
    assert inside.do(lambda session: people.person(session, ann).next_question) is not None
    alone(inside, ann)
    with pytest.raises(NotReady):
        alone(inside, dee)
    inside.link(ann, ben)
    with pytest.raises(AlreadyLinked):
        alone(inside, ann)


def test_leaving_takes_one_thing_at_a_time(inside: Inside) -> None:
    ann, ben = inside.person("Ann"), inside.person("Ben")
    inside.accepted(ann, ben)
    inside.do(lambda session: expectations.await_words(session, person_id=ben, kind="daily_time"))
    assert [leave(inside, ben) for _ in range(3)] == ["question", "invite", "nothing"]


def test_leaving_set_up_forgets_the_acceptance_and_keeps_the_question_for_the_zone(inside: Inside) -> None:
    ann = inside.person("Ann")
    invite_id, token = inside.invite(ann)
    ben = inside.newcomer("Ben")
    inside.open(ben, token)
    inside.accept(ben, invite_id)
    assert leave(inside, ben) == "setup"
    inside.settle_in(ben)
    assert inside.state(invite_id) == "open"


@pytest.mark.every_database
def test_two_taps_on_i_agree_at_once_make_one_person(inside: Inside) -> None:
    chat = inside.chat()

    def agree(session: Session) -> UUID:
        known = find(session, Person, chat_id=chat.id)
        return (known or setup.agree(session, chat, name="Ann", language="en", now=inside.now)).id

    futures = [inside.units.submit(agree) for _ in range(4)]
    made = {future.result() for future in futures if future.exception(20) is None}
    assert inside.do(agree) in made
    assert len(made) == 1


def answered(inside: Inside, person_id: UUID, key: str) -> None:
    inside.do(lambda session: setup.first_answered(session, inside.get(session, person_id), now=inside.now, key=key))


def first_of(inside: Inside, person_id: UUID) -> str | None:
    """The prompt of the first question that still waits for an answer."""

    def look(session: Session) -> str | None:
        checkin = setup.unanswered_first(session, inside.get(session, person_id))
        return checkin.prompt_id if checkin else None

    return inside.do(look)


def alone(inside: Inside, person_id: UUID) -> None:
    inside.do(lambda session: setup.start_alone(session, inside.get(session, person_id), now=inside.now))


def leave(inside: Inside, person_id: UUID) -> str:
    return inside.do(lambda session: setup.leave(session, inside.get(session, person_id)))
