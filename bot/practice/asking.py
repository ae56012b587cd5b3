"""The daily question is asked when its time has come."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random

from sqlmodel import Session

from bot.practice import incoming, planning, preferences, rhythm, times
from bot.practice.owing import owe
from bot.practice.planning import WINDOW
from bot.practice.prompts import Library
from storage import apart, daily, expectations, people
from storage.tables import Person

LATE = timedelta(hours=3)
CHUNK = 8
AFTER_A_FAILURE = timedelta(minutes=30)
BEYOND_ANY_RHYTHM = timedelta(days=9)


def ask_due(session: Session, *, library: Library, random: Random, now: datetime) -> bool:
    """Ask a chunk of those whose time has come, and plan their next time; tells whether more may wait."""
    due = people.with_question_due(session, now=now, limit=CHUNK)
    people.lock(session, *(person.id for person in due))
    apart.each(
        session,
        _still_due(due, now),
        lambda turn: _take_turn(session, *turn, library=library, random=random, now=now),
        failed=lambda turn: _put_off(turn[0], now),
    )
    return len(due) == CHUNK


def _put_off(person: Person, now: datetime) -> None:
    """Whoever cannot be asked now is tried again, and keeps nobody else waiting."""
    person.next_question = now + AFTER_A_FAILURE


def _still_due(candidates: Iterable[Person], now: datetime) -> list[tuple[Person, datetime]]:
    """Those whom nobody else has asked while the lock was waited for, and since when."""
    found = [(person, person.next_question) for person in candidates]
    return [(person, at) for person, at in found if at is not None and at <= now]


def _take_turn(
    session: Session, person: Person, due: datetime, *, library: Library, random: Random, now: datetime
) -> None:
    """Ask, unless it is too late or nobody would get it; in any case plan the next time."""
    if person.ready and not person.unreachable and not incoming.is_paused(person, now) and now - due <= LATE:
        on = date_of(due, person)
        if not planning.has_had(person, on):
            _ask(session, person, on, due, library=library, random=random, now=now)
            person.asked_on = on
            rhythm.offer_lighter(session, person, now=now)
    planning.plan_next(person, after=now)


def find_back(session: Session, *, now: datetime) -> bool:
    """Plan anew for those whose next question lies beyond any rhythm: a clock was wrong when it was planned."""
    strays = people.planned_after(session, at=now + BEYOND_ANY_RHYTHM, limit=CHUNK)
    people.lock(session, *(person.id for person in strays))
    for person in strays:
        today = times.local_date(now, person.zone or "UTC")
        person.asked_on = min(person.asked_on, today) if person.asked_on else None
        planning.plan_next(person, after=now)
    return len(strays) == CHUNK


def date_of(due: datetime, person: Person) -> date:
    """The local date that a planned time stands for: in a gap before midnight that is the day before."""
    assert person.zone is not None
    on = times.local_date(due, person.zone)
    before = on - timedelta(days=1)
    planned = times.instant(on, person.daily_minute, person.zone)
    return before if planned != due == times.instant(before, person.daily_minute, person.zone) else on


def _ask(
    session: Session, person: Person, on: date, due: datetime, *, library: Library, random: Random, now: datetime
) -> None:
    occasion, prompt = planning.question_for(session, person, on, due, library=library, random=random)
    checkin = daily.add_checkin(
        session,
        person_id=person.id,
        kind="daily",
        on=on,
        prompt_id=prompt.id,
        occasion_id=occasion.id if occasion else None,
        closes=due + WINDOW,
    )
    awaited = expectations.awaited(session, person_id=person.id)
    if awaited is not None and awaited.kind in preferences.TYPED:
        expectations.forget(session, person_id=person.id)  # what is typed now answers the question
    key = daily.question_key(checkin)
    owe(session, person, "daily.question", checkin.id, due=now, key=key, expires=due + LATE)
