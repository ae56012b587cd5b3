"""When something happens next by itself."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from storage import claiming, people
from storage.tables import Person


def next_occasion(session: Session, *, after: datetime) -> datetime | None:
    """The earliest instant after `after` at which a question or a conversation is planned or a delivery is due."""
    planned = session.exec(select(func.min(Person.next_question)).where(col(Person.next_question) > after)).one()
    weekly = session.exec(select(func.min(Person.next_weekly)).where(col(Person.next_weekly) > after)).one()
    due = claiming.next_due(session, after=after)
    return min((at for at in (planned, weekly, due) if at is not None), default=None)


def next_weekly(session: Session, *, telegram_id: int, after: datetime) -> datetime | None:
    """When the person of this account is invited to the next weekly conversation."""
    _, person = people.known(session, telegram_id=telegram_id)
    at = person.next_weekly if person else None
    return at if at is not None and at > after else None
