"""Check-ins, answers and what is held, on both databases."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from bot.practice import times
from storage import daily, deliveries, expectations, planning
from storage import reveals as opened
from storage.daily import Given
from storage.tables import Checkin, Reveal
from tests.conftest import Place
from tests.inside import NOON, Inside

TODAY = NOON.date()


@pytest.fixture
def inside(place: Place) -> Iterator[Inside]:
    """Rows and units on either database."""
    inside = Inside(place)
    yield inside
    inside.close()


@pytest.fixture
def ann(inside: Inside) -> UUID:
    return inside.person("Ann")


def add(session: Session, person_id: UUID, on: date, kind: str = "daily") -> Checkin:
    closes = NOON + timedelta(hours=48)
    return daily.add_checkin(
        session, person_id=person_id, kind=kind, on=on, prompt_id="my-hour", occasion_id=None, closes=closes
    )


def test_there_is_one_daily_checkin_for_a_person_and_date(inside: Inside, ann: UUID) -> None:
    inside.do(lambda session: add(session, ann, TODAY))
    with pytest.raises(IntegrityError):
        inside.do(lambda session: add(session, ann, TODAY))
    inside.do(lambda session: add(session, ann, TODAY, kind="first"))
    inside.do(lambda session: add(session, ann, TODAY + timedelta(days=1)))


def test_the_newest_checkin_has_the_highest_turn(inside: Inside, ann: UUID) -> None:
    turns = [inside.do(lambda session, on=on: add(session, ann, on).turn) for on in (TODAY, date(2020, 1, 1))]  # type: ignore[misc]
    assert turns == [2, 3]  # the first question was the first
    newest = inside.do(lambda session: daily.open_checkins(session, person_id=ann, now=NOON)[0].on_date)
    assert newest == date(2020, 1, 1)


def test_what_was_read_together_is_not_asked_for_again(inside: Inside, ann: UUID) -> None:
    answered = inside.do(lambda session: add(session, ann, TODAY).id)
    inside.do(lambda session: daily.add_answer(session, session.get_one(Checkin, answered), Given("Some words.")))
    empty = inside.do(lambda session: add(session, ann, TODAY + timedelta(days=1)).id)

    def look(session: Session) -> list[tuple[UUID | None, str | None]]:
        daily.read_together(session, [answered, empty])
        begun.append(len(asked))
        found = [(daily.checkin(session, checkin_id=each), daily.answer_to(session, checkin_id=each)) for each in both]
        begun.append(len(asked))
        return [(one and one.id, answer and daily.words_of(session, answer)) for one, answer in found]

    both, begun, asked = (answered, empty), list[int](), list[str]()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(inside.engine, "before_cursor_execute", note)
    assert inside.do(look) == [(answered, "Some words."), (empty, None)]
    assert begun[0] == begun[1]


def test_an_answer_is_seen_at_once_by_whoever_had_read_that_there_was_none(inside: Inside, ann: UUID) -> None:
    inside.do(lambda session: add(session, ann, TODAY))

    def give(session: Session) -> tuple[bool, bool, str | None]:
        checkin = daily.open_checkins(session, person_id=ann, now=NOON)[0]
        before = daily.is_answered(session, checkin_id=checkin.id)
        daily.add_answer(session, checkin, Given("Some words."))
        answer = daily.answer_to(session, checkin_id=checkin.id)
        return before, daily.is_answered(session, checkin_id=checkin.id), answer and daily.words_of(session, answer)

    assert inside.do(give) == (False, True, "Some words.")


def test_answers_are_kept_sealed_and_replaced_whole(inside: Inside, ann: UUID) -> None:
    checkin = inside.do(lambda session: add(session, ann, TODAY))

    def keep(session: Session, given: Given) -> tuple[bytes | None, bytes | None, str | None, str | None]:
        to = session.get_one(Checkin, checkin.id)
        earlier = daily.answer_to(session, checkin_id=to.id)
        if earlier is None:
            daily.add_answer(session, to, given)
        else:
            daily.change_answer(session, earlier, to, given)
        row = daily.answer_to(session, checkin_id=to.id)
        assert row is not None
        return row.words_sealed, row.voice_sealed, daily.words_of(session, row), daily.voice_of(session, row)

    words, voice, text, note = inside.do(lambda session: keep(session, Given("Some words.")))
    assert (voice, text, note) == (None, "Some words.", None)
    assert words is not None
    assert b"words" not in words
    words, voice, text, note = inside.do(lambda session: keep(session, Given(voice="file-id")))
    assert (words, text, note) == (None, None, "file-id")
    assert voice is not None


def test_held_words_come_back_for_their_checkin_only(inside: Inside, ann: UUID) -> None:
    first, second = (inside.do(lambda session, on=on: add(session, ann, on)) for on in (TODAY, TODAY + timedelta(1)))  # type: ignore[misc]
    given = Given("Later words.", typed="12,13")

    def held(session: Session, about: UUID) -> Given | None:
        return daily.held(session, person_id=ann, about=about)

    assert inside.do(lambda session: held(session, first.id)) is None
    inside.do(lambda session: daily.hold(session, person_id=ann, about=first.id, given=given))
    assert inside.do(lambda session: held(session, first.id)) == given
    assert inside.do(lambda session: held(session, second.id)) is None
    inside.do(lambda session: expectations.await_words(session, person_id=ann, kind="zone"))
    inside.do(lambda session: expectations.forget(session, person_id=ann))
    assert inside.do(lambda session: held(session, first.id)) == given
    assert inside.do(lambda session: daily.let_go(session, person_id=ann, about=first.id))
    assert not inside.do(lambda session: daily.let_go(session, person_id=ann, about=first.id))
    assert inside.do(lambda session: held(session, first.id)) is None


@pytest.mark.parametrize(
    ("state", "attempts", "asked"),
    [
        ("waiting", 0, False),
        ("waiting", 1, True),
        ("sent", 1, True),
        ("failed", 4, True),
        ("expired", 1, False),
        ("blocked", 1, False),
    ],
)
def test_a_question_was_asked_if_it_may_have_arrived(
    inside: Inside,
    ann: UUID,
    state: str,
    attempts: int,
    asked: bool,
) -> None:
    def owed(session: Session) -> bool:
        checkin = add(session, ann, TODAY)
        deliveries.add(
            session,
            key=daily.question_key(checkin.id),
            chat_id=inside_chat,
            person_id=ann,
            card="daily.question",
            about=str(checkin.id),
            state=state,
            attempts=attempts,
            due=NOON,
        )
        return daily.was_asked(session, checkin)

    inside_chat = inside.chat_of(ann).id
    assert inside.do(owed) is asked


def test_a_message_that_nobody_knows_shows_nothing(inside: Inside, ann: UUID) -> None:
    found = inside.do(lambda session: daily.shown_in(session, person=inside.get(session, ann), message_id=99))
    assert found == ("", "")


def test_a_couple_is_found_by_either(inside: Inside, ann: UUID) -> None:
    ben = inside.person("Ben")
    couple_id = inside.link(ann, ben)

    def pair(session: Session, person_id: UUID) -> tuple[UUID, UUID] | None:
        found = planning.couple_of(session, person_id=person_id)
        return (found[0], found[1].id) if found else None

    assert inside.do(lambda session: pair(session, ann)) == (couple_id, ben)
    assert inside.do(lambda session: pair(session, ben)) == (couple_id, ann)
    inside.unlink(ann, couple_id)
    assert inside.do(lambda session: pair(session, ann)) is None


def test_a_reveal_with_somebody_who_has_gone_keeps_the_others_part(inside: Inside, ann: UUID) -> None:
    """Who has deleted everything has no part in it any more; what the other wrote stays theirs."""
    ben = inside.person("Ben")
    inside.link(ann, ben)

    def reveal(session: Session) -> UUID:
        checkin = daily.open_checkins(session, person_id=ann, now=NOON)[0]
        daily.add_answer(session, checkin, Given("Mine."))
        assert checkin.occasion_id is not None
        return opened.add_reveal(session, occasion_id=checkin.occasion_id).id

    reveal_id = inside.do(reveal)
    seen = inside.do(lambda session: opened.opened(session, reveal_id=reveal_id, person_id=ann))
    assert seen is not None
    assert (seen.mine.person.id, seen.theirs) == (ann, None)
    assert inside.do(lambda session: opened.opened(session, reveal_id=UUID(int=1), person_id=ann)) is None
    assert inside.do(lambda session: session.get(Reveal, reveal_id)) is not None


def test_dates_are_those_of_the_person(inside: Inside) -> None:
    tokyo = inside.person("Kei", "Asia/Tokyo")
    (first,) = inside.do(lambda session: daily.open_checkins(session, person_id=tokyo, now=NOON))
    assert first.on_date == times.local_date(NOON, "Asia/Tokyo")
