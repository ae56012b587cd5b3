"""Words that a person typed for a setting and that are still to be understood together."""

from sqlmodel import Session

from storage import expectations, sealing
from storage.tables import Person


def hold_place(session: Session, person: Person, *, kind: str, place: str) -> None:
    """Keep the name of a place, sealed, while the bot asks which one is meant."""
    expectations.await_words(session, person_id=person.id, kind=kind)
    row = expectations.awaited(session, person_id=person.id)
    assert row is not None
    session.refresh(row)
    sealing.seal(session, row, "words_sealed", place, owner=person.id)
    session.add(row)


def held_place(session: Session, person: Person) -> str | None:
    """The place that is held, if any."""
    row = expectations.awaited(session, person_id=person.id)
    if row is None or row.words_sealed is None:
        return None
    return sealing.opened(session, row, "words_sealed", owner=person.id)
