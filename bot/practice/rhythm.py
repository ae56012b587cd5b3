"""How often somebody is asked: offered once, changed by nobody else, and made lighter when it was too much."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from sqlmodel import Session

from bot.practice import times
from bot.practice.owing import owe
from storage import daily, reveals
from storage.planning import Asked
from storage.tables import Checkin, Person

QUIET_DAYS = 3
BETWEEN_OFFERS = timedelta(days=30)
PATIENCE = 10  # shared answers, none of which opened
LOOKED_AT = 40
A_MOMENT = timedelta(minutes=2)


def offer(session: Session, person: Person, *, now: datetime) -> None:
    """After the first reveal: how often would be good? Asked once."""
    if not person.rhythm_offered:
        person.rhythm_offered = True
        owe(session, person, "daily.rhythm", due=now + A_MOMENT, key=f"rhythm:{person.id}")


def lighter(days: int) -> list[str]:
    """The rhythms that ask less often than this mask of days does, fullest first."""
    return [rhythm for rhythm, count in (("three", 3), ("weekly", 1)) if count < days.bit_count()]


def offer_lighter(session: Session, person: Person, asked: Iterable[Asked], *, now: datetime) -> None:
    """After three questions that nothing was done with, offer fewer; once in 30 days, and to this person alone.

    `asked` is what they were asked before today, newest first.
    """
    today = times.local_date(now, person.zone or "UTC")
    last = person.lighter_offered_on
    if not lighter(person.days) or (last is not None and today - last < BETWEEN_OFFERS):
        return
    before = list(islice((each for each in asked if each.kind == "daily"), QUIET_DAYS))
    if len(before) == QUIET_DAYS and all(_is_quiet(session, person, each) for each in before):
        person.lighter_offered_on = today
        owe(session, person, "daily.lighter", due=now + A_MOMENT, key=f"lighter:{person.id}:{today}")


def tell_patience(session: Session, person: Person, closed: Checkin, *, now: datetime) -> None:
    """Once: after ten shared answers of which none opened, say that this can have many reasons."""
    if person.patience_told or closed.occasion_id is None:
        return
    couple_id = daily.occasion(session, occasion_id=closed.occasion_id).couple_id
    shared = reveals.closed_unopened(session, person_id=person.id, couple_id=couple_id, limit=LOOKED_AT)
    if sum(shared) >= PATIENCE:
        person.patience_told = True
        owe(session, person, "daily.patience", due=now, key=f"patience:{person.id}")


def _is_quiet(session: Session, person: Person, each: Asked) -> bool:
    """Whether the question came, and nothing was done with it."""
    checkin_id = UUID(each.id)
    if each.touched or not daily.stands(session, person_id=person.id, checkin_id=checkin_id):
        return False
    return daily.answer_to(session, checkin_id=checkin_id) is None
