"""Which updates are done, which are parked, and who polls."""

from datetime import datetime

from sqlmodel import Session, col

from storage.rows import delete_some, insert_if_new, insert_or_update
from storage.tables import Lease, ParkedUpdate, ProcessedUpdate


def take(session: Session, *, update_id: int, now: datetime) -> bool:
    """Mark an update as done with this unit; False if it was done before."""
    return insert_if_new(session, ProcessedUpdate, update_id=update_id, at=now)


def park(session: Session, *, update_id: int, failure: str, now: datetime) -> None:
    """Set an update aside that failed again and again; only its id and the kind of failure are kept."""
    insert_if_new(session, ParkedUpdate, update_id=update_id, failure=failure[:64], at=now)


def prune(session: Session, *, before: datetime, limit: int = 1000) -> bool:
    """Forget updates that were done before; tells whether more may remain."""
    more = [
        delete_some(session, table, col(table.at) < before, limit=limit) for table in (ProcessedUpdate, ParkedUpdate)
    ]
    return any(more)


def last_poll(session: Session) -> datetime | None:
    """When updates were last asked for (UTC), as far as anybody noted it."""
    lease = session.get(Lease, "poll")
    return lease.until if lease else None


def note_poll(session: Session, *, holder: str, now: datetime) -> None:
    """Note that somebody polls now."""
    insert_or_update(session, Lease, ("name",), name="poll", holder=holder, until=now)
