"""The search over one's own words as a chain of units, and what it never opens."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, select

from bot.practice import memories
from bot.practice.memories import CHUNK, MOST_FOUND
from bot.practice.refusals import NotYours, OnlyWords, TooLong
from storage import memories as stored
from storage import people, sealing
from storage.tables import Answer, Checkin, MemorySearch
from tests.conftest import Place
from tests.inside import NOON, Inside
from tests.post import Post

MOST_STATEMENTS = 20


@pytest.fixture
def inside(place: Place) -> Iterator[Inside]:
    inside = Inside(place)
    yield inside
    inside.close()


def with_answers(inside: Inside, count: int, words: str = "tea in the rain and nothing else") -> UUID:
    """Somebody who answered so many questions."""
    ann = inside.person("Ann")

    def add(session: Session) -> None:
        for number in range(count):
            on = NOON.date() - timedelta(days=count - number)
            checkin = Checkin(
                person_id=ann, kind="daily", on_date=on, turn=number - count, prompt_id="my-hour", closed=True
            )
            session.add(checkin)
            session.flush()
            answer = Answer(checkin_id=checkin.id, person_id=ann, decided=True)
            sealing.seal(session, answer, "words_sealed", f"{words} {number:04}", owner=ann)
            session.add(answer)

    inside.do(add)
    return ann


def begin(inside: Inside, ann: UUID, words: str) -> None:
    inside.do(lambda session: memories.search(session, people.person(session, ann), words))


def search(inside: Inside, ann: UUID) -> MemorySearch:
    found = inside.do(lambda session: stored.search_of(session, person_id=ann))
    assert found is not None
    return found


def go_on(inside: Inside) -> bool:
    return inside.do(lambda session: memories.go_on(session, now=inside.now))


def test_a_search_goes_on_in_chunks_until_everything_was_looked_at(inside: Inside) -> None:
    ann = with_answers(inside, 2 * CHUNK + 10)
    begin(inside, ann, "0000")
    assert not search(inside, ann).done
    steps = 0
    while go_on(inside):
        steps += 1
    assert steps == 2
    assert len(stored.found_ids(search(inside, ann))) == 1
    assert not go_on(inside)


def test_it_stops_where_more_would_not_be_read(inside: Inside) -> None:
    ann = with_answers(inside, CHUNK + 10)
    begin(inside, ann, "tea")
    going = search(inside, ann)
    assert going.done
    assert len(stored.found_ids(going)) == MOST_FOUND


def test_a_new_search_takes_the_place_of_the_old_one(inside: Inside) -> None:
    ann = with_answers(inside, CHUNK + 10)
    begin(inside, ann, "nothing of the kind")
    begin(inside, ann, "0003")
    while go_on(inside):
        pass
    assert len(stored.found_ids(search(inside, ann))) == 1
    assert inside.do(lambda session: len(session.exec(select(MemorySearch)).all())) == 1


def test_words_are_compared_without_case_and_marks_and_all_of_them_count(inside: Inside) -> None:
    ann = with_answers(inside, 3, words="Crème brûlée, ΟΔΟΣ, STRASSE")
    for words, count in (("creme BRULEE", 3), ("οδος", 3), ("straße 0001", 1), ("creme tea", 0)):
        begin(inside, ann, words)
        assert len(stored.found_ids(search(inside, ann))) == count, words


def test_what_is_looked_for_is_sealed(inside: Inside) -> None:
    ann = with_answers(inside, 1)
    begin(inside, ann, "a very private word")
    assert b"private" not in search(inside, ann).words_sealed


@pytest.mark.parametrize(("words", "refusal"), [("", OnlyWords), ("\u0301", OnlyWords), ("x" * 1701, TooLong)])
def test_what_cannot_be_looked_for(inside: Inside, words: str, refusal: type[Exception]) -> None:
    ann = with_answers(inside, 1)
    with pytest.raises(refusal):
        begin(inside, ann, words)


def test_a_search_of_somebody_who_is_leaving_ends(inside: Inside) -> None:
    ann = with_answers(inside, CHUNK + 10)
    begin(inside, ann, "0000")
    inside.keys.erase(ann)
    while go_on(inside):
        pass
    assert search(inside, ann).done


def test_a_search_that_cannot_go_on_ends_and_holds_nobody_up(sqlite_inside: Inside) -> None:
    ann = with_answers(sqlite_inside, CHUNK + 10)
    begin(sqlite_inside, ann, "0000")

    def break_the_oldest(session: Session) -> None:
        oldest = select(Answer).join(Checkin).where(Checkin.person_id == ann).order_by(col(Checkin.turn))
        answer = session.exec(oldest).first()
        assert answer is not None
        answer.words_sealed = b"something else"
        session.add(answer)

    sqlite_inside.do(break_the_oldest)
    assert go_on(sqlite_inside)
    assert search(sqlite_inside, ann).done
    assert not go_on(sqlite_inside)


def test_nobody_searches_or_reads_the_answers_of_others(inside: Inside) -> None:
    ann = with_answers(inside, 3)
    ben = inside.person("Ben")
    begin(inside, ben, "tea")
    assert stored.found_ids(search(inside, ben)) == []
    answer = inside.do(lambda session: session.exec(select(Answer.id).where(Answer.person_id == ann)).first())
    assert answer is not None
    with pytest.raises(NotYours):
        inside.do(lambda session: memories.own_answer(session, people.person(session, ben), answer))
    assert inside.do(lambda session: memories.own_answer(session, people.person(session, ann), answer)[0].id) == answer


def test_the_clock_goes_on_with_it_and_the_card_is_filled(sqlite_inside: Inside) -> None:
    post = Post(sqlite_inside)
    sqlite_inside.now = post.clock.now()
    ann = with_answers(sqlite_inside, 2 * CHUNK)
    box = post.box(ann)
    post.deliver()
    box.command("memories")
    box.tap("Search my words")
    box.say("0000")
    assert "Still looking" in box.last.text
    post.pass_time(seconds=1)
    assert "Still looking" not in box.last.text
    assert "0000" in box.last.text.partition("\n\n")[2]


def test_a_unit_of_the_search_asks_little_of_the_database(sqlite_inside: Inside) -> None:
    """However many answers there are; how long it takes is measured by the benchmarks."""
    ann = with_answers(sqlite_inside, 5 * CHUNK)
    begin(sqlite_inside, ann, "0000")
    asked: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(sqlite_inside.engine, "before_cursor_execute", count)
    while go_on(sqlite_inside):
        assert len(asked) <= MOST_STATEMENTS, asked
        asked.clear()
    assert len(stored.found_ids(search(sqlite_inside, ann))) == 1
