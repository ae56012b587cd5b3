"""Private notes."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, func, select

from storage import sealing
from storage.tables import JournalNote


def add_note(session: Session, *, person_id: UUID, on: date, words: str) -> JournalNote:
    """Keep a note under its author's seal; `on` is their local date."""
    note = JournalNote(person_id=person_id, on_date=on, words_sealed=b"")
    sealing.seal(session, note, "words_sealed", words, owner=person_id)
    session.add(note)
    session.flush()
    return note


def count_notes(session: Session, *, person_id: UUID) -> int:
    """How many notes a person has."""
    return session.exec(select(func.count()).where(JournalNote.person_id == person_id)).one()


def notes(session: Session, *, person_id: UUID, skip: int, limit: int) -> Sequence[JournalNote]:
    """A person's own notes, those of the newest date first."""
    query = select(JournalNote).where(JournalNote.person_id == person_id)
    newest_first = query.order_by(col(JournalNote.on_date).desc(), col(JournalNote.id))
    return session.exec(newest_first.offset(skip).limit(limit)).all()


def note(session: Session, *, note_id: UUID, person_id: UUID) -> JournalNote | None:
    """One of them; None for somebody else's."""
    found = session.get(JournalNote, note_id)
    return found if found is not None and found.person_id == person_id else None


def words_of(session: Session, of: JournalNote) -> str:
    """The words of a note; raises KeyGone."""
    return sealing.opened(session, of, "words_sealed", owner=of.person_id)


def drop_note(session: Session, note: JournalNote) -> None:
    """Remove a note for good."""
    session.delete(note)
    session.flush()
