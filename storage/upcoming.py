"""When something happens next by itself."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from storage import claiming
from storage.deliveries import NEVER
from storage.tables import Person, SummaryWish


def next_occasion(session: Session, *, after: datetime) -> datetime | None:
    """The earliest instant after `after` at which a question or a preview is planned, or a delivery is due."""
    planned = session.exec(select(func.min(Person.next_question)).where(col(Person.next_question) > after)).one()
    preview = session.exec(
        select(func.min(SummaryWish.next_preview)).where(col(SummaryWish.next_preview) > after)
    ).one()
    due = claiming.next_due(session, after=after)
    return min((at for at in (planned, preview, due) if at is not None and at < NEVER), default=None)
