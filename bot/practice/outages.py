"""What is said after an outage that was longer than Telegram keeps what people send."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.practice.owing import REPLY, owe
from storage import updates
from storage.tables import Person

KEPT_BY_TELEGRAM = timedelta(hours=24)
TOLD_FOR = timedelta(hours=48)  # after the end of it; later nobody waits for an answer any more


def gap_before(session: Session, *, now: datetime) -> datetime | None:
    """Since when (UTC) what people sent may be missing; None if nothing is."""
    last = updates.last_poll(session)
    return last if last is not None and now - last > KEPT_BY_TELEGRAM else None


def tell_gap(session: Session, person: Person, *, since: datetime, now: datetime) -> None:
    """Say it to somebody who writes, once."""
    about = since.isoformat(timespec="seconds")
    owe(session, person, "info.away", about, due=now, key=f"away:{about}:{person.id}", urgency=REPLY)
