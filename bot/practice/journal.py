"""The private journal: notes that nobody but their author ever reads."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from bot.practice import daily, times
from bot.practice.answering import check_length
from bot.practice.refusals import Closed, OnlyWords
from storage import expectations, journal
from storage.tables import JournalNote, Person

NOTE = "journal.note"  # what may be awaited


def await_note(session: Session, person: Person, *, now: datetime) -> None:
    """The next typed words are a private note, until another question comes."""
    about = str(daily.turn_in_chat(session, person.id, now=now))
    expectations.await_words(session, person_id=person.id, kind=NOTE, about=about)


def is_awaited(session: Session, person: Person, *, now: datetime) -> bool:
    """Whether typed words are a private note: a question that came since is what they would answer."""
    awaited = expectations.awaited(session, person_id=person.id)
    if awaited is None or awaited.kind != NOTE:
        return False
    turn = int(awaited.about)
    turn = turn if turn >= daily.TIMES_LATER else turn * daily.TIMES_LATER + daily.TIMES_LATER - 1  # as once written
    return daily.turn_in_chat(session, person.id, now=now) <= turn


def leave_note(session: Session, person: Person) -> None:
    """Write nothing after all."""
    awaited = expectations.awaited(session, person_id=person.id)
    if awaited is not None and awaited.kind == NOTE:
        expectations.forget(session, person_id=person.id)


def write_note(session: Session, person: Person, words: str, *, now: datetime) -> JournalNote:
    """Keep a private note. Refuses: OnlyWords, TooLong."""
    if not words:
        raise OnlyWords
    check_length(words)
    expectations.forget(session, person_id=person.id)
    return journal.add_note(session, person_id=person.id, on=times.local_date(now, person.zone or "UTC"), words=words)


def own_note(session: Session, person: Person, note_id: UUID) -> JournalNote:
    """A note of the person. Refuses: Closed, also for one that is removed by now."""
    found = journal.note(session, note_id=note_id, person_id=person.id)
    if found is None:
        raise Closed
    return found
