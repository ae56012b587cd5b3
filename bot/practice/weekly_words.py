"""What the words of a person are meant for during a weekly conversation.

The newest question in the chat is what words answer: a daily question that came since takes precedence.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from sqlmodel import Session

from bot.practice.daily import turn_in_chat
from storage import daily, expectations
from storage.tables import Person

KIND = "weekly"  # what may be awaited
CARDS = "weekly."
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


def awaited(session: Session, person: Person, *, replied_to: int | None = None, now: datetime) -> Awaited | None:
    """What typed words are for; None if that is no matter of the week, or a question came since.

    A reply to the very card that asked for them is for it all the same.
    """
    row = expectations.awaited(session, person_id=person.id)
    if row is None or row.kind != KIND:
        return None
    what, about, turn = row.about.split(":")
    if turn_in_chat(session, person.id, now=now) <= int(turn) or _asks_for(session, person, about, replied_to):
        return Awaited(what, UUID(about))
    return None


def _asks_for(session: Session, person: Person, about: str, message_id: int | None) -> bool:
    """Whether a message is a card of the week about this."""
    if message_id is None:
        return False
    card, shows = daily.shown_in(session, person=person, message_id=message_id)
    return card.startswith(CARDS) and shows.partition(":")[0] == about


def forget(session: Session, person: Person) -> None:
    """Wait for no words of the conversation any more."""
    row = expectations.awaited(session, person_id=person.id)
    if row is not None and row.kind == KIND:
        expectations.forget(session, person_id=person.id)
