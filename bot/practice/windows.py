"""When a window is over, what was not opened stays with its author, and nothing is said."""

from datetime import datetime

from sqlmodel import Session

from bot.practice import rhythm
from storage import apart, daily, people
from storage.tables import Checkin

CHUNK = 50


def close_due(session: Session, *, now: datetime) -> bool:
    """Close a chunk of check-ins; tells whether more may wait."""
    due = daily.closing(session, now=now, limit=CHUNK)
    people.lock(session, *{checkin.person_id for checkin in due})
    apart.each(session, due, lambda checkin: _close(session, checkin, now=now), failed=_shut)
    return len(due) == CHUNK


def _close(session: Session, checkin: Checkin, *, now: datetime) -> None:
    _shut(checkin)
    if answer := daily.answer_to(session, checkin_id=checkin.id):
        daily.let_go(session, person_id=checkin.person_id, about=checkin.id)
        answer.typed = ""
        session.flush()
        rhythm.tell_patience(session, people.person(session, checkin.person_id), checkin, now=now)


def _shut(checkin: Checkin) -> None:
    checkin.closed, checkin.closes = True, None
