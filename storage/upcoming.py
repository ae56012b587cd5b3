"""When something happens next by itself."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from storage import claiming, people
from storage.deliveries import NEVER
from storage.tables import Person, SummaryWish


def next_occasion(session: Session, *, after: datetime) -> datetime | None:
    """The earliest instant after `after` at which something is planned for anybody, or a delivery is due."""
    found = [claiming.next_due(session, after=after)]
    for at in (Person.next_question, Person.next_weekly, SummaryWish.next_preview):
        found.append(session.exec(select(func.min(at)).where(col(at) > after)).one())
    return min((at for at in found if at is not None and at < NEVER), default=None)


def next_weekly(session: Session, *, telegram_id: int, after: datetime) -> datetime | None:
    """When the person of this account is invited to the next weekly conversation."""
    _, person = people.known(session, telegram_id=telegram_id)
    at = person.next_weekly if person else None
    return at if at is not None and at > after else None
