"""What the words of a person are meant for during a weekly conversation.

The newest question in the chat is what words answer: a daily question that came since takes precedence.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from sqlmodel import Session

from bot.practice.daily import turn_in_chat
from storage import expectations
from storage.tables import Person

KIND = "weekly"  # what may be awaited
What: TypeAlias = Literal[
    "thanks",
    "topic",
    "alone",
    "save",
    "card",  # a new one, whatever it will be
    "words",
    "count_on",
    "stays",
    "bends",
    "options",
    "words+",  # and more of it, below what stands
    "count_on+",
    "stays+",
    "bends+",
    "options+",
    "counter",
    "heard",
]


@dataclass(frozen=True, slots=True)
class Awaited:
    """What is awaited, and the id of what it belongs to."""

    what: str
    about: UUID


def await_words(session: Session, person: Person, what: What, about: UUID, *, now: datetime) -> None:
    """The next typed words are for this, until another question comes."""
    expected = f"{what}:{about}:{turn_in_chat(session, person.id, now=now)}"
    expectations.await_words(session, person_id=person.id, kind=KIND, about=expected)


def offer(session: Session, person: Person, what: What, about: UUID, *, now: datetime) -> None:
    """The same, unless words wait for a decision elsewhere: those go on waiting."""
    row = expectations.awaited(session, person_id=person.id)
    if row is None or row.kind == KIND or row.words_sealed is None:
        await_words(session, person, what, about, now=now)


def awaited(session: Session, person: Person, *, now: datetime) -> Awaited | None:
    """What typed words are for; None if that is no matter of the week, or a question came since."""
    row = expectations.awaited(session, person_id=person.id)
    if row is None or row.kind != KIND:
        return None
    what, about, turn = row.about.split(":")
    return Awaited(what, UUID(about)) if turn_in_chat(session, person.id, now=now) <= int(turn) else None


def forget(session: Session, person: Person) -> None:
    """Wait for no words of the conversation any more."""
    row = expectations.awaited(session, person_id=person.id)
    if row is not None and row.kind == KIND:
        expectations.forget(session, person_id=person.id)
