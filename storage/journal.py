"""Private notes."""

from datetime import date
from uuid import UUID

from sqlmodel import Session

from storage import sealing
from storage.tables import JournalNote


def add_note(session: Session, *, person_id: UUID, on: date, words: str) -> JournalNote:
    """Keep a note under its author's seal; `on` is their local date."""
    note = JournalNote(person_id=person_id, on_date=on, words_sealed=b"")
    sealing.seal(session, note, "words_sealed", words, owner=person_id)
    session.add(note)
    session.flush()
    return note
