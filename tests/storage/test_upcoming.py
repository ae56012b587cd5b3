from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from bot.practice.owing import owe
from storage import claiming, people, upcoming
from tests.inside import Inside, inside

__all__ = ["inside"]


def plan(session: Session, person_id: UUID, at: datetime) -> None:
    people.person(session, person_id).next_question = at


def next_occasion(inside: Inside) -> datetime | None:
    return inside.do(lambda session: upcoming.next_occasion(session, after=inside.now))


def test_nothing_comes_next_where_nobody_is(inside: Inside) -> None:
    assert next_occasion(inside) is None


def test_the_next_occasion_is_the_earliest_question_or_message_still_to_come(inside: Inside) -> None:
    ann, ben = inside.person("Ann"), inside.person("Ben")
    soon, later, latest = (inside.now + timedelta(hours=hours) for hours in (1, 2, 3))
    inside.do(lambda session: plan(session, ann, latest))
    inside.do(lambda session: plan(session, ben, later))
    assert next_occasion(inside) == later
    inside.do(lambda session: owe(session, people.person(session, ann), "common.closed", due=soon, key="one"))
    assert next_occasion(inside) == soon
    inside.later(hours=1)
    assert next_occasion(inside) == later
    inside.later(hours=2)
    assert next_occasion(inside) is None


def test_the_next_week_of_one_person(inside: Inside) -> None:
    ann, ben = inside.person("Ann"), inside.person("Ben")
    chat = inside.chat_of(ann)
    number = inside.do(lambda session: claiming.address(session, chat))

    def ask(telegram_id: int) -> datetime | None:
        return inside.do(lambda session: upcoming.next_weekly(session, telegram_id=telegram_id, after=inside.now))

    assert ask(number) is None
    assert ask(77) is None
    inside.link(ann, ben)
    week = inside.do(lambda session: people.person(session, ann).next_weekly)
    assert ask(number) == week
    inside.now = week
    assert ask(number) is None


def test_a_week_is_an_occasion(inside: Inside) -> None:
    ann = inside.person("Ann")
    soon = inside.now + timedelta(hours=1)

    def plan_week(session: Session) -> None:
        people.person(session, ann).next_weekly = soon

    inside.do(plan_week)
    assert next_occasion(inside) == soon
